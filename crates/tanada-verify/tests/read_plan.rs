//! A plan that `terraform show -json` printed says the same as the text that it was made of.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tanada_verify::{Data, Key, Value, read_plan};

const PLAN: &str = r#"{
  "format_version": "1.2",
  "variables": { "account": { "value": "1" } },
  "planned_values": { "root_module": { "child_modules": [ {
    "address": "module.vpc",
    "resources": [
      { "address": "module.vpc.aws_subnet.this[\"a\"]", "mode": "managed", "type": "aws_subnet", "name": "this",
        "index": "a", "values": { "cidr_block": "192.0.2.0/24", "outpost_arn": null, "tags_all": { "Team": "web" } } },
      { "address": "module.vpc.aws_network_acl.this", "mode": "managed", "type": "aws_network_acl", "name": "this",
        "values": { "ingress": [ { "rule_no": 100, "ipv6_cidr_block": null } ], "subnet_ids": [ null ] } },
      { "address": "module.vpc.aws_flow_log.this[0]", "mode": "managed", "type": "aws_flow_log", "name": "this",
        "index": 0, "values": {} }
    ] } ] } },
  "resource_changes": [
    { "address": "module.vpc.aws_subnet.this[\"a\"]", "previous_address": "module.vpc.aws_subnet.this[\"old\"]",
      "change": { "actions": [ "create" ], "after_unknown": { "id": true, "tags_all": {} } } },
    { "address": "module.vpc.aws_network_acl.this",
      "change": { "actions": [ "create" ], "after_unknown": { "ingress": [ {} ], "subnet_ids": [ true ] } } },
    { "address": "aws_vpc.gone", "change": { "actions": [ "forget" ] } }
  ],
  "prior_state": { "values": { "root_module": { "resources": [
    { "address": "data.aws_region.this", "mode": "data", "type": "aws_region", "name": "this",
      "values": { "region": "eu-west-1" } } ] } } },
  "configuration": {
    "provider_config": {
      "aws": { "name": "aws", "expressions": { "region": { "constant_value": "eu-west-1" } } },
      "aws.hub": { "name": "aws", "alias": "hub" } },
    "root_module": { "module_calls": { "vpc": { "module": { "resources": [
      { "address": "aws_subnet.this", "provider_config_key": "aws.hub" } ] } } } } }
}"#;

#[test]
fn a_plan_is_a_root() {
    let root = read_plan(PLAN, "hub/x").unwrap();
    assert_eq!((root.instances.len(), root.data.len(), root.variables.len()), (3, 1, 1));
    let subnet = &root.instances["module.vpc.aws_subnet.this[\"a\"]"];
    assert_eq!(
        (&*subnet.module, &*subnet.provider, &subnet.key),
        ("module.vpc", "aws.hub", &Key::Name("a".into()))
    );
    assert_eq!(subnet.attributes.get("cidr_block").and_then(Value::text), Some("192.0.2.0/24"));
    assert!(subnet.attributes.get("outpost_arn").is_none());
    assert_eq!(subnet.attributes.get("id").unwrap().data, Data::Unknown);
    assert_eq!(root.tag(subnet, "Team").and_then(Value::text), Some("web"));
    let acl = &root.instances["module.vpc.aws_network_acl.this"];
    let rule = acl.attributes.get("ingress").unwrap().items().first().unwrap();
    assert_eq!((rule.get("rule_no").and_then(Value::number), rule.map().unwrap().len()), (Some(100), 1));
    assert_eq!(acl.attributes.get("subnet_ids").unwrap().items().first().unwrap().data, Data::Unknown);
    assert_eq!(root.instances["module.vpc.aws_flow_log.this[0]"].key, Key::Index(0));
    assert_eq!(root.moved[0].from.as_str(), "module.vpc.aws_subnet.this[\"old\"]");
    assert_eq!(root.removed[0].from.as_str(), "aws_vpc.gone");
    assert_eq!(root.providers["aws"].settings.get("region").and_then(Value::text), Some("eu-west-1"));
}

#[test]
fn what_is_no_plan_is_refused() {
    let error = |json: &str| read_plan(json, "plan.json").unwrap_err().to_string();
    assert!(error("{").starts_with("plan.json:1: this is no JSON: "));
    assert_eq!(
        error("{}"),
        "plan.json: this is neither a plan nor a state that `terraform show -json` printed"
    );
    assert_eq!(
        error(&PLAN.replace("\"rule_no\": 100", "\"rule_no\": 1.5")),
        "plan.json: `1.5` is no whole number"
    );
    assert!(error(&"[".repeat(100_000)).contains("this is no JSON: recursion limit exceeded"));
}
