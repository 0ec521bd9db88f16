//! Keys in the state that change with the name of a tier or a segment.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, Entity, Vpc};

use crate::plan::{
    ExistingAttachment, KeyedResource, Moved, RoutePlan, SegmentPlan, StaticRoute, TransitPlan,
};

use super::facts::{Facts, VpcFacts};

/// `moved` blocks of a VPC whose tiers or segments were renamed: every instance whose key holds such a name.
pub(super) fn moved(
    facts: &Facts<'_>,
    vpc: &VpcFacts<'_>,
    routes: &[RoutePlan],
    transit: Option<&TransitPlan>,
) -> Vec<Moved> {
    let mut moved = transit.map(|transit| segments_of(facts.design, transit)).unwrap_or_default();
    for (_, old, new) in facts.allocation.renamed_tiers.iter().filter(|(id, _, _)| *id == vpc.id) {
        let Some(tier) = vpc.tier(new) else { continue };
        let before = |key: &str| key.strip_prefix(new.as_str()).map(|rest| format!("{old}{rest}"));
        let mut push = |resource, to: String| {
            if let Some(from) = before(&to) {
                moved.push(Moved { resource, from, to });
            }
        };
        let mut tables: Vec<String> = Vec::new();
        for subnet in &tier.subnets {
            push(KeyedResource::Subnet, subnet.name.clone());
            push(KeyedResource::RouteTableAssociation, subnet.name.clone());
            let table = format!("{new}-{}", subnet.zone);
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        for table in tables {
            push(KeyedResource::RouteTable, table);
        }
        push(KeyedResource::NetworkAcl, new.clone());
    }
    moved.extend(routes_of(facts, vpc, routes));
    moved.sort_by(|a, b| (a.resource, &a.to).cmp(&(b.resource, &b.to)));
    moved
}

/// Routes whose tier or whose destination has another name now.
fn routes_of(facts: &Facts<'_>, vpc: &VpcFacts<'_>, routes: &[RoutePlan]) -> Vec<Moved> {
    let tiers = facts.allocation.renamed_tiers.iter().filter(|(id, _, _)| *id == vpc.id);
    let tiers: BTreeMap<&str, &str> = tiers.map(|(_, old, new)| (new.as_str(), old.as_str())).collect();
    let mut moved = Vec::new();
    for route in routes {
        let old_tier = tiers.get(route.tier.as_str()).copied().unwrap_or(&route.tier);
        let old_to = old_label(facts.design, &route.to);
        if old_tier == route.tier && old_to == route.to {
            continue;
        }
        let subnets = vpc.tier(&route.tier).into_iter().flat_map(|tier| &tier.subnets);
        let zones: BTreeSet<&str> = subnets.map(|subnet| subnet.zone.as_str()).collect();
        moved.extend(zones.into_iter().map(|zone| Moved {
            resource: KeyedResource::Route,
            from: format!("{old_tier}-{zone}/{old_to}"),
            to: format!("{}-{zone}/{}", route.tier, route.to),
        }));
    }
    moved
}

/// What a row was called when the pool, site or VPC that it leads to had its old name.
fn old_label(design: &Design, label: &str) -> String {
    let (kind, rest) = match label.split_once('.') {
        Some((kind @ ("pool" | "site"), rest)) => (kind, rest),
        Some(_) | None => ("", label),
    };
    let (name, rest) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let renamed = |entity: &Entity| entity.renamed_from.as_ref().map(|old| old.value.clone());
    let old = match kind {
        "pool" => design
            .pools
            .by_name(name)
            .and_then(|pool| renamed(&pool.entity))
            .filter(|old| design.pools.id(old).is_none()),
        "site" => design
            .sites
            .by_name(name)
            .and_then(|site| renamed(&site.entity))
            .filter(|old| design.sites.id(old).is_none()),
        _ => design.vpcs.by_name(name).and_then(|vpc| old_id(design, vpc)),
    };
    match old {
        Some(old) if kind.is_empty() => format!("{old}{rest}"),
        Some(old) => format!("{kind}.{old}{rest}"),
        None => label.to_owned(),
    }
}

/// The id of a VPC before it, or its team, got another name.
fn old_id(design: &Design, vpc: &Vpc) -> Option<String> {
    let team = &design.teams[vpc.team].entity;
    let old_team = team.renamed_from.as_ref().map_or(team.name.as_str(), |old| old.value.as_str());
    // A VPC without a block of its own carries its team's place, and with it its team's old name.
    let own = if vpc.entity.span == team.span { None } else { vpc.entity.renamed_from.as_ref() };
    let old_label = own.map_or(vpc.entity.name.as_str(), |old| old.value.as_str());
    let old = format!("{old_team}-{old_label}");
    (old != vpc.id && design.vpcs.id(&old).is_none()).then_some(old)
}

/// Segments that have another name now: (old, new).
fn renamed_segments(design: &Design) -> impl Iterator<Item = (&str, &str)> {
    design.segments.iter().filter_map(move |(id, segment)| {
        let old = segment.entity.renamed_from.as_ref()?.value.as_str();
        design.segments.id(old).is_none().then(|| (old, design.segments.name(id)))
    })
}

fn segments_of(design: &Design, transit: &TransitPlan) -> Vec<Moved> {
    let mut moved = Vec::new();
    for (old, new) in renamed_segments(design) {
        if transit.propagate_to.iter().any(|segment| segment == new) {
            let (from, to) = (old.to_owned(), new.to_owned());
            moved.push(Moved { resource: KeyedResource::Propagation, from, to });
        }
    }
    let old = |route: &StaticRoute| static_key(design, &route.segment, &route.to);
    for route in &transit.routes {
        moved.extend(old(route).map(|(from, to)| Moved { resource: KeyedResource::TransitRoute, from, to }));
    }
    moved
}

/// The key of a segment's row before and now, when it is another one.
fn static_key(design: &Design, segment: &str, to: &str) -> Option<(String, String)> {
    let old = renamed_segments(design).find(|(_, new)| *new == segment).map_or(segment, |(old, _)| old);
    let keys = (format!("{old}/{}", old_label(design, to)), format!("{segment}/{to}"));
    (keys.0 != keys.1).then_some(keys)
}

/// `moved` blocks of a hub whose segments were renamed.
pub(super) fn hub(
    facts: &Facts<'_>,
    segments: &[SegmentPlan],
    attachments: &[ExistingAttachment],
) -> Vec<Moved> {
    let mut moved = Vec::new();
    let design = facts.design;
    for (old, new) in renamed_segments(design) {
        let mut push = |resource, rest: &str| {
            moved.push(Moved { resource, from: format!("{old}{rest}"), to: format!("{new}{rest}") });
        };
        if segments.iter().any(|segment| segment.name == new) {
            push(KeyedResource::Segment, "");
        }
        for attachment in attachments.iter().filter(|it| it.propagate_to.iter().any(|name| name == new)) {
            push(KeyedResource::Propagation, &format!("/{}", attachment.name));
        }
    }
    let blackholes = segments.iter().flat_map(|segment| {
        segment.blackholes.iter().map(move |(to, _)| (KeyedResource::Blackhole, segment.name.as_str(), to))
    });
    let routes = attachments.iter().flat_map(|attachment| &attachment.routes);
    let routes = routes.map(|route| (KeyedResource::StaticRoute, route.segment.as_str(), &route.to));
    for (resource, segment, to) in blackholes.chain(routes) {
        moved.extend(static_key(design, segment, to).map(|(from, to)| Moved { resource, from, to }));
    }
    moved.sort_by(|a, b| (a.resource, &a.to).cmp(&(b.resource, &b.to)));
    moved
}
