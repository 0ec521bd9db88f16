//! The estate that `init` writes is one that `generate` takes without a word.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use tanada::starter::{DEFAULT_RANGE, StarterFile, Unfit, starter};
use tanada_model::design::resolve;
use tanada_model::diagnostic::{Sources, Style, render};
use tanada_model::document::parse;
use tanada_model::format::format;
use tanada_model::lock::Lock;
use tanada_model::net::Block;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;

const RANGES: [&str; 8] = [
    DEFAULT_RANGE,
    "172.16.0.0/12",
    "192.168.0.0/16",
    "10.20.0.0/16",
    "10.96.0.0/12",
    "10.64.0.0/10",
    "10.20.32.0/19",
    "10.20.64.0/18",
];

fn files(range: &str) -> Vec<StarterFile> {
    starter(range.parse().unwrap()).unwrap()
}

#[test]
fn the_starter_is_derived_without_a_finding() {
    for range in RANGES {
        let mut sources = Sources::default();
        for StarterFile { path, text } in files(range) {
            if path.starts_with("network/") {
                sources.add(path, text);
            }
        }
        let (document, mut found) = parse(&sources);
        let (design, more) = resolve(&document);
        found.extend(more);
        let shown = |found: &[_]| {
            found.iter().map(|one| render(one, &sources, Style::Plain)).collect::<Vec<_>>().join("\n")
        };
        assert!(found.is_empty(), "{range}: {}", shown(&found));
        let design = design.unwrap();
        let (allocated, found) = allocate(&design, &Lock::default(), &Consent::default());
        assert!(found.is_empty(), "{range}: {}", shown(&found));
        let (allocation, _) = allocated.unwrap();
        let (plan, found) = derive(&design, &allocation);
        assert!(found.is_empty(), "{range}: {}", shown(&found));
        assert!(plan.is_some(), "{range}");
        assert_eq!(design.vpcs.iter().count(), 4, "{range}");
    }
}

#[test]
fn the_starter_is_formatted_and_complete() {
    for range in RANGES {
        let files = files(range);
        for StarterFile { path, text } in &files {
            for placeholder in ["@RANGE", "_POOL@", "_SIZE@", "_ADDRESSES@"] {
                assert!(!text.contains(placeholder), "{path}: {placeholder}");
            }
            if path.ends_with(".hcl") {
                assert_eq!(format(text).as_deref(), Ok(text.as_str()), "{path}");
            }
        }
        assert!(files.iter().any(|file| file.path == ".gitattributes"));
        assert!(files.iter().any(|file| file.text.contains(range)), "{range}");
    }
}

#[test]
fn a_range_without_room_is_refused() {
    let range: Block = "10.0.0.0/20".parse().unwrap();
    assert_eq!(starter(range), Err(Unfit::TooSmall(range)));
    assert_eq!(
        Unfit::TooSmall(range).to_string(),
        "`10.0.0.0/20` is too small for a first estate: it needs a /19 or larger"
    );
}

/// What `generate` would refuse is not written in the first place.
#[test]
fn a_range_that_can_be_no_root_is_refused() {
    for (range, said) in [
        ("0.0.0.0/0", "`0.0.0.0/0` is too large: a root is a /8 or smaller"),
        ("10.0.0.0/7", "`10.0.0.0/7` is too large: a root is a /8 or smaller"),
        ("127.0.0.0/8", "`127.0.0.0/8` has addresses that no network may have: 127.0.0.0/8 is loopback"),
        (
            "169.254.0.0/16",
            "`169.254.0.0/16` has addresses that no network may have: 169.254.0.0/16 is link-local",
        ),
        ("169.0.0.0/8", "`169.0.0.0/8` has addresses that no network may have: 169.254.0.0/16 is link-local"),
        (
            "240.0.0.0/8",
            "`240.0.0.0/8` has addresses that no network may have: 224.0.0.0/3 is multicast, and reserved",
        ),
    ] {
        let range: Block = range.parse().unwrap();
        assert_eq!(starter(range).unwrap_err().to_string(), said);
    }
}
