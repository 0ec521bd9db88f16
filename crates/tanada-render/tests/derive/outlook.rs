//! What is to come, with its exact words.

use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::Lock;
use tanada_render::outlook::{CODES, outlook};

use crate::codes::BASE;
use crate::estate::{allocated, text};

/// Findings of the base estate with edits; each says what to type.
fn ahead(edits: &[(&str, &str)], more: &str) -> Vec<Diagnostic> {
    let mut base = BASE.to_owned();
    for (from, to) in edits {
        assert!(base.contains(from), "{from}");
        base = base.replace(from, to);
    }
    let (design, allocation, _) = allocated(&text(&format!("{base}{more}")), &Lock::default());
    let found = outlook(&design, &allocation);
    assert!(found.iter().all(|one| !one.help.is_empty() && !one.places.is_empty()), "{found:?}");
    found
}

fn words(found: &[Diagnostic]) -> Vec<String> {
    found.iter().map(ToString::to_string).collect()
}

/// VPCs that keep no room inside their blocks.
const WHOLE: (&str, &str) = ("  size    = 20\n", "  size     = 20\n  headroom = 0\n");
const POOL: &str = "range = \"10.0.0.0/12\"";
const LARGE: &str = "team \"c\" {\n  vpc \"live\" { size = 17 }\n}\n";
const SITE: &str = "site \"dc\" { ranges = [\"192.168.0.0/24\"] }\n";

#[test]
fn a_wide_pool_has_nothing_to_come() {
    assert_eq!(words(&ahead(&[], LARGE)), [""; 0]);
    assert_eq!(words(&ahead(&[], SITE)), [""; 0]);
}

#[test]
fn a_pool_fills_up() {
    // Two of two /20.
    assert_eq!(
        words(&ahead(&[(POOL, "range = \"10.32.0.0/19\""), WHOLE], "")),
        [
            "no-room-to-grow: `pool.all` has no free block by which `a-live`, `b-live` could grow",
            "pool-nearly-full: 100 % of `pool.all` are used, nothing is free: another /20 cannot be placed",
        ]
    );
    // Thirteen of sixteen, and twelve of sixteen.
    let teams = |count: usize| (2..count).map(|n| format!("team \"t{n}\" {{}}\n")).collect::<String>();
    let sixteen = [(POOL, "range = \"10.32.0.0/16\"")];
    assert_eq!(
        words(&ahead(&sixteen, &teams(13))),
        [
            "pool-nearly-full: 81 % of `pool.all` are used, the largest free node is `10.32.224.0/19`: 3 more /20 fit"
        ]
    );
    assert_eq!(words(&ahead(&sixteen, &teams(12))), [""; 0]);
    // Half is free, in pieces that are too small.
    let pieces =
        "reserved \"x\" { range = \"10.32.0.0/21\" }\nreserved \"y\" { range = \"10.32.48.0/21\" }\n";
    let found = ahead(&[(POOL, "range = \"10.32.0.0/18\""), WHOLE], pieces);
    assert_eq!(
        words(&found),
        [
            "no-room-to-grow: `pool.all` has no free block by which `a-live`, `b-live` could grow",
            "pool-nearly-full: 75 % of `pool.all` are used, the largest free node is `10.32.8.0/21`: another /20 cannot be placed",
        ]
    );
}

#[test]
fn one_vpc_is_too_large_to_grow() {
    let found = ahead(&[(POOL, "range = \"10.32.0.0/16\""), WHOLE], LARGE);
    assert_eq!(words(&found), ["no-room-to-grow: `pool.all` has no free block by which `c-live` could grow"]);
    // What grew already would double again.
    let grown = ahead(&[(POOL, "range = \"10.32.0.0/15\""), WHOLE], LARGE);
    assert_eq!(words(&grown), [""; 0]);
    // Who has room inside needs none beside.
    assert_eq!(words(&ahead(&[(POOL, "range = \"10.32.0.0/16\"")], LARGE)), [""; 0]);
}

#[test]
fn a_pool_that_one_block_fills_is_not_full() {
    let own =
        "pool \"own\" { range = \"10.32.0.0/20\" }\nteam \"c\" {\n  vpc \"live\" { pool = pool.own }\n}\n";
    assert_eq!(words(&ahead(&[], own)), [""; 0]);
}

#[test]
fn addresses_of_google_matter_to_who_is_connected() {
    let high = [(POOL, "range = \"10.128.0.0/12\"")];
    assert_eq!(words(&ahead(&high, "")), [""; 0]);
    assert_eq!(
        words(&ahead(&high, SITE)),
        [
            "google-auto-range: `a-live`, `b-live` of `pool.all` lie in 10.128.0.0/9, which Google's networks in auto mode take for themselves"
        ]
    );
}

#[test]
fn a_vpc_in_the_range_of_a_site() {
    let pinned = |range: &str| format!("team \"c\" {{\n  vpc \"live\" {{ range = {range:?} }}\n}}\n");
    let site = |range: &str| format!("site \"dc\" {{ ranges = [{range}] }}\n");
    let found = |range: &str, at: &str| words(&ahead(&[], &(pinned(range) + &site(at))));
    let wanted =
        ["site-overlap: `c-live` (`192.168.4.0/22`) lies in `192.168.0.0/16`, which is at `site.dc`"];
    assert_eq!(found("192.168.4.0/22", "\"192.168.0.0/16\""), wanted);
    let wanted = ["site-overlap: `c-live` (`10.8.0.0/20`) lies in `10.8.4.0/24`, which is at `site.dc`"];
    assert_eq!(found("10.8.0.0/20", "\"10.8.4.0/24\""), wanted);
    // Neighbours, and a range that holds the whole root.
    assert_eq!(found("192.168.4.0/22", "\"192.168.8.0/22\""), [""; 0]);
    assert_eq!(found("10.8.0.0/20", "\"10.0.0.0/8\""), [""; 0]);
    let pool = "pool \"far\" { range = \"10.64.0.0/16\" }\n";
    assert_eq!(
        words(&ahead(&[], &(pinned("10.64.16.0/20") + &site("pool.far") + pool))),
        [""; 0],
        "the pool is a root of its own, whole at the site"
    );
    let all = "pool \"all\" { range = \"10.0.0.0/12\" }";
    let inner = [(all, "pool \"all\" {\n  range = \"10.0.0.0/12\"\n  pool \"far\" { size = 16 }\n}")];
    let inside = "team \"c\" {\n  vpc \"live\" { pool = pool.far }\n}\n";
    let found = words(&ahead(&inner, &(inside.to_owned() + &site("pool.far"))));
    assert!(found.len() == 1 && found[0].starts_with("site-overlap: `c-live`"), "{found:?}");
}

#[test]
fn what_is_accepted_is_no_finding() {
    let full = [(POOL, "range = \"10.128.0.0/19\""), WHOLE];
    const AT_SITE: &str = "site \"dc\" { ranges = [\"192.168.0.0/16\"] }\nteam \"c\" {\n  vpc \"live\" { range = \"192.168.4.0/22\" }\n}\n";
    assert_eq!(ahead(&full, AT_SITE).len(), CODES.len());
    for code in CODES {
        let object = if code.name == "site-overlap" { "team.c.live" } else { "pool.all" };
        for on in [format!("[{object}]"), format!("[hub.eu, {object}]")] {
            let accept = format!("accept {:?} {{\n  on = {on}\n  why = \"A test.\"\n}}\n", code.name);
            let left = ahead(&full, &format!("{AT_SITE}{accept}"));
            assert!(left.len() == CODES.len() - 1 && left.iter().all(|one| one.code != *code), "{left:?}");
        }
        let accept = format!("accept {:?} {{\n  on = [hub.eu]\n  why = \"A test.\"\n}}\n", code.name);
        assert_eq!(ahead(&full, &format!("{AT_SITE}{accept}")).len(), CODES.len());
    }
}
