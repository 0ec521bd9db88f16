//! Why a command could not do what was asked.

use std::error::Error;
use std::fmt;
use std::io;

/// A reason to stop, with what a person can type about it. Exit status 2.
///
/// Travels inside [`anyhow::Error`]; [`io::Error`]s without one are shown as they are.
#[derive(Debug)]
pub struct Stop {
    message: String,
    help: Vec<String>,
    source: Option<io::Error>,
}

impl Stop {
    /// A reason: lower case, no full stop, names in backticks.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), source: None }
    }

    /// Adds a line that says what to type.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    /// Adds what the operating system said.
    #[must_use]
    pub fn because(mut self, source: io::Error) -> Self {
        self.source = Some(source);
        self
    }

    /// What to type, one line each.
    pub fn lines_of_help(&self) -> &[String] {
        &self.help
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Stop {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
