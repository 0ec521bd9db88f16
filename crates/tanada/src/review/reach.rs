//! Who reaches whom newly, and who no longer: the engine asked about both trees.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use tanada_verify::changes::Changes;
use tanada_verify::network::Network;
use tanada_verify::reach::{End, Shift, difference, reach};
use tanada_verify::{Observed, Value};

use super::text::listed;
use super::view::{View, id};

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

/// What changes between two whole trees. What only has another name is no change.
pub(super) fn reaches(
    old: &Observed,
    new: &Observed,
    changes: &Changes,
    views: &[View<'_>],
) -> Vec<ReachChange> {
    let (mut before, _) = Network::observe(old);
    let (after, _) = Network::observe(new);
    rename(&mut before, &after, changes, views);
    let (before, after) = rayon::join(|| reach(&before), || reach(&after));
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
    for subnet in &mut before.subnets {
        let vpc = before.vpcs.get(subnet.vpc).map(|vpc| vpc.id.clone()).unwrap_or_default();
        if let Some(new) = tiers.get(&(vpc, subnet.tier.clone())) {
            subnet.tier.clone_from(new);
        }
    }
}

/// The old tree as a whole: what did not change is as in the new one.
pub(super) fn whole_old(new: &Observed, changed_old: &Observed, changed_new: &Observed) -> Observed {
    let mut old = Observed { roots: new.roots.clone() };
    for directory in changed_new.roots.keys() {
        old.roots.remove(directory);
    }
    for (directory, root) in &changed_old.roots {
        old.roots.insert(Arc::clone(directory), root.clone());
    }
    old
}
