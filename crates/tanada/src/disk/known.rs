//! What earlier runs wrote, as manifest and journal say.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::input::read_text;
use super::manifest::{Digest, JOURNAL_NAME, MANIFEST_NAME, Manifest};
use super::place::shown;
use super::staging;
use super::tree::{check_directories, directories, in_the_way, is_absent, temporary};
use crate::stop::Stop;

/// The largest manifest in bytes; one of 3,000 VPCs has about two MiB.
const MAX_MANIFEST: u64 = 256 << 20;

/// What earlier runs say they wrote.
#[derive(Debug)]
pub struct Known {
    /// The manifest's text; `None` when there is none.
    text: Option<String>,
    manifest: Manifest,
    interrupted: Option<Manifest>,
}

impl Known {
    /// Reads manifest and journal of an output directory, and checks the directories of what they list.
    ///
    /// # Errors
    /// When one of them cannot be read, or is none; when a link or a file stands where a directory is needed.
    pub fn read(out: &Path) -> Result<Self> {
        let text = read_listing(&out.join(MANIFEST_NAME))?;
        let manifest = text.as_deref().map(|text| parse_listing(out, MANIFEST_NAME, text)).transpose()?;
        let journal = read_listing(&out.join(JOURNAL_NAME))?;
        let mut interrupted = journal.map(|text| parse_listing(out, JOURNAL_NAME, &text)).transpose()?;
        if interrupted.is_none() && fs::symlink_metadata(out.join(temporary(JOURNAL_NAME))).is_ok() {
            // Killed while it wrote its journal: nothing else had been touched.
            interrupted = Some(Manifest::default());
        }
        let known = Self { text, manifest: manifest.unwrap_or_default(), interrupted };
        check_directories(out, &directories(known.paths().into_iter()))?;
        // Where an interrupted run let files wait, they are about to be removed.
        let places: Vec<String> =
            known.interrupted.iter().flat_map(Manifest::paths).flat_map(staging::places).collect();
        check_directories(out, &directories(places.iter().map(String::as_str)))?;
        Ok(known)
    }

    /// The manifest's text; `None` when there is none.
    pub(super) fn text(&self) -> Option<&String> {
        self.text.as_ref()
    }

    /// The manifest; empty when there is none.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What a run that did not finish was writing.
    pub(super) fn interrupted(&self) -> Option<&Manifest> {
        self.interrupted.as_ref()
    }

    /// The same, when nothing else is needed any more.
    pub(super) fn into_interrupted(self) -> Option<Manifest> {
        self.interrupted
    }

    /// Whether no run has written anything.
    pub fn is_empty(&self) -> bool {
        let Self { text, manifest: _, interrupted } = self;
        text.is_none() && interrupted.is_none()
    }

    /// Every file that a run has written directly into a folder, by its name.
    pub fn in_folder<'k>(&'k self, folder: &'k str) -> impl Iterator<Item = &'k str> {
        let name = move |path: &'k str| {
            path.strip_prefix(folder)?.strip_prefix('/').filter(|name| !name.contains('/'))
        };
        self.paths().into_iter().filter_map(name)
    }

    /// Whether the program may replace a file of these bytes.
    pub(super) fn owns(&self, path: &str, digest: Digest) -> bool {
        self.manifest.was_merged(path)
            || self.manifest.lists(path, digest)
            || self.interrupted.as_ref().is_some_and(|journal| journal.lists(path, digest))
    }

    /// Every path that a run has written, each once, sorted.
    pub(super) fn paths(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.manifest.paths().collect();
        if let Some(interrupted) = &self.interrupted {
            paths.extend(interrupted.paths());
            paths.sort_unstable();
            paths.dedup();
        }
        paths
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
