//! What Terraform plans for a root, in the words of [`expected`](crate::expected).

use std::collections::BTreeMap;

use serde_json::Value;
use standin::{Plan, Resource};

use crate::expected::Facts;

/// What a plan makes, as far as it is known before apply.
pub(crate) fn resources(plan: &Plan) -> Facts {
    plan.resources.values().flat_map(resource).collect()
}

fn resource(resource: &Resource) -> Vec<String> {
    let text = |name: &str| text(&resource.values, name);
    let key = resource.key.as_deref().unwrap_or_default();
    let of_key = |what: &str| if key.is_empty() { what.to_owned() } else { format!("{what} {key}") };
    match resource.type_name.as_str() {
        "aws_vpc" => vec![format!("vpc {} {}", tag(resource, "Name"), text("cidr_block"))],
        "aws_vpc_ipv4_cidr_block_association" => vec![format!("further block {}", text("cidr_block"))],
        "aws_subnet" => {
            let (cidr, zone, tier) =
                (text("cidr_block"), text("availability_zone_id"), tag(resource, "Tier"));
            vec![format!("subnet {key} {cidr} {zone} of tier {tier}")]
        }
        "aws_route_table" => vec![format!("route table {key}")],
        "aws_route" => {
            vec![format!("route {key} {} {}", text("destination_cidr_block"), via(&resource.values))]
        }
        "aws_network_acl" => acl(key, &resource.values),
        "aws_internet_gateway" => vec!["internet gateway".to_owned()],
        "aws_nat_gateway" => vec![format!("nat gateway {key}")],
        "aws_vpc_endpoint" => {
            let service = text("service_name");
            assert!(service.ends_with(&format!(".{key}")), "{service}");
            vec![format!("endpoint {key}")]
        }
        "aws_flow_log" => vec!["flow log".to_owned()],
        "aws_ec2_transit_gateway" => {
            vec![format!("gateway {} {}", tag(resource, "Name"), text("amazon_side_asn"))]
        }
        "aws_ec2_transit_gateway_route_table" => vec![format!("segment {key} {}", tag(resource, "Name"))],
        "aws_ec2_transit_gateway_route" => {
            let (cidr, blackhole) = (text("destination_cidr_block"), text("blackhole"));
            vec![format!("segment route {key} {cidr} blackhole {blackhole}")]
        }
        "aws_ec2_transit_gateway_vpc_attachment" => {
            vec![format!("attachment with appliance mode {}", text("appliance_mode_support"))]
        }
        "aws_ec2_transit_gateway_vpc_attachment_accepter" => vec!["acceptance".to_owned()],
        "aws_ec2_transit_gateway_route_table_association" => vec![of_key("association")],
        "aws_ec2_transit_gateway_route_table_propagation" => vec![format!("propagation {key}")],
        "aws_ram_principal_association" => vec![format!("share with {key}")],
        // They say nothing that the others do not, or are links between them.
        "aws_default_security_group"
        | "aws_eip"
        | "aws_route_table_association"
        | "aws_ram_resource_share"
        | "aws_ram_resource_association" => Vec::new(),
        other => panic!("nobody expects {other}"),
    }
}

fn acl(tier: &str, values: &Value) -> Vec<String> {
    let mut facts = vec![format!("acl {tier}")];
    for direction in ["ingress", "egress"] {
        for rule in values[direction].as_array().into_iter().flatten() {
            let text = |name: &str| text(rule, name);
            let icmp = match (&rule["icmp_type"], &rule["icmp_code"]) {
                (Value::Null, Value::Null) => String::new(),
                (kind, code) => format!(" type {kind} code {code}"),
            };
            facts.push(format!(
                "acl {tier} {direction} {} {} {} {}-{}{icmp} {}",
                text("rule_no"),
                text("action"),
                text("protocol"),
                text("from_port"),
                text("to_port"),
                text("cidr_block"),
            ));
        }
    }
    facts
}

/// The one next hop of a route. What is not known yet is not null, so it is the one.
fn via(values: &Value) -> &'static str {
    let hops = [("gateway_id", "internet"), ("nat_gateway_id", "nat"), ("transit_gateway_id", "transit")];
    let given: Vec<_> =
        hops.iter().filter(|(name, _)| values.get(name).is_none_or(|value| !value.is_null())).collect();
    let [(_, via)] = given.as_slice() else { panic!("{given:?} of {values}") };
    via
}

fn text(values: &Value, name: &str) -> String {
    let value = &values[name];
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn tag<'a>(resource: &'a Resource, name: &str) -> &'a str {
    resource.values["tags"][name].as_str().unwrap_or_else(|| panic!("no tag {name} in {}", resource.values))
}

/// The keys of resources of a type, by id.
pub(crate) fn keys<'a>(plan: &'a Plan, type_name: &'a str) -> BTreeMap<&'a str, &'a str> {
    let key = |resource: &'a Resource| Some((resource.values["id"].as_str()?, resource.key.as_deref()?));
    plan.of_type(type_name).filter_map(|(_, resource)| key(resource)).collect()
}

/// What belongs to what, from a plan of what was applied; `segments` are the hub's, by id.
pub(crate) fn links(plan: &Plan, segments: &BTreeMap<&str, &str>) -> Facts {
    let subnets = keys(plan, "aws_subnet");
    let tables = keys(plan, "aws_route_table");
    let nat_gateways = keys(plan, "aws_nat_gateway");
    let one = |keys: &BTreeMap<&str, &str>, resource: &Resource, name: &str| -> String {
        let id = resource.values[name].as_str().unwrap_or_else(|| panic!("no {name}"));
        keys.get(id).unwrap_or_else(|| panic!("{name} {id} is nothing of this root")).to_string()
    };
    let many = |keys: &BTreeMap<&str, &str>, resource: &Resource, name: &str| -> String {
        let ids = resource.values[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut keys: Vec<&str> = ids.map(|id| keys[id]).collect();
        keys.sort_unstable();
        keys.join(" ")
    };
    let fact = |resource: &Resource| {
        let key = resource.key.as_deref().unwrap_or_default();
        Some(match resource.type_name.as_str() {
            "aws_route_table_association" => {
                assert_eq!(key, one(&subnets, resource, "subnet_id"));
                format!("subnet {key} has route table {}", one(&tables, resource, "route_table_id"))
            }
            "aws_network_acl" => format!("acl {key} has subnets {}", many(&subnets, resource, "subnet_ids")),
            "aws_nat_gateway" => format!("nat gateway {key} is in {}", one(&subnets, resource, "subnet_id")),
            "aws_vpc_endpoint" => {
                format!("endpoint {key} has route tables {}", many(&tables, resource, "route_table_ids"))
            }
            "aws_route" if !resource.values["nat_gateway_id"].is_null() => {
                format!("route {key} leads to {}", one(&nat_gateways, resource, "nat_gateway_id"))
            }
            "aws_ec2_transit_gateway_vpc_attachment" => {
                format!("attachment has subnets {}", many(&subnets, resource, "subnet_ids"))
            }
            "aws_ec2_transit_gateway_route_table_association" => {
                format!("association with {}", one(segments, resource, "transit_gateway_route_table_id"))
            }
            "aws_ec2_transit_gateway_route_table_propagation" => {
                format!("propagation {key} to {}", one(segments, resource, "transit_gateway_route_table_id"))
            }
            _ => return None,
        })
    };
    plan.resources.values().filter_map(fact).collect()
}
