//! From files to [`Observed`].

use crate::{Files, Observed, ReadError, Root};

/// Reads a whole tree.
///
/// # Errors
/// Everything that is not understood, with its place; nothing is guessed.
pub fn read(files: &dyn Files) -> Result<Observed, Vec<ReadError>> {
    let _ = files;
    Err(vec![ReadError::file("", "the reader is not finished")])
}

/// Reads one root and what it calls.
///
/// # Errors
/// As [`read`].
pub fn read_root(files: &dyn Files, directory: &str) -> Result<Root, Vec<ReadError>> {
    Reader::new(files).root(directory)
}

/// Reads roots of one tree and shares between them what several call. It may be asked by several threads.
pub struct Reader<'f> {
    files: &'f dyn Files,
}

impl<'f> Reader<'f> {
    /// A reader of a tree; it reads nothing yet.
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files }
    }

    /// The folders of the roots: those below `hub/*` and `teams/*/*` with Terraform files.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub fn roots(&self) -> Result<Vec<String>, ReadError> {
        let _ = self.files;
        Err(ReadError::file("", "the reader is not finished"))
    }

    /// Reads one root.
    ///
    /// # Errors
    /// As [`read`].
    pub fn root(&self, directory: &str) -> Result<Root, Vec<ReadError>> {
        Err(vec![ReadError::file(directory, "the reader is not finished")])
    }

    /// The folders that a root is made of: itself and every module that it calls, at any depth. Two revisions in which
    /// they hold the same text are the same root, so it need not be read.
    ///
    /// # Errors
    /// As [`read`].
    pub fn folders(&self, directory: &str) -> Result<Vec<String>, Vec<ReadError>> {
        Err(vec![ReadError::file(directory, "the reader is not finished")])
    }
}
