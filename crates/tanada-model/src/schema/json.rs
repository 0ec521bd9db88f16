use serde_json::{Map, Value, json};

use super::meaning::{Default, Narrow, attribute, block, key, kinds};
use crate::document::grammar::{Attribute, Label, Shape, Times, Type};

const NAME: &str = "^([A-Za-z][A-Za-z0-9_-]{0,62}|//)$";
const CIDR: &str = concat!(
    "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}",
    "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$"
);
const PORT: &str = "^(all|icmp|(tcp|udp)/(0|[1-9][0-9]{0,4})(-(0|[1-9][0-9]{0,4}))?)$";
/// References that are one word.
const ALONE: [&str; 4] = ["private", "internet", "any", "vpc"];

/// The JSON Schema (draft 2020-12) of a `*.hcl.json` file.
///
/// It describes one file; that names exist and fit together only `tanada check` can say.
pub fn schema() -> Value {
    let definitions: Map<String, Value> =
        kinds().into_iter().map(|(key, shape)| (key.to_owned(), body(key, shape))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tanada input",
        "description": "A file of a network directory, in the JSON form (*.hcl.json).",
        "$ref": "#/$defs/estate",
        "$defs": definitions,
    })
}

/// What stands in the braces of a block.
fn body(key: &str, shape: &'static Shape) -> Value {
    let Shape { keyword: _, label: _, times: _, attributes, free, blocks } = shape;
    let mut properties = Map::new();
    properties.insert("//".to_owned(), json!({ "description": "A comment." }));
    for attribute in *attributes {
        properties.insert(attribute.name.to_owned(), property(key, attribute));
    }
    for inner in *blocks {
        properties.insert(inner.keyword.to_owned(), blocks_of(shape, inner));
    }
    let required: Vec<&str> =
        attributes.iter().filter(|attribute| attribute.required).map(|attribute| attribute.name).collect();
    let additional = free.map_or(json!(false), |ty| value(ty, Narrow::Any));
    json!({
        "description": block(key).map_or("", |meaning| meaning.text),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": additional,
    })
}

/// The value of a block's keyword: labels are keys, a list repeats the block.
fn blocks_of(parent: &Shape, shape: &Shape) -> Value {
    let one = json!({ "$ref": format!("#/$defs/{}", key(parent, shape)) });
    let bodies = match shape.times {
        Times::Many => json!({ "anyOf": [one, { "type": "array", "items": one }] }),
        Times::Once | Times::OncePerLabel => {
            json!({ "anyOf": [one, { "type": "array", "items": one, "maxItems": 1 }] })
        }
    };
    match shape.label {
        Label::None => bodies,
        Label::Name => labelled(&bodies, json!({ "pattern": NAME })),
        Label::Word => labelled(&bodies, json!({ "minLength": 1 })),
    }
}

fn labelled(bodies: &Value, names: Value) -> Value {
    let one = json!({
        "type": "object",
        "properties": { "//": { "description": "A comment." } },
        "propertyNames": names,
        "additionalProperties": bodies,
    });
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

fn property(key: &str, of: &Attribute) -> Value {
    let Attribute { name, ty, required } = of;
    let meaning = attribute(key, name);
    let narrow = meaning.map_or(Narrow::Any, |meaning| meaning.narrow);
    let mut schema = value(*ty, narrow);
    if !required {
        schema = json!({ "anyOf": [schema, { "type": "null" }] });
    }
    if let (Some(schema), Some(meaning)) = (schema.as_object_mut(), meaning) {
        let mut text = meaning.text.to_owned();
        match meaning.default {
            Default::Absent => {}
            Default::Value(value) => {
                if let Ok(value) = serde_json::from_str::<Value>(value) {
                    schema.insert("default".to_owned(), value);
                }
            }
            Default::Derived(words) => text = format!("{text} Default: {words}."),
        }
        schema.insert("description".to_owned(), Value::String(text));
    }
    schema
}

fn value(ty: Type, narrow: Narrow) -> Value {
    let mut schema = match ty {
        Type::Text | Type::Prose => json!({ "type": "string" }),
        Type::Flag => json!({ "type": "boolean" }),
        Type::Number => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Type::Size => json!({ "type": "integer", "minimum": 8, "maximum": 28 }),
        Type::Cidr => json!({ "type": "string", "pattern": CIDR }),
        Type::Texts => json!({ "type": "object", "additionalProperties": { "type": ["string", "null"] } }),
        Type::TextList => json!({ "type": "array", "items": { "type": "string" } }),
        Type::Ports => {
            json!({ "type": "array", "minItems": 1, "items": { "type": "string", "pattern": PORT } })
        }
        Type::Reference(roots) => reference(roots),
        Type::References(roots) => json!({ "type": "array", "items": reference(roots) }),
        Type::Addresses(roots) => json!({
            "type": "array",
            "items": { "anyOf": [{ "type": "string", "pattern": CIDR }, reference(roots)] },
        }),
        Type::Objects => json!({ "type": "array", "items": { "type": "string" } }),
        Type::Any => json!(true),
    };
    if let Some(schema) = schema.as_object_mut() {
        match narrow {
            Narrow::Any => {}
            Narrow::OneOf(words) => {
                schema.insert("enum".to_owned(), json!(words));
            }
            Narrow::Between(least, most) => {
                schema.insert("minimum".to_owned(), json!(least));
                schema.insert("maximum".to_owned(), json!(most));
            }
            Narrow::Pattern(pattern) => {
                schema.insert("pattern".to_owned(), json!(pattern));
            }
        }
    }
    schema
}

/// `pool.x`, or the same in `${…}` as Terraform's JSON has it.
fn reference(roots: &[&str]) -> Value {
    let forms: Vec<String> = roots
        .iter()
        .map(|root| match ALONE.contains(root) {
            true => (*root).to_owned(),
            false => format!("{root}(\\.[A-Za-z][A-Za-z0-9_-]*)+"),
        })
        .collect();
    let path = forms.join("|");
    json!({ "type": "string", "pattern": format!("^(({path})|\\$\\{{ *({path}) *\\}})$") })
}
