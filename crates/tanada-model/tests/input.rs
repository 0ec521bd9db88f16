//! What holds of every input: order and files mean nothing, HCL and JSON mean the same, nothing makes the reader panic
//! or hang.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic, and its HCL is its own"
)]

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};
use proptest::prelude::*;
use serde_json::{Map, Value};
use tanada_model::design::{Design, resolve};
use tanada_model::diagnostic::{Sources, Style, render};
use tanada_model::document::{MAX_FILE, parse};

const EVERYTHING: &str = include_str!("accepted/everything.hcl");

fn read(files: &[(&str, String)]) -> (Option<Design>, String) {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add(*path, text.as_str());
    }
    let (document, mut findings) = parse(&sources);
    let (design, more) = resolve(&document);
    findings.extend(more);
    let texts: Vec<String> = findings.iter().map(|finding| render(finding, &sources, Style::Plain)).collect();
    (design.map(Design::without_places), texts.join("\n"))
}

fn everything() -> Design {
    let (design, findings) = read(&[("a.hcl", EVERYTHING.to_owned())]);
    design.unwrap_or_else(|| panic!("{findings}"))
}

/// The statements of a text, in one of their orders. Tiers keep theirs: it means something the first time.
fn shuffled(body: &Body, keys: &mut impl Iterator<Item = u32>) -> Body {
    let ordered =
        |structure: &Structure| structure.as_block().is_some_and(|block| block.ident.as_str() == "tier");
    let mut free: Vec<(u32, Structure)> = Vec::new();
    let mut tiers: Vec<Structure> = Vec::new();
    for structure in body {
        let mut structure = structure.clone();
        if let Structure::Block(block) = &mut structure {
            block.body = shuffled(&block.body, keys);
        }
        if ordered(&structure) { tiers.push(structure) } else { free.push((keys.next().unwrap(), structure)) }
    }
    free.sort_by_key(|(key, _)| *key);
    let mut shuffled: Body = free.into_iter().map(|(_, structure)| structure).collect();
    for tier in tiers {
        shuffled.push(tier);
    }
    shuffled
}

fn block_key(block: &hcl_edit::structure::Block) -> Vec<String> {
    std::iter::once(block.ident.as_str())
        .chain(block.labels.iter().map(|label| label.as_str()))
        .map(str::to_owned)
        .collect()
}

/// The JSON form of a body, written by the rules of Terraform and not by the reader under test.
fn json(body: &Body) -> Value {
    let mut object = Map::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                object.insert(attribute.key.as_str().to_owned(), json_value(&attribute.value));
            }
            Structure::Block(block) => {
                let mut place = &mut object;
                let keys = block_key(block);
                let (last, outer) = keys.split_last().unwrap();
                for key in outer {
                    let entry = place.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
                    place = entry.as_object_mut().unwrap();
                }
                let body = json(&block.body);
                let entry = place.entry(last.clone()).or_insert_with(|| Value::Array(Vec::new()));
                entry.as_array_mut().unwrap().push(body);
            }
        }
    }
    Value::Object(object)
}

fn json_value(expression: &Expression) -> Value {
    match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(flag) => Value::Bool(*flag.value()),
        Expression::Number(number) => serde_json::from_str(&number.value().to_string()).unwrap(),
        // Quotes of the source are those of a template: what stands between them is JSON's text.
        Expression::String(text) => Value::String(text.as_str().replace("${", "$${")),
        Expression::StringTemplate(template) => {
            let text = template.to_string();
            let inner = text.trim();
            let inner = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(inner);
            Value::String(inner.replace("\\\"", "\""))
        }
        Expression::Array(items) => Value::Array(items.iter().map(json_value).collect()),
        Expression::Object(object) => Value::Object(
            object
                .iter()
                .map(|(key, value)| match key {
                    ObjectKey::Ident(ident) => (ident.as_str().to_owned(), json_value(value.expr())),
                    ObjectKey::Expression(key) => {
                        (key.as_str().unwrap().to_owned(), json_value(value.expr()))
                    }
                })
                .collect(),
        ),
        other => {
            let reference = other.to_string().trim().to_owned();
            // Both of Terraform's ways to write a reference in JSON.
            Value::String(if reference.len() % 2 == 0 { reference } else { format!("${{{reference}}}") })
        }
    }
}

#[test]
fn json_means_the_same() {
    let body: Body = EVERYTHING.parse().unwrap();
    let text = serde_json::to_string_pretty(&json(&body)).unwrap();
    let (design, findings) = read(&[("a.hcl.json", text)]);
    assert_eq!(findings, "");
    assert_eq!(design.unwrap(), everything());
}

#[test]
fn reasons_keep_their_dollars() {
    let design = everything();
    assert!(
        design
            .accepts
            .iter()
            .any(|accept| accept.why == "It costs ${5} and ${this} is only text, said \"so\".")
    );
    assert_eq!(
        design.intents.by_name("checkout").unwrap().entity.why.as_deref(),
        Some("So that ${nobody} wonders.")
    );
}

#[test]
fn a_file_above_the_limit_is_refused_before_it_is_read() {
    for path in ["big.hcl", "big.hcl.json"] {
        let (_, findings) = read(&[(path, "#".repeat(50 << 20))]);
        assert_eq!(
            findings,
            format!(
                "error[input-too-large]: `{path}` has 52428800 bytes, more than {MAX_FILE}\n--> {path}\n = help: split the input over several files; they are merged"
            )
        );
    }
}

#[test]
fn a_finding_in_a_line_of_megabytes_is_short() {
    let text = format!("team \"a\" {{ onwer = \"{}\" }}", "x".repeat(4 << 20));
    let (_, findings) = read(&[("long.hcl", text)]);
    assert!(findings.contains("long.hcl:1:12") && findings.len() < 2_000, "{}", findings.len());
}

#[test]
fn windows_line_ends_change_nothing() {
    let (design, findings) = read(&[("a.hcl", EVERYTHING.replace('\n', "\r\n"))]);
    assert_eq!(findings, "");
    assert_eq!(design.unwrap(), everything());
}

#[test]
fn a_range_is_replaced() {
    let mut sources = Sources::default();
    sources.add("a.hcl", EVERYTHING);
    let (mut document, _) = parse(&sources);
    assert!(document.set_range("m", "11.0.0.0/8".parse().unwrap()));
    assert!(!document.set_range("production", "11.0.0.0/8".parse().unwrap()), "an inner pool has no range");
    assert!(!document.set_range("nobody", "11.0.0.0/8".parse().unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn order_and_files_mean_nothing(keys in prop::collection::vec(any::<u32>(), 400), files in 1_usize..5) {
        let body: Body = EVERYTHING.parse().unwrap();
        let mut keys = keys.into_iter().cycle();
        let mut parts = vec![Body::new(); files];
        for structure in shuffled(&body, &mut keys) {
            let file = keys.next().unwrap() as usize % files;
            parts[file].push(structure);
        }
        let names = ["d.hcl", "c.hcl", "b.hcl", "a.hcl"];
        let texts: Vec<(&str, String)> = names.into_iter().zip(parts.iter().map(ToString::to_string)).collect();
        let (design, findings) = read(&texts);
        prop_assert_eq!(findings, "");
        prop_assert_eq!(design.unwrap(), everything());
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "[a-z\"{}\\[\\]=$%.,:\\\\\n #/<>E-]{0,200}") {
        read(&[("a.hcl", text.clone()), ("a.hcl.json", text)]);
    }

    #[test]
    fn a_damaged_estate_is_read_without_a_panic(at in 0_usize..6_000, len in 0_usize..40, insert in ".{0,6}") {
        let floor = |mut n: usize| { while !EVERYTHING.is_char_boundary(n) { n -= 1 } n };
        let start = floor(at.min(EVERYTHING.len()));
        let end = floor((start + len).min(EVERYTHING.len()));
        let text = format!("{}{insert}{}", &EVERYTHING[..start], &EVERYTHING[end..]);
        let (design, findings) = read(&[("a.hcl", text)]);
        prop_assert!(design.is_some() || !findings.is_empty(), "no design, and nobody said why");
    }
}

/// What is missing is said together with what is wrong elsewhere, and not where a wrong word may have meant it.
#[test]
fn a_mistake_hides_what_is_missing_in_its_own_statement_only() {
    let estate = |size: &str, other: &str| {
        format!(
            "pool \"m\" {{ range = \"10.0.0.0/8\" }}\nregion \"eu-west-2\" {{ zones = {{ a = \"euw2-az2\" }} }}\nlayout \"l\" {{\n  zones = \
             [\"a\"]\n  tier \"t\" {{ newbits = 3 }}\n}}\nenvironment \"e\" {{\n  pool = pool.m\n  region = region.eu-west-2\n  layout = \
             layout.l\n  {size}\n}}\nteam \"x\" {{ {other} }}\nquotas {{\n  nonsense = 1\n  why = \"x\"\n}}\n"
        )
    };
    let codes = |text: String| {
        let (_, findings) = read(&[("a.hcl", text)]);
        let codes = findings.lines().filter_map(|line| line.strip_prefix("error["));
        let codes = codes.map(|line| line.split(']').next().unwrap().to_owned());
        codes.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(codes(estate("size = 20", "")), ["unknown-quota"]);
    assert_eq!(codes(estate("", "")), ["missing-choice", "unknown-quota"]);
    assert_eq!(codes(estate("sise = 20", "")), ["unknown-attribute", "unknown-quota"]);
    assert_eq!(codes(estate("", "sise = 20")), ["unknown-attribute", "unknown-quota"]);
    let elsewhere = estate("", "") + "account \"a\" { idd = \"1\" }\n";
    assert_eq!(codes(elsewhere), ["missing-choice", "unknown-attribute", "unknown-quota"]);
}
