//! Reads the input directory.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Result;
use tanada_model::diagnostic::Sources;
use tanada_model::document::MAX_FILE as MAX_TEXT;

use super::place::shown;
use crate::stop::Stop;

/// The largest input file in bytes: what the parser takes.
pub const MAX_FILE: u64 = MAX_TEXT as u64;

/// The largest input directory in bytes.
pub const MAX_TOTAL: u64 = 32 << 20;

/// Reads `*.hcl` and `*.hcl.json` of a directory, not of directories inside it, in the order of their names.
///
/// Names that start with `.` or end with `~` are an editor's and not read.
///
/// # Errors
/// When the directory or a file in it cannot be read, is too large, or is not UTF-8 text; when there is none.
pub fn read(directory: &Path) -> Result<Sources> {
    let mut sources = Sources::default();
    let mut total = 0;
    let paths = paths(directory)?;
    if paths.is_empty() {
        let name = shown(directory);
        return Err(Stop::new(format!("there is no `*.hcl` or `*.hcl.json` in `{name}`"))
            .help("`tanada init` writes a first input; `tanada COMMAND DIR` names another directory")
            .into());
    }
    for path in paths {
        let text = read_text(&path, MAX_FILE)?;
        total += text.len() as u64;
        if total > MAX_TOTAL {
            let (name, limit) = (shown(directory), MAX_TOTAL >> 20);
            return Err(Stop::new(format!("the input in `{name}` is larger than {limit} MiB")).into());
        }
        sources.add(shown(&path).replace('\\', "/"), text);
    }
    Ok(sources)
}

/// The input files of a directory, sorted by name.
///
/// # Errors
/// When the directory cannot be read.
pub fn paths(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let cannot = |error: io::Error| cannot_list(directory, error);
    for entry in fs::read_dir(directory).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let read = (name.ends_with(".hcl") || name.ends_with(".hcl.json")) && !name.starts_with('.');
        // A link is followed; what is neither file nor directory is reported by the reading.
        if read && !entry.path().is_dir() {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn cannot_list(directory: &Path, error: io::Error) -> anyhow::Error {
    let name = shown(directory);
    let stop = if error.kind() == io::ErrorKind::NotFound {
        Stop::new(format!("there is no input directory `{name}`"))
            .help("`tanada init` writes a first one; `tanada COMMAND DIR` names another")
    } else if error.kind() == io::ErrorKind::NotADirectory {
        Stop::new(format!("`{name}` is not a directory"))
            .help("name the directory that holds the `*.hcl` files")
    } else {
        Stop::new(format!("cannot read the input directory `{name}`"))
    };
    stop.because(error).into()
}

/// A file's text, at most `limit` bytes of it.
///
/// # Errors
/// When it cannot be read, is larger, is not UTF-8, or is no ordinary file (a pipe would keep the program waiting).
pub fn read_text(path: &Path, limit: u64) -> Result<String> {
    let name = shown(path);
    let cannot = |error| Stop::new(format!("cannot read `{name}`")).because(error);
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(Stop::new(format!("`{name}` is not an ordinary file")).into());
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(cannot)?.take(limit + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > limit {
        return Err(Stop::new(format!("`{name}` is larger than {} MiB", limit >> 20)).into());
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error).into())
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Stop {
    let at = error.utf8_error().valid_up_to();
    let before = error.as_bytes().get(..at).unwrap_or_default();
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    Stop::new(format!("`{name}` is not UTF-8 text (line {line})")).help("save the file as UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_directory_and_nothing_else() {
        let here = tempfile::tempdir().unwrap();
        for name in ["b.hcl", "a.hcl.json", "notes.md", ".hidden.hcl", "c.hcl~", "d.json"] {
            fs::write(here.path().join(name), name).unwrap();
        }
        fs::create_dir(here.path().join("nested.hcl")).unwrap();
        let sources = read(here.path()).unwrap();
        let texts: Vec<_> = sources.iter().map(|(_, file)| file.text.as_str()).collect();
        assert_eq!(texts, ["a.hcl.json", "b.hcl"]);
    }

    #[test]
    fn names_the_line_that_is_not_text() {
        let here = tempfile::tempdir().unwrap();
        fs::write(here.path().join("a.hcl"), b"x = 1\ny = \"\xff\"\n").unwrap();
        let error = read(here.path()).unwrap_err().to_string();
        assert!(error.ends_with("is not UTF-8 text (line 2)"), "{error}");
    }

    #[test]
    fn refuses_what_is_too_large_without_reading_it_whole() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("a.hcl");
        File::create(&path).unwrap().set_len(50 << 20).unwrap();
        let error = read(here.path()).unwrap_err().to_string();
        assert!(error.ends_with("is larger than 8 MiB"), "{error}");
    }
}
