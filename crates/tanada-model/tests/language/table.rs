//! The words, the grammar and the reference are one.

use std::path::PathBuf;

use tanada_model::schema::meaning::{self, Default};
use tanada_model::schema::reference;

#[test]
fn every_attribute_of_the_grammar_has_a_meaning() {
    for (key, shape) in meaning::kinds() {
        assert!(meaning::block(key).is_some(), "nothing is said of the block `{key}`");
        for attribute in shape.attributes {
            let found = meaning::attribute(key, attribute.name);
            assert!(found.is_some(), "nothing is said of `{key}.{}`", attribute.name);
        }
    }
}

#[test]
fn every_meaning_is_of_an_attribute_of_the_grammar() {
    let kinds = meaning::kinds();
    for key in meaning::keys() {
        let (_, shape) =
            kinds.iter().find(|(known, _)| *known == key).unwrap_or_else(|| panic!("no block `{key}`"));
        let block = meaning::block(key).unwrap();
        for said in block.attributes {
            assert!(shape.attribute(said.name).is_some(), "the grammar has no `{key}.{}`", said.name);
        }
    }
}

#[test]
fn defaults_are_json() {
    for (key, shape) in meaning::kinds() {
        for attribute in shape.attributes {
            if let Some(Default::Value(text)) =
                meaning::attribute(key, attribute.name).map(|found| found.default)
            {
                assert!(
                    serde_json::from_str::<serde_json::Value>(text).is_ok(),
                    "{key}.{}: {text}",
                    attribute.name
                );
                assert!(!attribute.required, "{key}.{} is required and has a default", attribute.name);
            }
        }
    }
}

const BEGIN: &str =
    "<!-- reference: made from the table of the language; UPDATE=1 cargo test -p tanada-model -->\n";
const END: &str = "<!-- end of the reference -->\n";

#[test]
fn the_manual_holds_the_reference() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("docs/language.md has no beginning of the reference");
    let (held, after) = rest.split_once(END).expect("docs/language.md has no end of the reference");
    let wanted = format!("\n{}", reference());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
        return;
    }
    assert!(held == wanted, "docs/language.md is stale: UPDATE=1 cargo test -p tanada-model");
}
