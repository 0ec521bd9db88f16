//! Which roots to plan, and in which order: what has to be there first, and what can only go last.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use tanada_verify::changes::{Action, Changes, RootChanges, RootFate, compare};

use super::differ::{differ_in, differing, folder, touched};
use super::side::Side;

/// Roots to plan, by folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedRoots {
    /// Those that are made of a file which differs; of both trees.
    pub edited: BTreeSet<String>,
    /// Those whose files stay the same, and that change because a hub does.
    pub following: BTreeSet<String>,
    /// Hubs that take something away which VPCs hold until they are applied, too.
    pub held: BTreeMap<String, Held>,
}

/// What a hub takes away while VPCs hold it. AWS deletes a gateway only when nothing is attached to it, and its route table
/// only when nothing is associated with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Addresses of what is destroyed.
    pub destroyed: Vec<String>,
    /// Addresses of what is replaced: it goes before the new one comes, so VPCs have to let go of it by hand.
    pub replaced: Vec<String>,
    /// Whether nothing else happens in the hub's root but that something goes.
    pub only_goes: bool,
}

/// What VPCs hold of a hub.
const HELD: [&str; 2] = ["aws_ec2_transit_gateway", "aws_ec2_transit_gateway_route_table"];

/// The roots in which something may happen.
///
/// # Errors
/// When a file cannot be read, or a hub differs and the trees are not ones that a run has written.
pub fn changed_roots(old: &Side, new: &Side) -> Result<ChangedRoots> {
    let files = differing(old, new)?;
    let edited = edited_roots(&files, old, new)?;
    let mut roots = ChangedRoots { edited, ..ChangedRoots::default() };
    if roots.edited.iter().any(|root| is_hub(root)) {
        let difference = differ_in(files, (old, &old.label), (new, &new.label))?;
        let changes = compare(&difference.old, &difference.new);
        let stay = changes.roots.iter().filter(|root| root.fate == RootFate::Stays);
        let all = stay.map(|root| root.directory.to_string());
        roots.following = all.filter(|directory| !roots.edited.contains(directory)).collect();
        // A VPC that holds what goes changes, too, since it finds it there by name.
        if roots.edited.iter().chain(&roots.following).any(|root| !is_hub(root)) {
            roots.held = held(&changes);
        }
    }
    Ok(roots)
}

/// Whether a root is one of a hub.
pub fn is_hub(directory: &str) -> bool {
    directory.starts_with("hub/")
}

fn held(changes: &Changes) -> BTreeMap<String, Held> {
    let stay = changes.roots.iter().filter(|root| root.fate == RootFate::Stays && is_hub(&root.directory));
    let of = |root: &RootChanges| -> Held {
        let addresses = |action: Action| -> Vec<String> {
            let own = root.resources.iter().filter(|change| change.action == action);
            let own = own.filter(|change| HELD.contains(&&*change.type_name));
            own.map(|change| change.address.to_string()).collect()
        };
        Held {
            destroyed: addresses(Action::Destroy),
            replaced: addresses(Action::Replace),
            only_goes: root.resources.iter().all(|change| change.action == Action::Destroy),
        }
    };
    let all = stay.map(|root| (root.directory.to_string(), of(root)));
    all.filter(|(_, held)| !held.destroyed.is_empty() || !held.replaced.is_empty()).collect()
}

fn edited_roots(files: &BTreeSet<String>, old: &Side, new: &Side) -> Result<BTreeSet<String>> {
    let folders: BTreeSet<&str> = files.iter().map(|path| folder(path)).collect();
    let is_there = |root: &String| {
        [old, new].iter().any(|side| {
            side.files.range(format!("{root}/")..).next().is_some_and(|(path, _)| folder(path) == root)
        })
    };
    Ok(touched((new, &new.label), &folders)?.into_iter().filter(is_there).collect())
}
