//! What the roots of VPCs look up in the hubs' accounts, found in the hubs' own roots.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Address, Instance, Observed, Root};

/// A resource of a hub.
type Found<'a> = (&'a str, &'a Address);

/// The hubs of both trees, and which of their resources live through the change.
pub(super) struct Hubs<'a> {
    old: Vec<&'a Root>,
    new: Vec<&'a Root>,
    /// By hub and address in the new tree: hub and address in the old one.
    survivors: BTreeMap<(Arc<str>, Address), (Arc<str>, Address)>,
}

impl<'a> Hubs<'a> {
    pub(super) fn new(old: &'a Observed, new: &'a Observed) -> Self {
        let hubs = |tree: &'a Observed| -> Vec<&'a Root> {
            tree.roots.values().filter(|root| root.directory.starts_with("hub/")).collect()
        };
        Self { old: hubs(old), new: hubs(new), survivors: BTreeMap::new() }
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

    /// Whether two data sources find the same thing, before and after.
    pub(super) fn same(&self, old: (&Root, &Instance), new: (&Root, &Instance)) -> bool {
        if old.1.type_name != new.1.type_name || region(old) != region(new) {
            return false;
        }
        match (find(&self.old, old.1), find(&self.new, new.1)) {
            (Some(before), Some(now)) => {
                let now = (Arc::<str>::from(now.0), now.1.clone());
                self.survivors.get(&now).is_some_and(|(hub, address)| (&**hub, address) == before)
            }
            (None, None) => old.1.attributes == new.1.attributes,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// Where a root's instance is asked for, or made.
pub(super) fn region<'a>((root, instance): (&'a Root, &'a Instance)) -> Option<&'a crate::Value> {
    let own = instance.attributes.get("region");
    own.or_else(|| root.providers.get(&instance.provider)?.settings.get("region"))
}

/// The one resource of the hubs that has the Name which a data source asks for.
fn find<'a>(hubs: &[&'a Root], data: &Instance) -> Option<Found<'a>> {
    let by_name =
        |filter: &&crate::Value| filter.get("name").and_then(crate::Value::text) == Some("tag:Name");
    let filter = data.attributes.get("filter")?.items().iter().find(by_name)?;
    let [name] = filter.get("values")?.items() else { return None };
    let name = name.text()?;
    let is_it = |root: &Root, it: &Instance| {
        it.type_name == data.type_name && root.tag(it, "Name").and_then(crate::Value::text) == Some(name)
    };
    let all = hubs.iter().flat_map(|hub| hub.instances.values().map(move |it| (*hub, it)));
    let mut found = all.filter(|(hub, it)| is_it(hub, it)).map(|(hub, it)| (&*hub.directory, &it.address));
    let one = found.next()?;
    found.next().is_none().then_some(one)
}
