//! What `--format json` writes, against `docs/diff.schema.json`: every property that is written is described, with the
//! type that it has, and every one that is required is written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// What is wrong with a value by a schema of the few words that ours uses.
fn check(schema: &Value, whole: &Value, value: &Value, at: &str, seen: &mut BTreeSet<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.strip_prefix("#/$defs/").expect("a definition");
        return check(&whole["$defs"][name], whole, value, at, seen);
    }
    if let Some(expected) = schema.get("const") {
        assert_eq!(value, expected, "{at}");
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value} is none of {words:?}");
    }
    match schema["type"].as_str() {
        Some("string") => assert!(value.is_string(), "{at}: {value}"),
        Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
        Some("integer") => assert!(value.is_u64(), "{at}: {value}"),
        Some("array") => {
            for item in value.as_array().unwrap_or_else(|| panic!("{at} is no list: {value}")) {
                check(&schema["items"], whole, item, &format!("{at}[]"), seen);
            }
        }
        Some("object") => {
            let object = value.as_object().unwrap_or_else(|| panic!("{at} is no object: {value}"));
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(object.contains_key(name.as_str().unwrap()), "{at} has no {name}");
            }
            for (name, value) in object {
                let own = schema["properties"].get(name);
                let any = Some(&schema["additionalProperties"]).filter(|schema| schema.is_object());
                let schema = own.or(any).unwrap_or_else(|| panic!("{at}.{name} is not described"));
                seen.insert(format!("{at}.{}", if own.is_some() { name.as_str() } else { "*" }));
                check(schema, whole, value, &format!("{at}.{name}"), seen);
            }
        }
        Some(other) => panic!("the schema has a type {other}"),
        None => {}
    }
}

/// Holds a review to the schema; the properties that it shows.
pub(crate) fn holds(text: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diff.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    let mut seen = BTreeSet::new();
    check(&schema, &schema, &value, "", &mut seen);
    seen
}
