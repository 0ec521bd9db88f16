//! The root of a VPC.

use std::collections::BTreeMap;

use tanada_model::design::{Attachment, Id as _, Internet, Placement, VpcId, WayOut};
use tanada_model::diagnostic::{Diagnostic, acceptance};
use tanada_model::net::{Block, Position};

use super::accounts::vpc_providers;
use super::acl::{self, AclStatement};
use super::addresses;
use super::codes::WORKLOAD_IN_ATTACH_TIER;
use super::estate::{cidrsubnet, in_pool};
use super::facts::{Facts, TierFacts, VpcFacts};
use super::hub::static_routes;
use super::moved::{self, Keyed};
use super::names::vpc_name;
use super::routes::{Routing, Ways};
use super::segments::Segments;
use crate::allocation::{BlockAllocation, Moving, SubnetAllocation};
use crate::plan::{Cidr, MovePart, Movement, Shared, SubnetPlan, TierPlan, TransitPlan, VpcPage, VpcRoot};

/// What the root of a VPC is made from.
pub(super) struct Inputs<'a> {
    pub facts: &'a Facts<'a>,
    pub segments: &'a Segments,
    pub vpc: &'a VpcFacts<'a>,
    pub ways: &'a Ways,
    /// What is said of its tiers.
    pub said: &'a [Vec<AclStatement>],
}

/// The root of one VPC, with what is wrong about it.
pub(super) fn vpc(inputs: &Inputs<'_>) -> (VpcRoot, Vec<Diagnostic>) {
    let Inputs { facts, segments: _, vpc, ways, said } = *inputs;
    let design = facts.design;
    let mut diagnostics = Vec::new();
    let mut aggregates = BTreeMap::new();
    let (provider, hub_provider) = vpc_providers(design, vpc);
    let landed = acl::landed(vpc, said);
    let routing = Routing::of(facts, vpc, ways, &landed, &mut aggregates, &mut diagnostics);
    let transit = transit(inputs, hub_provider.is_some(), &mut aggregates);
    let acls = acl::acls(facts, vpc, said, &mut aggregates, &mut diagnostics);
    let Routing { routes, internet_gateway, nat_gateways, gateway_endpoints } = routing;
    let keyed = Keyed {
        routes: &routes,
        nat_gateways: &nat_gateways,
        transit: transit.as_ref(),
        aggregates: &aggregates,
    };
    let moved = moved::vpc(facts, vpc, &keyed);
    let team = design.teams.name(vpc.vpc.team);
    let root = VpcRoot {
        id: vpc.vpc.id.clone(),
        directory: format!("teams/{team}/{}", vpc.vpc.entity.name),
        birth: vpc.allocation.birth.clone(),
        name: vpc_name(vpc),
        team: team.to_owned(),
        environment: design.environments.name(vpc.vpc.environment).to_owned(),
        owner: design.teams[vpc.vpc.team].owner.clone(),
        why: vpc.vpc.entity.why.clone(),
        provider,
        hub_provider,
        blocks: blocks(facts, vpc),
        tiers: tiers(facts, vpc),
        subnets: subnets(facts, vpc),
        moved,
        routes,
        internet_gateway,
        nat_gateways,
        gateway_endpoints,
        acls: acls.plans,
        flow_log: design.flow_log_bucket.is_some(),
        transit,
        aggregates,
        page: page(facts, vpc, ways, said, acls.excess),
    };
    check_attach_tier(facts, vpc, &mut diagnostics);
    (root, diagnostics)
}

fn blocks(facts: &Facts<'_>, vpc: &VpcFacts<'_>) -> Vec<(Cidr, String)> {
    let id = &vpc.vpc.id;
    let value = |(i, block): (usize, &BlockAllocation)| {
        let cidr = facts.owners.define(&Shared::Block(id.clone(), i), block.block);
        let comment = match &block.source {
            _ if is_pinned(vpc, i) => "written in the input".to_owned(),
            Some((pool, _, _)) => in_pool(facts, *pool, block.block),
            None => "written in the input".to_owned(),
        };
        (cidr, comment)
    };
    vpc.allocation.blocks.iter().enumerate().map(value).collect()
}

/// Whether a person wrote the block's range.
fn is_pinned(vpc: &VpcFacts<'_>, i: usize) -> bool {
    let placements =
        [&vpc.vpc.placement].into_iter().chain(vpc.vpc.blocks.iter().map(|block| &block.placement));
    let pinned = |placement: &Placement| match placement {
        Placement::Pinned(range) => vpc.blocks.get(i) == Some(&range.value),
        Placement::Pool { pool: _, size: _ } => false,
    };
    placements.into_iter().any(pinned)
}

fn tiers(facts: &Facts<'_>, vpc: &VpcFacts<'_>) -> Vec<TierPlan> {
    let plan = |tier: &TierFacts<'_>| {
        let value = |(i, (&block, &home)): (usize, (&Block, &usize))| {
            let shared = Shared::Tier(vpc.vpc.id.clone(), tier.name.to_owned(), i);
            let cidr = facts.owners.define(&shared, block);
            let position = vpc.blocks.get(home).and_then(|own| Some((*own, Position::of(block, *own)?)));
            let comment = position.map(|(own, at)| cidrsubnet(&format!("blocks[{home}]"), own, at));
            (cidr, comment.unwrap_or_default())
        };
        let values = tier.ranges.iter().zip(&tier.homes).enumerate().map(value).collect();
        TierPlan { name: tier.name.to_owned(), values }
    };
    vpc.tiers.iter().filter(|tier| !tier.tier.attach).map(plan).collect()
}

/// Rows of the subnets' table. Zone letters are the region's: the design is checked for it.
fn subnets(facts: &Facts<'_>, vpc: &VpcFacts<'_>) -> Vec<SubnetPlan> {
    let zones = &facts.design.regions[vpc.vpc.region].zones;
    let rows = |tier: &'_ TierFacts<'_>| {
        let row = |subnet: &&SubnetAllocation| SubnetPlan {
            name: subnet.name.clone(),
            tier: tier.name.to_owned(),
            zone: subnet.zone.clone(),
            zone_id: zones.get(&subnet.zone).map(|id| id.value.clone()).unwrap_or_default(),
            block: subnet.cidr,
            cidr: facts.owners.own(subnet.cidr),
        };
        tier.subnets.iter().map(row).collect::<Vec<_>>()
    };
    vpc.tiers.iter().flat_map(rows).collect()
}

fn transit(
    inputs: &Inputs<'_>,
    accept: bool,
    aggregates: &mut BTreeMap<String, Block>,
) -> Option<TransitPlan> {
    let Inputs { facts, segments, vpc, ways: _, said: _ } = *inputs;
    let design = facts.design;
    let Attachment { hub, segment } = vpc.vpc.attachment?;
    let tier = vpc.attach_tier()?;
    let name = |table| design.segments.name(table).to_owned();
    Some(TransitPlan {
        hub: design.hubs.name(hub).to_owned(),
        tier: tier.name.to_owned(),
        segment: name(segment),
        propagate_to: segments.learners_on(segment, hub).map(name).collect(),
        routes: if vpc.way_out {
            static_routes(facts, segments, hub, WayOut::Vpc(vpc.id), aggregates)
        } else {
            Vec::new()
        },
        accept,
        appliance_mode: vpc.vpc.inspects,
    })
}

/// Workloads beside the attachment: a finding unless somebody accepted it.
fn check_attach_tier(facts: &Facts<'_>, vpc: &VpcFacts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let reference = vpc.reference(facts.design);
    if let ([tier], Some(_)) = (vpc.tiers.as_slice(), vpc.attach_tier())
        && !facts.design.accepted(WORKLOAD_IN_ATTACH_TIER.name, &reference)
    {
        let message = format!(
            "tier `{}` of `{reference}` carries the attachment, and there is no other tier for workloads",
            tier.name
        );
        let accept = acceptance(&WORKLOAD_IN_ATTACH_TIER, &reference);
        let help = format!("add a tier to the layout, or write {accept}");
        let diagnostic = Diagnostic::new(WORKLOAD_IN_ATTACH_TIER, message).at(tier.tier.entity.span, "");
        diagnostics.push(diagnostic.at(vpc.vpc.entity.span, "").help(help));
    }
}

fn page(
    facts: &Facts<'_>,
    vpc: &VpcFacts<'_>,
    ways: &Ways,
    said: &[Vec<AclStatement>],
    excess: Vec<[String; 4]>,
) -> VpcPage {
    let mut flows = acl::flows(vpc, said);
    flows.extend(excess);
    let way = |tier: &TierFacts<'_>| match tier.tier.internet {
        Internet::None => "none",
        Internet::In => "in and out",
        Internet::Out if ways.default => "out by the gateway",
        Internet::Out => "out by NAT",
    };
    let tier = |tier: &TierFacts<'_>| (tier.name.to_owned(), way(tier).to_owned(), tier.ranges.clone());
    VpcPage {
        segment: vpc.vpc.attachment.map(|at| facts.design.segments.name(at.segment).to_owned()),
        headroom: vpc.allocation.blocks.first().map_or(0, |block| block.headroom),
        flows,
        blocks: vpc.blocks.clone(),
        tiers: vpc.tiers.iter().map(tier).collect(),
        movement: movement(facts, vpc.id),
    }
}

/// The part that a VPC has in a move.
fn movement(facts: &Facts<'_>, own: VpcId) -> Option<Movement> {
    let other = |vpc: VpcId| {
        let VpcFacts { vpc, blocks, .. } = facts.vpcs.get(vpc.index())?;
        Some((vpc.entity.name.clone(), blocks.clone()))
    };
    let Moving { id, old, next } =
        facts.allocation.moving.iter().find(|moving| moving.old == Some(own) || moving.next == own)?;
    let part = match old {
        None => MovePart::Stays,
        Some(old) if *old == own => {
            let (label, blocks) = other(*next)?;
            MovePart::Goes { label, blocks }
        }
        Some(old) => {
            let (label, blocks) = other(*old)?;
            MovePart::Comes { label, blocks }
        }
    };
    Some(Movement { id: id.clone(), part })
}

/// Lets the root refer to shared aggregates instead of its own.
pub(super) fn use_shared(root: &mut VpcRoot, shared: &BTreeMap<String, Block>) {
    let own = root.aggregates.len();
    root.aggregates.retain(|name, _| !shared.contains_key(name));
    if root.aggregates.len() == own {
        return;
    }
    let routes = root.routes.iter_mut().map(|route| &mut route.cidr);
    let rules = root.acls.iter_mut().flat_map(|acl| acl.ingress.iter_mut().chain(&mut acl.egress));
    let transit =
        root.transit.iter_mut().flat_map(|transit| &mut transit.routes).map(|route| &mut route.cidr);
    addresses::use_shared(shared, routes.chain(rules.map(|rule| &mut rule.cidr)).chain(transit));
}
