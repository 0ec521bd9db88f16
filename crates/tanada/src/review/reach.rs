//! Who reaches whom newly, and who no longer: the engine asked about both trees.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tanada_verify::changes::Changes;
use tanada_verify::network::{Network, Part};
use tanada_verify::reach::{End, Shift, difference, reach};
use tanada_verify::{Observed, Value};

use super::text::listed;
use super::view::{View, id};
use crate::revision::Difference;

/// Services that some can open to some, newly or no longer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReachChange {
    /// Whether it is open now; else it was.
    pub opens: bool,
    /// Who opens connections: `web-production.private`.
    pub from: Vec<String>,
    /// To whom.
    pub to: Vec<String>,
    /// `tcp/443`
    pub services: String,
}

impl ReachChange {
    /// `web-production.private → payments-production.private: tcp/443`
    pub fn words(&self) -> String {
        format!("{} → {}: {}", listed(&self.from, 3), listed(&self.to, 3), self.services)
    }
}

/// The networks of both trees.
pub(super) struct Networks {
    pub(super) before: Network,
    pub(super) after: Network,
}

/// Joins what both trees have in common with what differs. What only has another name has the new one in both.
pub(super) fn networks(
    shared: &[Part],
    difference: &Difference,
    changes: &Changes,
    views: &[View<'_>],
) -> Networks {
    let joined = |own: &Observed| {
        let own: Vec<Part> = own.roots.values().map(Part::new).collect();
        Network::joined(&shared.iter().chain(&own).collect::<Vec<_>>()).0
    };
    let (mut before, after) = rayon::join(|| joined(&difference.old), || joined(&difference.new));
    rename(&mut before, &after, changes, views);
    Networks { before, after }
}

/// What changes between two networks.
pub(super) fn reaches(Networks { before, after }: &Networks, views: &[View<'_>]) -> Vec<ReachChange> {
    let (before, after) = rayon::join(|| reach(before), || reach(after));
    let mut found = Vec::new();
    // That the tiers of a VPC which comes or goes as a whole reach each other is no news.
    let whole: BTreeSet<String> = views.iter().filter(|view| view.is_whole()).map(View::id).collect();
    for Shift { from, to, gained, lost } in difference(&before, &after) {
        let inside = from
            .iter()
            .chain(&to)
            .all(|end| end.vpc().is_some() && end.vpc() == from.first().and_then(End::vpc));
        if inside && from.first().and_then(End::vpc).is_some_and(|vpc| whole.contains(vpc)) {
            continue;
        }
        let names = |ends: &[End]| ends.iter().map(ToString::to_string).collect();
        for (opens, services) in [(true, gained), (false, lost)] {
            if !services.is_empty() {
                let (from, to) = (names(&from), names(&to));
                found.push(ReachChange { opens, from, to, services: services.to_string() });
            }
        }
    }
    found.sort();
    found
}

/// Gives VPCs and tiers of the old tree the names that they have in the new one.
fn rename(before: &mut Network, after: &Network, changes: &Changes, views: &[View<'_>]) {
    let mut vpcs: BTreeMap<String, String> = BTreeMap::new();
    for root in &changes.roots {
        if let Some(was) = &root.was {
            vpcs.insert(id(was), id(&root.directory));
        }
    }
    let mut tiers: BTreeMap<(String, String), String> = BTreeMap::new();
    for view in views {
        for change in view.of("aws_subnet").filter(|change| change.moved_from.is_some()) {
            let tier = |instance: Option<&tanada_verify::Instance>| {
                instance?.attributes.get("tags")?.get("Tier").and_then(Value::text).map(str::to_owned)
            };
            if let (Some(old), Some(new)) = (tier(view.before(change)), tier(view.after(change))) {
                tiers.insert((view.id(), old), new);
            }
        }
    }
    for vpc in &mut before.vpcs {
        if let Some(new) = vpcs.get(&vpc.id) {
            vpc.id.clone_from(new);
            if let Some(now) = after.vpcs.iter().find(|it| it.id == *new) {
                vpc.team.clone_from(&now.team);
            }
        }
    }
    let ids: Vec<String> = before.vpcs.iter().map(|vpc| vpc.id.clone()).collect();
    let id_of = |vpc: usize| ids.get(vpc).cloned().unwrap_or_default();
    for subnet in &mut before.subnets {
        if let Some(new) = tiers.get(&(id_of(subnet.vpc), subnet.tier.clone())) {
            subnet.tier.clone_from(new);
        }
    }
    for acl in before.acls.iter_mut().filter(|_| !tiers.is_empty()) {
        if let Some(new) = tiers.get(&(id_of(acl.vpc), acl.name.clone())) {
            acl.name.clone_from(new);
        }
    }
    for table in before.route_tables.iter_mut().filter(|_| !tiers.is_empty()) {
        let renamed = table.name.rsplit_once('-').and_then(|(tier, zone)| {
            let new = tiers.get(&(id_of(table.vpc), tier.to_owned()))?;
            Some(format!("{new}-{zone}"))
        });
        table.name = renamed.unwrap_or_else(|| std::mem::take(&mut table.name));
    }
}
