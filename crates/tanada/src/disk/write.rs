//! Brings the disk to what a [`Comparison`] wants.
//!
//! 1. The journal: what is about to be written.
//! 2. Every new file under a temporary name beside its place, the lock's and the manifest's too; a directory that is new
//!    as a whole (see `staging`). An error up to here (a full disk, a directory that may not be
//!    written) is undone: every byte is as it was.
//! 3. Renames: the lock first, because addresses that are emitted and not recorded could be handed out again; then
//!    new directories and the other files; then stale files are removed; the manifest last; and the journal goes.
//!
//! A kill in 1 or 2 leaves the old tree and perhaps temporary files, a kill in 3 a mixture of old and new files. The
//! journal lists both kinds, so the next run knows all of them as its own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Result;
use rayon::prelude::*;

use super::compare::{Comparison, Due};
use super::manifest::{JOURNAL_NAME, MANIFEST_NAME, Manifest};
use super::place::shown;
use super::staging::{self, Staging};
use super::tree::{TEMPORARY, directories, temporary};
use crate::stop::Stop;

/// A change of the disk that is about to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A directory is made.
    Directory,
    /// A temporary file is made.
    Create,
    /// Its bytes are written.
    Fill,
    /// A temporary file takes its place.
    Rename,
    /// A file or an empty directory is removed.
    Remove,
}

/// Called before each change of the disk; an error stops as if the system had refused. Tests kill a run here.
pub type Gate<'a> = &'a (dyn Fn(Step, &Path) -> io::Result<()> + Sync);

/// Lets everything happen.
pub fn open_gate(_: Step, _: &Path) -> io::Result<()> {
    Ok(())
}

/// A text for the lock, when it changes.
#[derive(Clone, Copy, Debug)]
pub struct NewLock<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// What was read there, `None` for nothing.
    pub old: Option<&'a str>,
    /// What is to stand there.
    pub new: &'a str,
}

/// Writes. Does nothing at all when nothing differs.
///
/// # Errors
/// When the system refuses; the message says whether something was changed. When there are edited files.
pub fn write(out: &Path, comparison: &Comparison, lock: Option<NewLock<'_>>, gate: Gate<'_>) -> Result<()> {
    if !comparison.edited.is_empty() {
        return Err(Stop::new("there are files that were edited by hand").into());
    }
    let changes_lock = lock.is_some_and(|lock| lock.old != Some(lock.new));
    if !changes_lock && comparison.is_up_to_date() {
        return Ok(());
    }
    check_unchanged(lock)?;
    let writer = Writer { out, comparison, lock, changes_lock, gate, made: Mutex::default() };
    let staging = match writer.stage() {
        Ok(staging) => staging,
        Err(Refused { path, error }) => {
            let clean = writer.undo();
            let state = if clean {
                "nothing was changed"
            } else {
                "temporary files are left, the next run removes them"
            };
            return Err(Stop::new(format!("cannot write `{}`; {state}", shown(&path))).because(error).into());
        }
    };
    writer.publish(&staging).map_err(|Refused { path, error }| {
        Stop::new(format!("cannot write `{}`; some files are written, some are not", shown(&path)))
            .help("run the same command again: it finishes what this run began")
            .because(error)
            .into()
    })
}

/// Replaces one file, as [`write()`] does, or makes it.
///
/// # Errors
/// When the system refuses; then nothing was changed.
pub fn write_file(path: &Path, text: &str) -> Result<()> {
    let new = beside(path);
    let written = fill(&new, text, &open_gate).and_then(|()| rename(&new, path, &open_gate));
    written.map_err(|Refused { path, error }| {
        let _ = fs::remove_file(&new);
        Stop::new(format!("cannot write `{}`; nothing was changed", shown(&path))).because(error).into()
    })
}

/// Somebody else (an editor, git) may have written the lock since it was read.
fn check_unchanged(lock: Option<NewLock<'_>>) -> Result<()> {
    let Some(NewLock { path, old, new: _ }) = lock else { return Ok(()) };
    if super::lock::read(path)?.as_deref() == old {
        return Ok(());
    }
    Err(Stop::new(format!("`{}` changed while this ran; nothing was changed", shown(path)))
        .help("run it again")
        .into())
}

/// What the system refused.
struct Refused {
    path: PathBuf,
    error: io::Error,
}

/// A folder that gets files.
struct Folder {
    /// Where it waits, or lies.
    place: PathBuf,
    /// How many bytes of a path lead to it, the last `/` among them.
    prefix: usize,
    /// Whether it is new, so that its files need no temporary names.
    waits: bool,
}

/// The part of a path that begins after `prefix` bytes.
fn part(due: &Due, prefix: usize) -> &str {
    due.path.get(prefix..).and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

/// Adds the path to what a step says.
trait At<T> {
    fn at(self, path: &Path) -> Result<T, Refused>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, Refused> {
        self.map_err(|error| Refused { path: path.to_path_buf(), error })
    }
}

struct Writer<'a> {
    out: &'a Path,
    comparison: &'a Comparison,
    lock: Option<NewLock<'a>>,
    /// Whether the lock gets another text.
    changes_lock: bool,
    gate: Gate<'a>,
    /// Directories and temporary files that this run made, in order.
    made: Mutex<Vec<PathBuf>>,
}

impl<'a> Writer<'a> {
    /// Steps 1 and 2.
    fn stage(&self) -> Result<Staging<'a>, Refused> {
        self.make_out(self.out)?;
        self.stage_journal()?;
        if let Some(lock) = self.lock.filter(|_| self.changes_lock) {
            let new = beside(lock.path);
            self.make(&new, lock.new)?;
            // The one file that cannot be made again: on the disk before it takes its place.
            File::open(&new).and_then(|file| file.sync_all()).at(&new)?;
        }
        let files = &self.comparison.write;
        let new = files.iter().filter(|due| due.is_new).map(|due| &*due.path);
        let staging = Staging::new(self.out, new).map_err(|(path, error)| Refused { path, error })?;
        let top = Folder { place: self.out.to_path_buf(), prefix: 0, waits: false };
        self.make_all(files, &top, &staging)?;
        if self.comparison.manifest_differs {
            self.make(&beside(&self.out.join(MANIFEST_NAME)), &self.comparison.manifest_text)?;
        }
        Ok(staging)
    }

    /// The journal holds what an interrupted run was writing as well: its files may still lie there.
    fn stage_journal(&self) -> Result<(), Refused> {
        let journal = self.out.join(JOURNAL_NAME);
        let Comparison { manifest, manifest_text, interrupted, .. } = self.comparison;
        let new = beside(&journal);
        match interrupted {
            Some(interrupted) => {
                self.remove_leftovers(interrupted)?;
                self.make(&new, &manifest.clone().with(interrupted).text())?;
            }
            None => self.make(&new, manifest_text)?,
        }
        rename(&new, &journal, self.gate)?;
        if self.comparison.interrupted.is_none() {
            self.note(journal);
        }
        Ok(())
    }

    /// Temporary files and directories of the run that was interrupted.
    fn remove_leftovers(&self, interrupted: &Manifest) -> Result<(), Refused> {
        let places: Vec<String> = interrupted.paths().flat_map(staging::places).collect();
        for place in &places {
            remove_file(&self.out.join(place), self.gate)?;
        }
        let directories = directories(places.iter().map(String::as_str)).into_iter().rev();
        for directory in directories.filter(|directory| directory.contains(TEMPORARY)) {
            self.remove_empty(&self.out.join(directory))?;
        }
        if let Some(lock) = self.lock {
            remove_file(&beside(lock.path), self.gate)?;
        }
        remove_file(&beside(&self.out.join(MANIFEST_NAME)), self.gate)
    }

    /// Step 3.
    fn publish(&self, staging: &Staging<'_>) -> Result<(), Refused> {
        if let Some(lock) = self.lock.filter(|_| self.changes_lock) {
            rename(&beside(lock.path), lock.path, self.gate)?;
        }
        let publish =
            |path: &str| rename(&self.out.join(staging.place(path)), &self.out.join(path), self.gate);
        staging.outermost().try_for_each(publish)?;
        let alone = self.comparison.write.par_iter().filter(|due| staging.waits_alone(&due.path));
        alone.try_for_each(|due| publish(&due.path))?;
        self.remove_stale()?;
        if self.comparison.manifest_differs {
            let manifest = self.out.join(MANIFEST_NAME);
            rename(&beside(&manifest), &manifest, self.gate)?;
        }
        remove_file(&self.out.join(JOURNAL_NAME), self.gate)
    }

    /// Removes stale files and the directories that they leave empty. What is not ours keeps its directory.
    fn remove_stale(&self) -> Result<(), Refused> {
        for path in &self.comparison.remove {
            remove_file(&self.out.join(path), self.gate)?;
        }
        for directory in directories(self.comparison.stale.iter().map(String::as_str)).into_iter().rev() {
            self.remove_empty(&self.out.join(directory))?;
        }
        Ok(())
    }

    /// Removes a directory, unless something lies in it.
    fn remove_empty(&self, directory: &Path) -> Result<(), Refused> {
        (self.gate)(Step::Remove, directory).at(directory)?;
        match fs::remove_dir(directory) {
            Err(error) if !is_kept(&error) => Err(error).at(directory),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Makes the output directory, and those that it lies in.
    fn make_out(&self, directory: &Path) -> Result<(), Refused> {
        if directory.is_dir() {
            return Ok(());
        }
        if let Some(outer) = directory.parent().filter(|outer| !outer.as_os_str().is_empty()) {
            self.make_out(outer)?;
        }
        self.make_directory(directory)
    }

    fn make_directory(&self, directory: &Path) -> Result<(), Refused> {
        (self.gate)(Step::Directory, directory).at(directory)?;
        fs::create_dir(directory).at(directory)?;
        self.note(directory.to_path_buf());
        Ok(())
    }

    fn make(&self, path: &Path, text: &str) -> Result<(), Refused> {
        self.note(path.to_path_buf());
        fill(path, text, self.gate)
    }

    /// Makes the files of a folder where they wait, and then its folders, each with all that is new in it. Who makes a
    /// folder fills it as well: two threads seldom wait for one another at the folder that both work in.
    fn make_all(&self, files: &[Due], folder: &Folder, staging: &Staging<'_>) -> Result<(), Refused> {
        let Folder { place, prefix, waits } = folder;
        // Files are sorted by path, so what lies in a folder stands together.
        let mut folders = Vec::new();
        for files in files.chunk_by(|a, b| part(a, *prefix) == part(b, *prefix)) {
            let Some(first) = files.first() else { continue };
            let name = part(first, *prefix);
            if prefix + name.len() == first.path.len() {
                let place = place.join(if *waits { name.to_owned() } else { temporary(name) });
                self.make(&place, &first.text)?;
            } else {
                folders.push((first.path.get(..prefix + name.len()).unwrap_or_default(), name, files));
            }
        }
        folders.into_par_iter().try_for_each(|(path, name, files)| {
            let is_new = staging.is_new(path);
            let place = place.join(if is_new && !waits { temporary(name) } else { name.to_owned() });
            if is_new {
                self.make_directory(&place)?;
            }
            self.make_all(files, &Folder { place, prefix: path.len() + 1, waits: is_new }, staging)
        })
    }

    fn note(&self, path: PathBuf) {
        if let Ok(mut made) = self.made.lock() {
            made.push(path);
        }
    }

    /// Takes back what [`Self::stage`] made; says whether nothing is left of it. While something is, the journal tells
    /// of it.
    fn undo(&self) -> bool {
        let made = self.made.lock().map(|mut made| std::mem::take(&mut *made)).unwrap_or_default();
        let journal = self.out.join(JOURNAL_NAME);
        made.iter().rev().fold(true, |clean, path| {
            let removed = || match fs::symlink_metadata(path) {
                Ok(_) if !clean && *path == journal => false,
                // Noted, and then not made.
                Err(error) => super::tree::is_absent(&error),
                Ok(found) if found.is_dir() => {
                    (self.gate)(Step::Remove, path).and_then(|()| fs::remove_dir(path)).is_ok()
                }
                Ok(_) => remove_file(path, self.gate).is_ok(),
            };
            removed() && clean
        })
    }
}

/// A directory that stays: something lies in it, or it is gone already.
fn is_kept(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::ResourceBusy
    )
}

/// The temporary name of a file.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(TEMPORARY);
    PathBuf::from(name)
}

/// Makes a file of its own: never opens what lies there, so a link cannot lead elsewhere.
fn fill(path: &Path, text: &str, gate: Gate<'_>) -> Result<(), Refused> {
    gate(Step::Create, path).at(path)?;
    let create = || OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = match create() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            remove_file(path, gate)?;
            create().at(path)?
        }
        created => created.at(path)?,
    };
    gate(Step::Fill, path).at(path)?;
    file.write_all(text.as_bytes()).at(path)
}

fn rename(from: &Path, to: &Path, gate: Gate<'_>) -> Result<(), Refused> {
    gate(Step::Rename, to).at(to)?;
    fs::rename(from, to).at(to)
}

fn remove_file(path: &Path, gate: Gate<'_>) -> Result<(), Refused> {
    gate(Step::Remove, path).at(path)?;
    match fs::remove_file(path) {
        Err(error) if super::tree::is_absent(&error) => Ok(()),
        removed => removed.at(path),
    }
}
