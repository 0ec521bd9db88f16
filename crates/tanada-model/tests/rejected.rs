//! Every code of the input has a text that is refused with it, the exact message, and a neighbour that is not refused.
//!
//! `tests/rejected/<code>[-more].hcl` (or `.hcl.json`, or a folder of several files) belongs to `<same name>.txt`.
//! `UPDATE=1 cargo test -p tanada-model --test rejected` rewrites the texts.
//!
//! `tests/neighbours/` has an input of every such name: the same, but for the few lines that are wrong there. It resolves
//! without a word, so what is legal next to what is refused stays legal.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tanada_model::design::{self, KnownCode, unknown_codes};
use tanada_model::diagnostic::{Diagnostic, Sources, Style, render};
use tanada_model::document;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Inputs of a folder by the name that they share with their expected text, and with their neighbour.
fn inputs(of: &str) -> BTreeMap<String, Sources> {
    let mut inputs = BTreeMap::new();
    for entry in fs::read_dir(folder(of)).unwrap() {
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
        inputs.insert(name.trim_end_matches(".json").trim_end_matches(".hcl").to_owned(), sources);
    }
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
        // And two of those that are found later.
        let later = ["one-zone", "not-understood"];
        let later = later.map(|name| KnownCode { name, is_choice: true, is_weighable: true });
        let known = known.chain(later);
        findings.extend(unknown_codes(&design, known));
    }
    findings
}

#[test]
fn messages_are_exactly_these() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut expected_names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, sources) in inputs("rejected") {
        let findings = findings(&sources);
        assert!(!findings.is_empty(), "{name} is accepted");
        assert!(
            findings.iter().any(|finding| name.starts_with(finding.code.name)),
            "{name} is refused, but not with that code: {findings:?}"
        );
        let texts: Vec<String> =
            findings.iter().map(|finding| render(finding, &sources, Style::Plain)).collect();
        let text = format!("{}\n", texts.join("\n\n"));
        let path = folder("rejected").join(format!("{name}.txt"));
        if update {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{name}:\n{text}"));
        }
        expected_names.insert(format!("{name}.txt"));
    }
    assert!(wrong.is_empty(), "run with UPDATE=1 and read the difference\n\n{}", wrong.join("\n"));
    for entry in fs::read_dir(folder("rejected")).unwrap() {
        let name = name(&entry.unwrap().path());
        assert!(!name.ends_with(".txt") || expected_names.contains(&name), "{name} belongs to no input");
    }
}

#[test]
fn every_code_has_a_rejecting_input() {
    let raised: BTreeSet<&str> =
        inputs("rejected").values().flat_map(findings).map(|finding| finding.code.name).collect();
    let all: BTreeSet<&str> = document::CODES.iter().chain(design::CODES).map(|code| code.name).collect();
    let missing: Vec<&&str> = all.difference(&raised).collect();
    assert!(missing.is_empty(), "no input is refused with {missing:?}");
}

#[test]
fn every_rejected_input_has_a_neighbour_that_is_accepted() {
    let (rejected, neighbours) = (inputs("rejected"), inputs("neighbours"));
    let names = |of: &BTreeMap<String, Sources>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&rejected), names(&neighbours), "a rejected input and its neighbour have one name");
    let mut wrong = Vec::new();
    for ((name, rejected), neighbour) in rejected.iter().zip(neighbours.values()) {
        let found = findings(neighbour);
        let texts: Vec<String> =
            found.iter().map(|finding| render(finding, neighbour, Style::Plain)).collect();
        if !texts.is_empty() {
            wrong.push(format!("{name} is refused: {}", texts.join("\n")));
        }
        let (apart, few) = (apart(rejected, neighbour), few(findings(rejected).len()));
        if apart == 0 || apart > few {
            wrong.push(format!("{name}: {apart} lines differ, and 1 to {few} may"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Nothing of the language nests that deep, and nobody writes that much: the last that is taken, and the first that is not.
#[test]
fn limits_hold_where_they_are_said_to() {
    let found = |text: String, name: &str| {
        let mut sources = Sources::default();
        sources.add(name, text);
        findings(&sources).iter().map(|finding| finding.code.name).collect::<BTreeSet<_>>()
    };
    let nested =
        |deep: usize| format!("tags = {{ a = {}\"x\"{} }}", "[".repeat(deep - 1), "]".repeat(deep - 1));
    let json = |deep: usize| format!("{{ \"tags\": {}\"x\"{} }}", "[".repeat(deep - 1), "]".repeat(deep - 1));
    for (text, name, deepest) in [(nested as fn(usize) -> String, "a.hcl", 12), (json, "a.hcl.json", 64)] {
        assert!(!found(text(deepest), name).contains("nested-too-deep"));
        assert_eq!(found(text(deepest + 1), name), BTreeSet::from(["nested-too-deep"]));
    }
    // Each pair of brackets doubles what the parser tries in such a text; unbounded, this one would take hours.
    let tries = format!("t = {}\"x\"", "! { eU*e*e*eU*{eUU*evevp+".repeat(16));
    assert_eq!(found(tries.clone(), "a.hcl"), BTreeSet::from(["nested-too-deep"]));
    assert!(tanada_model::lock::parse(&tries).unwrap_err().to_string().contains("nested deeper"));
    // However a list is written.
    for (first, entry, last) in [
        ("[", "any,", "]"),
        ("[\n", "  any,\n", "]\n"),
        ("[ # all\n", "any, # one\n\n", "]\n"),
        ("[\n", "any\n,\n", "]"),
    ] {
        let list =
            |entries: usize| format!("allow \"x\" {{\nfrom = {first}{}{last}\n}}\n", entry.repeat(entries));
        assert!(!found(list(4096), "a.hcl").contains("input-too-large"), "{entry:?}");
        assert_eq!(found(list(4097), "a.hcl"), BTreeSet::from(["input-too-large"]), "{entry:?}");
    }
}

/// How many lines a neighbour may have of its own or lack, by what is wrong with the rejected input.
fn few(findings: usize) -> usize {
    2 + 4 * findings
}

/// Lines that only one of two inputs has; both have the same files.
fn apart(one: &Sources, other: &Sources) -> usize {
    let lines = |sources: &Sources| -> BTreeMap<(String, String), usize> {
        let mut lines = BTreeMap::new();
        for (_, file) in sources.iter() {
            for line in file.text.lines() {
                *lines.entry((file.path.clone(), line.to_owned())).or_default() += 1;
            }
        }
        lines
    };
    let files = |sources: &Sources| sources.iter().map(|(_, file)| file.path.clone()).collect::<Vec<_>>();
    assert_eq!(files(one), files(other));
    let (one, other) = (lines(one), lines(other));
    let lines: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    lines.into_iter().map(|line| one.get(line).unwrap_or(&0).abs_diff(*other.get(line).unwrap_or(&0))).sum()
}
