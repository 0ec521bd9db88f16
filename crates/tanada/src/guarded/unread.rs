//! What lies there and cannot be read, or not be understood: of that nobody can say what a run would lose.

use std::collections::{BTreeMap, BTreeSet};

use tanada_verify::changes::{Action, Changes, ResourceChange};
use tanada_verify::{Files, ReadError, Unread, read_root};

use super::{Guard, Refused};
use crate::review::guard::is_guarded;
use crate::review::id;
use crate::revision::Difference;

impl Guard<'_> {
    /// What lies there, may not be lost, and is not understood: nobody can say what a run would do to it. One that stays as
    /// it is written passes while nothing else that may not be lost changes in its root.
    pub(super) fn unread<'d>(
        &'d self,
        difference: &'d Difference,
        changes: &'d Changes,
    ) -> impl Iterator<Item = Refused> + 'd {
        let all =
            difference.old.roots.values().flat_map(|root| root.unread.iter().map(move |one| (root, one)));
        let guarded = all.filter(|(root, one)| may_be_guarded(one) && self.was_promised(&root.directory));
        guarded.filter_map(|(root, one)| {
            let own = changes.roots.iter().find(|own| own.was.as_ref().unwrap_or(&own.directory) == &root.directory);
            let today = own.map_or(&root.directory, |own| &own.directory);
            let now = difference.new.roots.get(today);
            let stays = now.is_some_and(|now| {
                now.unread.iter().any(|other| other.what == one.what && other.text == one.text)
            });
            let stirs = |it: &ResourceChange| it.action != Action::Update && is_guarded(&it.type_name);
            let is_calm = own.is_none_or(|own| !own.resources.iter().any(stirs));
            let name = id(today);
            let passes = (stays && is_calm) || self.names.contains(name.as_str());
            (!passes).then(|| Refused {
                words: format!(
                    "{}: `{}` of `{name}` is not understood, so nobody can say whether a run would replace or destroy it: {}",
                    one.place, one.what, one.why
                ),
                help: vec![
                    "write it so that it is understood, generate, and change it then".to_owned(),
                    format!("`--accept {name}` goes on without comparing it; look at Terraform's plan"),
                ],
            })
        })
    }
}

/// Roots that lie there in pieces, as an edit by hand or a merge leaves them, among those that a run would change, and hubs.
pub(super) fn broken_roots(old: &dyn Files, changed: &BTreeSet<String>) -> BTreeMap<String, ReadError> {
    let is_root = |directory: &&str| match directory.split('/').collect::<Vec<_>>().as_slice() {
        ["teams", _, _] | ["hub", _] => true,
        [..] => false,
    };
    let folders = changed.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).filter(is_root);
    let mut directories: BTreeSet<String> = folders.map(str::to_owned).collect();
    // Every hub is read, since what VPCs look up is found there.
    directories.extend(old.list("hub").unwrap_or_default().into_iter().map(|name| format!("hub/{name}")));
    let is_there = |directory: &String| {
        old.list(directory).is_ok_and(|names| names.iter().any(|name| name.ends_with(".tf")))
    };
    let broken = |directory: String| {
        let error = read_root(old, &directory).err()?.into_iter().next()?;
        Some((directory, error))
    };
    directories.into_iter().filter(is_there).filter_map(broken).collect()
}

/// Whether a block that is not understood may be something that may not be lost. What a file holds that cannot be parsed
/// nobody knows.
fn may_be_guarded(one: &Unread) -> bool {
    let type_name = one.what.strip_prefix("resource \"").and_then(|rest| rest.split('"').next());
    type_name.map_or(one.what == "this file", is_guarded)
}

/// A root of which nobody can say what a run would lose.
pub(super) fn unseen(directory: &str, name: &str, why: &ReadError) -> Refused {
    Refused {
        words: format!(
            "`{directory}` cannot be read as it lies there, so nobody can say what a run would replace: {why}"
        ),
        help: vec![
            "take its files from version control, so that changes can be seen".to_owned(),
            format!("`--accept {name}` writes the root without comparing"),
        ],
    }
}
