use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Result;
use rayon::prelude::*;
use tanada_model::diagnostic::Sources;
use tanada_render::templates::is_added;
use tanada_verify::{Files, ReadError};

use super::git::{Blob, BlobId, Blobs, Repository};
use crate::disk;
use crate::disk::manifest::{MANIFEST_NAME, Manifest};
use crate::disk::place::{LOCK_NAME, OUT_NAME, Place, TEMPLATES_NAME, shown};
use crate::disk::tree::{holds, is_absent, is_terraforms, read_as_it_is};
use crate::stop::Stop;
use crate::templates::{self, Template, is_template};

/// What a person named as one side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// A revision of git.
    Revision(String),
    /// A directory that holds an estate, or a tree alone.
    Directory(PathBuf),
    /// The estate as it lies on the disk.
    WorkingTree,
}

impl Spec {
    /// A directory is named with a slash at its end, or begins with one or with a dot; anything else is a revision.
    pub fn new(text: &str) -> Self {
        let is_path = text.ends_with('/') || ["/", "./", "../"].iter().any(|start| text.starts_with(start));
        if is_path || matches!(text, "." | "..") {
            Self::Directory(PathBuf::from(text))
        } else {
            Self::Revision(text.to_owned())
        }
    }
}

/// An estate as it stands somewhere. The tree's files are read when they are asked for.
#[derive(Debug)]
pub struct Side {
    /// What a person calls it.
    pub label: String,
    /// The input's files; `None` when there is no input.
    pub input: Option<Sources>,
    /// The lock's text; `None` when there is none.
    pub lock: Option<String>,
    /// The templates that people wrote, in the order of their paths.
    pub templates: Vec<Template>,
    /// Where the input lies, as a person writes it.
    pub input_path: PathBuf,
    /// The tree's files, by path relative to it: `*.tf` and the manifest.
    pub(super) files: BTreeMap<String, Entry>,
    pub(super) store: Store,
}

/// A file of a tree.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// What git calls its bytes.
    pub(super) blob: Option<BlobId>,
    /// Its text, once somebody has read it who knows that it is needed again.
    text: OnceLock<Arc<str>>,
}

#[derive(Debug)]
pub(super) enum Store {
    Git(Blobs),
    Disk(PathBuf),
    /// Nowhere: made for a comparison.
    Memory,
}

impl Side {
    /// Opens one side of a comparison of the estate at `place`.
    ///
    /// # Errors
    /// When there is no such revision or directory, or something in it cannot be read.
    pub fn open(place: &Place, spec: &Spec) -> Result<Self> {
        match spec {
            Spec::Revision(name) => Self::revision(place, name),
            Spec::WorkingTree => Self::directory(place, "the working tree".to_owned()),
            Spec::Directory(directory) => {
                let there = elsewhere(place, directory)?;
                let side = Self::directory(&there, shown(directory))?;
                if side.is_no_estate() {
                    return Err(Stop::new(format!("`{}` holds no estate and no generated tree", side.label))
                        .help("name the directory in which the input lies, or a tree that `tanada generate` wrote")
                        .into());
                }
                Ok(side)
            }
        }
    }

    /// Whether there is a tree.
    pub fn has_tree(&self) -> bool {
        self.files.keys().any(|path| path.ends_with(".tf"))
    }

    /// Whether a directory is something else altogether.
    fn is_no_estate(&self) -> bool {
        let is_root = |path: &str| path.starts_with("hub/") || path.starts_with("teams/");
        let has_roots = self.manifest().is_some() || self.paths().any(is_root);
        self.input.is_none() && self.lock.is_none() && !has_roots
    }

    /// The paths of the tree's Terraform files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|path| path.ends_with(".tf"))
    }

    /// A tree that lies nowhere.
    pub fn memory(files: BTreeMap<String, String>) -> Self {
        let own = files.into_iter().filter(|(path, _)| is_of_tree(path));
        let entry = |text: String| Entry { blob: None, text: OnceLock::from(Arc::from(text)) };
        Self {
            label: "memory".to_owned(),
            input: None,
            lock: None,
            templates: Vec::new(),
            input_path: PathBuf::new(),
            files: own.map(|(path, text)| (path, entry(text))).collect(),
            store: Store::Memory,
        }
    }

    fn revision(place: &Place, name: &str) -> Result<Self> {
        let beside = place.lock.parent().unwrap_or(Path::new("."));
        let Some(repository) = Repository::find(beside)? else {
            let here = if beside.as_os_str().is_empty() {
                "the working directory".to_owned()
            } else {
                format!("`{}`", shown(beside))
            };
            return Err(Stop::new(format!(
                "{here} lies in no git repository, so there is no revision `{name}`"
            ))
            .help("a directory can stand in its place; it is named with a slash: `./old/`")
            .into());
        };
        let id = repository.resolve(name)?;
        let inside = |path: &Path| -> Result<String> {
            let outside = || Stop::new(format!("`{}` lies outside the repository", shown(path)));
            Ok(repository.relative(path)?.ok_or_else(outside)?)
        };
        let (input, lock, out) = (inside(&place.input)?, inside(&place.lock)?, inside(&place.out)?);
        let folder = inside(&place.templates)?;
        let listed = repository.files(&id, &[&input, &lock, &out, &folder])?;
        let blobs = repository.blobs()?;
        let read = |path: &str, id: &str| read_blob(&blobs, path, id).map_err(stop);
        let mut files = BTreeMap::new();
        let mut sources = Sources::default();
        let (mut has_input, mut lock_text, mut templates) = (false, None, Vec::new());
        for (path, id) in listed {
            if let Some(inner) = below(&path, &folder) {
                if is_template(inner) {
                    let shown = shown(&place.templates.join(inner)).replace('\\', "/");
                    let text = read(&shown, &id)?.to_string();
                    templates.push(Template { path: inner.to_owned(), shown, text });
                }
            } else if let Some(inner) = below(&path, &out) {
                if is_of_tree(inner) {
                    files.insert(inner.to_owned(), Entry { blob: Some(id), ..Entry::default() });
                }
            } else if let Some(name) = below(&path, &input) {
                if is_input(name) {
                    has_input = true;
                    let shown = shown(&place.input.join(name)).replace('\\', "/");
                    let text = read(&shown, &id)?;
                    sources.add(shown, &*text);
                }
            } else if path == lock {
                lock_text = Some(read(&path, &id)?.to_string());
            }
        }
        Ok(Self {
            label: name.to_owned(),
            input: has_input.then_some(sources),
            lock: lock_text,
            templates,
            input_path: place.input.clone(),
            files,
            store: Store::Git(blobs),
        })
    }

    fn directory(place: &Place, label: String) -> Result<Self> {
        let input = if place.input.is_dir() && !disk::input::paths(&place.input)?.is_empty() {
            Some(disk::input::read(&place.input)?)
        } else {
            None
        };
        let lock = disk::lock::read(&place.lock)?;
        let paths = match list(&place.out, "") {
            Ok(paths) => paths,
            Err(error) if is_absent(&error) => Vec::new(),
            Err(error) => {
                let name = shown(&place.out);
                return Err(Stop::new(format!("cannot read `{name}`")).because(error).into());
            }
        };
        let files = paths.into_iter().map(|path| (path, Entry::default())).collect();
        let (store, input_path) = (Store::Disk(place.out.clone()), place.input.clone());
        let templates = templates::read(&place.templates)?;
        Ok(Self { label, input, lock, templates, input_path, files, store })
    }

    pub(crate) fn read(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        self.read_with(path, &mut Vec::new())
    }

    /// [`Side::read`] with a buffer that is only lent, for those who read many files.
    pub(super) fn read_with(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Option<Arc<str>>, ReadError> {
        let Some(entry) = self.files.get(path) else { return Ok(None) };
        if let Some(text) = entry.text.get() {
            return Ok(Some(Arc::clone(text)));
        }
        match &self.store {
            Store::Git(blobs) => entry.blob.as_ref().map(|id| read_blob(blobs, path, id)).transpose(),
            Store::Memory => Ok(None),
            Store::Disk(out) => read_file(out, path, buffer).map(Some),
        }
    }

    /// Whether a file holds exactly this text.
    pub(super) fn holds(&self, path: &str, text: &str, buffer: &mut Vec<u8>) -> Result<bool, ReadError> {
        if let Store::Disk(out) = &self.store
            && let Ok(true) = holds(&out.join(path), text.as_bytes(), buffer)
        {
            return Ok(true);
        }
        Ok(self.read_with(path, buffer)?.as_deref() == Some(text))
    }

    /// Reads a file, and keeps its text for the next time.
    pub(super) fn read_once(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Option<Arc<str>>, ReadError> {
        let text = self.read_with(path, buffer)?;
        if let (Some(text), Some(entry)) = (&text, self.files.get(path)) {
            let _ = entry.text.set(Arc::clone(text));
        }
        Ok(text)
    }

    /// Reads all Terraform files at once and keeps their texts, where one after the other takes long.
    pub(super) fn prefetch(&self) -> Result<()> {
        let Store::Git(blobs) = &self.store else { return Ok(()) };
        let wanted =
            self.files.iter().filter(|(path, entry)| path.ends_with(".tf") && entry.text.get().is_none());
        let (entries, ids): (Vec<&Entry>, Vec<BlobId>) =
            wanted.filter_map(|(_, entry)| Some((entry, entry.blob.clone()?))).unzip();
        let cannot = |error| Stop::new(format!("cannot read the tree of {}", self.label)).because(error);
        for (entry, blob) in entries.into_iter().zip(blobs.get_all(ids).map_err(cannot)?) {
            // What is no text is told by whoever needs it.
            if let Blob::Text(text) = blob {
                let _ = entry.text.set(text);
            }
        }
        Ok(())
    }

    /// The paths of Terraform files in a root that tanada does not write by itself, and that a run wrote: a template made
    /// them.
    pub(crate) fn added_to(&self, root: &str) -> impl Iterator<Item = String> {
        let manifest = self.manifest().and_then(|text| Manifest::parse(&text).ok());
        let listed: BTreeSet<String> = manifest.iter().flat_map(Manifest::paths).map(str::to_owned).collect();
        let own = |path: &&str| below(path, root).is_some_and(|name| !name.contains('/') && is_added(name));
        let added: Vec<String> =
            self.paths().filter(own).filter(|path| listed.contains(*path)).map(str::to_owned).collect();
        added.into_iter()
    }

    /// The text of the manifest.
    pub(crate) fn manifest(&self) -> Option<Arc<str>> {
        self.read(MANIFEST_NAME).ok().flatten()
    }
}

impl Files for Side {
    fn text(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        self.read(path)
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let mut names = Vec::new();
        let mut from = prefix.clone();
        while let Some(rest) =
            self.files.range(from.clone()..).next().and_then(|(path, _)| path.strip_prefix(&prefix))
        {
            let name = rest.split('/').next().unwrap_or_default();
            // `0` follows `/`: on to what stands behind the whole folder.
            let end = if rest.len() > name.len() { '0' } else { '\0' };
            from = format!("{prefix}{name}{end}");
            names.push(name.to_owned());
        }
        names.dedup();
        Ok(names)
    }
}

/// A file of a tree on the disk. It was an ordinary file when the tree was listed, so it is read at once; what stands there
/// instead is asked when that fails.
fn read_file(out: &Path, path: &str, buffer: &mut Vec<u8>) -> Result<Arc<str>, ReadError> {
    let full = out.join(path);
    if read_as_it_is(&full, super::git::MAX_FILE, buffer).is_ok()
        && let Ok(text) = str::from_utf8(buffer)
    {
        return Ok(text.into());
    }
    let text = disk::input::read_text(&full, super::git::MAX_FILE);
    text.map(Arc::from).map_err(|why| ReadError {
        path: path.to_owned(),
        line: 0,
        message: format!("{why:#}"),
    })
}

fn read_blob(blobs: &Blobs, path: &str, id: &str) -> Result<Arc<str>, ReadError> {
    let error = |message: String| ReadError { path: path.to_owned(), line: 0, message };
    match blobs.get(id).map_err(|why| error(why.to_string()))? {
        Blob::Text(text) => Ok(text),
        Blob::TooLarge => Err(error(format!("it is larger than {} MiB", super::git::MAX_FILE >> 20))),
        Blob::NotText => Err(error("it is not UTF-8 text".to_owned())),
    }
}

fn stop(error: ReadError) -> Stop {
    Stop::new(format!("cannot read `{}`: {}", error.path, error.message))
}

/// The rest of a path below a folder.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

fn is_of_tree(path: &str) -> bool {
    (path.ends_with(".tf") && !path.split('/').any(is_terraforms)) || path == MANIFEST_NAME
}

fn is_input(name: &str) -> bool {
    let ends = name.ends_with(".hcl") || name.ends_with(".hcl.json");
    ends && !name.starts_with('.') && !name.contains('/')
}

/// The estate of the same shape in another directory; a directory without input that holds a tree is that tree.
fn elsewhere(place: &Place, directory: &Path) -> Result<Place> {
    if !directory.is_dir() {
        return Err(Stop::new(format!("there is no directory `{}`", shown(directory)))
            .help("a revision is named without a slash at its end")
            .into());
    }
    let name = place.input.file_name().map_or_else(|| "network".into(), |name| name.to_os_string());
    let beside = place.lock.parent().unwrap_or(Path::new(""));
    let out = place.out.strip_prefix(beside).map_or_else(|_| PathBuf::from(OUT_NAME), Path::to_path_buf);
    let input = directory.join(name);
    let is_tree = !input.is_dir() && !directory.join(&out).is_dir();
    let out = if is_tree { directory.to_path_buf() } else { directory.join(out) };
    Ok(Place { input, lock: directory.join(LOCK_NAME), out, templates: directory.join(TEMPLATES_NAME) })
}

/// The tree's files below a folder of it. Links are not followed, what is Terraform's own is not looked at.
fn list(out: &Path, folder: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = Vec::new();
    for entry in fs::read_dir(out.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_terraforms(&name) || name.contains(char::is_control) {
            continue;
        }
        let inner = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            folders.push(inner);
        } else if kind.is_file() && is_of_tree(&inner) {
            files.push(inner);
        }
    }
    let deeper: Vec<Vec<String>> =
        folders.par_iter().map(|folder| list(out, folder)).collect::<io::Result<_>>()?;
    files.extend(deeper.into_iter().flatten());
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_makes_a_directory_and_a_branch_has_slashes_too() {
        assert_eq!(Spec::new("origin/main"), Spec::Revision("origin/main".to_owned()));
        assert_eq!(Spec::new("HEAD~1"), Spec::Revision("HEAD~1".to_owned()));
        for directory in ["old/", "./old", "../old", "/tmp/old", ".", ".."] {
            assert_eq!(Spec::new(directory), Spec::Directory(PathBuf::from(directory)), "{directory}");
        }
    }

    #[test]
    fn only_a_trees_own_files_are_read() {
        assert!(is_of_tree("teams/web/production/main.tf") && is_of_tree(".tanada"));
        for path in ["README.md", "teams/web/production/.terraform/modules/x.tf", "x.tfstate", "a/.tanada"] {
            assert!(!is_of_tree(path), "{path}");
        }
        assert!(is_input("a.hcl") && is_input("a.hcl.json"));
        assert!(!is_input("inner/a.hcl") && !is_input(".a.hcl") && !is_input("a.md"));
        assert_eq!(below("a/b/c", "a"), Some("b/c"));
        assert_eq!((below("ab/c", "a"), below("a/b", "")), (None, Some("a/b")));
    }
}
