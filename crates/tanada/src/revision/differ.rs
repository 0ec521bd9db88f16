use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;
use tanada_verify::{Files, Observed, ReadError, Reader, Root};

use super::git::{BlobId, Repository};
use super::side::{Entry, Side, Store};
use crate::stop::Stop;

/// What differs between two trees, read as far as it matters.
#[derive(Debug)]
pub struct Difference {
    /// Terraform files that differ, or stand on one side only.
    pub files: BTreeSet<String>,
    /// The roots that may differ, and every hub, before.
    pub old: Observed,
    /// The same now.
    pub new: Observed,
}

/// Finds what differs and reads the roots that are made of it.
///
/// # Errors
/// When a file cannot be read, or the trees are not ones that a run has written.
pub fn differ(old: &Side, new: &Side) -> Result<Difference> {
    let files = differing(old, new)?;
    differ_in(files, (old, &old.label), (new, &new.label))
}

/// The folders of the roots that are made of a file which differs; of both trees.
///
/// # Errors
/// When a file cannot be read.
pub fn changed_roots(old: &Side, new: &Side) -> Result<BTreeSet<String>> {
    let files = differing(old, new)?;
    let folders: BTreeSet<&str> = files.iter().map(|path| folder(path)).collect();
    let mut found = BTreeSet::new();
    for side in [old, new] {
        let own = touched((side, &side.label), &folders)?;
        found.extend(own.into_iter().filter(|root| {
            side.files.range(format!("{root}/")..).next().is_some_and(|(path, _)| folder(path) == root)
        }));
    }
    Ok(found)
}

/// Reads the roots of two trees that are made of the files that differ; each tree with what it is called.
///
/// # Errors
/// When the trees are not ones that a run has written.
pub fn differ_in(
    files: BTreeSet<String>,
    old: (&dyn Files, &str),
    new: (&dyn Files, &str),
) -> Result<Difference> {
    let folders: BTreeSet<&str> = files.iter().map(|path| folder(path)).collect();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    if !folders.is_empty() {
        for side in [old, new] {
            wanted.extend(touched(side, &folders)?);
            let hubs = side.0.list("hub").map_err(|error| unreadable(side.1, &[error]))?;
            wanted.extend(hubs.into_iter().map(|hub| format!("hub/{hub}")));
        }
    }
    let (old, new) = rayon::join(|| observe(old, &wanted), || observe(new, &wanted));
    Ok(Difference { files, old: old?, new: new? })
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a folder is where a root lies: `hub/NAME` or `teams/TEAM/NAME`.
fn is_root(folder: &str) -> bool {
    let depth = folder.matches('/').count();
    (folder.starts_with("hub/") && depth == 1) || (folder.starts_with("teams/") && depth == 2)
}

/// The roots of a tree that are made of one of the folders.
fn touched((files, label): (&dyn Files, &str), folders: &BTreeSet<&str>) -> Result<Vec<String>> {
    let (own, called): (Vec<&str>, Vec<&str>) = folders.iter().partition(|folder| is_root(folder));
    let mut found: Vec<String> = own.iter().map(|folder| (*folder).to_owned()).collect();
    if called.is_empty() {
        return Ok(found);
    }
    let calls_one = |root: &String| -> Result<bool, ReadError> {
        // Looking for the name is much faster than reading; that it may stand there for another reason costs a reading.
        for name in files.list(root)?.into_iter().filter(|name| name.ends_with(".tf")) {
            let text = files.text(&format!("{root}/{name}"))?.unwrap_or_default();
            if called.iter().any(|folder| calls(&text, folder)) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let roots = Reader::new(files).roots().map_err(|error| unreadable(label, &[error]))?;
    let callers: Vec<bool> = roots
        .par_iter()
        .map(calls_one)
        .collect::<Result<_, ReadError>>()
        .map_err(|error| unreadable(label, &[error]))?;
    found.extend(roots.into_iter().zip(callers).filter_map(|(root, calls)| calls.then_some(root)));
    Ok(found)
}

/// Whether a text may call a module: it names its folder at the end of a path. A module inside `modules/` may be called by
/// another one there, so a change of any of them concerns all callers of `modules/`.
fn calls(text: &str, folder: &str) -> bool {
    if folder.starts_with("modules/") {
        return text.contains("modules/");
    }
    text.match_indices(folder)
        .any(|(at, _)| text.get(at + folder.len()..).is_some_and(|rest| rest.starts_with('"')))
}

fn observe((files, label): (&dyn Files, &str), wanted: &BTreeSet<String>) -> Result<Observed> {
    let reader = Reader::new(files);
    let there = |root: &&String| -> bool {
        files.list(root).is_ok_and(|names| names.iter().any(|name| name.ends_with(".tf")))
    };
    let wanted: Vec<&String> = wanted.iter().filter(there).collect();
    let read: Vec<Result<Root, Vec<ReadError>>> = wanted.par_iter().map(|root| reader.root(root)).collect();
    let mut observed = Observed::default();
    let mut errors = Vec::new();
    for root in read {
        match root {
            Ok(root) => {
                observed.roots.insert(Arc::clone(&root.directory), root);
            }
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(observed) } else { Err(unreadable(label, &errors).into()) }
}

/// Says which tree cannot be read and where.
fn unreadable(label: &str, errors: &[ReadError]) -> Stop {
    let Some(first) = errors.first() else { return Stop::new(format!("cannot read the tree of {label}")) };
    let more = match errors.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Stop::new(format!("cannot read the tree of {label}: {first}{more}"))
        .help("only what `tanada generate` writes can be read")
}

/// Paths that differ, or stand on one side only.
fn differing(old: &Side, new: &Side) -> Result<BTreeSet<String>> {
    let terraform = |side: &Side| -> BTreeMap<String, Entry> {
        side.files
            .iter()
            .filter(|(path, _)| path.ends_with(".tf"))
            .map(|(p, e)| (p.clone(), e.clone()))
            .collect()
    };
    let (before, now) = (terraform(old), terraform(new));
    let one_side = before.keys().filter(|path| !now.contains_key(*path));
    let other_side = now.keys().filter(|path| !before.contains_key(*path));
    let mut found: BTreeSet<String> = one_side.chain(other_side).cloned().collect();
    let both: Vec<(&String, &Entry, &Entry)> =
        before.iter().filter_map(|(path, entry)| Some((path, entry, now.get(path)?))).collect();
    match (&old.store, &new.store) {
        (Store::Git(_), Store::Git(_)) => {
            found.extend(
                both.into_iter().filter(|(_, one, other)| one != other).map(|(path, _, _)| path.clone()),
            );
        }
        (Store::Git(_), Store::Disk(out)) | (Store::Disk(out), Store::Git(_)) => {
            found.extend(differing_from_disk(out, &both)?);
        }
        (Store::Disk(_) | Store::Memory(_), Store::Disk(_) | Store::Memory(_))
        | (Store::Git(_), Store::Memory(_))
        | (Store::Memory(_), Store::Git(_)) => {
            let differs = |path: &str| -> Result<bool, ReadError> { Ok(old.read(path)? != new.read(path)?) };
            let all: Vec<bool> = both
                .par_iter()
                .map(|(path, _, _)| differs(path))
                .collect::<Result<_, ReadError>>()
                .map_err(|error| unreadable(&new.label, &[error]))?;
            let differing = both.into_iter().zip(all).filter(|(_, differs)| *differs);
            found.extend(differing.map(|((path, _, _), _)| path.clone()));
        }
    }
    Ok(found)
}

/// The paths of `both` whose bytes on the disk are not those that git has.
fn differing_from_disk(out: &Path, both: &[(&String, &Entry, &Entry)]) -> Result<Vec<String>> {
    let Some(repository) = Repository::find(out)? else {
        return Ok(both.iter().map(|(path, _, _)| (*path).clone()).collect());
    };
    let out = std::path::absolute(out)?;
    let paths: Vec<PathBuf> = both.iter().map(|(path, _, _)| out.join(path)).collect();
    let ids = repository.hash(&paths)?;
    let differs = |entry: &Entry, id: &BlobId| match entry {
        Entry::Blob(own) => own != id,
        Entry::File => false,
    };
    let all = both.iter().zip(&ids);
    let differing = all.filter(|((_, one, other), id)| differs(one, id) || differs(other, id));
    Ok(differing.map(|((path, _, _), _)| (*path).clone()).collect())
}
