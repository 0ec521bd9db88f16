use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ReadError;

/// Where the files of a tree come from: memory, a disk, a revision of git. The reader asks only for what it needs.
///
/// Paths are relative to the tree and separated by `/`.
pub trait Files: Sync {
    /// The text of a file; `None` where there is none.
    ///
    /// # Errors
    /// It is there but cannot be read: no UTF-8, too large, no permission.
    fn text(&self, path: &str) -> Result<Option<Arc<str>>, ReadError>;

    /// The names of the files and folders directly in a folder (`""` is the tree itself), in any order; empty where there
    /// is no such folder.
    ///
    /// # Errors
    /// It is there but cannot be listed.
    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError>;
}

impl Files for BTreeMap<String, String> {
    fn text(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        Ok(self.get(path).map(|text| text.as_str().into()))
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        Ok(children(self, directory))
    }
}

impl Files for BTreeMap<String, Arc<str>> {
    fn text(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        Ok(self.get(path).cloned())
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        Ok(children(self, directory))
    }
}

/// What stands directly in a folder, found by leaps over what stands in folders below it.
fn children<T>(files: &BTreeMap<String, T>, directory: &str) -> Vec<String> {
    let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
    let mut names = Vec::new();
    let mut from = prefix.clone();
    while let Some(rest) = files.range(from.clone()..).next().and_then(|(path, _)| path.strip_prefix(&prefix))
    {
        let name = rest.split('/').next().unwrap_or_default();
        // The character after `/` ends the range of everything below a folder; after a file's name comes its next one.
        from = if rest.len() > name.len() { format!("{prefix}{name}0") } else { format!("{prefix}{name}\0") };
        names.push(name.to_owned());
    }
    names.dedup();
    names
}
