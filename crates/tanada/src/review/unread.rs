//! What people added and nobody understands or follows: where it differs, what that does cannot be said.

use std::collections::{BTreeMap, BTreeSet};

use tanada_verify::network::{Network, NetworkErrorKind};
use tanada_verify::{Observed, Place, Root, Unread};

use super::danger::{Danger, DangerKind, danger};
use super::view::id;
use crate::revision::Difference;

/// What people added, differs, and is not understood: what Terraform will do with it cannot be said. Of each block of each
/// root only the kind that a template makes in many roots is told once.
pub(super) fn unread(difference: &Difference) -> Vec<Danger> {
    let all = |observed: &Observed| -> BTreeSet<(String, Unread)> {
        let of = |root: &Root| {
            root.unread.iter().map(|one| (root.directory.to_string(), one.clone())).collect::<Vec<_>>()
        };
        observed.roots.values().flat_map(of).collect()
    };
    let key = |(root, one): &(String, Unread)| (root.clone(), one.what.clone(), one.text.clone());
    let (old, new) = (all(&difference.old), all(&difference.new));
    let (known, now): (BTreeSet<_>, BTreeSet<_>) =
        (old.iter().map(key).collect(), new.iter().map(key).collect());
    let differs = old
        .iter()
        .filter(|it| !now.contains(&key(it)))
        .chain(new.iter().filter(|it| !known.contains(&key(it))));
    let mut roots: BTreeMap<(String, String, bool), BTreeSet<String>> = BTreeMap::new();
    for (root, one) in differs {
        roots.entry((one.what.clone(), one.why.clone(), one.decides)).or_default().insert(id(root));
    }
    let told = roots.into_iter().map(|((what, why, decides), roots)| {
        let first = roots.first().cloned().unwrap_or_default();
        let more = more(roots.len());
        let words = format!("`{what}` changes in {first}{more}, and what that does cannot be said: {why}");
        // Whoever asks to be stopped where more may pass is stopped.
        danger(if decides { DangerKind::Unfollowed } else { DangerKind::Unread }, first, words)
    });
    told.chain(unfollowed(difference)).collect()
}

/// The roots beside the one that is named.
fn more(roots: usize) -> String {
    match roots {
        0 | 1 => String::new(),
        2 => " and 1 more root".to_owned(),
        all => format!(" and {} more roots", all - 1),
    }
}

/// What people added, decides about packets and is not followed: `reach` below cannot say what it opens.
fn unfollowed(difference: &Difference) -> Vec<Danger> {
    let all = |observed: &Observed| -> BTreeSet<(String, String)> {
        let not_read: BTreeSet<&Place> =
            observed.roots.values().flat_map(|root| &root.unread).map(|one| &one.place).collect();
        // Of roots alone: what leads to another root, which may not be here, is a contradiction and no matter here.
        let errors = Network::observe(observed).1.into_iter();
        let errors = errors.filter(|error| error.kind == NetworkErrorKind::Unfollowed);
        let told = errors.filter(|error| !not_read.contains(&error.place));
        told.map(|error| {
            let folder = error.place.file().rsplit_once('/').map_or("", |(folder, _)| folder);
            (id(folder), error.message)
        })
        .collect()
    };
    let (old, new) = (all(&difference.old), all(&difference.new));
    let mut roots: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (root, what) in new.difference(&old) {
        roots.entry(what).or_default().push(root);
    }
    let told = roots.into_iter().map(|(what, roots)| {
        let first = roots.first().copied().unwrap_or_default();
        let more = more(roots.len());
        danger(DangerKind::Unfollowed, first.to_owned(), format!("{what}, in {first}{more}"))
    });
    told.collect()
}
