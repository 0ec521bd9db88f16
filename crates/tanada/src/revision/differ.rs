use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;
use tanada_verify::{Files as _, Observed, ReadError, Reader, Root};

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
    let folders: BTreeSet<&str> = files.iter().map(|path| folder(path)).collect();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for side in [old, new] {
        wanted.extend(touched(side, &folders)?);
    }
    let hubs = |side: &Side| -> Result<Vec<String>> {
        let roots = roots(side)?;
        Ok(roots.into_iter().filter(|root| root.starts_with("hub/")).collect())
    };
    if !wanted.is_empty() {
        wanted.extend(hubs(old)?);
        wanted.extend(hubs(new)?);
    }
    let (old, new) = rayon::join(|| observe(old, &wanted), || observe(new, &wanted));
    Ok(Difference { files, old: old?, new: new? })
}

/// The folders of a side's roots.
fn roots(side: &Side) -> Result<Vec<String>> {
    let roots = Reader::new(side).roots().map_err(|error| unreadable(side, &[error]))?;
    Ok(roots)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The roots of a side that are made of one of the folders.
fn touched(side: &Side, folders: &BTreeSet<&str>) -> Result<Vec<String>> {
    let roots = roots(side)?;
    let own: BTreeSet<&str> = roots.iter().map(String::as_str).collect();
    let called: Vec<&str> = folders.iter().copied().filter(|folder| !own.contains(folder)).collect();
    let is_called = |root: &String| -> Result<bool, ReadError> {
        if folders.contains(root.as_str()) {
            return Ok(true);
        }
        if called.is_empty() {
            return Ok(false);
        }
        // Looking for the name is much faster than reading; that it may stand there for another reason costs a reading.
        for name in side.list(root)?.into_iter().filter(|name| name.ends_with(".tf")) {
            let text = side.text(&format!("{root}/{name}"))?.unwrap_or_default();
            if called.iter().any(|folder| calls(&text, folder)) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let found: Vec<bool> = roots
        .par_iter()
        .map(is_called)
        .collect::<Result<_, ReadError>>()
        .map_err(|error| unreadable(side, &[error]))?;
    Ok(roots.into_iter().zip(found).filter_map(|(root, found)| found.then_some(root)).collect())
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

fn observe(side: &Side, wanted: &BTreeSet<String>) -> Result<Observed> {
    let reader = Reader::new(side);
    let wanted: Vec<&String> = wanted.iter().filter(|root| side.files.keys().any_below(root)).collect();
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
    if errors.is_empty() { Ok(observed) } else { Err(unreadable(side, &errors).into()) }
}

/// Says which tree cannot be read and where.
fn unreadable(side: &Side, errors: &[ReadError]) -> Stop {
    let label = &side.label;
    let Some(first) = errors.first() else { return Stop::new(format!("cannot read the tree of {label}")) };
    let more = match errors.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Stop::new(format!("cannot read the tree of {label}: {first}{more}"))
        .help("only what `tanada generate` writes can be read; it writes it anew with `--overwrite`")
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
                .map_err(|error| unreadable(new, &[error]))?;
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

/// Whether a folder holds one of the sorted paths.
trait AnyBelow {
    fn any_below(self, folder: &str) -> bool;
}

impl<'a, T: Iterator<Item = &'a String>> AnyBelow for T {
    fn any_below(mut self, folder: &str) -> bool {
        self.any(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }
}
