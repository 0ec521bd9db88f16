//! Every example of docs/language.md is read and resolved.

use std::path::PathBuf;

use tanada_model::design::resolve;
use tanada_model::diagnostic::{Diagnostic, Sources, Style, render};
use tanada_model::document::parse;
use tanada_model::format::format;

/// The texts of the fenced blocks of one language, in order.
fn examples(language: &str) -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut found = Vec::new();
    for rest in text.split(&format!("```{language}\n")).skip(1) {
        found.push(rest.split_once("```").expect("a fenced block has no end").0.to_owned());
    }
    found
}

fn shown(found: &[Diagnostic], sources: &Sources) -> String {
    found.iter().map(|one| render(one, sources, Style::Plain)).collect::<Vec<_>>().join("\n")
}

/// The first example is complete; the others add to it, all together one estate.
#[test]
fn the_examples_are_read_and_resolved() {
    let examples = examples("hcl");
    assert!(examples.len() >= 6, "{}", examples.len());
    for count in [1, examples.len()] {
        let mut sources = Sources::default();
        for (n, example) in examples.iter().take(count).enumerate() {
            sources.add(format!("docs/language-{n}.hcl"), example.as_str());
        }
        let (document, found) = parse(&sources);
        assert!(found.is_empty(), "{}", shown(&found, &sources));
        let (design, found) = resolve(&document);
        assert!(found.is_empty(), "{}", shown(&found, &sources));
        assert!(design.is_some());
    }
}

#[test]
fn the_examples_are_formatted() {
    for example in examples("hcl") {
        assert_eq!(format(&example).as_deref(), Ok(example.as_str()));
    }
}

#[test]
fn the_json_example_is_read_and_fits_the_schema() {
    for example in examples("json") {
        let value: serde_json::Value = serde_json::from_str(&example).unwrap();
        assert!(jsonschema::draft202012::new(&tanada_model::schema::schema()).unwrap().is_valid(&value));
        let mut sources = Sources::default();
        sources.add("docs/language.hcl.json", example);
        let (_, found) = parse(&sources);
        assert!(found.is_empty(), "{}", shown(&found, &sources));
    }
}
