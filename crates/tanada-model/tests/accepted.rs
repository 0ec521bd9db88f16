//! Estates that must resolve without a finding: the one that uses the whole language, and those of `fixtures/`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use tanada_model::diagnostic::{Sources, Style, render};

/// Reads, resolves and expects no word.
fn resolves(directory: &Path) {
    let mut paths: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut sources = Sources::default();
    for path in paths {
        sources.add(path.to_str().unwrap(), std::fs::read_to_string(&path).unwrap());
    }
    let (document, mut diagnostics) = tanada_model::document::parse(&sources);
    let (design, more) = tanada_model::design::resolve(&document);
    diagnostics.extend(more);
    let texts: Vec<String> = diagnostics.iter().map(|d| render(d, &sources, Style::Plain)).collect();
    assert!(texts.is_empty(), "{}", texts.join("\n\n"));
    assert!(!design.unwrap().vpcs.is_empty());
}

#[test]
fn estates_resolve() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    resolves(&here.join("tests/accepted"));
    for name in ["m3", "modernisation-platform", "lza-finance-tax", "aws-asea-pbmm"] {
        resolves(&here.join("../../fixtures").join(name).join("network"));
    }
}
