//! What lies there and what a run would write, as trees that the witness reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tanada_verify::{Files, ReadError};

use crate::disk::compare::Comparison;
use crate::disk::conflict::{Side, with_blocks_of_both};
use crate::disk::input::read_text;
use crate::disk::tree::{is_absent, is_terraforms};
use crate::revision::git::MAX_FILE;

/// A tree on the disk with what a run would write over it. What git left in conflict is read as one branch has it.
pub(super) struct Overlay<'a> {
    out: &'a Path,
    side: Side,
    written: BTreeMap<&'a str, &'a str>,
    removed: BTreeSet<&'a str>,
    /// Folders of roots that are not looked at.
    hidden: BTreeSet<String>,
    /// Whether something of it that was read is in conflict.
    in_conflict: AtomicBool,
}

impl<'a> Overlay<'a> {
    /// The tree as a run would leave it.
    pub(super) fn new(out: &'a Path, side: Side, comparison: &'a Comparison) -> Self {
        Self {
            written: comparison.write.iter().map(|due| (&*due.path, due.text.as_str())).collect(),
            removed: comparison.remove.iter().map(String::as_str).collect(),
            ..Self::old(out, side)
        }
    }

    /// The tree as it lies there.
    pub(super) fn old(out: &'a Path, side: Side) -> Self {
        Self {
            out,
            side,
            written: BTreeMap::new(),
            removed: BTreeSet::new(),
            hidden: BTreeSet::new(),
            in_conflict: AtomicBool::new(false),
        }
    }

    /// Looks no more at the root in a folder.
    pub(super) fn hide(&mut self, directory: &str) {
        self.hidden.insert(directory.to_owned());
    }

    /// Whether the other side says something else of what was read so far.
    pub(super) fn is_in_conflict(&self) -> bool {
        self.in_conflict.load(Ordering::Relaxed)
    }

    /// Whether a path stands directly in a root that is not looked at.
    pub(super) fn hides(&self, path: &str) -> bool {
        path.rsplit_once('/').is_some_and(|(folder, _)| self.hidden.contains(folder))
    }
}

impl Files for Overlay<'_> {
    fn text(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        if self.hides(path) {
            return Ok(None);
        }
        if let Some(text) = self.written.get(path) {
            return Ok(Some((*text).into()));
        }
        let full = self.out.join(path);
        if self.removed.contains(path) || !full.is_file() {
            return Ok(None);
        }
        let error = |message: String| ReadError { path: path.to_owned(), line: 0, message };
        let text = read_text(&full, MAX_FILE).map_err(|why| error(format!("{why:#}")))?;
        let Some(own) = with_blocks_of_both(&text, self.side) else { return Ok(Some(text.into())) };
        self.in_conflict.store(true, Ordering::Relaxed);
        Ok(Some(own.into()))
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let error =
            |why: std::io::Error| ReadError { path: directory.to_owned(), line: 0, message: why.to_string() };
        let mut names: BTreeSet<String> = BTreeSet::new();
        match fs::read_dir(self.out.join(directory)) {
            Ok(entries) => {
                for entry in entries {
                    let name = entry.map_err(error)?.file_name().to_string_lossy().into_owned();
                    if !is_terraforms(&name) && !self.removed.contains(format!("{prefix}{name}").as_str()) {
                        names.insert(name);
                    }
                }
            }
            Err(why) if is_absent(&why) => {}
            Err(why) => return Err(error(why)),
        }
        let written = self.written.range(prefix.as_str()..).map_while(|(path, _)| path.strip_prefix(&prefix));
        names.extend(written.filter_map(|rest| rest.split('/').next()).map(str::to_owned));
        names.retain(|name| {
            !self.hidden.contains(&format!("{prefix}{name}")) && !self.hidden.contains(directory)
        });
        Ok(names.into_iter().collect())
    }
}
