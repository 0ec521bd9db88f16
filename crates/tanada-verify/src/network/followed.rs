//! What decides about packets and is no part of a [`Network`](super::Network): it is said, so that nobody takes an answer for
//! the whole.

use super::observe::{NetworkError, Sorted};
use super::{Network, Subnet};
use crate::read::decides;
use crate::{Address, Instance, Root, Value};

/// What is followed in every root: gateways, and what is said of their tables.
const IN_EVERY_ROOT: [&str; 6] = [
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_route",
    "aws_ec2_transit_gateway_route_table",
    "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_route_table_propagation",
    "aws_ec2_transit_gateway_vpc_attachment_accepter",
];

/// What is followed as a part of the VPC of its root.
const IN_A_VPC: [&str; 13] = [
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_network_acl_association",
    "aws_network_acl_rule",
    "aws_route",
    "aws_route_table",
    "aws_route_table_association",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpc_ipv4_cidr_block_association",
];

/// Whether a subnet lacks something of its own.
type Lacks = fn(&Subnet) -> bool;

/// What decides about subnets that have no ACL, or no route table, of their own.
const DEFAULTS: [(&str, Lacks); 3] = [
    ("aws_default_network_acl", |subnet| subnet.acl.is_none()),
    ("aws_default_route_table", |subnet| subnet.table.is_none()),
    ("aws_main_route_table_association", |subnet| subnet.table.is_none()),
];

/// The VPC of a root; people may add others beside it.
pub(super) fn vpc_of<'r>(sorted: &Sorted<'r>) -> Option<&'r Instance> {
    let is_added = |instance: &&Instance| sorted.root.is_added(&instance.block);
    sorted.of_type("aws_vpc").min_by_key(|instance| is_added(instance))
}

/// Whether something belongs to a VPC of the same root. What does not say it, as tests do, belongs to it.
pub(super) fn of_vpc(instance: &Instance, vpc: &Address) -> bool {
    instance.attributes.get("vpc_id").is_none_or(|id| id.refers_to("id") == Some(vpc))
}

/// What in a root decides and is not followed. `network`: what is followed of it.
pub(super) fn unfollowed(
    sorted: &Sorted<'_>,
    vpc: Option<&Instance>,
    network: &Network,
) -> Vec<NetworkError> {
    let mut found = Vec::new();
    for (type_name, instances) in sorted.types().filter(|(type_name, _)| decides(type_name)) {
        let why = |instance: &Instance| why_not(type_name, instance, vpc, network);
        let said = instances.iter().filter_map(|instance| Some((instance, why(instance)?)));
        found.extend(said.map(|(instance, why)| {
            NetworkError::unfollowed(&instance.place, format!("`{}` {why}", instance.address))
        }));
    }
    found
}

/// Why something that decides is not followed; `None`: it is.
fn why_not(
    type_name: &str,
    instance: &Instance,
    vpc: Option<&Instance>,
    network: &Network,
) -> Option<&'static str> {
    if type_name == "aws_ec2_transit_gateway" {
        let default = instance.attributes.get("default_route_table_association").and_then(Value::text);
        return (default != Some("disable")).then_some("puts every attachment into a table of its own");
    }
    if IN_EVERY_ROOT.contains(&type_name) {
        return None;
    }
    if IN_A_VPC.contains(&type_name) {
        let Some(vpc) = vpc else { return Some("stands in a root without a VPC") };
        let second = type_name == "aws_vpc" && instance.address != vpc.address;
        return second.then_some("is a second VPC in its root");
    }
    if let Some((_, lacks)) = DEFAULTS.iter().find(|(name, _)| *name == type_name) {
        let named = instance.attributes.get("subnet_ids").is_some_and(|ids| !ids.items().is_empty());
        let decides = named || network.subnets.iter().any(lacks);
        return decides.then_some("decides about subnets without their own");
    }
    Some("may decide who reaches whom")
}

impl Root {
    /// Whether a place lies in a file that people added to the root.
    fn is_added(&self, place: &crate::Place) -> bool {
        let file = place.file().strip_prefix(&*self.directory).and_then(|file| file.strip_prefix('/'));
        file.is_some_and(|name| crate::read::is_added(&self.directory, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_followed_decides() {
        for name in IN_EVERY_ROOT.iter().chain(&IN_A_VPC) {
            assert!(decides(name), "{name}");
        }
        assert!(DEFAULTS.iter().all(|(name, _)| decides(name)));
    }
}
