//! What a run would write, against what lies on the disk. Reads everything, changes nothing.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;

use super::input::read_text;
use super::manifest::{Digest, JOURNAL_NAME, MANIFEST_NAME, Manifest};
use super::place::shown;
use super::tree::{check_directories, check_path, directories, in_the_way, is_absent, temporary};
use crate::stop::Stop;

/// The largest manifest in bytes; one of 3,000 VPCs has about two MiB.
const MAX_MANIFEST: u64 = 256 << 20;

/// What a run would do to the output directory. Paths are relative to it.
#[derive(Debug)]
pub struct Comparison {
    /// Files to write, with their text, sorted by path.
    pub write: Vec<(String, String)>,
    /// Those of `write` at whose path nothing lies.
    pub new: BTreeSet<String>,
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

impl Comparison {
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
    let wanted = look_at_all(out, files)?;
    let paths = || wanted.iter().map(|file| file.path.as_str());
    let stale: Vec<String> = missing(known.paths().into_iter(), paths()).map(str::to_owned).collect();
    let all = || paths().chain(stale.iter().map(String::as_str));
    check_directories(out, &directories(all()))?;
    check_overwrite(overwrite, all)?;
    let mut comparison = Comparison {
        write: Vec::new(),
        new: BTreeSet::new(),
        unchanged: 0,
        remove: Vec::new(),
        stale,
        edited: Vec::new(),
        manifest: Manifest::default(),
        manifest_differs: false,
        interrupted: None,
    };
    compare_wanted(wanted, overwrite, &known, &mut comparison)?;
    compare_stale(out, overwrite, &known, &mut comparison)?;
    comparison.edited.sort();
    comparison.manifest_differs = known.text.as_deref() != Some(comparison.manifest.text().as_str());
    comparison.interrupted = known.interrupted;
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

/// What earlier runs say they wrote.
#[derive(Debug)]
pub struct Known {
    /// The manifest's text; `None` when there is none.
    text: Option<String>,
    manifest: Manifest,
    interrupted: Option<Manifest>,
}

impl Known {
    /// Reads manifest and journal of an output directory.
    ///
    /// # Errors
    /// When one of them cannot be read, or is none.
    pub fn read(out: &Path) -> Result<Self> {
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
    path: String,
    /// Empty when the same bytes lie there.
    text: String,
    /// Of the bytes that are wanted.
    digest: Digest,
    found: Result<Found>,
}

/// Looks at the place of every file, in parallel. Sorted by path, each path once.
fn look_at_all(out: &Path, files: impl ParallelIterator<Item = (String, String)>) -> Result<Vec<Wanted>> {
    let exists = has_directory(out)?;
    let look_at = |buffer: &mut Vec<u8>, (path, mut text): (String, String)| {
        let digest = Digest::of(text.as_bytes());
        let found = check_path(&path).map_err(|error| Stop::new(error.to_string()).into()).and_then(|()| {
            if exists { look(&out.join(&path), text.as_bytes(), buffer) } else { Ok(Found::Nothing) }
        });
        if let Ok(Found::Same) = found {
            text = String::new();
        }
        Wanted { path, text, digest, found }
    };
    let mut wanted: Vec<Wanted> = files.map_init(Vec::new, look_at).collect();
    wanted.par_sort_by(|a, b| a.path.cmp(&b.path));
    wanted.dedup_by(|later, first| {
        let same = later.path == first.path;
        if same {
            std::mem::swap(later, first);
        }
        same
    });
    Ok(wanted)
}

fn compare_wanted(
    wanted: Vec<Wanted>,
    overwrite: &Overwrite,
    known: &Known,
    comparison: &mut Comparison,
) -> Result<()> {
    let mut digests = Vec::with_capacity(wanted.len());
    for Wanted { path, text, digest, found } in wanted {
        match found? {
            Found::Same => {
                comparison.unchanged += 1;
                digests.push((path, digest));
                continue;
            }
            Found::Nothing => {
                comparison.new.insert(path.clone());
            }
            Found::Other(digest) if known.owns(&path, digest) || overwrite.covers(&path) => {}
            Found::Other(_) => comparison.edited.push(path.clone()),
        }
        digests.push((path.clone(), digest));
        comparison.write.push((path, text));
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
    let length = match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => found.len(),
        Ok(found) => return Err(in_the_way(path, found.file_type(), "a file").into()),
        Err(error) if is_absent(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(cannot(error).into()),
    };
    let read = if length == wanted.len() as u64 { starts_with(path, wanted, buffer) } else { Ok(false) };
    let found = read.and_then(|same| {
        if same { Ok(Found::Same) } else { fs::read(path).map(|bytes| Found::Other(Digest::of(&bytes))) }
    });
    match found {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Nothing),
        found => found.map_err(|error| cannot(error).into()),
    }
}

/// Whether a file starts with these bytes. Reads no more than those: the system is asked once.
fn starts_with(path: &Path, wanted: &[u8], buffer: &mut Vec<u8>) -> io::Result<bool> {
    buffer.resize(wanted.len(), 0);
    match File::open(path)?.read_exact(buffer) {
        Ok(()) => Ok(buffer == wanted),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
