use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::*;
use super::{CODES, FORMAT};
use crate::diagnostic::FileId;

const SMALL: &str = r#"# What earlier runs of tanada promised. Commit it; do not edit it.
# After a merge conflict: take the lock of the branch you merge into, whole, and run `tanada generate` again.
format = 1

pool "m3" {
  claims = [
    { at = "/10#0", pool = "production" },
    { extent = 1, at = "/12#4", pool = "production", part = 1, state = "retired" },
  ]
}

pool "production" {
  claims = [
    { at = "/20#0", vpc = "web/production", headroom = 1 },
    { at = "/20#1", vpc = "web/production", block = 2, headroom = 1, cut = 2 },
    { at = "/24#512", vpc = "web/production", block = "pods" },
  ]
}

layout "service" {
  zones = [
    { zone = "a", index = 0 },
    { zone = "c", index = 1, state = "retired" },
  ]

  tiers = [
    { block = 20, tier = "private", node = 23, netnum = 0, slots = 1, extra = [{ zone = 1, netnum = 6 }] },
    { block = 20, tier = "data", node = 24, netnum = 4, slots = 3, state = "retired" },
  ]
}

births = [
  { vpc = "web/production", birth = "teams/shop/production" },
]

hubs = [
  { hub = "kanto", birth = "hub/tokyo" },
]

leaving = [
  { vpc = "old/staging", how = "forgotten" },
]

intents = [
  "login",
  "checkout",
]

accepted = [
  { name = "hub.tokyo", before = "0123456789abcdef", after = "fedcba9876543210" },
  { name = "web-production", before = "00000000000000aa", after = "00000000000000bb" },
]

# The end of the lock.
"#;

/// The error of a text, as a person sees it.
fn error(text: &str) -> String {
    let error = parse(text).unwrap_err();
    let finding = error.diagnostic(FileId(0));
    format!("{}: {error}", finding.code.name)
}

fn with(old: &str, new: &str) -> String {
    assert_eq!(SMALL.matches(old).count(), 1, "{old}");
    SMALL.replace(old, new)
}

#[test]
fn a_canonical_text_is_printed_as_it_was() {
    assert_eq!(print(&parse(SMALL).unwrap()), SMALL);
    // Whatever an editor made of the line ends.
    assert_eq!(parse(&SMALL.replace('\n', "\r\n")), parse(SMALL));
}

#[test]
fn an_insertion_touches_one_line() {
    let mut lock = parse(SMALL).unwrap();
    let holder = Holder::Vpc {
        vpc: VpcName::new("a-team-with-a-very-long-name", "production"),
        block: BlockLabel::First,
        headroom: 1,
        cut: 1,
    };
    let claim = Claim { extent: 0, at: "/20#17".parse().unwrap(), holder, state: ClaimState::Live };
    lock.pools.get_mut("production").unwrap().push(claim);
    let after = print(&lock);
    let new: Vec<&str> = after.lines().filter(|line| !SMALL.contains(line)).collect();
    assert_eq!(
        new,
        ["    { at = \"/20#17\", vpc = \"a-team-with-a-very-long-name/production\", headroom = 1 },"]
    );
    assert_eq!(after.lines().count(), SMALL.lines().count() + 1);
}

const FIRST: &str = "{ at = \"/20#0\", vpc = \"web/production\", headroom = 1 }";
const SECOND: &str = "{ at = \"/20#1\", vpc = \"web/production\", block = 2, headroom = 1, cut = 2 }";

type Cases = Vec<(String, &'static str)>;

/// Texts that are no lock of this format, with what is said of them.
fn texts_of_another_form() -> Cases {
    vec![
        ("<<<<<<< HEAD\n".to_owned() + SMALL, "lock-conflict: line 1: the lock holds conflict markers"),
        (
            with("    { at = \"/20#1\"", "=======\n    { at = \"/20#1\""),
            "lock-conflict: line 15: the lock holds conflict markers",
        ),
        (SMALL[..SMALL.len() / 2].to_owned(), "lock-syntax: line 23: the lock is not HCL: expected `]`"),
        (
            SMALL[..SMALL.find("births").unwrap()].to_owned(),
            "lock-truncated: line 32: the lock was cut off: its last line is missing",
        ),
        (String::new(), "lock-format: line 1: the lock does not say its format"),
        (
            "format = 2\nwhatever { }\n".to_owned(),
            "lock-format: line 1: the lock has format 2; this program knows formats up to 1",
        ),
        (with("format = 1", "format = \"1\""), "lock-value: line 3: `format` must be a number from 1"),
        (with("births = [", "deaths = ["), "lock-unknown: line 32: `deaths` is not known in a lock"),
        (
            with("layout \"service\"", "shape \"service\""),
            "lock-unknown: line 20: `shape` is not known in a lock",
        ),
        (with("  zones = [", "  places = ["), "lock-unknown: line 21: `places` is not known in `layout`"),
        (
            with(FIRST, "{ at = \"/20#0\", vpc = \"web/production\", colour = 1 }"),
            "lock-unknown: line 14: `colour` is not known in a claim",
        ),
    ]
}

/// Locks that hold a value that cannot be.
fn impossible_values() -> Cases {
    vec![
        (with(FIRST, "{ vpc = \"web/production\" }"), "lock-value: line 14: `at` is missing"),
        (
            with(FIRST, "{ at = \"/33#0\", vpc = \"web/production\" }"),
            "lock-value: line 14: `at` must be a position such as `/20#5`",
        ),
        (
            with(FIRST, "{ at = \"/20#0\", vpc = \"../production\" }"),
            "lock-value: line 14: `vpc` must be `team/label`",
        ),
        (
            with(FIRST, "{ at = \"/20#0\", vpc = \"web/production\", headroom = 99 }"),
            "lock-value: line 14: `headroom` must be a whole number in its range",
        ),
        (
            with(SECOND, "{ at = \"/20#1\", vpc = \"web/production\", block = 1 }"),
            "lock-value: line 15: `block` must be a label, or a number from 2",
        ),
        (with("teams/shop/production", "../../etc"), "lock-value: line 33: `birth` must be a path of labels"),
        (
            with("netnum = 4, slots = 3", "netnum = 14, slots = 3"),
            "lock-value: line 28: `netnum` must be a place inside the block",
        ),
        (with("\"forgotten\"", "\"lost\""), "lock-value: line 41: `how` must be `destroyed` or `forgotten`"),
        (
            with("0123456789abcdef", "0123456789ABCDEF"),
            "lock-value: line 50: `before` must be 16 hexadecimal digits",
        ),
    ]
}

/// Locks that contradict themselves.
fn contradictions() -> Cases {
    vec![
        (
            with(SECOND, "{ at = \"/21#1\", vpc = \"web/staging\" }"),
            "lock-overlap: line 15: `/20#0` of pool `production` and `/21#1` of pool `production` overlap",
        ),
        (
            with("netnum = 4, slots = 3", "netnum = 1, slots = 3"),
            "lock-overlap: line 28: tier `private` of layout `service` and tier `data` of layout `service` overlap",
        ),
        (
            with(SECOND, "{ at = \"/20#1\", vpc = \"web/production\" }"),
            "lock-duplicate: line 15: the first block of `web/production` stands twice",
        ),
        (
            with("pool \"m3\"", "pool \"production\""),
            "lock-duplicate: line 12: pool `production` stands twice",
        ),
        (with("\"checkout\"", "\"login\""), "lock-duplicate: line 46: intent `login` stands twice"),
        (
            with("{ zone = \"c\", index = 1,", "{ zone = \"c\", index = 0,"),
            "lock-duplicate: line 23: zone index 0 of layout `service` stands twice",
        ),
    ]
}

#[test]
fn every_error_in_its_exact_words() {
    let cases = [texts_of_another_form(), impossible_values(), contradictions()].concat();
    let found: Vec<String> = cases.iter().map(|(text, _)| error(text)).collect();
    let expected: Vec<&str> = cases.iter().map(|(_, expected)| *expected).collect();
    assert_eq!(found, expected, "{found:#?}");
    let raised: BTreeSet<String> =
        found.iter().map(|text| text.split(':').next().unwrap().to_owned()).collect();
    let listed: BTreeSet<String> = CODES.iter().map(|code| code.name.to_owned()).collect();
    assert_eq!(raised, listed);
}

#[test]
fn a_merge_is_told_how_to_end() {
    let finding = parse(">>>>>>> theirs\n").unwrap_err().diagnostic(FileId(0));
    assert_eq!(
        finding.help,
        [
            "take the lock of the branch you merge into, whole, and run `tanada generate` again; no block of that branch moves: `git checkout --ours` while you are on it, `--theirs` while you merge it into a branch of yours"
        ]
    );
}

#[test]
fn every_cut_is_noticed() {
    for end in 0..SMALL.len() - 1 {
        assert!(parse(&SMALL[..end]).is_err(), "{}", &SMALL[..end]);
    }
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("format = {}1{}\n", "[".repeat(4000), "]".repeat(4000));
    assert!(parse(&deep).is_err());
    assert_eq!(FORMAT, 1);
}

fn label() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9_-]{0,8}"
}

fn state() -> impl Strategy<Value = ClaimState> {
    prop_oneof![Just(ClaimState::Live), Just(ClaimState::Retired)]
}

/// Claims side by side, of random sizes and gaps; holders are made unique by their number.
fn claims(pool: usize) -> impl Strategy<Value = Vec<Claim>> {
    let one = (12_u8..=28, 0_u32..3, any::<bool>(), label(), 0_u8..3, 0_u8..2, 0_u32..4, state());
    proptest::collection::vec(one, 1..12).prop_map(move |entries| {
        let (mut next, mut extent) = (0_u64, 0);
        let mut claims = Vec::new();
        for (number, (len, gap, is_pool, name, headroom, more, kind, state)) in
            entries.into_iter().enumerate()
        {
            let size = 1_u64 << (32 - len);
            let index = next.div_ceil(size) + u64::from(gap);
            next = (index + 1) * size;
            if next > 1 << 32 {
                (next, extent) = (0, extent + 1);
                continue;
            }
            let name = format!("{name}{pool}x{number}");
            let holder = if is_pool {
                Holder::Pool { name, extent: kind }
            } else {
                let block = match kind {
                    0 | 1 => BlockLabel::First,
                    2 => BlockLabel::Grown(2 + u32::from(more)),
                    _ => BlockLabel::Named("pods".to_owned()),
                };
                Holder::Vpc { vpc: VpcName::new(name, "production"), block, headroom, cut: headroom + more }
            };
            let at = Position { len, index: u32::try_from(index).unwrap() };
            claims.push(Claim { extent, at, holder, state });
        }
        claims
    })
}

fn layout() -> impl Strategy<Value = LayoutLock> {
    let zones = proptest::collection::btree_map("[a-h]", state(), 0..5);
    let tiers = proptest::collection::btree_map(label(), (0_u8..5, 1_u32..4, state(), any::<bool>()), 0..5);
    (zones, tiers, 12_u8..24).prop_map(|(zones, tiers, block)| {
        let mut next = 0_u64;
        let mut places = Vec::new();
        for (tier, (bits, slots, state, further)) in tiers {
            let node = block + 4 + bits;
            let unit = 1_u64 << (32 - node);
            let netnum = next.div_ceil(unit);
            next = (netnum + u64::from(slots) + u64::from(further)) * unit;
            if next > 1 << (32 - block) {
                break;
            }
            let netnum = u32::try_from(netnum).unwrap();
            let extra = if further { BTreeMap::from([(slots + 1, netnum + slots)]) } else { BTreeMap::new() };
            places.push(TierLock { block, tier, node, netnum, slots, extra, state });
        }
        let zones =
            zones.into_iter().zip(0..).map(|((letter, state), index)| ZoneLock { letter, index, state });
        LayoutLock { zones: zones.collect(), tiers: places }
    })
}

prop_compose! {
    fn lock()(
        a in claims(0),
        b in claims(1),
        layouts in proptest::collection::btree_map(label(), layout(), 0..3),
        names in proptest::collection::btree_set(label(), 0..6),
    ) -> Lock {
        let mut pools = BTreeMap::from([("a".to_owned(), a), ("b".to_owned(), b)]);
        pools.retain(|_, claims| !claims.is_empty());
        let vpc = |name: &String| VpcName::new(name.as_str(), "production");
        Lock {
            pools,
            layouts,
            births: names.iter().map(|name| (vpc(name), format!("teams/{name}/born-2"))).collect(),
            hubs: names.iter().map(|name| (name.clone(), format!("hub/{name}-born"))).collect(),
            leaving: names.iter().take(2).map(|name| (vpc(name), Leaving::Destroyed)).collect(),
            moves: names.iter().rev().take(2).map(|name| (vpc(name), MoveStage::Beside)).collect(),
            intents: names.iter().rev().cloned().zip(0..).collect(),
            accepted: names.iter().map(|name| (format!("hub.{name}"), acceptance(name))).collect(),
        }
    }
}

fn acceptance(name: &str) -> Acceptance {
    Acceptance { before: format!("{:016x}", name.len()), after: "fedcba9876543210".to_owned() }
}

proptest! {
    #[test]
    fn what_is_printed_is_read(lock in lock()) {
        let text = print(&lock);
        let read = parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&lock), "{}", text);
        prop_assert_eq!(print(&read.unwrap()), text);
    }

    #[test]
    fn no_text_is_a_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    /// Damage to a good lock gets further than arbitrary text does.
    #[test]
    fn no_damage_is_a_panic(at in 0..SMALL.len(), length in 0_usize..40, new in "[ -~\n]{0,8}") {
        let end = (at + length).min(SMALL.len());
        let text = format!("{}{new}{}", &SMALL[..at], &SMALL[end..]);
        if let Ok(lock) = parse(&text) {
            let again = print(&lock);
            prop_assert_eq!(parse(&again), Ok(lock));
        }
    }
}
