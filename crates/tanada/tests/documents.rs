//! `docs/rules.md` names every rule, no code that does not exist, and the quotas as they are.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tanada::codes;
use tanada_model::quotas::QUOTAS;
use tanada_verify::rules::rules;

const BEGIN: &str = "<!-- quotas: made from the table; UPDATE=1 cargo test -p tanada --test documents -->\n";
const END: &str = "<!-- quotas: end -->";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md")
}

/// Words in backticks that could be codes.
fn named(text: &str) -> BTreeSet<&str> {
    let words =
        text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`').skip(1).step_by(2));
    words
        .filter(|word| word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .collect()
}

#[test]
fn the_rules_are_all_there() {
    let text = fs::read_to_string(path()).unwrap();
    let (rules_text, _) = text.split_once("## Quotas").unwrap();
    let named = named(rules_text);
    let missing: Vec<&str> = rules()
        .map(|rule| rule.code.name)
        .filter(|name| name.contains('-') && !named.contains(name))
        .collect();
    assert!(missing.is_empty(), "docs/rules.md does not name {missing:?}");
    let known: BTreeSet<&str> = codes::all().map(|code| code.name).collect();
    let unknown: Vec<&&str> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "docs/rules.md names {unknown:?}, which nothing raises");
}

#[test]
fn the_quotas_are_as_they_are() {
    let text = fs::read_to_string(path()).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (held, after) = rest.split_once(END).unwrap();
    let mut table = String::from("| quota | default | what counts | source |\n| --- | ---: | --- | --- |\n");
    for quota in QUOTAS {
        writeln!(table, "| `{}` | {} | {} | {} |", quota.name, quota.default, quota.counts, quota.source)
            .unwrap();
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path(), format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert!(held == table, "docs/rules.md is stale: UPDATE=1 cargo test -p tanada --test documents");
    }
}
