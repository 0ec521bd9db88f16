//! Revisions of git, read with the `git` executable and without touching index or work tree.
//!
//! Only plumbing is called (`rev-parse`, `merge-base`, `ls-tree`, `cat-file`): it runs no hooks, filters or
//! external programs of a repository's settings. Names of revisions come from people and never stand where an option
//! could.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;

use crate::disk::place::shown;
use crate::stop::Stop;

/// The largest file of a revision in bytes; larger ones are not ours.
pub const MAX_FILE: u64 = 64 << 20;

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The top of its work tree.
    top: PathBuf,
}

/// The name of a file's bytes.
pub type BlobId = Arc<str>;

impl Repository {
    /// The repository that a directory lies in; `None` when it lies in none.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn find(directory: &Path) -> Result<Option<Self>> {
        let output = git(directory).args(["rev-parse", "--show-toplevel"]).output().map_err(no_git)?;
        let top = String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned();
        Ok((output.status.success() && !top.is_empty()).then(|| Self { top: PathBuf::from(top) }))
    }

    /// A path as git names it, relative to the top; `None` when it lies elsewhere.
    ///
    /// # Errors
    /// When the working directory cannot be read.
    pub fn relative(&self, path: &Path) -> Result<Option<String>> {
        let cannot = |error| Stop::new(format!("cannot find `{}`", shown(path))).because(error);
        let full = real(path).map_err(cannot)?;
        let top = self.top.canonicalize().unwrap_or_else(|_| self.top.clone());
        let inner = full.strip_prefix(&top).ok();
        Ok(inner.map(|inner| inner.to_string_lossy().replace('\\', "/")))
    }

    /// The commit or tree that a person named. `A...B` is where the two parted, `A...` where A and HEAD did.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn resolve(&self, name: &str) -> Result<String> {
        if let Some((one, other)) = name.split_once("...") {
            let other = if other.is_empty() { "HEAD" } else { other };
            let (one, other) = (self.resolve_one(one)?, self.resolve_one(other)?);
            let parted = self.ask(&["merge-base", &one, &other]);
            return parted.map_err(|_| {
                Stop::new(format!("`{name}`: the two have no common history here"))
                    .help("a shallow clone lacks it: fetch more, for example `fetch-depth: 0`")
                    .into()
            });
        }
        self.resolve_one(name)
    }

    fn resolve_one(&self, name: &str) -> Result<String> {
        let object = format!("{name}^{{commit}}");
        self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &object]).map_err(|_| {
            let name: String = name.chars().filter(|c| !c.is_control()).collect();
            Stop::new(format!("there is no revision `{name}`"))
                .help("a directory is named with a slash: `./old/`")
                .help("in a shallow clone fetch it first, for example `git fetch origin main`")
                .into()
        })
    }

    /// The ordinary files of a revision below the given paths, with the names of their bytes.
    ///
    /// # Errors
    /// When git cannot list them.
    pub fn files(&self, revision: &str, paths: &[&str]) -> Result<BTreeMap<String, BlobId>> {
        let mut command = git(&self.top);
        command.args(["ls-tree", "-r", "-z", "--full-tree", revision, "--"]).args(paths);
        let listed = run(command)?;
        let mut files = BTreeMap::new();
        for line in listed.split(|&byte| byte == 0).filter(|line| !line.is_empty()) {
            // `mode SP type SP name TAB path`; links and submodules are not ours.
            let Ok(line) = str::from_utf8(line) else { continue };
            let Some((head, path)) = line.split_once('\t') else { continue };
            let mut words = head.split(' ');
            if let (Some("100644" | "100755"), Some("blob"), Some(id)) =
                (words.next(), words.next(), words.next())
            {
                files.insert(path.to_owned(), BlobId::from(id));
            }
        }
        Ok(files)
    }

    /// A reader of files' bytes.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn blobs(&self) -> Result<Blobs> {
        let mut command = git(&self.top);
        command.args(["cat-file", "--batch"]);
        let mut child = spawn(command)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Stop::new("cannot talk to `git cat-file`").into());
        };
        Ok(Blobs(Mutex::new(Pipe { child, input: BufWriter::new(input), output: BufReader::new(output) })))
    }

    fn ask(&self, arguments: &[&str]) -> Result<String> {
        let mut command = git(&self.top);
        command.args(arguments);
        Ok(String::from_utf8_lossy(&run(command)?).trim_end().to_owned())
    }
}

/// Whether git calls these bytes so, in a repository of either of its two kinds of names. No filter is run.
pub fn is_name_of(id: &str, bytes: &[u8]) -> bool {
    let head = format!("blob {}\0", bytes.len());
    match id.len() {
        40 => is_digest::<sha1::Sha1>(id, head.as_bytes(), bytes),
        64 => is_digest::<sha2::Sha256>(id, head.as_bytes(), bytes),
        _ => false,
    }
}

fn is_digest<D: sha2::Digest>(id: &str, head: &[u8], bytes: &[u8]) -> bool {
    let digest = D::new().chain_update(head).chain_update(bytes).finalize();
    let (pairs, _) = id.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    pairs.len() == digest.len() && pairs.iter().zip(&*digest).all(|(pair, own)| byte(pair) == Some(*own))
}

/// Bytes of files by their names, from one process that stays.
#[derive(Debug)]
pub struct Blobs(Mutex<Pipe>);

#[derive(Debug)]
struct Pipe {
    child: Child,
    input: BufWriter<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What came of a question for a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blob {
    /// Its text.
    Text(Arc<str>),
    /// It is larger than [`MAX_FILE`].
    TooLarge,
    /// It is not UTF-8.
    NotText,
}

impl Blobs {
    /// The bytes of one file.
    ///
    /// # Errors
    /// When git does not have them, or has gone.
    pub fn get(&self, id: &str) -> io::Result<Blob> {
        let mut pipe = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Pipe { child: _, input, output } = &mut *pipe;
        writeln!(input, "{id}")?;
        input.flush()?;
        answer(output, id)
    }

    /// The bytes of many files, in their order: git works on the next while this one is taken.
    ///
    /// # Errors
    /// As [`Blobs::get`].
    pub fn get_all(&self, ids: Vec<BlobId>) -> io::Result<Vec<Blob>> {
        let mut pipe = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Pipe { child: _, input, output } = &mut *pipe;
        thread::scope(|scope| {
            let asked = &ids;
            let writer = scope.spawn(move || {
                asked.iter().try_for_each(|id| writeln!(input, "{id}"))?;
                input.flush()
            });
            // All of them, whatever one says: git must not wait for somebody who has stopped reading.
            let answers: Vec<io::Result<Blob>> = ids.iter().map(|id| answer(output, id)).collect();
            writer.join().unwrap_or_else(|_| Err(io::Error::other("a thread has gone")))?;
            answers.into_iter().collect()
        })
    }
}

/// What git says of one file.
fn answer(output: &mut impl BufRead, id: &str) -> io::Result<Blob> {
    let mut head = String::new();
    output.read_line(&mut head)?;
    // `name SP type SP size`, or `name SP missing`.
    let size = head.trim_end().rsplit_once(' ').and_then(|(_, size)| size.parse::<u64>().ok());
    let Some(size) = size else {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("git has no object {id}")));
    };
    if size > MAX_FILE {
        io::copy(&mut output.by_ref().take(size + 1), &mut io::sink())?;
        return Ok(Blob::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    output.by_ref().take(size).read_to_end(&mut bytes)?;
    output.read_exact(&mut [0])?;
    Ok(String::from_utf8(bytes).map_or(Blob::NotText, |text| Blob::Text(text.into())))
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Git in a directory, deaf to what would make it ask, lock or run something.
fn git(directory: &Path) -> Command {
    let mut command = Command::new("git");
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    command
        .arg("-C")
        .arg(directory)
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("LC_ALL", "C")
        .env_remove("GIT_EXTERNAL_DIFF")
        .stdin(Stdio::null());
    command
}

fn spawn(mut command: Command) -> Result<Child> {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    child.map_err(no_git)
}

fn run(mut command: Command) -> Result<Vec<u8>> {
    let output = command.output().map_err(no_git)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let name = command.get_args().find(|word| word.to_str().is_some_and(is_subcommand));
    Err(failed(&name.unwrap_or(OsStr::new("git")).to_string_lossy(), &output.stderr).into())
}

fn is_subcommand(word: &str) -> bool {
    matches!(word, "rev-parse" | "merge-base" | "ls-tree" | "cat-file")
}

fn failed(name: &str, said: &[u8]) -> Stop {
    let said = String::from_utf8_lossy(said);
    let said: String = said.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    Stop::new(format!("`git {name}` failed: {said}"))
}

fn no_git(error: io::Error) -> anyhow::Error {
    Stop::new("cannot run `git`")
        .help("revisions are read with it; two directories are compared without it")
        .because(error)
        .into()
}

/// A path without links, of which the last parts need not exist.
fn real(path: &Path) -> io::Result<PathBuf> {
    let full = std::path::absolute(path)?;
    let mut rest = Vec::new();
    let mut existing = full.as_path();
    loop {
        if let Ok(found) = existing.canonicalize() {
            return Ok(rest.iter().rev().fold(found, |path, name| path.join(name)));
        }
        let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else { return Ok(full) };
        rest.push(name.to_owned());
        existing = parent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_the_names_that_git_gives_them() {
        // `git hash-object --stdin`, in repositories of both kinds.
        for (id, bytes) in [
            ("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", ""),
            ("ce013625030ba8dba906f756967f9e9ca394464a", "hello\n"),
            ("473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813", ""),
        ] {
            assert!(is_name_of(id, bytes.as_bytes()), "{id}");
            assert!(!is_name_of(id, b"else"), "{id}");
        }
        for id in ["", "e69de29b", "zz9de29bb2d1d6434b8b29ae775ad8c2e48c5391"] {
            assert!(!is_name_of(id, b""), "{id}");
        }
    }
}
