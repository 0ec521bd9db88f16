//! States without a backend: each lies in the folder of its root, and stays behind when the folder has another name.

use std::collections::BTreeMap;
use std::path::Path;

use tanada_model::lock::Lock;

use crate::disk::place::shown;
use crate::guarded::{birth, known};

/// Which states a person has to move, now that files were removed from the folders in which they lie.
pub(crate) fn left_behind(out: &Path, (old, new): (&Lock, &Lock), removed: &[String]) -> Vec<String> {
    let is_left = |folder: &str| {
        removed.iter().any(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    };
    let told = |(today, was): (String, String)| {
        let (today, was) = (shown(&out.join(today)), shown(&out.join(was)));
        format!(
            "`{was}` is `{today}` now, and without a `backend` its state lies there still: move \
             `{was}/terraform.tfstate` to `{today}` before the next apply, or everything is made a second time"
        )
    };
    renamed(old, new).into_iter().filter(|(_, was)| is_left(was)).map(told).collect()
}

/// Folders of roots that are called otherwise, by what they are called now: by birth, which outlives every rename.
fn renamed(old: &Lock, new: &Lock) -> BTreeMap<String, String> {
    let before = folders(old);
    let mut renamed = BTreeMap::new();
    for (birth, today) in folders(new) {
        // Of a hub that was never renamed the lock says nothing: it is called as it was born.
        let was = before.get(&birth).cloned().or_else(|| birth.starts_with("hub/").then(|| birth.clone()));
        if let Some(was) = was.filter(|was| *was != today) {
            renamed.insert(today, was);
        }
    }
    renamed
}

/// The folder of every root that a lock speaks of, by its birth.
fn folders(lock: &Lock) -> BTreeMap<String, String> {
    let hubs = lock.hubs.iter().map(|(name, birth)| (birth.clone(), format!("hub/{name}")));
    known(lock).map(|vpc| (birth(lock, vpc), vpc.directory())).chain(hubs).collect()
}
