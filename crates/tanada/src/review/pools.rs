//! Ranges of pools, and blocks that nobody has any more.

use std::collections::{BTreeMap, BTreeSet};

use super::RangeChange;
use super::promises::released;
use crate::revision::Rebuilt;

/// Pools that come, grow or move, and blocks that are handed out again.
pub(super) fn pools(before: &Rebuilt, after: &Rebuilt) -> Vec<RangeChange> {
    let extents = |rebuilt: &Rebuilt| -> BTreeMap<String, Vec<String>> {
        let Some(whole) = &rebuilt.whole else { return BTreeMap::new() };
        let text = |own: &tanada_render::allocation::PoolAllocation| {
            own.extents.iter().map(ToString::to_string).collect()
        };
        whole
            .allocation
            .pools
            .iter()
            .map(|own| (whole.design.pools.name(own.pool).to_owned(), text(own)))
            .collect()
    };
    let mut found = Vec::new();
    if before.whole.is_some() && after.whole.is_some() {
        let (mut old, mut new) = (extents(before), extents(after));
        // Another name for the same place is told as that.
        let gone: Vec<(String, Vec<String>)> = old
            .iter()
            .filter(|(name, _)| !new.contains_key(*name))
            .map(|(n, e)| (n.clone(), e.clone()))
            .collect();
        for (was, extents) in gone {
            let same = new.iter().find(|(name, own)| !old.contains_key(*name) && **own == extents);
            let Some(name) = same.map(|(name, _)| name.clone()) else { continue };
            old.remove(&was);
            new.remove(&name);
            let (before, after, note) = (extents.clone(), extents, format!("it was pool.{was}"));
            found.push(RangeChange { what: "is renamed", of: format!("pool.{name}"), before, after, note });
        }
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (before, after) = (old.get(name).cloned(), new.get(name).cloned());
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            let what = match (before.is_empty(), after.is_empty()) {
                _ if before == after => continue,
                (true, _) => "appears",
                (_, true) => "retires",
                (false, false) if after.starts_with(&before) => "grows",
                (false, false) => "moves",
            };
            found.push(RangeChange { what, of: format!("pool.{name}"), before, after, note: String::new() });
        }
    }
    for (pool, claim) in released(&before.lock, &after.lock) {
        let note = format!("`{}` of pool {pool} may be handed out again", claim.at);
        let (of, before, after) = (claim_name(claim), Vec::new(), Vec::new());
        found.push(RangeChange { what: "is free again", of, before, after, note });
    }
    found
}

fn claim_name(claim: &tanada_model::lock::Claim) -> String {
    match &claim.holder {
        tanada_model::lock::Holder::Pool { name, extent: _ } => format!("pool.{name}"),
        tanada_model::lock::Holder::Vpc { vpc, .. } => vpc.id(),
    }
}
