//! What the crates may not know of each other, and what the pure ones may not use.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The dependencies of a crate that it is built with (not those of its tests), by name.
fn dependencies(metadata: &Value, package: &str) -> BTreeSet<String> {
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|one| one["name"] == package).unwrap();
    let all = found["dependencies"].as_array().unwrap().iter();
    all.filter(|one| one["kind"].is_null()).map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn metadata() -> Value {
    let run = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap()
}

#[test]
fn author_and_witness_do_not_know_each_other() {
    let metadata = metadata();
    let ours = |package| {
        let all = dependencies(&metadata, package);
        all.into_iter().filter(|name| name.starts_with("tanada")).collect::<Vec<_>>()
    };
    assert_eq!(ours("tanada-model"), [""; 0]);
    assert_eq!(ours("tanada-render"), ["tanada-model"]);
    assert_eq!(ours("tanada-verify"), ["tanada-model"]);
    assert_eq!(ours("tanada"), ["tanada-model", "tanada-render", "tanada-verify"]);
}

#[test]
fn only_the_command_line_knows_anyhow_and_clap() {
    let metadata = metadata();
    for package in ["tanada-model", "tanada-render", "tanada-verify"] {
        let all = dependencies(&metadata, package);
        for name in ["anyhow", "clap", "tempfile", "sha2"] {
            assert!(!all.contains(name), "{package} depends on {name}");
        }
    }
}

/// Whatever reaches the outside world, or makes a result depend on anything but its arguments; and the import that could
/// hide one of them from this test.
const IMPURE: [&str; 10] = [
    "std::{",
    "std::fs",
    "std::env",
    "std::process",
    "std::net::Tcp",
    "SystemTime",
    "Instant",
    "HashMap",
    "HashSet",
    "println!",
];

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// A line's code, without a comment at its end.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

#[test]
fn the_pure_crates_are_pure() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for name in ["tanada-model", "tanada-render", "tanada-verify"] {
        let mut files = Vec::new();
        rust_files(&crates.join(name).join("src"), &mut files);
        // Unit tests stand at the end of a file or in `tests.rs`; what they use is theirs.
        for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
            let text = fs::read_to_string(file).unwrap();
            let own = text.split("#[cfg(test)]").next().unwrap_or_default();
            seen += own.len();
            for (number, line) in (1..).zip(own.lines()) {
                for word in IMPURE.iter().filter(|word| code(line).contains(**word)) {
                    wrong.push(format!("{}:{number}: {word}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 10_000, "only {seen} bytes of source were looked at");
}
