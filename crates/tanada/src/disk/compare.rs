//! What a run would write, against what lies on the disk. Reads everything, changes nothing.

use std::collections::{BTreeMap, BTreeSet, LinkedList};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;

use super::known::Known;
use super::manifest::{Digest, Manifest};
use super::place::shown;
use super::tree::{check_directories, check_path, directories, holds, in_the_way, is_absent};
use crate::stop::Stop;

/// What a run would do to the output directory. Paths are relative to it.
#[derive(Debug)]
pub struct Comparison {
    /// Files to write, sorted by path.
    pub write: Vec<Due>,
    /// Number of files that lie there as they should.
    pub unchanged: usize,
    /// Files to remove: an earlier run wrote them, and no longer wanted. Sorted.
    pub remove: Vec<String>,
    /// Paths of earlier runs that are no longer wanted, something lying there or not: directories that they leave empty
    /// go with them. Sorted.
    pub stale: Vec<String>,
    /// Files to write or remove whose bytes no run wrote, and that nobody gave up. Sorted. While there is one, nothing
    /// may be written.
    pub edited: Vec<String>,
    /// The manifest as it is to be.
    pub manifest: Manifest,
    /// Its text.
    pub manifest_text: String,
    /// Whether that is another one than the one on the disk.
    pub manifest_differs: bool,
    /// Whether it differs only as a merge by git leaves it: a run would write it in one, and nothing depends on that.
    pub manifest_merged: bool,
    /// What a run that did not finish was writing.
    pub interrupted: Option<Manifest>,
    /// Paths of it that no run before had written: where nothing lies there, nothing is lost.
    pub begun: BTreeSet<String>,
}

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Where, relative to the output directory.
    pub path: Arc<str>,
    /// What is to stand there.
    pub text: String,
    /// Whether nothing lies there.
    pub is_new: bool,
}

impl Comparison {
    /// Whether a file is to be written where nothing lies.
    pub fn is_new(&self, path: &str) -> bool {
        let found = self.write.binary_search_by(|due| due.path.as_ref().cmp(path));
        found.ok().and_then(|at| self.write.get(at)).is_some_and(|due| due.is_new)
    }

    /// Whether the output directory is exactly as a run would leave it.
    pub fn is_up_to_date(&self) -> bool {
        let Self {
            write,
            unchanged: _,
            remove,
            stale: _,
            edited,
            manifest: _,
            manifest_text: _,
            manifest_differs,
            manifest_merged: _,
            interrupted,
            begun: _,
        } = self;
        write.is_empty()
            && remove.is_empty()
            && edited.is_empty()
            && !manifest_differs
            && interrupted.is_none()
    }
}

/// Files whose bytes on the disk may be lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overwrite {
    all: bool,
    /// Files or directories, relative to the output directory.
    paths: Vec<String>,
}

impl Overwrite {
    /// From the command line: `all`, or files and directories, written from the working directory or from `out`.
    pub fn new(given: &[String], out: &Path) -> Self {
        let inside = |given: &String| {
            let path = Path::new(given);
            let path = path.strip_prefix(out).unwrap_or(path);
            path.to_string_lossy().trim_start_matches("./").trim_end_matches('/').to_owned()
        };
        let paths = given.iter().filter(|given| *given != "all").map(inside).collect();
        Self { all: given.iter().any(|given| given == "all"), paths }
    }

    fn covers(&self, path: &str) -> bool {
        self.all || self.paths.iter().any(|given| covers(given, path))
    }
}

/// Whether `given` is `path` or a directory that holds it.
fn covers(given: &str, path: &str) -> bool {
    path.strip_prefix(given).is_some_and(|rest| given.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// Compares the files of a tree with what lies in `out`. Each is compared as soon as it is made, and its text is kept
/// only when it is to be written. Of two files with one path the later one counts.
///
/// # Errors
/// When something cannot be read, when a link or a directory stands where a file is needed, when a path of the tree
/// leaves the directory, or when `overwrite` names what is no file of the tree.
pub fn compare(
    out: &Path,
    known: Known,
    files: impl ParallelIterator<Item = (String, String)>,
    overwrite: &Overwrite,
) -> Result<Comparison> {
    let exists = has_directory(out)?;
    let wanted = look_at_all(exists.then_some(out), files);
    let paths = || wanted.iter().map(|file| file.path.as_ref());
    let listed = known.paths();
    let stale: Vec<String> = missing(listed.iter().copied(), paths()).map(str::to_owned).collect();
    if exists {
        check_directories(out, &directories(missing(paths(), listed.iter().copied())))?;
    }
    drop(listed);
    check_overwrite(overwrite, || paths().chain(stale.iter().map(String::as_str)))?;
    let mut comparison = Comparison {
        write: Vec::new(),
        unchanged: 0,
        remove: Vec::new(),
        stale,
        edited: Vec::new(),
        manifest: Manifest::default(),
        manifest_text: String::new(),
        manifest_differs: false,
        manifest_merged: false,
        interrupted: None,
        begun: BTreeSet::new(),
    };
    compare_wanted(wanted, overwrite, &known, &mut comparison)?;
    compare_stale(out, overwrite, &known, &mut comparison)?;
    comparison.edited.sort();
    comparison.manifest_text = comparison.manifest.text();
    comparison.manifest_differs = known.text() != Some(&comparison.manifest_text);
    comparison.manifest_merged =
        comparison.manifest_differs && known.manifest().is_merge_for(&comparison.manifest);
    let interrupted = known.interrupted().into_iter().flat_map(Manifest::paths);
    comparison.begun = missing(interrupted, known.manifest().paths()).map(str::to_owned).collect();
    comparison.interrupted = known.into_interrupted();
    Ok(comparison)
}

/// The paths of `known` that are not among `wanted`; both are sorted.
fn missing<'k, 'w>(
    known: impl Iterator<Item = &'k str>,
    wanted: impl Iterator<Item = &'w str>,
) -> impl Iterator<Item = &'k str> {
    let mut wanted = wanted.peekable();
    known.filter(move |path| {
        while wanted.next_if(|wanted| wanted < path).is_some() {}
        wanted.peek() != Some(path)
    })
}

/// Whether the output directory is there.
fn has_directory(out: &Path) -> Result<bool> {
    match fs::metadata(out) {
        Ok(found) if found.is_dir() => Ok(true),
        Ok(found) => Err(in_the_way(out, found.file_type(), "a directory").into()),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(Stop::new(format!("cannot look at `{}`", shown(out))).because(error).into()),
    }
}

/// Checks that everything that is given up is a file of the tree, or was one.
fn check_overwrite<'a, P: Iterator<Item = &'a str>>(
    overwrite: &Overwrite,
    paths: impl Fn() -> P,
) -> Result<()> {
    for given in &overwrite.paths {
        if !paths().any(|path| covers(given, path)) {
            return Err(Stop::new(format!("`--overwrite {given}` names no file that is generated"))
                .help("name a file as the report names it, a directory of them, or `all`")
                .into());
        }
    }
    Ok(())
}

/// What lies at the path of a file.
enum Found {
    Nothing,
    Same,
    Other(Digest),
}

/// A file of the tree, and what lies at its path.
struct Wanted {
    path: Arc<str>,
    /// Empty when the same bytes lie there.
    text: String,
    /// Of the bytes that are wanted.
    digest: Digest,
    found: Result<Found>,
}

/// Looks at the place of every file, in parallel; without an output directory there is nothing to look at. Sorted by
/// path, each path once.
fn look_at_all(out: Option<&Path>, files: impl ParallelIterator<Item = (String, String)>) -> Vec<Wanted> {
    let look_at = |buffer: &mut Vec<u8>, (path, mut text): (String, String)| {
        let digest = Digest::of(text.as_bytes());
        let found = check_path(&path).map_err(|error| Stop::new(error.to_string()).into()).and_then(|()| {
            out.map_or(Ok(Found::Nothing), |out| look(&out.join(&path), text.as_bytes(), buffer))
        });
        if let Ok(Found::Same) = found {
            text = String::new();
        }
        // A text is printed into more room than it needs, and many are kept.
        text.shrink_to_fit();
        Wanted { path: path.into(), text, digest, found }
    };
    in_order(files.map_init(Vec::new, look_at).collect_vec_list())
}

/// Sorted by path; of two files with one path the later one stays.
///
/// Within a folder at the top files mostly come as they have to stand, so that there is little left to sort once each
/// folder's stand together.
fn in_order(files: LinkedList<Vec<Wanted>>) -> Vec<Wanted> {
    let count = files.iter().map(Vec::len).sum();
    let mut folders: BTreeMap<String, Vec<Wanted>> = BTreeMap::new();
    for file in files.into_iter().flatten() {
        // With its slash, so that folders stand as the paths in them do.
        let top = file.path.split_inclusive('/').next().unwrap_or_default();
        match folders.get_mut(top) {
            Some(folder) => folder.push(file),
            None => {
                folders.insert(top.to_owned(), vec![file]);
            }
        }
    }
    let mut wanted: Vec<Wanted> = Vec::with_capacity(count);
    for (_, mut folder) in folders {
        folder.sort_by(|a, b| a.path.cmp(&b.path));
        wanted.append(&mut folder);
    }
    wanted.dedup_by(|later, first| {
        let same = later.path == first.path;
        if same {
            std::mem::swap(later, first);
        }
        same
    });
    wanted
}

fn compare_wanted(
    wanted: Vec<Wanted>,
    overwrite: &Overwrite,
    known: &Known,
    comparison: &mut Comparison,
) -> Result<()> {
    let mut digests = Vec::with_capacity(wanted.len());
    for Wanted { path, text, digest, found } in wanted {
        digests.push((path.clone(), digest));
        let is_new = match found? {
            Found::Same => {
                comparison.unchanged += 1;
                continue;
            }
            Found::Nothing => true,
            Found::Other(digest) if known.owns(&path, digest) || overwrite.covers(&path) => false,
            Found::Other(_) => {
                comparison.edited.push(path.to_string());
                false
            }
        };
        comparison.write.push(Due { path, text, is_new });
    }
    comparison.manifest = digests.into_iter().collect();
    Ok(())
}

fn compare_stale(
    out: &Path,
    overwrite: &Overwrite,
    known: &Known,
    comparison: &mut Comparison,
) -> Result<()> {
    for path in &comparison.stale {
        match inspect(&out.join(path))? {
            None => continue,
            Some(digest) if known.owns(path, digest) || overwrite.covers(path) => {}
            Some(_) => comparison.edited.push(path.to_owned()),
        }
        comparison.remove.push(path.to_owned());
    }
    Ok(())
}

/// Compares what lies at `path` with the bytes that are wanted. The buffer is only lent, to be reused.
///
/// Nearly always the file is as it should be, so it is read at once; what else may lie there is asked afterwards.
fn look(path: &Path, wanted: &[u8], buffer: &mut Vec<u8>) -> Result<Found> {
    match holds(path, wanted, buffer) {
        Ok(true) => Ok(Found::Same),
        Err(error) if is_absent(&error) => Ok(Found::Nothing),
        Ok(false) | Err(_) => Ok(match inspect(path)? {
            None => Found::Nothing,
            Some(digest) if digest == Digest::of(wanted) => Found::Same,
            Some(digest) => Found::Other(digest),
        }),
    }
}

/// The digest of the file at `path`; `None` when nothing lies there.
fn inspect(path: &Path) -> Result<Option<Digest>> {
    let cannot = |error| Stop::new(format!("cannot read `{}`", shown(path))).because(error);
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(found) => return Err(in_the_way(path, found.file_type(), "a file").into()),
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(cannot(error).into()),
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(Digest::of(&bytes))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot(error).into()),
    }
}
