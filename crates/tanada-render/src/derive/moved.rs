//! Keys in the state that change with the name of something: a tier, a zone, a segment, what a row leads to.
//!
//! Every keyed instance is asked for the key that it had before, so that renames of several things at once meet in one
//! `moved` block.

use std::collections::BTreeMap;

use tanada_model::net::Block;

use super::facts::{Facts, VpcFacts};
use crate::plan::{
    AccountUse, ExistingAttachment, KeyedResource, Moved, RoutePlan, SegmentPlan, StaticRoute, TransitPlan,
};

/// Keys of today with those of before.
#[derive(Default)]
struct Keys(BTreeMap<(KeyedResource, String), String>);

impl Keys {
    fn add(&mut self, resource: KeyedResource, to: String, from: String) {
        self.0.insert((resource, to), from);
    }

    /// What has another key now, sorted. A key that something has today is nobody's old one: Terraform would refuse it.
    fn moved(self) -> Vec<Moved> {
        let is_taken =
            |resource: KeyedResource, from: &str| self.0.contains_key(&(resource, from.to_owned()));
        let others = self.0.iter().filter(|((resource, _), from)| !is_taken(*resource, from));
        let moved = |((resource, to), from): (&(KeyedResource, String), &String)| Moved {
            resource: *resource,
            from: from.clone(),
            to: to.clone(),
        };
        others.map(moved).collect()
    }
}

/// What of a VPC's root has keys that may hold names.
pub(super) struct Keyed<'a> {
    pub(super) routes: &'a [RoutePlan],
    /// Zone and subnet.
    pub(super) nat_gateways: &'a [(String, String)],
    pub(super) transit: Option<&'a TransitPlan>,
    pub(super) aggregates: &'a BTreeMap<String, Block>,
}

/// `moved` blocks of a VPC's root.
pub(super) fn vpc(facts: &Facts<'_>, vpc: &VpcFacts<'_>, keyed: &Keyed<'_>) -> Vec<Moved> {
    let before = &facts.before;
    if before.is_empty() {
        return Vec::new();
    }
    let Keyed { routes, nat_gateways, transit, aggregates } = keyed;
    let id = &vpc.vpc.id;
    let mut keys = Keys::default();
    for tier in &vpc.tiers {
        let old_tier = before.tier(id, tier.name);
        keys.add(KeyedResource::NetworkAcl, tier.name.to_owned(), old_tier.to_owned());
        let own: Vec<&RoutePlan> = routes.iter().filter(|route| route.tier == tier.name).collect();
        for subnet in &tier.subnets {
            let table = format!("{}-{}", tier.name, subnet.zone);
            let old_table = format!("{old_tier}-{}", before.zone(id, &subnet.zone));
            let part = subnet.name.strip_prefix(table.as_str()).unwrap_or_default();
            let old_subnet = format!("{old_table}{part}");
            keys.add(KeyedResource::Subnet, subnet.name.clone(), old_subnet.clone());
            keys.add(KeyedResource::RouteTableAssociation, subnet.name.clone(), old_subnet);
            for RoutePlan { tier: _, to, via: _, cidr } in &own {
                let old_row = before.row(facts, None, to, cidr, aggregates);
                keys.add(KeyedResource::Route, format!("{table}/{to}"), format!("{old_table}/{old_row}"));
            }
            keys.add(KeyedResource::RouteTable, table, old_table);
        }
    }
    for (zone, _) in *nat_gateways {
        for resource in [KeyedResource::Eip, KeyedResource::NatGateway] {
            keys.add(resource, zone.clone(), before.zone(id, zone).to_owned());
        }
    }
    if let Some(transit) = transit {
        for segment in &transit.propagate_to {
            keys.add(KeyedResource::Propagation, segment.clone(), before.segment(segment).to_owned());
        }
        add_static(&mut keys, facts, KeyedResource::TransitRoute, &transit.routes, aggregates);
    }
    keys.moved()
}

fn add_static(
    keys: &mut Keys,
    facts: &Facts<'_>,
    resource: KeyedResource,
    routes: &[StaticRoute],
    aggregates: &BTreeMap<String, Block>,
) {
    for StaticRoute { segment, to, cidr } in routes {
        let old_row = facts.before.row(facts, Some(segment), to, cidr, aggregates);
        let old = format!("{}/{old_row}", facts.before.segment(segment));
        keys.add(resource, format!("{segment}/{to}"), old);
    }
}

/// `moved` blocks of a hub's root.
pub(super) fn hub(
    facts: &Facts<'_>,
    segments: &[SegmentPlan],
    attachments: &[ExistingAttachment],
    share_with: &[AccountUse],
    aggregates: &BTreeMap<String, Block>,
) -> Vec<Moved> {
    let before = &facts.before;
    if before.is_empty() {
        return Vec::new();
    }
    let mut keys = Keys::default();
    for SegmentPlan { name, blackholes } in segments {
        let old_segment = before.segment(name);
        keys.add(KeyedResource::Segment, name.clone(), old_segment.to_owned());
        for (to, cidr) in blackholes {
            let old = format!("{old_segment}/{}", before.row(facts, None, to, cidr, aggregates));
            keys.add(KeyedResource::Blackhole, format!("{name}/{to}"), old);
        }
    }
    for ExistingAttachment { name, id: _, segment: _, propagate_to, routes } in attachments {
        let old_name = before.attachment(name);
        keys.add(KeyedResource::Association, name.clone(), old_name.to_owned());
        for segment in propagate_to {
            let old = format!("{}/{old_name}", before.segment(segment));
            keys.add(KeyedResource::Propagation, format!("{segment}/{name}"), old);
        }
        add_static(&mut keys, facts, KeyedResource::StaticRoute, routes, aggregates);
    }
    for AccountUse { name, .. } in share_with {
        keys.add(KeyedResource::Principal, name.clone(), before.account(name).to_owned());
    }
    keys.moved()
}
