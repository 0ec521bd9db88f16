use std::collections::BTreeSet;

use tanada_model::net::{Block, BlockSet};

use crate::network::{Network, Target, TransitTable};
use crate::rules::{Facts, Said, rule};

rule!(
    "rest-leaves-by-default",
    Warning,
    "A VPC leads a whole range to the gateway, of which the gateway's table knows a part; what nobody has leaves by the \
     table's default route. A drop for the range keeps it inside.",
    "AWS Transit Gateway guide, blackhole routes, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for (index, segment) in network.transit_tables.iter().enumerate() {
        let Some(default) =
            segment.routes.iter().find(|route| route.to.prefix_len() == 0 && route.attachment.is_some())
        else {
            continue;
        };
        let known = known(network, segment);
        for range in led_here(network, index) {
            if !known.contains(range) {
                let message =
                    format!("what nobody has of `{range}` leaves `{}` by its default route", segment.segment);
                said.push(
                    Said::new(&default.place, message).help("blackhole the range: a longer route still wins"),
                );
            }
        }
    }
}

/// What a table has longer routes for than its default.
fn known(network: &Network, segment: &TransitTable) -> BlockSet {
    let learnt = segment.propagations.iter().flat_map(|(attachment, _)| network.blocks_of(*attachment));
    segment.routes.iter().map(|route| route.to).chain(learnt).filter(|to| to.prefix_len() > 0).collect()
}

/// Ranges that the VPCs of a segment lead to the gateway, their defaults aside.
fn led_here(network: &Network, segment: usize) -> BTreeSet<Block> {
    let member = |vpc: usize| {
        let attachment = network.vpcs.get(vpc).and_then(|vpc| network.attachments.get(vpc.attachment?));
        attachment
            .and_then(|attachment| attachment.table.as_ref())
            .is_some_and(|(table, _)| *table == segment)
    };
    let tables = network.route_tables.iter().filter(|table| member(table.vpc));
    let routes = tables.flat_map(|table| &table.routes).filter(|route| route.target == Target::Transit);
    routes.map(|route| route.to).filter(|to| to.prefix_len() > 0).collect()
}
