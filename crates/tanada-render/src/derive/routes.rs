//! Routes of a VPC's tiers, and what of gateways they need.
//!
//! | tier | its segment has a `default` (and this VPC is not it) | otherwise |
//! | --- | --- | --- |
//! | `out` | 0.0.0.0/0 to the gateway | 0.0.0.0/0 to NAT; what the segment reaches to the gateway |
//! | `in` | 0.0.0.0/0 to the internet gateway; what the segment reaches to the gateway if an intent lands on the tier, or the VPC is a way out | the same |
//! | `none` | what the segment reaches to the gateway: 0.0.0.0/0 | what the segment reaches to the gateway |
//!
//! The attachment's tier has no routes, except in the VPC that is others' way to the internet: there it leads to NAT.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{HubId, Id, Internet, Nat, SegmentId, SiteId, WayOut};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::net::Block;
use tanada_model::quotas::ROUTES_PER_TABLE;

use super::codes::{NAT_WITHOUT_TIER, ROUTE_QUOTA};
use super::facts::{BlockSetOrder, Facts, TierFacts, VpcFacts, everywhere};

use super::segments::Segments;
use crate::plan::{Cidr, RoutePlan, RouteVia};

/// Where a VPC's packets go.
pub(super) struct Routing {
    /// Rows of the routes' table.
    pub routes: Vec<RoutePlan>,
    /// Whether there is an internet gateway.
    pub internet_gateway: bool,
    /// NAT gateways: zone and subnet.
    pub nat_gateways: Vec<(String, String)>,
    /// Gateway endpoints and their tiers.
    pub gateway_endpoints: Vec<(String, Vec<String>)>,
}

/// Services that have gateway endpoints, which cost nothing.
const ENDPOINTS: [&str; 2] = ["dynamodb", "s3"];

/// What the members of every segment reach on every hub, worked out once for all of them.
pub(super) struct Reach(BTreeMap<(SegmentId, HubId), Reached>);

/// What the members of one segment reach on one hub.
struct Reached {
    /// Destinations of static routes, roots as a whole, and where they lead.
    written: Vec<(Block, WayOut)>,
    /// What is learnt: roots as a whole, else the member's block. The largest only, sorted.
    learnt: Vec<Block>,
    /// Where 0.0.0.0/0 leads.
    default: Option<WayOut>,
}

impl Reach {
    /// Of every segment on every hub.
    pub(super) fn new(facts: &Facts<'_>, segments: &Segments) -> Self {
        let whole = |block: Block| facts.root_of(block).unwrap_or(block);
        let reached = |segment: SegmentId, hub: HubId| {
            let routes = segments.static_routes(facts, segment, hub);
            let members = |other: &SegmentId| segments.tables[other.index()].vpcs.get(&hub);
            let learnt = segments.tables[segment.index()].learns.iter().filter_map(members).flatten();
            let blocks = learnt.flat_map(|&vpc| &facts.vpc(vpc).blocks).map(|&block| whole(block));
            let site = |site: &&SiteId| facts.design.sites[**site].links.iter().any(|link| link.hub == hub);
            let sites = segments.tables[segment.index()].sites.iter().filter(site);
            let ranges = sites.flat_map(|&site| facts.site_ranges(site)).filter(|b| !b.is_everything());
            let learnt: BlockSetOrder = blocks.chain(ranges.map(whole)).collect();
            let default = routes.get(&everywhere()).map(|(_, out)| *out);
            let static_routes = routes.into_iter().filter(|(block, _)| !block.is_everything());
            let written = static_routes.map(|(block, (_, out))| (whole(block), out)).collect();
            Reached { written, learnt: learnt.largest(), default }
        };
        let on = segments
            .on
            .iter()
            .enumerate()
            .flat_map(|(id, hubs)| hubs.iter().map(move |&hub| (SegmentId::new(id), hub)));
        Self(on.map(|(segment, hub)| ((segment, hub), reached(segment, hub))).collect())
    }
}

/// What the routes of a VPC lead to.
pub(super) struct Ways {
    /// What the segment reaches, without 0.0.0.0/0: roots as a whole, else the thing itself; the largest only, sorted.
    pub reached: Vec<Block>,
    /// Whether 0.0.0.0/0 leads to the gateway.
    pub default: bool,
}

impl Ways {
    /// Ways of a VPC: what its segment reaches, but not through itself and not what is its own.
    pub(super) fn of(reach: &Reach, vpc: &VpcFacts<'_>) -> Self {
        let key = vpc.vpc.attachment.map(|attachment| (attachment.segment, attachment.hub));
        let Some(Reached { written, learnt, default }) = key.and_then(|key| reach.0.get(&key)) else {
            return Self { reached: Vec::new(), default: false };
        };
        let others = |out: &WayOut| *out != WayOut::Vpc(vpc.id);
        let own = |block: &Block| vpc.blocks.iter().any(|own| own.contains(*block));
        let written = written.iter().filter(|(_, out)| others(out)).map(|(block, _)| *block);
        let reached: BlockSetOrder =
            written.chain(learnt.iter().copied()).filter(|block| !own(block)).collect();
        Self { reached: reached.largest(), default: default.as_ref().is_some_and(others) }
    }
}

impl Routing {
    /// Routes of a VPC. `landed`: tiers that an intent with an end beyond the gateway lands on.
    pub(super) fn of(
        facts: &Facts<'_>,
        vpc: &VpcFacts<'_>,
        ways: &Ways,
        landed: &BTreeSet<&str>,
        aggregates: &mut BTreeMap<String, Block>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut rows = Vec::new();
        let mut nat = false;
        for tier in &vpc.tiers {
            let Some(TierWays { internet, reached }) = tier_ways(vpc, tier, ways, landed) else { continue };
            let first = rows.len();
            if reached {
                rows.extend(ways.reached.iter().map(|&block| RoutePlan {
                    tier: tier.name.to_owned(),
                    to: facts.owners.label(block),
                    via: RouteVia::Transit,
                    cidr: facts.owners.refer(block, aggregates),
                }));
            }
            if let Some(via) = internet {
                nat |= via == RouteVia::Nat;
                let (tier, to) = (tier.name.to_owned(), "internet".to_owned());
                rows.push(RoutePlan { tier, to, via, cidr: Cidr::Everywhere });
            }
            check_quota(facts, vpc, tier, rows.len() - first, diagnostics);
        }
        let internet_gateway = vpc.nat_tier().is_some();
        let nat_gateways = if nat { nat_gateways(facts, vpc, diagnostics) } else { Vec::new() };
        Self { routes: rows, internet_gateway, nat_gateways, gateway_endpoints: gateway_endpoints(vpc) }
    }
}

/// Ways of one tier.
struct TierWays {
    /// Where 0.0.0.0/0 leads.
    internet: Option<RouteVia>,
    /// Whether what the segment reaches leads to the gateway.
    reached: bool,
}

fn tier_ways(
    vpc: &VpcFacts<'_>,
    tier: &TierFacts<'_>,
    ways: &Ways,
    landed: &BTreeSet<&str>,
) -> Option<TierWays> {
    if tier.tier.attach {
        return vpc.egress.then_some(TierWays { internet: Some(RouteVia::Nat), reached: false });
    }
    let default = ways.default.then_some(RouteVia::Transit);
    Some(match tier.tier.internet {
        Internet::In => TierWays {
            internet: Some(RouteVia::Internet),
            reached: vpc.way_out || landed.contains(tier.name),
        },
        Internet::Out => TierWays { internet: default.or(Some(RouteVia::Nat)), reached: !ways.default },
        Internet::None => TierWays { internet: default, reached: !ways.default },
    })
}

/// One NAT gateway in each zone of the tier that is open to the internet, or one in its first zone.
fn nat_gateways(
    facts: &Facts<'_>,
    vpc: &VpcFacts<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(String, String)> {
    let Some(tier) = vpc.nat_tier() else {
        let out = vpc.tiers.iter().find(|tier| tier.tier.internet == Internet::Out);
        let name = out.map_or("", |tier| tier.name);
        let message = format!(
            "tier `{name}` of `{}` goes out to the internet, but no tier holds its NAT gateways",
            vpc.reference(facts.design),
        );
        let mut diagnostic = Diagnostic::new(NAT_WITHOUT_TIER, message);
        if let Some(out) = out {
            diagnostic = diagnostic.at(out.tier.entity.span, "");
        }
        diagnostics.push(
            diagnostic
                .help("add a tier with `internet = \"in\"` to the layout, or give the segment a `default`"),
        );
        return Vec::new();
    };
    let first = tier.subnets.iter().filter(|subnet| subnet.part == 1);
    let mut zones: Vec<(String, String)> = Vec::new();
    for subnet in first {
        if !zones.iter().any(|(zone, _)| *zone == subnet.zone) {
            zones.push((subnet.zone.clone(), subnet.name.clone()));
        }
    }
    match facts.design.layouts[tier.layout].nat {
        Nat::PerZone => zones,
        Nat::One => zones.into_iter().take(1).collect(),
    }
}

/// Gateway endpoints for the tiers that go out: their standard rules open the way (tcp/443), and what they fetch from
/// S3 or DynamoDB then passes no NAT gateway.
fn gateway_endpoints(vpc: &VpcFacts<'_>) -> Vec<(String, Vec<String>)> {
    let out = vpc.tiers.iter().filter(|tier| tier.tier.internet == Internet::Out && !tier.tier.attach);
    let tiers: Vec<String> = out.map(|tier| tier.name.to_owned()).collect();
    if tiers.is_empty() {
        return Vec::new();
    }
    ENDPOINTS.iter().map(|service| ((*service).to_owned(), tiers.clone())).collect()
}

fn check_quota(
    facts: &Facts<'_>,
    vpc: &VpcFacts<'_>,
    tier: &TierFacts<'_>,
    routes: usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let quota = ROUTES_PER_TABLE.of(facts.design);
    if routes > quota {
        let message = format!(
            "route tables of tier `{}` of `{}` need {routes} routes; AWS takes {quota}",
            tier.name,
            vpc.reference(facts.design),
        );
        let help = if ROUTES_PER_TABLE.can_be(routes) {
            format!("if AWS raised yours, {}", ROUTES_PER_TABLE.raised(routes))
        } else {
            "give the segment a `default`, or sum the ranges of its sites up".to_owned()
        };
        diagnostics.push(Diagnostic::new(ROUTE_QUOTA, message).at(vpc.vpc.entity.span, "").help(help));
    }
}
