//! Ids that Terraform showed lead to what has them; whatever does not is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tanada_verify::network::Network;
use tanada_verify::{Data, Observed, Root, Value, join, read_plan};

/// A state with these resources, each `type.name`, whether it is looked up, and its values.
fn state(resources: &[(&str, bool, &str)]) -> Root {
    let resource = |(address, data, values): &(&str, bool, &str)| {
        let (type_name, name) = address.split_once('.').unwrap();
        let (mode, prefix) = if *data { ("data", "data.") } else { ("managed", "") };
        format!(
            r#"{{ "address": "{prefix}{address}", "mode": "{mode}", "type": "{type_name}", "name": "{name}", "values": {values} }}"#
        )
    };
    let all: Vec<String> = resources.iter().map(resource).collect();
    let all = all.join(",");
    let json = format!(
        r#"{{ "format_version": "1.0", "values": {{ "root_module": {{ "resources": [{all}] }} }} }}"#
    );
    read_plan(&json, "teams/web/production").unwrap()
}

fn leads(root: &Root, address: &str, attribute: &str) -> Option<String> {
    let value = root.instances[address].attributes.get(attribute)?;
    value.refers_to("id").map(ToString::to_string)
}

fn refused(mut root: Root) -> Vec<String> {
    join(&mut root, None).unwrap_err().iter().map(ToString::to_string).collect()
}

const SUBNET: (&str, bool, &str) = (
    "aws_subnet.a",
    false,
    r#"{ "id": "subnet-1", "cidr_block": "192.0.2.0/24", "availability_zone_id": "z" }"#,
);
const VPC: (&str, bool, &str) =
    ("aws_vpc.a", false, r#"{ "id": "vpc-1", "cidr_block": "192.0.2.0/24", "tags": { "Name": "a" } }"#);
const NAT: (&str, bool, &str) = ("aws_nat_gateway.a", false, r#"{ "id": "nat-1", "subnet_id": "subnet-1" }"#);

#[test]
fn ids_lead_to_what_has_them() {
    let route = (
        "aws_route.a",
        false,
        r#"{ "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1", "gateway_id": "", "transit_gateway_id": "tgw-9" }"#,
    );
    let acl = ("aws_network_acl.a", false, r#"{ "subnet_ids": ["subnet-1"], "ingress": [], "egress": [] }"#);
    let found = ("aws_nat_gateway.a", true, r#"{ "id": "nat-1" }"#);
    let mut root = state(&[SUBNET, NAT, route, acl, found]);
    join(&mut root, None).unwrap();
    assert_eq!(leads(&root, "aws_nat_gateway.a", "subnet_id").unwrap(), "aws_subnet.a");
    // What is made here may be looked up here, too.
    assert_eq!(leads(&root, "aws_route.a", "nat_gateway_id").unwrap(), "aws_nat_gateway.a");
    // An empty text is nothing; the id of a gateway of others stays one.
    let attributes = &root.instances["aws_route.a"].attributes;
    assert!(attributes.get("gateway_id").is_none());
    assert_eq!(attributes.get("transit_gateway_id").and_then(Value::text), Some("tgw-9"));
    let ids = root.instances["aws_network_acl.a"].attributes.get("subnet_ids").unwrap().items();
    assert!(matches!(&ids[0].data, Data::Reference(_)));
}

#[test]
fn what_cannot_be_joined_is_refused() {
    let twice = ("aws_subnet.b", false, SUBNET.2);
    assert_eq!(
        refused(state(&[SUBNET, twice, NAT])),
        ["teams/web/production: `subnet_id` of `aws_nat_gateway.a` is an id that two things have"]
    );
    assert_eq!(
        refused(state(&[NAT])),
        ["teams/web/production: `subnet_id` of `aws_nat_gateway.a` is the id of nothing in this root"]
    );
    let rule = ("aws_network_acl_rule.own", false, r#"{ "network_acl_id": "acl-9" }"#);
    assert_eq!(
        refused(state(&[rule])),
        [
            "teams/web/production: `network_acl_id` of `aws_network_acl_rule.own` is the id of nothing in this root"
        ]
    );
    let plan = r#"{ "format_version": "1.2", "planned_values": { "root_module": { "resources": [
        { "address": "aws_subnet.a", "mode": "managed", "type": "aws_subnet", "name": "a", "values": {} } ] } },
      "resource_changes": [ { "address": "aws_subnet.a", "change": { "actions": ["create"],
        "after_unknown": { "cidr_block": true } } } ] }"#;
    assert_eq!(
        refused(read_plan(plan, "teams/web/production").unwrap()),
        ["teams/web/production: `cidr_block` of `aws_subnet.a` is known only after apply"]
    );
}

/// What a state lists twice, in a table or an ACL and by itself, stands in the network once.
#[test]
fn a_state_says_some_things_twice() {
    let acl = (
        "aws_network_acl.a",
        false,
        r#"{ "id": "acl-1", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1"], "egress": [],
             "ingress": [{ "rule_no": 10, "action": "allow", "protocol": "6", "from_port": 22, "to_port": 22,
                           "cidr_block": "10.0.0.0/8", "ipv6_cidr_block": "" }] }"#,
    );
    let rule = (
        "aws_network_acl_rule.a",
        false,
        r#"{ "network_acl_id": "acl-1", "rule_number": 10, "rule_action": "allow", "protocol": "6", "from_port": 22,
             "to_port": 22, "cidr_block": "10.0.0.0/8", "ipv6_cidr_block": "", "egress": false }"#,
    );
    let bound =
        ("aws_network_acl_association.a", false, r#"{ "network_acl_id": "acl-1", "subnet_id": "subnet-1" }"#);
    let table = (
        "aws_route_table.a",
        false,
        r#"{ "id": "rtb-1", "vpc_id": "vpc-1", "propagating_vgws": [],
             "route": [{ "cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1", "gateway_id": "", "ipv6_cidr_block": "" }] }"#,
    );
    let route = (
        "aws_route.a",
        false,
        r#"{ "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1", "gateway_id": "" }"#,
    );
    let mut root = state(&[VPC, SUBNET, NAT, acl, rule, bound, table, route]);
    join(&mut root, None).unwrap();
    let mut observed = Observed::default();
    observed.roots.insert(root.directory.clone(), root);
    let (network, errors) = Network::observe(&observed);
    assert_eq!(errors, []);
    assert_eq!((network.acls[0].ingress.len(), network.route_tables[0].routes.len()), (1, 1));
    assert_eq!(network.subnets[0].acl, Some(0));

    // What stands in a table alone is joined, too.
    let mut root = state(&[VPC, SUBNET, NAT, table]);
    join(&mut root, None).unwrap();
    observed.roots.insert(root.directory.clone(), root);
    let (network, errors) = Network::observe(&observed);
    assert_eq!((errors.len(), network.route_tables[0].routes.len()), (0, 1));
}

/// Terraform does not know what others will add to an ACL or a table. Where the text gives nothing, there is nothing.
#[test]
fn what_nobody_gives_is_not_there_yet() {
    let plan = r#"{ "format_version": "1.2", "planned_values": { "root_module": { "resources": [
        { "address": "aws_network_acl.a", "mode": "managed", "type": "aws_network_acl", "name": "a", "values": {} },
        { "address": "aws_route_table.a", "mode": "managed", "type": "aws_route_table", "name": "a", "values": {} } ] } },
      "resource_changes": [
        { "address": "aws_network_acl.a", "change": { "actions": ["create"],
          "after_unknown": { "egress": true, "ingress": true, "subnet_ids": true } } },
        { "address": "aws_route_table.a", "change": { "actions": ["create"], "after_unknown": { "route": true } } } ] }"#;
    let plan = || read_plan(plan, "teams/web/production").unwrap();
    let given = |route: &str| {
        let acl = ("aws_network_acl.a", false, "{}");
        state(&[acl, ("aws_route_table.a", false, route), ("aws_nat_gateway.a", false, "{}")])
    };
    let mut root = plan();
    let text = "`aws_nat_gateway.a` of the text is not in the plan, so the plan is of another text";
    let errors = join(&mut root, Some(&given("{}"))).unwrap_err();
    assert_eq!(
        errors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [format!("teams/web/production: {text}")]
    );
    let mut text = given("{}");
    text.instances.retain(|_, instance| &*instance.type_name != "aws_nat_gateway");
    let mut root = plan();
    join(&mut root, Some(&text)).unwrap();
    assert!(root.instances.values().all(|instance| instance.attributes.is_empty()), "{:#?}", root.instances);

    let mut text = given(r#"{ "route": [{ "cidr_block": "10.0.0.0/8", "transit_gateway_id": "tgw-1" }] }"#);
    text.instances.retain(|_, instance| &*instance.type_name != "aws_nat_gateway");
    let mut root = plan();
    join(&mut root, Some(&text)).unwrap();
    let routes = root.instances["aws_route_table.a"].attributes.get("route").unwrap().items();
    assert_eq!(routes[0].get("cidr_block").and_then(Value::text), Some("10.0.0.0/8"));

    let alone = refused(plan());
    assert!(
        alone.contains(
            &"teams/web/production: `route` of `aws_route_table.a` is known only after apply".to_owned()
        ),
        "{alone:?}"
    );
}
