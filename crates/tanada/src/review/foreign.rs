//! Files of a tree that are not what follows from its input: edited by hand, forgotten, or another version's.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::danger::{Danger, DangerKind, danger};
use super::view::id;
use crate::disk::manifest::{Digest, Manifest};
use crate::revision::{Difference, Rebuilt, Side};

/// A file of the new tree that is not what this version makes of the new input.
pub(super) struct Foreign {
    pub(super) root: String,
    /// No run wrote it, by the manifest.
    pub(super) by_hand: bool,
    /// A run has something else to write or to remove there.
    in_the_way: bool,
}

/// Files that differ between the sides and are not what follows from the new input.
pub(super) fn foreign(new: &Side, after: &Rebuilt, difference: &Difference) -> BTreeMap<String, Foreign> {
    let Some(whole) = &after.whole else { return BTreeMap::new() };
    let wanted = &whole.files;
    // Mostly nothing is, and the list of a large tree is long.
    let manifest = OnceCell::new();
    let manifest =
        || manifest.get_or_init(|| new.manifest().and_then(|text| Manifest::parse(&text).ok())).as_ref();
    let mut found = BTreeMap::new();
    for path in &difference.files {
        let there = new.read(path).ok().flatten();
        if there.as_deref() == wanted.get(path).map(String::as_str) {
            continue;
        }
        // A file that is missing was not edited, and one that a run wrote follows from another input.
        let by_hand = there.is_some_and(|text| {
            manifest().is_none_or(|manifest| !manifest.lists(path, Digest::of(text.as_bytes())))
        });
        let root = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let known = || manifest().is_some_and(|manifest| manifest.paths().any(|own| own == path));
        let in_the_way = wanted.contains_key(path) || known();
        found.insert(path.clone(), Foreign { root, by_hand, in_the_way });
    }
    found
}

/// Whether what differs is, on the old side, what this version makes of the old input.
pub(super) fn is_what_follows(old: &Side, before: &Rebuilt, difference: &Difference) -> bool {
    let Some(whole) = &before.whole else { return false };
    let is_wanted =
        |path: &String| old.read(path).ok().flatten().as_deref() == whole.files.get(path).map(String::as_str);
    difference.files.iter().all(is_wanted)
}

pub(super) fn foreign_files(foreign: &BTreeMap<String, Foreign>, after: &Rebuilt) -> Vec<Danger> {
    if after.whole.is_none() {
        return Vec::new();
    }
    let by_hand = foreign.iter().filter(|(_, file)| file.by_hand);
    by_hand
        .map(|(path, file)| {
            let then = if file.in_the_way {
                "the next `tanada generate` stops at it"
            } else {
                "`tanada generate` leaves it there, and Terraform takes it with the rest of its folder"
            };
            let words = format!("`{path}` is not what any run wrote; {then}");
            danger(DangerKind::HandEdit, id(&file.root), words)
        })
        .collect()
}

pub(super) fn stale(
    new: &Side,
    (before, after): (&Rebuilt, &Rebuilt),
    difference: &Difference,
    foreign: &BTreeMap<String, Foreign>,
) -> Option<Danger> {
    let whole = after.whole.as_ref()?;
    let generated = foreign.values().any(|file| !file.by_hand);
    // What differs between the sides was looked at; where nothing does, an edit may have been forgotten.
    let was_edited = || before.whole.as_ref().is_some_and(|before| before.written != whole.written);
    let is_unwritten = || {
        let all = whole.written.as_ref().map(|written| written.all_files(new)).unwrap_or_default();
        all.iter().any(|(path, text)| new.read(path).ok().flatten().as_deref() != Some(text.as_str()))
    };
    let forgotten = || difference.files.is_empty() && was_edited() && is_unwritten();
    (generated || whole.new_lock != after.lock || forgotten()).then(|| {
        let words = "the tree does not follow from the input; run `tanada generate`".to_owned();
        danger(DangerKind::Stale, "generated", words)
    })
}
