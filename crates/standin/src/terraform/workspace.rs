use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use tempfile::TempDir;

use crate::terraform::{Failure, Judge, Root};

/// The folder of the states inside a workspace. No emitted tree has one of this name.
const STATES: &str = ".states";

/// A copy of an emitted tree in a folder of its own, together with the states of its roots.
///
/// Backends are not written: every root keeps its state in a file that is named by the *key* of its backend. So a root
/// whose folder is renamed finds its state again exactly when it keeps its key, as with a real backend.
#[derive(Debug)]
pub struct Workspace {
    folder: TempDir,
    /// Roots whose modules `terraform get` has noted since the files last changed.
    installed: Mutex<BTreeSet<String>>,
}

impl Workspace {
    /// Copies a tree given as relative paths and texts.
    ///
    /// # Errors
    ///
    /// A file cannot be written, its path leads out of the tree, or a backend has no `key`.
    pub fn from_files<P: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Result<Self, Failure> {
        let workspace = Self { folder: tempfile::tempdir()?, installed: Mutex::default() };
        workspace.fill(files)?;
        Ok(workspace)
    }

    /// Copies the tree in `directory`, without what Terraform has left there.
    ///
    /// # Errors
    ///
    /// As [`from_files`](Self::from_files), or the tree cannot be read.
    pub fn from_directory(directory: &Path) -> Result<Self, Failure> {
        Self::from_files(read_tree(directory)?)
    }

    /// Replaces all files by those of another tree. States stay.
    ///
    /// # Errors
    ///
    /// As [`from_files`](Self::from_files).
    pub fn replace_files<P: AsRef<str>, T: AsRef<str>>(
        &self,
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Result<(), Failure> {
        for entry in fs::read_dir(self.path()).map_err(at(self.path()))? {
            let path = entry.map_err(at(self.path()))?.path();
            if path.ends_with(STATES) {
                continue;
            }
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(at(&path))?;
        }
        self.installed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
        self.fill(files)
    }

    /// The root module in `directory`, a relative path, to be judged by `judge`.
    pub fn root<'a>(&'a self, judge: &'a Judge, directory: &str) -> Root<'a> {
        Root::new(self, judge, directory)
    }

    /// The folders of all root modules, sorted: those that hold a `providers.tf`.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn roots(&self) -> Result<Vec<String>, Failure> {
        let files = read_tree(self.path())?;
        Ok(files
            .iter()
            .filter_map(|(path, _)| path.strip_suffix("/providers.tf"))
            .map(str::to_owned)
            .collect())
    }

    /// Where the copy lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Notes that the modules of a root are being installed; whether they were not yet.
    pub(crate) fn must_install(&self, directory: &str) -> bool {
        let mut installed = self.installed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        installed.insert(directory.to_owned())
    }

    fn fill<P: AsRef<str>, T: AsRef<str>>(
        &self,
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Result<(), Failure> {
        for (path, text) in files {
            let relative = Path::new(path.as_ref());
            if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
                return Err(form(relative, "it leads out of the tree"));
            }
            let path = self.path().join(relative);
            make_folder_of(&path)?;
            match backend_key(relative, text.as_ref())? {
                Some(key) => self.link_state(&path, &key)?,
                None => fs::write(&path, text.as_ref()).map_err(at(&path))?,
            }
        }
        Ok(())
    }

    /// Has the root whose backend stands in `backend` keep its state under `key`.
    fn link_state(&self, backend: &Path, key: &str) -> Result<(), Failure> {
        let state = self.path().join(STATES).join(key);
        make_folder_of(&state)?;
        let link = backend.with_file_name("terraform.tfstate");
        std::os::unix::fs::symlink(&state, &link).map_err(at(&link))
    }
}

/// The key of the backend in a file, if there is one.
fn backend_key(path: &Path, text: &str) -> Result<Option<String>, Failure> {
    if !path.ends_with("backend.tf") {
        return Ok(None);
    }
    let body = hcl::parse(text).map_err(|error| form(path, error))?;
    let settings = body.blocks().filter(|block| block.identifier() == "terraform");
    let mut backends =
        settings.flat_map(|block| block.body().blocks()).filter(|block| block.identifier() == "backend");
    let backend = backends.next().ok_or_else(|| form(path, "it has no backend"))?;
    let key = backend.body().attributes().find(|attribute| matches!(attribute.key(), "key" | "prefix"));
    match key.map(|key| key.expr()) {
        Some(hcl::Expression::String(key)) => Ok(Some(key.clone())),
        _ => Err(form(path, "its backend has no key")),
    }
}

/// All text files of a tree by relative path, sorted; what Terraform leaves behind and hidden files stay out.
fn read_tree(directory: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![directory.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let path = entry.map_err(at(&folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with('.') || name.contains(".tfstate") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).map_err(at(&path))?;
            let relative = path.strip_prefix(directory).unwrap_or(&path);
            files.push((relative.to_string_lossy().into_owned(), text));
        }
    }
    files.sort();
    Ok(files)
}

fn make_folder_of(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(at(folder))
}

/// Adds the path to an error of input or output.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Failure {
    let path = PathBuf::from(path);
    move |source| Failure::Io { path, source }
}

/// Something is written otherwise than expected.
pub(crate) fn form(path: &Path, reason: impl ToString) -> Failure {
    Failure::Form { path: path.to_owned(), reason: reason.to_string() }
}
