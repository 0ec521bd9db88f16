//! Paths inside the output directory, and what stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use thiserror::Error;

use super::input::read_text;
use super::manifest::{JOURNAL_NAME, MANIFEST_NAME};
use super::place::shown;
use crate::stop::Stop;

/// Why a path cannot be one of a written file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PathError {
    /// Empty, absolute, with `.`, `..` or an empty part, with `\` or a control character.
    #[error("`{0}` is not a path inside the output directory")]
    Outside(String),
    /// Terraform's own files are never written and never removed.
    #[error("`{0}` belongs to Terraform")]
    Terraform(String),
    /// The manifest and the journal do not list themselves.
    #[error("`{0}` is kept for tanada itself")]
    Own(String),
}

/// Checks that a path stays inside the output directory and is nobody else's.
///
/// # Errors
/// [`PathError`].
pub fn check_path(path: &str) -> Result<(), PathError> {
    let shown = || shown(Path::new(path));
    let wrong = |part: &str| {
        matches!(part, "" | "." | "..") || part.contains(['\\', ':']) || part.contains(char::is_control)
    };
    // Nothing is wrong with a plain word, and nearly every part is one.
    let plain = |part: &&str| {
        let of_a_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !part.is_empty() && part.bytes().all(of_a_word)
    };
    let mut odd = path.split('/').filter(|part| !plain(part));
    if odd.clone().any(wrong) {
        return Err(PathError::Outside(shown()));
    }
    if odd.clone().any(is_terraforms) {
        return Err(PathError::Terraform(shown()));
    }
    if odd.any(|part| part == MANIFEST_NAME || part == JOURNAL_NAME || part.ends_with(TEMPORARY)) {
        return Err(PathError::Own(shown()));
    }
    Ok(())
}

/// Whether a name is one of Terraform's own: state, working directory, provider lock.
pub fn is_terraforms(name: &str) -> bool {
    name.starts_with(".terraform") || name.contains(".tfstate")
}

/// End of the name of a file that is being written. Kept for the program: no file of a tree may end so.
pub const TEMPORARY: &str = ".tanada-new";

/// The path of the file that is written first and then renamed to `path`.
pub fn temporary(path: &str) -> String {
    format!("{path}{TEMPORARY}")
}

/// The directories of paths, each once, a directory before those inside it. Without the output directory itself.
pub fn directories<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut directories = BTreeSet::new();
    let mut last = None;
    for mut path in paths {
        // Neighbours mostly lie in one directory.
        let directory = path.rsplit_once('/').map(|(directory, _)| directory);
        if directory == last {
            continue;
        }
        last = directory;
        while let Some((directory, _)) = path.rsplit_once('/') {
            if !directories.insert(directory) {
                break;
            }
            path = directory;
        }
    }
    directories
}

/// Checks that each of the directories is one, or nothing. A symbolic link is not: what lies behind it is not ours.
///
/// # Errors
/// For the first one that is something else, or cannot be looked at.
pub fn check_directories(out: &Path, directories: &BTreeSet<&str>) -> Result<()> {
    let wrong = directories.par_iter().find_map_first(|directory| {
        let path = out.join(directory);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => None,
            Ok(found) => Some(in_the_way(&path, found.file_type(), "a directory")),
            Err(error) if is_absent(&error) => None,
            Err(error) => Some(Stop::new(format!("cannot look at `{}`", shown(&path))).because(error)),
        }
    });
    wrong.map_or(Ok(()), |stop| Err(stop.into()))
}

/// The texts of all `*.tf` files below a directory, by relative path. Links are not followed, and Terraform's own
/// directories not entered.
///
/// # Errors
/// When something cannot be read, or is not text.
pub fn read_terraform(out: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut directories = vec![String::new()];
    while let Some(directory) = directories.pop() {
        let path = out.join(&directory);
        let cannot = |error| Stop::new(format!("cannot read `{}`", shown(&path))).because(error);
        for entry in fs::read_dir(&path).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let inner = if directory.is_empty() { name.clone() } else { format!("{directory}/{name}") };
            let kind = entry.file_type().map_err(cannot)?;
            if kind.is_dir() && !is_terraforms(&name) {
                directories.push(inner);
            } else if kind.is_file() && name.ends_with(".tf") {
                files.insert(inner, read_text(&entry.path(), MAX_FILE)?);
            }
        }
    }
    Ok(files)
}

/// The text of one file; `None` when there is none. Not through a link, as nothing is written through one.
///
/// # Errors
/// When something else stands there, or it cannot be read, or is not text.
pub fn read_file(out: &Path, path: &str) -> Result<Option<String>> {
    check_directories(out, &directories([path].into_iter()))?;
    let full = out.join(path);
    match fs::symlink_metadata(&full) {
        Ok(found) if found.is_file() => read_text(&full, MAX_FILE).map(Some),
        Ok(found) => Err(in_the_way(&full, found.file_type(), "a file").into()),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Stop::new(format!("cannot look at `{}`", shown(&full))).because(error).into()),
    }
}

/// Opens what lies at `path`, to be read: a link is not followed, and a pipe not waited for.
///
/// # Errors
/// When nothing lies there, it is a link, or may not be read.
pub fn open_as_it_is(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    #[cfg(not(unix))]
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    options.read(true).open(path)
}

/// Whether a file holds exactly these bytes, and some. Asks for one more than those, so that the system is asked once.
/// The buffer is only lent, to be reused.
///
/// # Errors
/// As [`open_as_it_is`].
pub fn holds(path: &Path, wanted: &[u8], buffer: &mut Vec<u8>) -> io::Result<bool> {
    buffer.resize(wanted.len() + 1, 0);
    let read = open_as_it_is(path)?.read(buffer)?;
    Ok(!wanted.is_empty() && buffer.get(..read) == Some(wanted))
}

/// The bytes of a file of at most `limit` of them, into a buffer that is lent.
///
/// # Errors
/// As [`open_as_it_is`]; when it is larger.
pub fn read_as_it_is(path: &Path, limit: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
    // Room for most files of a tree, so that one call takes all of it and another one finds its end.
    const USUAL: usize = 1 << 16;
    buffer.clear();
    buffer.reserve(USUAL);
    let read = open_as_it_is(path)?.take(limit + 1).read_to_end(buffer)?;
    if read as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
}

/// The largest file of a tree in bytes.
const MAX_FILE: u64 = 64 << 20;

/// Something stands where a file or a directory is needed.
pub fn in_the_way(path: &Path, found: fs::FileType, needed: &str) -> Stop {
    let name = shown(path);
    if found.is_symlink() {
        return Stop::new(format!("`{name}` is a symbolic link, and {needed} is needed there"))
            .help("nothing is written through a link; remove it, or write elsewhere with `--out`");
    }
    let what = if found.is_dir() { "a directory" } else { "no directory" };
    Stop::new(format!("`{name}` is {what}, and {needed} is needed there"))
        .help("move it away, or write elsewhere with `--out`")
}

/// Whether nothing stands at the path that the error is about.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_and_are_ours() {
        for path in ["a", "a/b.tf", "teams/web/production/README.md", "with space", "..a", ".gitignore", "…"]
        {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        for path in ["", "/", "/a", "a/", "a//b", "./a", "a/..", "../a", "a\\b", "c:/x", "a\nb", "\u{85}"] {
            assert!(matches!(check_path(path), Err(PathError::Outside(_))), "{path:?}");
        }
        for path in [".terraform/x", "a/.terraform.lock.hcl", "a/terraform.tfstate", "a/x.tfstate.backup"] {
            assert!(matches!(check_path(path), Err(PathError::Terraform(_))), "{path}");
        }
        for path in [".tanada", ".tanada.journal", "a/main.tf.tanada-new"] {
            assert!(matches!(check_path(path), Err(PathError::Own(_))), "{path}");
        }
    }

    #[test]
    fn each_directory_once_and_the_outer_first() {
        let found: Vec<_> =
            directories(["a/b/c/x", "a/b/y", "z", "a/b/c/w"].into_iter()).into_iter().collect();
        assert_eq!(found, ["a", "a/b", "a/b/c"]);
    }
}
