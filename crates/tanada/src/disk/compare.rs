//! What a run would write, against what lies on the disk. Reads everything, changes nothing.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use tanada_render::tree::Tree;

use super::input::read_text;
use super::manifest::{Digest, JOURNAL_NAME, MANIFEST_NAME, Manifest};
use super::place::shown;
use super::tree::{check_directories, check_path, directories, in_the_way, is_absent, temporary};
use crate::stop::Stop;

/// The largest manifest in bytes; one of 3,000 VPCs has about two MiB.
const MAX_MANIFEST: u64 = 256 << 20;

/// What a run would do to the output directory. Paths are relative to it.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// Files to write, with their text, sorted by path.
    pub write: Vec<(&'a str, &'a str)>,
    /// Those of `write` at whose path nothing lies, sorted.
    pub new: BTreeSet<&'a str>,
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
    /// Whether that is another text than the one on the disk.
    pub manifest_differs: bool,
    /// What a run that did not finish was writing.
    pub interrupted: Option<Manifest>,
}

impl Comparison<'_> {
    /// Whether the output directory is exactly as a run would leave it.
    pub fn is_up_to_date(&self) -> bool {
        let Self {
            write,
            new: _,
            unchanged: _,
            remove,
            stale: _,
            edited,
            manifest: _,
            manifest_differs,
            interrupted,
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

/// Compares a tree with what lies in `out`.
///
/// # Errors
/// When something cannot be read, when a link or a directory stands where a file is needed, when the manifest is
/// none, when a path of the tree leaves the directory, or when `overwrite` names what is no file of the tree.
pub fn compare<'a>(out: &Path, tree: &'a Tree, overwrite: &Overwrite) -> Result<Comparison<'a>> {
    let known = Known::read(out)?;
    check_paths(out, tree, &known)?;
    check_overwrite(overwrite, tree, &known)?;
    let mut comparison = Comparison {
        write: Vec::new(),
        new: BTreeSet::new(),
        unchanged: 0,
        remove: Vec::new(),
        stale: Vec::new(),
        edited: Vec::new(),
        manifest: Manifest::default(),
        manifest_differs: false,
        interrupted: known.interrupted.clone(),
    };
    compare_wanted(out, tree, overwrite, &known, &mut comparison)?;
    compare_stale(out, tree, overwrite, &known, &mut comparison)?;
    comparison.edited.sort();
    comparison.manifest_differs = known.text.as_deref() != Some(comparison.manifest.text().as_str());
    Ok(comparison)
}

/// What earlier runs say they wrote.
struct Known {
    /// The manifest's text; `None` when there is none.
    text: Option<String>,
    manifest: Manifest,
    interrupted: Option<Manifest>,
}

impl Known {
    fn read(out: &Path) -> Result<Self> {
        let text = read_listing(&out.join(MANIFEST_NAME))?;
        let manifest = text.as_deref().map(|text| parse_listing(out, MANIFEST_NAME, text)).transpose()?;
        let journal = read_listing(&out.join(JOURNAL_NAME))?;
        let mut interrupted = journal.map(|text| parse_listing(out, JOURNAL_NAME, &text)).transpose()?;
        if interrupted.is_none() && fs::symlink_metadata(out.join(temporary(JOURNAL_NAME))).is_ok() {
            // Killed while it wrote its journal: nothing else had been touched.
            interrupted = Some(Manifest::default());
        }
        Ok(Self { text, manifest: manifest.unwrap_or_default(), interrupted })
    }

    /// Whether the program may replace a file of these bytes.
    fn owns(&self, path: &str, digest: Digest) -> bool {
        self.manifest.was_merged(path)
            || self.manifest.lists(path, digest)
            || self.interrupted.as_ref().is_some_and(|journal| journal.lists(path, digest))
    }

    /// Every path that a run has written, each once.
    fn paths(&self) -> BTreeSet<&str> {
        self.manifest.paths().chain(self.interrupted.iter().flat_map(Manifest::paths)).collect()
    }
}

/// Whether a run has written to this directory before.
///
/// # Errors
/// When the directory cannot be looked at.
pub fn has_tree(out: &Path) -> Result<bool> {
    let path = out.join(MANIFEST_NAME);
    match fs::symlink_metadata(&path) {
        Ok(_) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(Stop::new(format!("cannot look at `{}`", shown(&path))).because(error).into()),
    }
}

fn read_listing(path: &Path) -> Result<Option<String>> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => read_text(path, MAX_MANIFEST).map(Some),
        Ok(found) => Err(in_the_way(path, found.file_type(), "a file").into()),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Stop::new(format!("cannot read `{}`", shown(path))).because(error).into()),
    }
}

fn parse_listing(out: &Path, name: &str, text: &str) -> Result<Manifest> {
    Manifest::parse(text).map_err(|error| {
        let path = shown(&out.join(name));
        Stop::new(format!("`{path}` is damaged: {error}"))
            .help("take it from version control, or remove it: then files that differ are named, and `--overwrite` replaces them")
            .into()
    })
}

fn check_paths(out: &Path, tree: &Tree, known: &Known) -> Result<()> {
    for path in tree.files.keys() {
        check_path(path).map_err(|error| Stop::new(error.to_string()))?;
    }
    match fs::metadata(out) {
        Ok(found) if !found.is_dir() => return Err(in_the_way(out, found.file_type(), "a directory").into()),
        Ok(_) => {}
        Err(error) if is_absent(&error) => return Ok(()),
        Err(error) => {
            return Err(Stop::new(format!("cannot look at `{}`", shown(out))).because(error).into());
        }
    }
    let paths = tree.files.keys().map(String::as_str).chain(known.paths());
    check_directories(out, &directories(paths))
}

fn check_overwrite(overwrite: &Overwrite, tree: &Tree, known: &Known) -> Result<()> {
    let paths = known.paths();
    for given in &overwrite.paths {
        let files = tree.files.keys().map(String::as_str).chain(paths.iter().copied());
        if !files.into_iter().any(|path| covers(given, path)) {
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

fn compare_wanted<'a>(
    out: &Path,
    tree: &'a Tree,
    overwrite: &Overwrite,
    known: &Known,
    comparison: &mut Comparison<'a>,
) -> Result<()> {
    let files: Vec<(&str, &str)> =
        tree.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found: Vec<(Digest, Result<Found>)> = files
        .par_iter()
        .map_init(Vec::new, |buffer, (path, text)| {
            (Digest::of(text.as_bytes()), look(&out.join(path), text.as_bytes(), buffer))
        })
        .collect();
    for ((path, text), (digest, found)) in files.into_iter().zip(found) {
        comparison.manifest.add(path, digest);
        match found? {
            Found::Same => {
                comparison.unchanged += 1;
                continue;
            }
            Found::Nothing => {
                comparison.new.insert(path);
            }
            Found::Other(digest) if known.owns(path, digest) || overwrite.covers(path) => {}
            Found::Other(_) => comparison.edited.push(path.to_owned()),
        }
        comparison.write.push((path, text));
    }
    Ok(())
}

fn compare_stale(
    out: &Path,
    tree: &Tree,
    overwrite: &Overwrite,
    known: &Known,
    comparison: &mut Comparison<'_>,
) -> Result<()> {
    for path in known.paths() {
        if tree.files.contains_key(path) {
            continue;
        }
        comparison.stale.push(path.to_owned());
        match look(&out.join(path), &[], &mut Vec::new())? {
            Found::Nothing => continue,
            // An empty file has the digest of no bytes.
            Found::Same if known.owns(path, Digest::of(&[])) || overwrite.covers(path) => {}
            Found::Other(digest) if known.owns(path, digest) || overwrite.covers(path) => {}
            Found::Same | Found::Other(_) => comparison.edited.push(path.to_owned()),
        }
        comparison.remove.push(path.to_owned());
    }
    Ok(())
}

/// Compares the bytes at `path` with those that are wanted. The buffer is only lent, to be reused.
fn look(path: &Path, wanted: &[u8], buffer: &mut Vec<u8>) -> Result<Found> {
    let cannot = |error| Stop::new(format!("cannot read `{}`", shown(path))).because(error);
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(found) => return Err(in_the_way(path, found.file_type(), "a file").into()),
        Err(error) if is_absent(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(cannot(error).into()),
    }
    buffer.clear();
    match File::open(path).and_then(|mut file| file.read_to_end(buffer)) {
        Ok(_) if buffer == wanted => Ok(Found::Same),
        Ok(_) => Ok(Found::Other(Digest::of(buffer))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(cannot(error).into()),
    }
}
