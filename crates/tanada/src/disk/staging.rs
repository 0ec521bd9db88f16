//! Where files wait until all of them are there.
//!
//! A file waits beside its place under a temporary name. A directory that is new waits as a whole, its files in it
//! under their own names, so that one rename brings all of them to their places.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::tree::{TEMPORARY, directories, is_absent, temporary};

/// Where each file of a run waits. Paths are relative to the output directory.
#[derive(Debug)]
pub(super) struct Staging<'a> {
    /// The outermost directories that are not there yet.
    outermost: BTreeSet<&'a str>,
    /// Every directory that is not there yet.
    new: BTreeSet<&'a str>,
}

impl<'a> Staging<'a> {
    /// For files at whose paths nothing lies.
    ///
    /// # Errors
    /// When a directory cannot be looked at, with its path.
    pub(super) fn new(
        out: &Path,
        files: impl Iterator<Item = &'a str>,
    ) -> Result<Self, (PathBuf, io::Error)> {
        let mut staging = Self { outermost: BTreeSet::new(), new: directories(files) };
        let mut there = Vec::new();
        // An outer directory comes before those inside it.
        for &directory in &staging.new {
            if staging.waiting(directory).is_some() {
                continue;
            }
            let place = out.join(directory);
            match fs::symlink_metadata(&place) {
                Ok(_) => there.push(directory),
                Err(error) if is_absent(&error) => {
                    staging.outermost.insert(directory);
                }
                Err(error) => return Err((place, error)),
            }
        }
        for directory in there {
            staging.new.remove(directory);
        }
        Ok(staging)
    }

    /// The directory with which a file or directory waits, and the rest of its path.
    fn waiting<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.map(|at| path.split_at(at)).find(|(outer, _)| self.outermost.contains(outer))
    }

    /// Whether it waits by itself, and not with a new directory.
    pub(super) fn waits_alone(&self, path: &str) -> bool {
        self.waiting(path).is_none()
    }

    /// Where a file or directory waits.
    pub(super) fn place(&self, path: &str) -> String {
        self.waiting(path)
            .map_or_else(|| temporary(path), |(outer, rest)| format!("{outer}{TEMPORARY}{rest}"))
    }

    /// Whether a directory is not there yet.
    pub(super) fn is_new(&self, directory: &str) -> bool {
        self.new.contains(directory)
    }

    /// The directories to rename.
    pub(super) fn outermost(&self) -> impl Iterator<Item = &'a str> {
        self.outermost.iter().copied()
    }
}

/// Every place where a file may wait whose own place is `path`.
pub(super) fn places(path: &str) -> impl Iterator<Item = String> {
    let within = path.match_indices('/').map(|(at, _)| path.split_at(at));
    within.map(|(outer, rest)| format!("{outer}{TEMPORARY}{rest}")).chain([temporary(path)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_directory_waits_as_a_whole() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("teams/web")).unwrap();
        let files =
            ["hub/tokyo/main.tf", "index.md", "teams/web-2/x/main.tf", "teams/web/a/main.tf", "teams/web/b"];
        let staging = Staging::new(home.path(), files.into_iter()).unwrap();
        assert_eq!(
            files.map(|path| staging.place(path)),
            [
                "hub.tanada-new/tokyo/main.tf",
                "index.md.tanada-new",
                "teams/web-2.tanada-new/x/main.tf",
                "teams/web/a.tanada-new/main.tf",
                "teams/web/b.tanada-new",
            ]
        );
        assert_eq!(files.map(|path| staging.waits_alone(path)), [false, true, false, false, true]);
        assert!(staging.outermost().eq(["hub", "teams/web-2", "teams/web/a"]));
        let new = ["hub", "hub/tokyo", "teams/web-2", "teams/web-2/x", "teams/web/a"];
        assert!(new.iter().all(|directory| staging.is_new(directory)) && !staging.is_new("teams/web"));
        for path in files {
            assert!(places(path).any(|place| place == staging.place(path)), "{path}");
        }
    }
}
