//! `docs/rules.md` names every rule, no code that does not exist, and the quotas as they are; it and `tanada explain` have
//! of every code what it weighs, says, proposes and rests on. The map of `docs/architecture.md` names every module.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tanada::codes;
use tanada::report::level;
use tanada_model::quotas::QUOTAS;
use tanada_verify::rules::rules;

const BEGIN: &str = "<!-- quotas: made from the table; UPDATE=1 cargo test -p tanada --test documents -->\n";
const END: &str = "<!-- quotas: end -->";
const CODES_BEGIN: &str =
    "<!-- codes: made from the registry; UPDATE=1 cargo test -p tanada --test documents -->\n";
const CODES_END: &str = "<!-- codes: end -->";
const WORDS_BEGIN: &str =
    "<!-- words: made from the fixtures; UPDATE=1 cargo test -p tanada --test documents -->\n";
const WORDS_END: &str = "<!-- words: end -->";

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
    if let Some((document, own)) = source.split_once(", docs/") {
        return format!("[{document}]({own})");
    }
    let link = source.split([' ', ',']).find(|word| word.starts_with("https://"));
    let Some(link) = link else { return source.to_owned() };
    let (document, rest) = source.split_once(&format!(", {link}")).unwrap();
    format!("[{document}]({link}){rest}")
}

/// What a code says in its rejecting fixture: the first message, and its help.
fn words(code: &str) -> (String, Vec<String>) {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let rule = crates.join(format!("tanada-verify/tests/rules/{code}.txt"));
    if let Ok(text) = fs::read_to_string(rule) {
        let says = text.split_once("\nsays\n").unwrap().1;
        let mut lines = says.lines();
        let message = lines.next().unwrap().splitn(3, ':').nth(2).unwrap().trim().to_owned();
        let own = lines.take_while(|line| line.starts_with("  "));
        return (message, own.filter_map(|line| Some(line.strip_prefix("  help: ")?.to_owned())).collect());
    }
    let mut texts: Vec<PathBuf> = vec![crates.join(format!("tanada/tests/codes/{code}.txt"))];
    let mut of_input: Vec<PathBuf> = fs::read_dir(crates.join("tanada-model/tests/rejected"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    of_input.sort();
    texts.extend(of_input);
    // Rather one that proposes something.
    let mark = format!("[{code}]: ");
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for text in texts.iter().filter_map(|path| fs::read_to_string(path).ok()) {
        for finding in text.split("\n\n") {
            let mut lines = finding.lines().skip_while(|line| !line.contains(&mark));
            let Some((_, message)) = lines.next().and_then(|line| line.split_once(&mark)) else { continue };
            let help = lines.filter_map(|line| Some(line.split_once("= help: ")?.1.to_owned()));
            found.push((message.to_owned(), help.collect()));
        }
    }
    let best = found.iter().position(|(_, help)| !help.is_empty()).unwrap_or(0);
    if found.is_empty() { panic!("no fixture says {code}") } else { found.swap_remove(best) }
}

/// What is said for example is what a fixture says, in the document and in `tanada explain`.
#[test]
fn examples_are_what_the_fixtures_say() {
    let mut all: Vec<&str> = codes::all().map(|code| code.name).collect();
    all.sort_unstable();
    let (mut examples, mut table) =
        (String::new(), String::from("| code | says, for example | help |\n| --- | --- | --- |\n"));
    for code in all {
        let (message, help) = words(code);
        writeln!(examples, "{code}\n  {message}").unwrap();
        for line in &help {
            writeln!(examples, "  help: {line}").unwrap();
        }
        let cell = |text: &str| text.replace('|', "\\|").replace('<', "&lt;");
        writeln!(table, "| `{code}` | {} | {} |", cell(&message), cell(&help.join("; "))).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/examples.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &examples).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap();
    assert!(held == examples, "src/examples.txt is stale: UPDATE=1 cargo test -p tanada --test documents");
    hold(WORDS_BEGIN, WORDS_END, &table);
}

/// Every code is explained with what it weighs, means, says and rests on; whatever asks for an answer says what to type.
#[test]
fn every_code_is_explained() {
    let mut without = BTreeSet::new();
    for code in codes::all() {
        let name = code.name;
        let run = Command::new(env!("CARGO_BIN_EXE_tanada")).args(["explain", name]).output().unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        assert!(run.status.success(), "{name}");
        assert!(
            said.starts_with(&format!("{name} ({})\n\n{}\n", level(code.severity), code.explanation)),
            "{said}"
        );
        let (message, help) = words(name);
        assert!(said.contains(&format!("\nFor example:\n\n  {message}\n")), "{said}");
        for line in &help {
            assert!(said.contains(&format!("\n  help: {line}\n")), "{said}");
        }
        let source = codes::source(name).unwrap();
        assert!(said.contains(&format!("\nSource: {source}.\n")), "{said}");
        if let Some((_, own)) = source.split_once(" docs/") {
            let own = own.split([',', ' ']).next().unwrap();
            assert!(path().with_file_name(own).exists(), "{name}: {source}");
        }
        if help.is_empty() {
            without.insert(name);
        }
    }
    assert_eq!(without.into_iter().collect::<Vec<_>>(), WITHOUT_HELP);
}

/// Codes that propose nothing: what `verify` finds has the way of the packet and the line that decides in place of a help,
/// and the parser of HCL says what it expected.
const WITHOUT_HELP: [&str; 13] = [
    "acl-closed",
    "acl-open",
    "flow-broken",
    "flow-inherent",
    "flow-undeclared",
    "not-understood",
    "route-astray",
    "segment-astray",
    "syntax-error",
    "tree-addresses",
    "tree-contradicts",
    "tree-structure",
    "tree-unfollowed",
];

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
