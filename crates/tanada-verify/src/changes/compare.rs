use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::instance::Scope;
use super::lookup::Hubs;
use super::moves::is_forgotten;
use super::{AccountChange, Action, Changes, ResourceChange, RootChanges, RootFate};
use crate::{Address, Instance, Observed, Provider, Root};

/// What Terraform will do when `new` is applied where `old` was.
///
/// Roots that are the same in both may be left out of both, except hubs: what VPCs look up is found in them. When that
/// does not hold ([`lookups_hold`]), no root may be left out.
pub fn compare(old: &Observed, new: &Observed) -> Changes {
    let mut hubs = Hubs::new(old, new);
    let mut changes = Changes::default();
    for (old, new) in pairs(old, new) {
        let root = match (old, new) {
            (old, Some(new)) => compare_root(old, new, &mut hubs),
            (Some(old), None) => gone(old),
            (None, None) => continue,
        };
        if !root.is_nothing() {
            changes.roots.push(root);
        }
    }
    changes
}

/// Whether whatever roots may look up in hubs is found again and is the same. Then nothing happens in a root that is the
/// same in both trees. Only hubs are looked at.
pub fn lookups_hold(old: &Observed, new: &Observed) -> bool {
    let mut hubs = Hubs::new(old, new);
    for (old, new) in pairs(old, new) {
        if let Some(new) = new.filter(|root| is_hub(root)) {
            compare_root(old, new, &mut hubs);
        }
    }
    hubs.hold()
}

/// What a state is known by: a root that moves to another folder keeps it.
fn state(root: &Root) -> &str {
    let key = |name: &&str| root.backend.as_ref()?.settings.get(name)?.text();
    ["key", "prefix", "path"].iter().find_map(key).unwrap_or(&root.directory)
}

fn is_hub(root: &Root) -> bool {
    root.directory.starts_with("hub/")
}

/// The roots before and after, by their states; hubs first.
fn pairs<'a>(old: &'a Observed, new: &'a Observed) -> Vec<(Option<&'a Root>, Option<&'a Root>)> {
    let mut before: BTreeMap<&str, &Root> = BTreeMap::new();
    for root in old.roots.values() {
        before.entry(state(root)).or_insert(root);
    }
    let mut pairs: Vec<_> = new.roots.values().map(|root| (before.remove(state(root)), Some(root))).collect();
    pairs.extend(before.into_values().map(|root| (Some(root), None)));
    pairs.sort_by_key(|(old, new)| new.or(*old).map(|root| (!is_hub(root), Arc::clone(&root.directory))));
    pairs
}

fn compare_root<'a>(old: Option<&'a Root>, new: &'a Root, hubs: &mut Hubs<'a>) -> RootChanges {
    let mut changes = RootChanges {
        directory: Arc::clone(&new.directory),
        was: old.map(|old| &old.directory).filter(|was| **was != new.directory).map(Arc::clone),
        fate: if old.is_some() { RootFate::Stays } else { RootFate::New },
        resources: Vec::new(),
        accounts: Vec::new(),
    };
    let mut scope = Scope::new(old, new, hubs);
    let mut found: BTreeMap<&Address, ResourceChange> = BTreeMap::new();
    for instance in in_order(new) {
        if let Some(change) = scope.decide(instance) {
            found.insert(&instance.address, change);
        }
    }
    let survivors = scope.into_survivors();
    if let Some(old) = old.filter(|_| is_hub(new)) {
        hubs.survive(new, old, survivors.iter().map(|(new, old)| (*new, &old.address)));
    }
    let kept: BTreeSet<&Address> = survivors.values().map(|instance| &instance.address).collect();
    changes.resources.extend(found.into_values());
    // What is replaced is neither kept nor gone.
    let replaced = changes.resources.iter().filter(|change| change.action == Action::Replace);
    let replaced: BTreeSet<Address> =
        replaced.map(|change| change.moved_from.clone().unwrap_or_else(|| change.address.clone())).collect();
    let all = old.into_iter().flat_map(|old| old.instances.values());
    let left = all.filter(|it| !kept.contains(&it.address) && !replaced.contains(&it.address));
    changes.resources.extend(left.map(|instance| leaves(instance, new)));
    changes.resources.sort_by(|a, b| (&a.address, a.action).cmp(&(&b.address, b.action)));
    if is_hub(new) {
        hubs.change(new, old, &changes.resources);
    }
    changes.accounts = old.map(|old| accounts(old, new)).unwrap_or_default();
    changes
}

fn leaves(instance: &Instance, new: &Root) -> ResourceChange {
    let forgotten = is_forgotten(&instance.address, &new.removed);
    ResourceChange {
        address: instance.address.clone(),
        moved_from: None,
        type_name: Arc::clone(&instance.type_name),
        action: if forgotten { Action::Forget } else { Action::Destroy },
        attributes: Vec::new(),
        place: instance.place.clone(),
    }
}

fn gone(old: &Root) -> RootChanges {
    RootChanges {
        directory: Arc::clone(&old.directory),
        was: None,
        fate: RootFate::Gone { left: old.instances.len() },
        resources: Vec::new(),
        accounts: Vec::new(),
    }
}

/// Providers of both that work in another account.
fn accounts(old: &Root, new: &Root) -> Vec<AccountChange> {
    let both = new.providers.iter().filter_map(|(name, new)| Some((name, old.providers.get(name)?, new)));
    let mut found = Vec::new();
    for (name, old, new) in both {
        let (was, is) = (account(old), account(new));
        if was != is {
            let (old, new, place) = (was.cloned(), is.cloned(), new.place.clone());
            found.push(AccountChange { provider: Arc::clone(name), old, new, place });
        }
    }
    found
}

/// What says in which account a provider works.
fn account(provider: &Provider) -> Option<&crate::Value> {
    let role = || provider.settings.get("assume_role")?.items().first()?.get("role_arn");
    role().or_else(|| provider.settings.get("allowed_account_ids")?.items().first())
}

/// The instances of a root, each behind those that it refers to.
fn in_order(root: &Root) -> Vec<&Instance> {
    let mut ordered = Vec::with_capacity(root.instances.len());
    let mut seen: BTreeSet<&Address> = BTreeSet::new();
    for instance in root.instances.values() {
        let mut path = vec![(instance, false)];
        while let Some((instance, is_done)) = path.pop() {
            if is_done {
                ordered.push(instance);
                continue;
            }
            if !seen.insert(&instance.address) {
                continue;
            }
            path.push((instance, true));
            for (_, value) in instance.attributes.iter() {
                value.each_resource(&mut |address| {
                    if let Some(target) = root.instances.get(address)
                        && !seen.contains(&target.address)
                    {
                        path.push((target, false));
                    }
                });
            }
        }
    }
    ordered
}

impl RootChanges {
    fn is_nothing(&self) -> bool {
        let Self { directory: _, was, fate, resources, accounts } = self;
        let stays = match fate {
            RootFate::Stays | RootFate::Gone { left: 0 } => true,
            RootFate::New | RootFate::Gone { left: _ } => false,
        };
        was.is_none() && stays && resources.is_empty() && accounts.is_empty()
    }
}
