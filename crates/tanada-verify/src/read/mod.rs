//! From files to [`Observed`].
//!
//! A folder is read into a [`Module`](module::Module); each call of one is a [`Frame`](frame::Frame), in which a name is
//! evaluated when somebody asks for it, and once. Modules that several roots call are read once for all of them.

mod added;
mod constant;
mod evaluate;
mod frame;
mod functions;
mod lookups;
mod module;
mod operators;
mod reference;
mod resources;
mod root;
mod settings;
mod types;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rayon::prelude::*;

pub use self::added::ROOT_FILES;
pub(crate) use self::added::{decides, is_added};
use self::module::Module;
use self::root::Evaluation;
use crate::observed::{Backend, Map};
use crate::{Files, Observed, ReadError, Root};

/// Reads a whole tree, with as many threads as there are.
///
/// # Errors
/// Everything that is not understood, with its place; nothing is guessed.
pub fn read(files: &dyn Files) -> Result<Observed, Vec<ReadError>> {
    let reader = Reader::new(files);
    let directories = reader.roots().map_err(|error| vec![error])?;
    if directories.is_empty() {
        return Err(vec![ReadError::file(
            "",
            "there is no root here: no Terraform below `hub/*` or `teams/*/*`",
        )]);
    }
    let roots: Vec<_> = directories.par_iter().map(|directory| reader.root(directory)).collect();
    let mut observed = Observed::default();
    let mut errors = Vec::new();
    for root in roots {
        match root {
            Ok(root) => drop(observed.roots.insert(root.directory.clone(), root)),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if errors.is_empty() { Ok(observed) } else { Err(ordered(errors)) }
}

/// Reads one root and what it calls.
///
/// # Errors
/// As [`read`].
pub fn read_root(files: &dyn Files, directory: &str) -> Result<Root, Vec<ReadError>> {
    Reader::new(files).root(directory)
}

/// A module, or what is wrong with it.
type Known = Result<Arc<Module>, Vec<ReadError>>;

/// A module that somebody calls.
#[derive(Default)]
struct Slot {
    /// Read by whoever asked first, with the number of his thread.
    first: OnceLock<(Option<usize>, Known)>,
    /// Read again by other threads. Every value of a module with variables shares its names and places, and two threads
    /// that count who shares them in one place wait for each other all the time.
    others: RwLock<BTreeMap<usize, Arc<OnceLock<Known>>>>,
}

/// Reads roots of one tree and shares between them what several call. It may be asked by several threads.
pub struct Reader<'f> {
    files: &'f dyn Files,
    modules: RwLock<BTreeMap<String, Arc<Slot>>>,
}

impl<'f> Reader<'f> {
    /// A reader of a tree; it reads nothing yet.
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, modules: RwLock::default() }
    }

    /// The folders of the roots: those below `hub/*` and `teams/*/*` with Terraform files, sorted.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub fn roots(&self) -> Result<Vec<String>, ReadError> {
        let below = |directory: &str| -> Result<Vec<String>, ReadError> {
            let mut names = self.files.list(directory)?;
            names.sort();
            Ok(names.into_iter().map(|name| format!("{directory}/{name}")).collect())
        };
        let mut found = below("hub")?;
        for team in below("teams")? {
            found.extend(below(&team)?);
        }
        let mut roots = Vec::with_capacity(found.len());
        for directory in found {
            if self.files.list(&directory)?.iter().any(|name| name.ends_with(".tf")) {
                roots.push(directory);
            }
        }
        Ok(roots)
    }

    /// Reads one root.
    ///
    /// # Errors
    /// As [`read`].
    pub fn root(&self, directory: &str) -> Result<Root, Vec<ReadError>> {
        let module = Arc::new(Module::read(self.files, directory)?);
        let (root, errors) = Evaluation::new(self, module).root(directory);
        if errors.is_empty() { Ok(root) } else { Err(ordered(errors)) }
    }

    /// The folders that a root is made of: itself and every module that it calls, at any depth, sorted. Two revisions in
    /// which they hold the same text are the same root, so it need not be read.
    ///
    /// # Errors
    /// As [`read`].
    pub fn folders(&self, directory: &str) -> Result<Vec<String>, Vec<ReadError>> {
        let mut found = BTreeSet::from([directory.to_owned()]);
        let mut open = vec![Arc::new(Module::read(self.files, directory)?)];
        while let Some(module) = open.pop() {
            for (_, call) in module.calls.iter() {
                if found.insert(call.directory.clone()) {
                    open.push(self.module(&call.directory)?);
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Some arguments of a module call of a root, and its backend; without reading what is called. `None` where there is no
    /// such call.
    pub(crate) fn call(
        &self,
        directory: &str,
        call: &str,
        arguments: &[&str],
    ) -> Result<Option<(Map, Option<Backend>)>, Vec<ReadError>> {
        let module = Arc::new(Module::read(self.files, directory)?);
        Evaluation::new(self, module).arguments(call, arguments).map_err(|error| vec![error])
    }

    /// The outputs of a module without variables.
    pub(crate) fn outputs(&self, directory: &str) -> Result<Map, Vec<ReadError>> {
        self.root(directory).map(|root| root.outputs)
    }

    /// A module that is called.
    fn module(&self, directory: &str) -> Known {
        let read = || Module::read(self.files, directory).map(Arc::new);
        let slot = entry(&self.modules, directory, str::to_owned);
        let thread = rayon::current_thread_index();
        let (owner, known) = slot.first.get_or_init(|| (thread, read()));
        match (known, thread) {
            (Ok(module), Some(number)) if *owner != thread && !module.is_constant() => {
                entry(&slot.others, &number, |number| *number).get_or_init(read).clone()
            }
            (Ok(_) | Err(_), _) => known.clone(),
        }
    }
}

/// What a map has for a key, made where it has nothing.
fn entry<K: Ord + Borrow<Q>, Q: Ord + ?Sized, T: Default>(
    map: &RwLock<BTreeMap<K, Arc<T>>>,
    key: &Q,
    own: impl FnOnce(&Q) -> K,
) -> Arc<T> {
    let known = map.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
    known.unwrap_or_else(|| {
        Arc::clone(map.write().unwrap_or_else(PoisonError::into_inner).entry(own(key)).or_default())
    })
}

/// Errors by place, each once: several roots may meet the same one.
fn ordered(mut errors: Vec<ReadError>) -> Vec<ReadError> {
    errors.sort_by(|a, b| (&a.path, a.line, &a.message).cmp(&(&b.path, b.line, &b.message)));
    errors.dedup();
    errors
}
