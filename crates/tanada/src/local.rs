//! States without a backend: each lies in the folder of its root, and stays behind when the folder has another name.

use std::collections::BTreeMap;

use tanada_model::lock::Lock;

use crate::guarded::{birth, known};

/// Folders of roots that are called otherwise, by what they are called now: by birth, which outlives every rename.
pub(crate) fn renamed(old: &Lock, new: &Lock) -> BTreeMap<String, String> {
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
