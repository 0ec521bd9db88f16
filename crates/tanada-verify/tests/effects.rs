//! The table of what a change does, against the schema by which the stand-in answers real Terraform: neither may know
//! what the other does not.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;

use serde_json::Value;
use tanada_verify::effects::{Absent, Effect, TypeFacts, facts, types};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../standin/schema/aws.json")).unwrap()
}

/// Conditions of which the schema knows nothing: it takes the change to be in place.
const CONDITIONAL: [(&str, &str); 3] = [
    ("aws_ec2_transit_gateway", "default_route_table_association"),
    ("aws_ec2_transit_gateway", "default_route_table_propagation"),
    ("aws_vpc", "instance_tenancy"),
];

fn effect(value: &Value) -> Effect {
    match value["replaces"].as_str() {
        Some("yes") => Effect::Replaces,
        Some("unknown") => Effect::Unread,
        Some(_) | None => Effect::InPlace,
    }
}

fn compare(name: &str, block: &Value, facts: &TypeFacts) {
    assert_eq!(facts.source, block["source"].as_str().unwrap(), "{name}");
    let attributes = block["attributes"].as_object().unwrap();
    assert_eq!(facts.taggable, attributes.contains_key("tags_all"), "{name}");
    let mut known = BTreeSet::new();
    for (attribute, value) in attributes {
        // What the cloud alone tells, and what the provider makes of it, is nobody's to change.
        if value["mode"] == "computed" || attribute == "id" || attribute == "tags_all" {
            continue;
        }
        known.insert(attribute.as_str());
        let own =
            facts.attribute(attribute).unwrap_or_else(|| panic!("{name}.{attribute} is not in the table"));
        assert_eq!(own.is_set, value["type"][0] == "set", "{name}.{attribute}");
        if CONDITIONAL.contains(&(name, attribute)) {
            assert!(matches!(own.effect, Effect::When(_)), "{name}.{attribute}");
        } else {
            assert_eq!(own.effect, effect(value), "{name}.{attribute}");
        }
        let default = value["default"].as_str().map_or_else(|| value["default"].to_string(), str::to_owned);
        match own.absent {
            Absent::Cloud => assert_eq!(value["mode"], "optional_computed", "{name}.{attribute}"),
            Absent::Null => assert_eq!(default, "null", "{name}.{attribute}"),
            Absent::Default(own) => assert_eq!(own, default, "{name}.{attribute}"),
        }
    }
    for (nested, value) in
        block["blocks"].as_object().into_iter().flatten().filter(|(it, _)| *it != "timeouts")
    {
        known.insert(nested.as_str());
        assert_eq!(facts.attribute(nested).map(|own| own.effect), Some(effect(value)), "{name}.{nested}");
    }
    let own: BTreeSet<&str> = facts.attributes.iter().map(|attribute| attribute.name).collect();
    assert_eq!(own, known, "{name}");
}

#[test]
fn the_table_and_the_stand_in_say_the_same() {
    let schema = schema();
    let resources = schema["resources"].as_object().unwrap();
    for (name, block) in resources {
        let (provider, facts) = facts(name).unwrap_or_else(|| panic!("{name} is not in the table"));
        assert_eq!(format!("registry.terraform.io/{}", provider.name), schema["provider"].as_str().unwrap());
        assert_eq!(provider.version, schema["version"].as_str().unwrap());
        compare(name, block, facts);
    }
    let aws = types().filter(|(provider, _)| provider.name == "hashicorp/aws");
    assert!(aws.map(|(_, facts)| facts.name).all(|name| resources.contains_key(name)));
}
