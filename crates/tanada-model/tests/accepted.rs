//! Estates that must resolve without a finding.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tanada_model::diagnostic::{Sources, Style, render};

#[test]
fn estates_resolve() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/accepted");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut sources = Sources::default();
        sources.add(path.file_name().unwrap().to_str().unwrap(), std::fs::read_to_string(&path).unwrap());
        let (document, mut diagnostics) = tanada_model::document::parse(&sources);
        let (design, more) = tanada_model::design::resolve(&document);
        diagnostics.extend(more);
        let texts: Vec<String> = diagnostics.iter().map(|d| render(d, &sources, Style::Plain)).collect();
        assert!(texts.is_empty(), "{}", texts.join("\n\n"));
        assert!(!design.unwrap().vpcs.is_empty());
        count += 1;
    }
    assert_eq!(count, 5);
}
