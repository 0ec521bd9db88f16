use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;
use tanada_verify::changes::lookups_hold;
use tanada_verify::network::Part;
use tanada_verify::{Files, Observed, ReadError, Reader, Root};

use super::git::is_name_of;
use super::side::{Entry, Side, Store};
use crate::stop::Stop;

/// What differs between two trees, read as far as it matters.
#[derive(Debug)]
pub struct Difference {
    /// Terraform files that differ, or stand on one side only.
    pub files: BTreeSet<String>,
    /// The roots that may change, and every hub, before: those made of files that differ, and all of them when a hub loses
    /// what others find in it by name.
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
        wanted.extend(touched(new, &folders)?);
        for side in [old, new] {
            let hubs = side.0.list("hub").map_err(|error| unreadable(side.1, &[error]))?;
            wanted.extend(hubs.into_iter().map(|hub| format!("hub/{hub}")));
        }
    }
    let (before, now) = rayon::join(|| observe(old, &wanted), || observe(new, &wanted));
    let mut difference = Difference { files, old: before?, new: now? };
    if !lookups_hold(&difference.old, &difference.new) {
        let there = |(files, label): (&dyn Files, &str)| {
            Reader::new(files).roots().map_err(|error| unreadable(label, &[error]))
        };
        let before: BTreeSet<String> = there(old)?.into_iter().collect();
        let rest = there(new)?.into_iter().filter(|root| before.contains(root) && !wanted.contains(root));
        // Their files are the same on both sides.
        let rest = observe(new, &rest.collect())?.roots;
        difference.old.roots.extend(rest.clone());
        difference.new.roots.extend(rest);
    }
    Ok(difference)
}

pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a folder is where a root lies: `hub/NAME` or `teams/TEAM/NAME`.
fn is_root(folder: &str) -> bool {
    let depth = folder.matches('/').count();
    (folder.starts_with("hub/") && depth == 1) || (folder.starts_with("teams/") && depth == 2)
}

/// The roots of the new tree that are made of one of the folders, and those whose own files differ. A root of the old tree
/// whose files do not differ stands in the new one with the same calls.
pub(super) fn touched((files, label): (&dyn Files, &str), folders: &BTreeSet<&str>) -> Result<Vec<String>> {
    let (own, called): (BTreeSet<&str>, BTreeSet<&str>) = folders.iter().partition(|folder| is_root(folder));
    let mut found: Vec<String> = own.iter().map(|folder| (*folder).to_owned()).collect();
    if called.is_empty() {
        return Ok(found);
    }
    let called = with_callers(files, &called).map_err(|error| unreadable(label, &[error]))?;
    let calls_one = |root: &String| calls_one(files, root, &called);
    let roots = Reader::new(files).roots().map_err(|error| unreadable(label, &[error]))?;
    let others: Vec<&String> = roots.iter().filter(|root| !own.contains(root.as_str())).collect();
    let callers: Vec<bool> = others
        .par_iter()
        .map(|root| calls_one(root))
        .collect::<Result<_, ReadError>>()
        .map_err(|error| unreadable(label, &[error]))?;
    found.extend(others.into_iter().zip(callers).filter(|(_, calls)| *calls).map(|(root, _)| root.clone()));
    Ok(found)
}

/// Folders of modules, and those inside `modules/` that call one of them, at any depth.
fn with_callers(files: &dyn Files, called: &BTreeSet<&str>) -> Result<BTreeSet<String>, ReadError> {
    let mut called: BTreeSet<String> = called.iter().map(|folder| (*folder).to_owned()).collect();
    let mut others: Vec<String> = Vec::new();
    if called.iter().any(|folder| folder.starts_with("modules/")) {
        others = files.list("modules")?.into_iter().map(|name| format!("modules/{name}")).collect();
    }
    loop {
        let mut callers = Vec::new();
        for module in others.iter().filter(|module| !called.contains(*module)) {
            if calls_one(files, module, &called)? {
                callers.push(module.clone());
            }
        }
        if callers.is_empty() {
            return Ok(called);
        }
        called.extend(callers);
    }
}

/// Whether Terraform in a folder calls one of some modules. Looking for calls is much faster than reading; one that is
/// none, in a comment, costs a reading.
fn calls_one(files: &dyn Files, directory: &str, folders: &BTreeSet<String>) -> Result<bool, ReadError> {
    let is_one = |source: &str| inside(directory, source).is_some_and(|folder| folders.contains(&folder));
    for name in files.list(directory)?.into_iter().filter(|name| name.ends_with(".tf")) {
        let text = files.text(&format!("{directory}/{name}"))?.unwrap_or_default();
        if sources(&text).any(is_one) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The texts of everything that looks like `source = "…"`.
fn sources(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("source").filter_map(|(at, word)| {
        let rest = text.get(at + word.len()..)?.trim_start_matches([' ', '\t']);
        let value = rest.strip_prefix('=')?.trim_start_matches([' ', '\t']).strip_prefix('"')?;
        value.split_once('"').map(|(source, _)| source)
    })
}

/// The folder that a relative path leads to from another one; `None` outside of the tree.
fn inside(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// What the network of a tree is made of, but for some roots that somebody has read already.
///
/// # Errors
/// When the tree is not one that a run has written.
pub fn survey(side: &Side, but: &Observed) -> Result<Vec<Part>> {
    side.prefetch()?;
    let reader = Reader::new(side);
    let roots = reader.roots().map_err(|error| unreadable(&side.label, &[error]))?;
    let rest: Vec<&String> = roots.iter().filter(|root| !but.roots.contains_key(root.as_str())).collect();
    // Of each root only its part is kept: the whole of a large estate is many times as much.
    let read: Vec<Result<Part, Vec<ReadError>>> =
        rest.par_iter().map(|root| reader.root(root).map(Part::of)).collect();
    let (mut parts, mut errors) = (Vec::with_capacity(read.len()), Vec::new());
    for part in read {
        match part {
            Ok(part) => parts.push(part),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(parts) } else { Err(unreadable(&side.label, &errors).into()) }
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

/// Paths of Terraform files that differ, or stand on one side only.
pub(super) fn differing(old: &Side, new: &Side) -> Result<BTreeSet<String>> {
    let one_side = old.paths().filter(|path| !new.files.contains_key(*path));
    let other_side = new.paths().filter(|path| !old.files.contains_key(*path));
    let mut found: BTreeSet<String> = one_side.chain(other_side).map(str::to_owned).collect();
    let both: Vec<(&str, &Entry, &Entry)> =
        old.paths().filter_map(|path| Some((path, old.files.get(path)?, new.files.get(path)?))).collect();
    let differs: &Differs<'_> = match (&old.store, &new.store) {
        (Store::Git(_), Store::Git(_)) => &|_, one, other, _| Ok(one.blob != other.blob),
        // What the new side says is needed again.
        (Store::Git(_), Store::Disk(_)) => &|path, one, _, buffer| {
            let text = new.read_once(path, buffer)?;
            Ok(!text.is_some_and(|text| is_blob(one, text.as_bytes())))
        },
        (Store::Disk(_), Store::Git(_)) => &|path, _, other, buffer| {
            let text = old.read_with(path, buffer)?;
            Ok(!text.is_some_and(|text| is_blob(other, text.as_bytes())))
        },
        (Store::Disk(_) | Store::Memory, Store::Disk(_) | Store::Memory)
        | (Store::Git(_), Store::Memory)
        | (Store::Memory, Store::Git(_)) => &|path, _, _, buffer| {
            let Some(text) = new.read_once(path, buffer)? else { return Ok(true) };
            Ok(!old.holds(path, &text, buffer)?)
        },
    };
    let all: Vec<bool> = both
        .par_iter()
        .map_init(Vec::new, |buffer, (path, one, other)| differs(path, one, other, buffer))
        .collect::<Result<_, ReadError>>()
        .map_err(|error| unreadable(&new.label, &[error]))?;
    let differing = both.into_iter().zip(all).filter(|(_, differs)| *differs);
    found.extend(differing.map(|((path, _, _), _)| path.to_owned()));
    Ok(found)
}

/// Whether a file that both sides have differs; with a buffer that is lent.
type Differs<'a> = dyn Fn(&str, &Entry, &Entry, &mut Vec<u8>) -> Result<bool, ReadError> + Sync + 'a;

/// Whether git has these bytes by the name that it has for a file.
fn is_blob(entry: &Entry, bytes: &[u8]) -> bool {
    entry.blob.as_ref().is_some_and(|id| is_name_of(id, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_where_they_lead() {
        let text = "module \"a\" {\n  source = \"../../../addresses/web\"\n}\nmodule \"b\" {\n  source\t=\"./own\"\n}\n# source of\n";
        let found: Vec<_> = sources(text).map(|source| inside("teams/web/live", source).unwrap()).collect();
        assert_eq!(found, ["addresses/web", "teams/web/live/own"]);
        assert_eq!(inside("teams/web", "../../../addresses/web"), None);
    }
}
