//! What the roots of VPCs look up in the hubs' accounts, found in the hubs' own roots.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Action, Elsewhere, ResourceChange};
use crate::{Address, Instance, Observed, Root, Value};

/// A resource of a hub.
type Found<'a> = (&'a Arc<str>, &'a Address);

/// The hubs of both trees, and which of their resources live through the change.
pub(super) struct Hubs<'a> {
    old: Vec<&'a Root>,
    new: Vec<&'a Root>,
    /// By hub and address in the new tree: hub and address in the old one.
    survivors: BTreeMap<(Arc<str>, Address), (Arc<str>, Address)>,
    /// By hub and address, in the old tree as in the new one: what happens there.
    events: BTreeMap<(Arc<str>, Address), Elsewhere>,
}

/// What data sources ask for.
struct Question<'v> {
    type_name: &'v str,
    name: &'v str,
    region: Option<&'v str>,
}

impl<'a> Hubs<'a> {
    pub(super) fn new(old: &'a Observed, new: &'a Observed) -> Self {
        let hubs = |tree: &'a Observed| -> Vec<&'a Root> {
            tree.roots.values().filter(|root| root.directory.starts_with("hub/")).collect()
        };
        Self { old: hubs(old), new: hubs(new), survivors: BTreeMap::new(), events: BTreeMap::new() }
    }

    /// Notes which resources of a hub are still the same.
    pub(super) fn survive<'s>(
        &mut self,
        new: &Root,
        old: &Root,
        survivors: impl Iterator<Item = (&'s Address, &'s Address)>,
    ) {
        for (now, before) in survivors {
            let now = (Arc::clone(&new.directory), now.clone());
            self.survivors.insert(now, (Arc::clone(&old.directory), before.clone()));
        }
    }

    /// Notes what happens to the resources of a hub.
    pub(super) fn change(&mut self, new: &Root, old: Option<&Root>, changes: &[ResourceChange]) {
        for change in changes {
            let (directory, address) = (Arc::clone(&new.directory), change.address.clone());
            let event = Elsewhere { directory, address, action: change.action };
            if let Some(old) = old {
                let before = change.moved_from.as_ref().unwrap_or(&change.address);
                self.events.insert((Arc::clone(&old.directory), before.clone()), event.clone());
            }
            self.events.insert((Arc::clone(&new.directory), change.address.clone()), event);
        }
    }

    /// Whether two data sources find the same thing, before and after.
    pub(super) fn same(&self, old: (&Root, &Instance), new: (&Root, &Instance)) -> bool {
        if old.1.type_name != new.1.type_name || region(old) != region(new) {
            return false;
        }
        match (self.before(old), self.now(new)) {
            (Some(before), Some(now)) => self.is_one(before, now),
            (None, None) => old.1.attributes == new.1.attributes,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Why two data sources that ask the same do not find the same thing any more; `None` when they do, or ask otherwise.
    pub(super) fn why(&self, old: (&Root, &Instance), new: (&Root, &Instance)) -> Option<Elsewhere> {
        let asks_the_same = old.1.type_name == new.1.type_name
            && old.1.attributes == new.1.attributes
            && region(old) == region(new);
        if !asks_the_same || self.same(old, new) {
            return None;
        }
        let (before, now) = (self.before(old), self.now(new));
        let lives =
            |(hub, address): Found<'_>| self.survivors.values().any(|(own, it)| own == hub && it == address);
        // What was found and is lost; else what has its Name now, or what stands beside it.
        let (hub, address) = before.filter(|found| !lives(*found)).or(now).or(before)?;
        let key = (Arc::clone(hub), address.clone());
        // Of a hub that is gone as a whole nothing is planned.
        let left = || Elsewhere { directory: key.0.clone(), address: key.1.clone(), action: Action::Forget };
        Some(self.events.get(&key).cloned().unwrap_or_else(left))
    }

    /// Whether everything that has a Name in the hubs is found by it again, and is the same: then no root changes that is
    /// written as it was.
    pub(super) fn hold(&self) -> bool {
        let all = self.old.iter().flat_map(|hub| hub.instances.values().map(move |it| (*hub, it)));
        let mut named = all.filter_map(|(hub, it)| {
            let name = hub.tag(it, "Name").and_then(Value::text)?;
            let region = region((hub, it)).and_then(Value::text);
            Some(Question { type_name: &it.type_name, name, region })
        });
        named.all(|question| match (find(&self.old, &question), find(&self.new, &question)) {
            (Some(before), Some(now)) => self.is_one(before, now),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        })
    }

    fn is_one(&self, before: Found<'_>, now: Found<'_>) -> bool {
        let now = (Arc::clone(now.0), now.1.clone());
        self.survivors.get(&now).is_some_and(|(hub, address)| (hub, address) == before)
    }

    fn before(&self, data: (&Root, &Instance)) -> Option<Found<'a>> {
        find(&self.old, &question(data)?)
    }

    fn now(&self, data: (&Root, &Instance)) -> Option<Found<'a>> {
        find(&self.new, &question(data)?)
    }
}

/// Where a root's instance is asked for, or made.
pub(super) fn region<'a>((root, instance): (&'a Root, &'a Instance)) -> Option<&'a Value> {
    let own = instance.attributes.get("region");
    own.or_else(|| root.providers.get(&instance.provider)?.settings.get("region"))
}

/// What a data source asks for, when that is a Name.
fn question<'a>(data: (&'a Root, &'a Instance)) -> Option<Question<'a>> {
    let by_name = |filter: &&Value| filter.get("name").and_then(Value::text) == Some("tag:Name");
    let filter = data.1.attributes.get("filter")?.items().iter().find(by_name)?;
    let [name] = filter.get("values")?.items() else { return None };
    let region = region(data).and_then(Value::text);
    Some(Question { type_name: &data.1.type_name, name: name.text()?, region })
}

/// The one resource of the hubs that has the Name which a data source asks for, in its region.
fn find<'a>(hubs: &[&'a Root], question: &Question<'_>) -> Option<Found<'a>> {
    let Question { type_name, name, region: wanted } = question;
    let is_there = |hub: &Root, it: &Instance| match (region((hub, it)).and_then(Value::text), *wanted) {
        (Some(own), Some(wanted)) => own == wanted,
        (None, _) | (_, None) => true,
    };
    let is_it = |hub: &Root, it: &Instance| {
        &*it.type_name == *type_name
            && hub.tag(it, "Name").and_then(Value::text) == Some(*name)
            && is_there(hub, it)
    };
    let all = hubs.iter().flat_map(|hub| hub.instances.values().map(move |it| (*hub, it)));
    let mut found = all.filter(|(hub, it)| is_it(hub, it)).map(|(hub, it)| (&hub.directory, &it.address));
    let one = found.next()?;
    found.next().is_none().then_some(one)
}
