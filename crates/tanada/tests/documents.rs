//! `docs/rules.md` names every rule, no code that does not exist, and the quotas as they are; the map of
//! `docs/architecture.md` names every module.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tanada::codes;
use tanada::report::level;
use tanada_model::quotas::QUOTAS;
use tanada_verify::rules::rules;

const BEGIN: &str = "<!-- quotas: made from the table; UPDATE=1 cargo test -p tanada --test documents -->\n";
const END: &str = "<!-- quotas: end -->";
const CODES_BEGIN: &str =
    "<!-- codes: made from the registry; UPDATE=1 cargo test -p tanada --test documents -->\n";
const CODES_END: &str = "<!-- codes: end -->";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md")
}

/// Words in backticks that could be codes.
fn named(text: &str) -> BTreeSet<&str> {
    let words =
        text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`').skip(1).step_by(2));
    words
        .filter(|word| word.contains('-') && word.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
        .collect()
}

#[test]
fn the_rules_are_all_there() {
    let _one = ONE.lock().unwrap();
    let text = fs::read_to_string(path()).unwrap();
    let (rules_text, _) = text.split_once("## Codes").unwrap();
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

/// The tests of this file read and write one document.
static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Holds what stands between two marks to what it should be; `UPDATE=1` writes it.
fn hold(begin: &str, end: &str, wanted: &str) {
    let _one = ONE.lock().unwrap();
    let text = fs::read_to_string(path()).unwrap();
    let (before, rest) = text.split_once(begin).unwrap();
    let (held, after) = rest.split_once(end).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path(), format!("{before}{begin}{wanted}{end}{after}")).unwrap();
    } else {
        assert!(held == wanted, "docs/rules.md is stale: UPDATE=1 cargo test -p tanada --test documents");
    }
}

/// Every code beyond the grammar of the input, with what it weighs, where it is seen, and what it rests on.
#[test]
fn the_codes_are_as_they_are() {
    let mut table =
        String::from("| code | weighs | seen in | a choice | rests on |\n| --- | --- | --- | --- | --- |\n");
    let parts = codes::PARTS
        .into_iter()
        .skip(1)
        .flat_map(|(part, codes)| codes.iter().map(move |code| (part, *code)));
    let of_rules = rules().map(|rule| ("tree", rule.code));
    let mut all: Vec<_> = parts.chain(of_rules).collect();
    all.sort_by_key(|(_, code)| code.name);
    for (part, code) in all {
        let choice = if codes::is_choice(code.name) { "yes" } else { "no" };
        let source = codes::source(code.name).map_or("-".to_owned(), linked);
        writeln!(table, "| `{}` | {} | {part} | {choice} | {source} |", code.name, level(code.severity))
            .unwrap();
    }
    hold(CODES_BEGIN, CODES_END, &table);
}

/// A source with its link as a link.
fn linked(source: &str) -> String {
    let link = source.split([' ', ',']).find(|word| word.starts_with("https://"));
    let Some(link) = link else { return source.to_owned() };
    let (document, rest) = source.split_once(&format!(", {link}")).unwrap();
    format!("[{document}]({link}){rest}")
}

#[test]
fn the_quotas_are_as_they_are() {
    let mut table = String::from("| quota | default | what counts | source |\n| --- | ---: | --- | --- |\n");
    for quota in QUOTAS {
        writeln!(table, "| `{}` | {} | {} | {} |", quota.name, quota.default, quota.counts, quota.source)
            .unwrap();
    }
    hold(BEGIN, END, &table);
}

/// Where the first column of the map says that something lives: a path, and behind it names beside it.
fn mapped(text: &str) -> BTreeSet<String> {
    let (_, map) = text.split_once("## Code map").unwrap();
    let (map, _) = map.split_once("\n## ").unwrap();
    let mut places = BTreeSet::new();
    for row in map.lines().filter(|line| line.starts_with("| `")) {
        let column = row.split('|').nth(1).unwrap();
        let mut beside = String::new();
        for name in column.split('`').skip(1).step_by(2) {
            if let Some((folder, _)) = name.trim_end_matches('/').rsplit_once('/') {
                beside = format!("{folder}/");
                places.insert(name.trim_end_matches('/').to_owned());
            } else if name.ends_with('/') {
                places.insert(name.trim_end_matches('/').to_owned());
            } else {
                places.insert(format!("{beside}{name}"));
            }
        }
    }
    places
}

#[test]
fn the_map_is_the_country() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mapped = mapped(&fs::read_to_string(home.join("docs/architecture.md")).unwrap());
    let gone: Vec<&String> = mapped.iter().filter(|place| !home.join(place).exists()).collect();
    assert!(gone.is_empty(), "the map names {gone:?}, which are not there");
    let mut missing = BTreeSet::new();
    for name in ["tanada-model", "tanada-render", "tanada-verify", "tanada"] {
        let folder = format!("crates/{name}/src");
        for entry in fs::read_dir(home.join(&folder)).unwrap() {
            let entry = entry.unwrap().file_name().into_string().unwrap();
            let place = format!("{folder}/{entry}");
            if entry != "lib.rs" && !mapped.contains(&place) {
                missing.insert(place);
            }
        }
    }
    assert!(missing.is_empty(), "the map does not name {missing:?}");
}
