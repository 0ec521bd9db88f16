//! Who is in which Transit Gateway route table: association, propagation, static routes, drops.
//!
//! Tables of different hubs know nothing of each other (gateways are not peered); what is said of a segment holds on
//! every hub for its members there.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, HubId, Id, RouteTarget, Segment, SegmentId, SiteId, VpcId, WayOut};
use tanada_model::diagnostic::{Diagnostic, Span};
use tanada_model::net::{Block, BlockSet};

use super::codes::{PEER_WITHOUT_ADDRESSES, ROUTE_CONFLICT, WAY_OUT_NOT_ATTACHED};
use super::facts::{Facts, everywhere, private};

/// Every route table of the estate.
pub(super) struct Segments {
    /// By [`SegmentId`].
    pub tables: Vec<Table>,
    /// Segments that learn a site's routes, by [`SiteId`].
    pub site_learners: Vec<BTreeSet<SegmentId>>,
    /// Hubs on which a segment has members or sites; every hub when it has none at all.
    pub on: Vec<BTreeSet<HubId>>,
}

/// What stands in the tables of one segment.
#[derive(Default)]
pub(super) struct Table {
    /// Segments that learn the routes of this one's members.
    pub learners: BTreeSet<SegmentId>,
    /// Segments whose members' routes are learnt here: the inverse.
    pub learns: BTreeSet<SegmentId>,
    /// Sites whose routes are learnt here, named or as members of `learns`.
    pub sites: BTreeSet<SiteId>,
    /// Static routes that a person wrote (`default` as `internet`), sorted by destination: name of the row and next hop.
    pub written: BTreeMap<Block, (String, WayOut)>,
    /// Members' VPCs by hub.
    pub vpcs: BTreeMap<HubId, Vec<VpcId>>,
    /// Member sites.
    pub members: Vec<SiteId>,
}

impl Segments {
    /// Works the tables out.
    pub(super) fn new(facts: &Facts<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let design = facts.design;
        let mut tables: Vec<Table> = design.segments.iter().map(|_| Table::default()).collect();
        let mut on = vec![BTreeSet::new(); tables.len()];
        for (id, vpc) in design.vpcs.iter() {
            if let Some(attachment) = vpc.attachment {
                tables[attachment.segment.index()].vpcs.entry(attachment.hub).or_default().push(id);
                on[attachment.segment.index()].insert(attachment.hub);
            }
        }
        for (id, site) in design.sites.iter() {
            tables[site.segment.index()].members.push(id);
            on[site.segment.index()].extend(site.links.iter().map(|link| link.hub));
        }
        // The table of a segment that has no member yet waits for the first one on every hub.
        for hubs in on.iter_mut().filter(|hubs| hubs.is_empty()) {
            hubs.extend(design.hubs.ids());
        }
        let mut segments = Self { tables, site_learners: vec![BTreeSet::new(); design.sites.len()], on };
        segments.propagate(design);
        for (id, segment) in design.segments.iter() {
            segments.tables[id.index()].written = written(facts, segment, diagnostics);
            segments.check_ways_out(facts, id, segment, diagnostics);
        }
        segments
    }

    /// Members of every segment that a table reaches or that reaches it; and the way back of every way out.
    fn propagate(&mut self, design: &Design) {
        let mut pairs: BTreeSet<(SegmentId, SegmentId)> = BTreeSet::new();
        for (id, segment) in design.segments.iter() {
            for &other in &segment.reaches {
                pairs.extend([(id, other), (other, id)]);
            }
            for &site in &segment.reaches_sites {
                self.site_learners[site.index()].insert(id);
                pairs.insert((id, design.sites[site].segment));
            }
            let ways = segment.default.into_iter().chain(segment.routes.iter().map(|route| route.via));
            for out in ways {
                // A way out in the very segment has to find the other members, and alone nobody.
                let others =
                    || self.tables[id.index()].vpcs.values().flatten().any(|vpc| WayOut::Vpc(*vpc) != out);
                if let Some(target) = segment_of(design, out).filter(|target| *target != id || others()) {
                    pairs.insert((id, target));
                }
            }
        }
        for (member, table) in pairs {
            self.tables[member.index()].learners.insert(table);
            self.tables[table.index()].learns.insert(member);
        }
        for (id, site) in design.sites.iter() {
            let learners = self.tables[site.segment.index()].learners.clone();
            self.site_learners[id.index()].extend(learners);
            for &table in &self.site_learners[id.index()] {
                self.tables[table.index()].sites.insert(id);
            }
        }
    }

    fn check_ways_out(
        &self,
        facts: &Facts<'_>,
        id: SegmentId,
        segment: &Segment,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let design = facts.design;
        let ways = segment.default.map(|out| (out, segment.entity.span, "default".to_owned()));
        let routes =
            segment.routes.iter().map(|r| (r.via, r.entity.span, format!("route `{}`", r.entity.name)));
        for (out, span, what) in ways.into_iter().chain(routes) {
            for &hub in &self.on[id.index()] {
                if !hubs_of(design, out).contains(&hub) {
                    let message = format!(
                        "segment `{}` has members on hub `{}`, and its {what} leads to `{}`, which is not attached there",
                        design.segments.name(id),
                        design.hubs.name(hub),
                        way_out_name(design, out),
                    );
                    let help = format!(
                        "attach it to hub `{}`, or let another one be the way out",
                        design.hubs.name(hub)
                    );
                    diagnostics.push(Diagnostic::new(WAY_OUT_NOT_ATTACHED, message).at(span, "").help(help));
                }
            }
        }
    }

    /// Segments that learn the routes of a segment's members on a hub, sorted by name (as ids are).
    pub(super) fn learners_on(&self, segment: SegmentId, hub: HubId) -> impl Iterator<Item = SegmentId> {
        let learners = self.tables[segment.index()].learners.iter().copied();
        learners.filter(move |table| self.on[table.index()].contains(&hub))
    }

    /// Static routes of one segment on one hub: what a person wrote, and ranges of sites that it learns.
    /// The first of two equal destinations holds.
    pub(super) fn static_routes(
        &self,
        facts: &Facts<'_>,
        segment: SegmentId,
        hub: HubId,
    ) -> BTreeMap<Block, (String, WayOut)> {
        let table = &self.tables[segment.index()];
        let mut routes = table.written.clone();
        for &site in &table.sites {
            if announces(facts, site, hub) {
                continue;
            }
            for block in facts.site_ranges(site) {
                routes.entry(block).or_insert_with(|| (facts.owners.label(block), WayOut::Site(site)));
            }
        }
        routes
    }

    /// Segments that a table drops.
    pub(super) fn dropped(&self, facts: &Facts<'_>, id: SegmentId) -> Vec<SegmentId> {
        let design = facts.design;
        let Segment { entity: _, reaches: _, reaches_sites: _, default, routes, drops } =
            &design.segments[id];
        if let Some(drops) = drops {
            return drops.clone();
        }
        let Some(default) = *default else { return Vec::new() };
        if inspects(design, default) {
            return Vec::new();
        }
        let ways: BTreeSet<SegmentId> = [default]
            .into_iter()
            .chain(routes.iter().map(|route| route.via))
            .filter_map(|out| segment_of(design, out))
            .collect();
        let table = &self.tables[id.index()];
        let vpcs = |other: SegmentId| self.tables[other.index()].vpcs.values().map(Vec::len).sum::<usize>();
        let own = |other: SegmentId| other != id || vpcs(other) > 1;
        let other = design.segments.ids().filter(|&other| own(other) && !ways.contains(&other));
        other.filter(|other| !table.learns.contains(other)).collect()
    }

    /// Blocks that a table drops on one hub, as few as there can be. What a static route names is not dropped.
    pub(super) fn blackholes(&self, facts: &Facts<'_>, id: SegmentId, hub: HubId) -> Vec<Block> {
        let table = &self.tables[id.index()];
        let mut blocks: Vec<Block> = Vec::new();
        for other in self.dropped(facts, id) {
            let dropped = &self.tables[other.index()];
            let vpcs = dropped.vpcs.get(&hub).into_iter().flatten();
            blocks.extend(vpcs.flat_map(|&vpc| facts.vpc(vpc).blocks.iter().copied()));
            for &site in dropped.members.iter().filter(|site| !table.sites.contains(*site)) {
                blocks.extend(facts.site_ranges(site).into_iter().filter(|block| !block.is_everything()));
            }
        }
        let routes = self.static_routes(facts, id, hub);
        let set: BlockSet = blocks.into_iter().collect();
        set.blocks().iter().copied().filter(|block| !routes.contains_key(block)).collect()
    }
}

/// Whether a site's attachments on a hub propagate what they learn, instead of static routes to its ranges.
///
/// Without ranges BGP is the only source. With several links only announcements tell the gateway which of them is
/// up: a static route leads to one. With one link and ranges the ranges are written, because that works for every kind
/// of attachment; AWS refuses to propagate a peering.
pub(super) fn announces(facts: &Facts<'_>, site: SiteId, hub: HubId) -> bool {
    let links = facts.design.sites[site].links.iter().filter(|link| link.hub == hub).count();
    links != 1 || facts.site_ranges(site).is_empty()
}

/// Destinations that a person wrote for a segment.
fn written(
    facts: &Facts<'_>,
    segment: &Segment,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<Block, (String, WayOut)> {
    let design = facts.design;
    let mut routes: BTreeMap<Block, (String, WayOut)> = BTreeMap::new();
    if let Some(default) = segment.default {
        routes.insert(everywhere(), ("internet".to_owned(), default));
    }
    for route in &segment.routes {
        for target in &route.to {
            let blocks = target_blocks(facts, *target);
            if let (RouteTarget::Site(site), true) = (target, blocks.is_empty()) {
                diagnostics.push(without_addresses(design, *site, route.entity.span));
            }
            for block in blocks {
                let name = format!("{}.{}", route.entity.name, facts.owners.label(block));
                let (_, held) = routes.entry(block).or_insert((name, route.via));
                if *held != route.via {
                    let [one, two] = [*held, route.via].map(|out| way_out_name(design, out));
                    let message = format!(
                        "segment `{}` leads {} to both `{one}` and `{two}`",
                        segment.entity.name,
                        facts.owners.label(block),
                    );
                    let help = "leave the destination out of one of the two routes";
                    diagnostics
                        .push(Diagnostic::new(ROUTE_CONFLICT, message).at(route.entity.span, "").help(help));
                }
            }
        }
    }
    routes
}

/// The finding that a site has no address to write.
pub(super) fn without_addresses(design: &Design, site: SiteId, span: Span) -> Diagnostic {
    let name = design.sites.name(site);
    Diagnostic::new(
        PEER_WITHOUT_ADDRESSES,
        format!("site `{name}` has no ranges, so there is no address to write"),
    )
    .at(span, "")
    .help(format!("write `ranges = [\"10.0.0.0/16\"]` (what lies there) on site `{name}`"))
}

fn target_blocks(facts: &Facts<'_>, target: RouteTarget) -> Vec<Block> {
    match target {
        RouteTarget::Pool(id) => facts.allocation.pools[id.index()].extents.clone(),
        RouteTarget::Reserved(id) => vec![facts.design.reserved[id].range.value],
        RouteTarget::Site(id) => facts.site_ranges(id),
        RouteTarget::Vpc(id) => facts.vpc(id).blocks.clone(),
        RouteTarget::Private => private().to_vec(),
    }
}

/// Whether a firewall stands at a way out, so that it decides what passes and nothing is dropped before.
fn inspects(design: &Design, out: WayOut) -> bool {
    match out {
        WayOut::Vpc(id) => design.vpcs[id].inspects,
        WayOut::Site(_) => false,
    }
}

/// The segment of a way out.
pub(super) fn segment_of(design: &Design, out: WayOut) -> Option<SegmentId> {
    match out {
        WayOut::Vpc(id) => design.vpcs[id].attachment.map(|attachment| attachment.segment),
        WayOut::Site(id) => Some(design.sites[id].segment),
    }
}

fn hubs_of(design: &Design, out: WayOut) -> BTreeSet<HubId> {
    match out {
        WayOut::Vpc(id) => design.vpcs[id].attachment.iter().map(|attachment| attachment.hub).collect(),
        WayOut::Site(id) => design.sites[id].links.iter().map(|link| link.hub).collect(),
    }
}

/// A way out as the input writes it.
pub(super) fn way_out_name(design: &Design, out: WayOut) -> String {
    match out {
        WayOut::Vpc(id) => {
            let vpc = &design.vpcs[id];
            format!("team.{}.{}", design.teams.name(vpc.team), vpc.entity.name)
        }
        WayOut::Site(id) => format!("site.{}", design.sites.name(id)),
    }
}
