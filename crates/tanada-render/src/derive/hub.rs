//! The root of a hub: its gateway, route tables, drops, and attachments that exist already.

use std::collections::BTreeMap;

use tanada_model::design::{Hub, HubId, Id, Link, LinkKind, SegmentId, SiteId, WayOut};
use tanada_model::net::Block;

use super::accounts::{hub_provider, share_with};
use super::addresses;
use super::facts::Facts;
use super::moved;
use super::names::gateway_name;
use super::segments::{Segments, announces};
use crate::plan::{ExistingAttachment, HubPage, HubRoot, SegmentPlan, SegmentRow, StaticRoute};

/// The root of one hub.
pub(super) fn hub(facts: &Facts<'_>, segments: &Segments, id: HubId) -> HubRoot {
    let design = facts.design;
    let Hub { entity, region: _, asn, account: _ } = &design.hubs[id];
    let name = design.hubs.name(id).to_owned();
    let mut aggregates = BTreeMap::new();
    let here: Vec<SegmentId> =
        design.segments.ids().filter(|segment| segments.on[segment.index()].contains(&id)).collect();
    let mut plans = Vec::with_capacity(here.len());
    let mut rows = Vec::with_capacity(here.len());
    for &segment in &here {
        let drops = segments.blackholes(facts, segment, id);
        let row = |block: &Block| (facts.owners.label(*block), facts.owners.refer(*block, &mut aggregates));
        plans.push(SegmentPlan {
            name: design.segments.name(segment).to_owned(),
            blackholes: drops.iter().map(row).collect(),
        });
        rows.push(segment_row(facts, segments, segment, id, &drops));
    }
    let attachments = attachments(facts, segments, id, &mut aggregates);
    let share_with = share_with(facts, id);
    HubRoot {
        birth: facts.allocation.hub_births[id.index()].clone(),
        gateway: gateway_name(design, id),
        asn: asn.value,
        provider: hub_provider(design, id),
        moved: moved::hub(facts, &plans, &attachments, &share_with, &aggregates),
        segments: plans,
        attachments,
        share_with,
        aggregates,
        page: HubPage { why: entity.why.clone(), segments: rows },
        name,
    }
}

/// Links of sites that end at this hub, by `site-link`.
fn attachments(
    facts: &Facts<'_>,
    segments: &Segments,
    hub: HubId,
    aggregates: &mut BTreeMap<String, Block>,
) -> Vec<ExistingAttachment> {
    let design = facts.design;
    let mut attachments = Vec::new();
    for (id, site) in design.sites.iter() {
        let learners = || segments.site_learners[id.index()].iter().copied();
        let on_hub =
            |table: &SegmentId| segments.on[table.index()].contains(&hub) && announces(facts, id, hub);
        let mut links: Vec<&Link> = site.links.iter().filter(|link| link.hub == hub).collect();
        links.sort_by(|a, b| a.entity.name.cmp(&b.entity.name));
        for (i, link) in links.into_iter().enumerate() {
            let LinkKind::Attachment { id: attachment } = &link.kind;
            // A table leads a destination to one attachment only: the first of the site's.
            let routes = if i == 0 {
                static_routes(facts, segments, hub, WayOut::Site(id), aggregates)
            } else {
                Vec::new()
            };
            attachments.push(ExistingAttachment {
                name: format!("{}-{}", design.sites.name(id), link.entity.name),
                id: attachment.clone(),
                segment: design.segments.name(site.segment).to_owned(),
                propagate_to: learners()
                    .filter(on_hub)
                    .map(|table| design.segments.name(table).to_owned())
                    .collect(),
                routes,
            });
        }
    }
    attachments.sort_by(|a, b| a.name.cmp(&b.name));
    attachments
}

/// Static routes of every table of a hub that lead to one target, by table and destination.
pub(super) fn static_routes(
    facts: &Facts<'_>,
    segments: &Segments,
    hub: HubId,
    target: WayOut,
    aggregates: &mut BTreeMap<String, Block>,
) -> Vec<StaticRoute> {
    let design = facts.design;
    let mut routes = Vec::new();
    for table in design.segments.ids().filter(|table| segments.on[table.index()].contains(&hub)) {
        for (block, (name, out)) in segments.static_routes(facts, table, hub) {
            if out == target {
                routes.push(StaticRoute {
                    segment: design.segments.name(table).to_owned(),
                    to: name,
                    cidr: facts.owners.refer(block, aggregates),
                });
            }
        }
    }
    routes
}

fn segment_row(
    facts: &Facts<'_>,
    segments: &Segments,
    segment: SegmentId,
    hub: HubId,
    drops: &[Block],
) -> SegmentRow {
    let design = facts.design;
    let table = &segments.tables[segment.index()];
    let has_link = |site: &&SiteId| design.sites[**site].links.iter().any(|link| link.hub == hub);
    let site_name = |site: &SiteId| format!("site.{}", design.sites.name(*site));
    let vpcs = table.vpcs.get(&hub).into_iter().flatten();
    let on_hub = |other: &&SegmentId| segments.on[other.index()].contains(&hub);
    let named_sites = table.sites.iter().filter(has_link);
    SegmentRow {
        name: design.segments.name(segment).to_owned(),
        vpcs: vpcs.map(|&vpc| design.vpcs[vpc].id.clone()).collect(),
        sites: table.members.iter().filter(has_link).map(site_name).collect(),
        learns: table
            .learns
            .iter()
            .filter(on_hub)
            .map(|&other| design.segments.name(other).to_owned())
            .chain(named_sites.map(site_name))
            .collect(),
        drops: drops.iter().map(|block| format!("{} ({block})", facts.owners.label(*block))).collect(),
    }
}

/// Lets the root refer to shared aggregates instead of its own.
pub(super) fn use_shared(root: &mut HubRoot, shared: &BTreeMap<String, Block>) {
    root.aggregates.retain(|name, _| !shared.contains_key(name));
    let drops = root.segments.iter_mut().flat_map(|segment| &mut segment.blackholes).map(|(_, cidr)| cidr);
    let routes = root.attachments.iter_mut().flat_map(|attachment| &mut attachment.routes);
    addresses::use_shared(shared, drops.chain(routes.map(|route| &mut route.cidr)));
}
