//! Trees of the fixtures.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The estates with a generated tree.
#[allow(dead_code, reason = "not every test reads all of them")]
pub(crate) const FIXTURES: [&str; 4] = ["aws-asea-pbmm", "lza-finance-tax", "m3", "modernisation-platform"];

/// The files of a fixture's generated tree.
pub(crate) fn generated(name: &str) -> BTreeMap<String, String> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures")).join(name).join("generated");
    let mut files = BTreeMap::new();
    gather(&root, "", &mut files);
    assert!(!files.is_empty(), "{} is empty", root.display());
    files
}

fn gather(directory: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            gather(&entry.path(), &format!("{path}/"), files);
        } else if path.ends_with(".tf") {
            files.insert(path, fs::read_to_string(entry.path()).unwrap());
        }
    }
}
