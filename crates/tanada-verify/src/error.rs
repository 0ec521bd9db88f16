use thiserror::Error;

/// Why a tree cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{message}", at(path, *line))]
pub struct ReadError {
    /// The file, relative to the tree.
    pub path: String,
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// What was found or missed.
    pub message: String,
}

impl ReadError {
    /// An error at a line.
    pub(crate) fn at(path: impl Into<String>, line: u32, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: line as usize, message: message.into() }
    }

    /// An error about a whole file.
    pub(crate) fn file(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: 0, message: message.into() }
    }
}

/// `main.tf:3: `, as far as it is known.
fn at(path: &str, line: usize) -> String {
    match (path, line) {
        ("", _) => String::new(),
        (path, 0) => format!("{path}: "),
        (path, line) => format!("{path}:{line}: "),
    }
}
