//! What the tier with NAT gateways has to let pass for others: for the tiers of its VPC that go out through it, and,
//! where the VPC is a segment's way to the internet, for the members of that segment.

use std::collections::BTreeMap;
use std::sync::Arc;

use tanada_model::design::{Internet, VpcId, WayOut};
use tanada_model::net::Block;

use super::super::facts::{Facts, VpcFacts, sum_of};
use super::super::routes::Ways;
use super::service::Service;
use super::standard::opened_outside;
use super::statement::{Opens, Peers, Statement};

/// A service that somebody opens to the internet, or to one block outside.
type Opened = (Service, Option<Block>);

/// What every VPC's `out` tiers open to the outside, by VPC.
pub(super) fn opened(facts: &Facts<'_>, vpc: &VpcFacts<'_>, statements: &[Vec<Statement>]) -> Vec<Opened> {
    let tiers = vpc.tiers.iter().zip(statements);
    let out = tiers.filter(|(tier, _)| tier.tier.internet == Internet::Out && !tier.tier.attach);
    let mut opened: Vec<Opened> = out.flat_map(|(_, statements)| opened_outside(facts, statements)).collect();
    opened.sort();
    opened.dedup();
    opened
}

/// What the NAT tier of a VPC lets out for its neighbours: their own way in and back is the VPC's, already open.
pub(super) fn for_own(ways: &Ways, opened: &[Opened]) -> Vec<Statement> {
    if ways.default { Vec::new() } else { outward(opened, 5, "to the internet by NAT") }
}

/// What the NAT tier of a VPC lets pass for the members of segments whose `default` it is.
pub(super) fn for_members(facts: &Facts<'_>, vpc: &VpcFacts<'_>, opened: &[Vec<Opened>]) -> Vec<Statement> {
    if !vpc.egress {
        return Vec::new();
    }
    let mut by_service: BTreeMap<Opened, Vec<VpcId>> = BTreeMap::new();
    for (other, opened) in facts.vpcs.iter().zip(opened) {
        let Some(attachment) = other.vpc.attachment else { continue };
        let default = facts.design.segments[attachment.segment].default;
        if other.id != vpc.id && default == Some(WayOut::Vpc(vpc.id)) {
            for &one in opened {
                by_service.entry(one).or_default().push(other.id);
            }
        }
    }
    let all: Vec<Opened> = by_service.keys().copied().collect();
    let mut statements = outward(&all, 6, "members to the internet by NAT");
    // Who opens what, as few statements as there are groups of members.
    let mut by_members: BTreeMap<Vec<VpcId>, Vec<Service>> = BTreeMap::new();
    for ((service, _), members) in by_service {
        by_members.entry(members).or_default().push(service);
    }
    for (members, mut services) in by_members {
        services.dedup();
        let blocks = sum_of(facts, members).blocks().to_vec();
        let peers = Arc::new(Peers::new(blocks, false, "members".to_owned()));
        let name = "members to the internet by NAT";
        statements.push(Statement::standard(7, Opens::Inward, services, peers, name));
    }
    statements
}

fn outward(opened: &[Opened], offset: u32, name: &'static str) -> Vec<Statement> {
    let mut by_peer: BTreeMap<Option<Block>, Vec<Service>> = BTreeMap::new();
    for &(service, block) in opened {
        by_peer.entry(block).or_default().push(service);
    }
    let statement = |(block, services): (Option<Block>, Vec<Service>)| {
        let peers = Peers::new(block.into_iter().collect(), block.is_none(), "internet".to_owned());
        Statement::standard(offset, Opens::Outward, services, Arc::new(peers), name)
    };
    by_peer.into_iter().map(statement).collect()
}
