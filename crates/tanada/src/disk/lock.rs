//! The file of the lock, and the right to write.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use anyhow::Result;

use super::input::read_text;
use super::place::shown;
use super::tree::{in_the_way, is_absent};
use crate::stop::Stop;

/// The largest lock in bytes; one of 3,000 VPCs has less than one MiB.
pub const MAX_LOCK: u64 = 32 << 20;

/// The lock's text; `None` when there is no lock.
///
/// # Errors
/// When it cannot be read, is no ordinary file, is too large or is not text.
pub fn read(path: &Path) -> Result<Option<String>> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => read_text(path, MAX_LOCK).map(Some),
        Ok(found) => Err(in_the_way(path, found.file_type(), "a file").into()),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Stop::new(format!("cannot read the lock `{}`", shown(path))).because(error).into()),
    }
}

/// The right to write an estate's lock and tree. Two runs at once would each compare with what the other is changing;
/// the second one waits. The system takes it back when the process ends, however it ends, so there is no file to
/// clean up.
#[derive(Debug)]
pub struct Exclusive(#[expect(dead_code, reason = "held open: closing gives the right back")] Vec<File>);

impl Exclusive {
    /// Waits until no other run writes in any of these directories; `tell` is called when there is something to wait
    /// for. A directory that does not exist is passed over, and so is a file system that has no locks.
    ///
    /// # Errors
    /// When a directory cannot be opened.
    pub fn take(directories: &[&Path], mut tell: impl FnMut(&Path)) -> Result<Self> {
        let mut held = Vec::new();
        for directory in directories {
            let cannot = |error| Stop::new(format!("cannot open `{}`", shown(directory))).because(error);
            let file = match open_directory(directory) {
                Ok(Some(file)) => file,
                Ok(None) => continue,
                Err(error) => return Err(cannot(error).into()),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    tell(directory);
                    file.lock().map_err(cannot)?;
                }
                Err(TryLockError::Error(_)) => continue,
            }
            held.push(file);
        }
        Ok(Self(held))
    }
}

/// A directory as something to lock; `None` where there is none, or where the system does not open directories.
fn open_directory(directory: &Path) -> io::Result<Option<File>> {
    if !cfg!(unix) {
        return Ok(None);
    }
    match File::open(directory) {
        Ok(file) => Ok(Some(file)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
