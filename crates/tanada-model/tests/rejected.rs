//! Every code of the input has a text that is refused with it, and the exact message.
//!
//! `tests/rejected/<code>[-more].hcl` (or `.hcl.json`, or a folder of several files) belongs to `<same name>.txt`.
//! `UPDATE=1 cargo test -p tanada-model --test rejected` rewrites the texts.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tanada_model::design::{self, KnownCode, unknown_codes};
use tanada_model::diagnostic::{Diagnostic, Sources, Style, render};
use tanada_model::document;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rejected")
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Inputs by the name that they share with their expected text.
fn inputs() -> Vec<(String, Sources)> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = name(&path);
        let files = if path.is_dir() {
            let mut files: Vec<PathBuf> =
                fs::read_dir(&path).unwrap().map(|file| file.unwrap().path()).collect();
            files.sort();
            files
        } else if name.ends_with(".txt") {
            continue;
        } else {
            vec![path]
        };
        let mut sources = Sources::default();
        for file in files {
            sources.add(self::name(&file), fs::read_to_string(&file).unwrap());
        }
        inputs.push((name.trim_end_matches(".json").trim_end_matches(".hcl").to_owned(), sources));
    }
    inputs.sort_by(|a, b| a.0.cmp(&b.0));
    inputs
}

fn findings(sources: &Sources) -> Vec<Diagnostic> {
    let (document, mut findings) = document::parse(sources);
    let (design, more) = design::resolve(&document);
    findings.extend(more);
    assert!(design.is_some() || !findings.is_empty(), "no design, and nobody said why");
    if let Some(design) = design {
        let known = document::CODES.iter().chain(design::CODES);
        let known = known.map(|code| KnownCode { name: code.name, is_choice: false, is_weighable: false });
        findings.extend(unknown_codes(&design, known));
    }
    findings
}

#[test]
fn messages_are_exactly_these() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut expected_names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, sources) in inputs() {
        let findings = findings(&sources);
        assert!(!findings.is_empty(), "{name} is accepted");
        assert!(
            findings.iter().any(|finding| name.starts_with(finding.code.name)),
            "{name} is refused, but not with that code: {findings:?}"
        );
        let texts: Vec<String> =
            findings.iter().map(|finding| render(finding, &sources, Style::Plain)).collect();
        let text = format!("{}\n", texts.join("\n\n"));
        let path = folder().join(format!("{name}.txt"));
        if update {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{name}:\n{text}"));
        }
        expected_names.insert(format!("{name}.txt"));
    }
    assert!(wrong.is_empty(), "run with UPDATE=1 and read the difference\n\n{}", wrong.join("\n"));
    for entry in fs::read_dir(folder()).unwrap() {
        let name = name(&entry.unwrap().path());
        assert!(!name.ends_with(".txt") || expected_names.contains(&name), "{name} belongs to no input");
    }
}

#[test]
fn every_code_has_a_rejecting_input() {
    let raised: BTreeSet<&str> =
        inputs().iter().flat_map(|(_, sources)| findings(sources)).map(|finding| finding.code.name).collect();
    let all: BTreeSet<&str> = document::CODES.iter().chain(design::CODES).map(|code| code.name).collect();
    let missing: Vec<&&str> = all.difference(&raised).collect();
    assert!(missing.is_empty(), "no input is refused with {missing:?}");
}
