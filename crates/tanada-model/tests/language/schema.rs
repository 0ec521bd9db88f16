//! The JSON Schema, judged by an independent validator.

use std::fs;
use std::path::PathBuf;

use hcl::expr::{Expression, TraversalOperator};
use hcl::structure::{Body, Structure};
use serde_json::{Map, Value, json};
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::schema::schema;

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn complaints(value: &Value) -> Vec<String> {
    validator().iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The JSON form of HCL, as Terraform has it: labels are keys, a list repeats a block, references are templates.
fn json_form(body: &Body) -> Value {
    let mut object = Map::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                object.insert(attribute.key().to_owned(), expression(attribute.expr()));
            }
            Structure::Block(block) => {
                let inner = json_form(block.body());
                let inner = match block.labels() {
                    [] => inner,
                    [label, ..] => json!({ label.as_str(): inner }),
                };
                let entry = object.entry(block.identifier()).or_insert_with(|| json!([]));
                entry.as_array_mut().unwrap().push(inner);
            }
        }
    }
    Value::Object(object)
}

fn expression(of: &Expression) -> Value {
    match of {
        Expression::Bool(flag) => json!(flag),
        Expression::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Expression::String(text) => json!(text.replace("${", "$${")),
        Expression::Array(items) => items.iter().map(expression).collect(),
        Expression::Object(items) => {
            Value::Object(items.iter().map(|(key, value)| (key.to_string(), expression(value))).collect())
        }
        Expression::Variable(name) => json!(format!("${{{}}}", name.as_str())),
        Expression::Traversal(traversal) => {
            let Expression::Variable(first) = &traversal.expr else { panic!("{traversal:?}") };
            let names = traversal.operators.iter().map(|operator| match operator {
                TraversalOperator::GetAttr(name) => format!(".{name}"),
                other => panic!("{other:?}"),
            });
            json!(format!("${{{}{}}}", first.as_str(), names.collect::<String>()))
        }
        Expression::Null => Value::Null,
        other => panic!("not data: {other:?}"),
    }
}

fn fixtures() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut directories = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let network = path.parent().is_some_and(|parent| parent.ends_with("network"));
            if path.is_dir() {
                directories.push(path);
            } else if network && path.extension().is_some_and(|extension| extension == "hcl") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn the_schema_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn the_json_forms_of_all_fixtures_are_accepted_and_read() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 4, "{fixtures:?}");
    for path in fixtures {
        let body = hcl::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        let value = json_form(&body);
        assert_eq!(complaints(&value), Vec::<String>::new(), "{}", path.display());
        let mut sources = Sources::default();
        sources.add("network/a.hcl.json", value.to_string());
        let (_, diagnostics) = parse(&sources);
        assert!(diagnostics.is_empty(), "{}: {diagnostics:?}", path.display());
    }
}

#[test]
fn wrong_ones_are_refused() {
    let wrong = [
        json!({ "pools": {} }),
        json!({ "pool": { "m3": { "rnge": "10.0.0.0/8" } } }),
        json!({ "pool": { "m3": { "range": "10.0.0.0" } } }),
        json!({ "pool": { "m3": { "range": "010.0.0.0/8" } } }),
        json!({ "pool": { "m3": { "range": "10.0.0.0/33" } } }),
        json!({ "pool": { "m3": { "range": 10 } } }),
        json!({ "pool": { "m 3": { "range": "10.0.0.0/8" } } }),
        json!({ "pool": { "m3": [{ "range": "10.0.0.0/8" }, { "range": "10.0.0.0/8" }] } }),
        json!({ "pool": { "m3": { "pool": { "inner": { "size": 7 } } } } }),
        json!({ "pool": { "m3": { "pool": { "inner": { "size": 29 } } } } }),
        json!({ "reserved": { "dc": {} } }),
        json!({ "region": { "r": { "zones": ["a"] } } }),
        json!({ "region": { "r": { "zones": { "a": "apne1-az4" }, "cloud": "azure" } } }),
        json!({ "hub": { "h": { "region": "r", "asn": 64512 } } }),
        json!({ "hub": { "h": { "region": "${region.r}", "asn": 1 } } }),
        json!({ "layout": { "l": { "zones": ["a"], "slots": 0 } } }),
        json!({ "layout": { "l": { "zones": ["a"], "nat": "two" } } }),
        json!({ "layout": { "l": { "zones": ["a"], "tier": { "t": { "attach": "yes" } } } } }),
        json!({ "allow": { "a": { "from": ["${team.a}"], "to": ["${team.b}"] } } }),
        json!({ "allow": { "a": { "from": ["${team.a}"], "to": ["${team.b}"], "ports": ["443"] } } }),
        json!({ "allow": { "a": { "from": ["${pod.a}"], "to": ["${team.b}"], "ports": ["tcp/443"] } } }),
        json!({ "deny": { "a": { "from": ["${team.a}"] } } }),
        json!({ "account": { "a": { "id": "12345" } } }),
        json!({ "environment": { "e": { "pool": "${pool.p}" } } }),
        json!({ "logs": {} }),
        json!({ "accept": { "code": { "on": [] } } }),
        json!({ "quotas": { "acl_rules": "40" } }),
    ];
    for value in wrong {
        assert_ne!(complaints(&value), Vec::<String>::new(), "accepted: {value}");
        let mut sources = Sources::default();
        sources.add("network/a.hcl.json", value.to_string());
        let (document, mut diagnostics) = parse(&sources);
        diagnostics.extend(tanada_model::design::resolve(&document).1);
        assert!(!diagnostics.is_empty(), "the parser takes what the schema refuses: {value}");
    }
}
