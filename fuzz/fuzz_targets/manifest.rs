//! Any bytes as a manifest: read or refused, and what was read is written and read as the same. No path leaves the
//! output directory.
#![no_main]

use std::path::{Component, Path};

use libfuzzer_sys::fuzz_target;
use tanada::disk::manifest::Manifest;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(manifest) = Manifest::parse(text) else { return };
    for path in manifest.paths() {
        assert!(Path::new(path).components().all(|part| matches!(part, Component::Normal(_))), "{path}");
    }
    let again = Manifest::parse(&manifest.text()).expect("what is written can be read");
    assert_eq!(again.text(), manifest.text());
    assert!(again.paths().eq(manifest.paths()));
});
