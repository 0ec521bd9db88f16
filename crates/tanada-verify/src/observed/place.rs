use std::fmt;
use std::sync::Arc;

/// A file of the tree and a line in it: where what decided a value is written.
///
/// Of a value it is the place of the literal; of what an expression makes, the place of the first thing in it that is no
/// literal, so that a row made by a constant module leads back to the row that a root handed to it.
///
/// ```
/// use tanada_verify::Place;
/// let place = Place::new("teams/web/production/main.tf".into(), 14);
/// assert_eq!(place.to_string(), "teams/web/production/main.tf:14");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: Arc<str>,
    line: u32,
}

impl Place {
    /// A line of a file; line 0 means the file as a whole.
    pub fn new(file: Arc<str>, line: u32) -> Self {
        Self { file, line }
    }

    /// The file, relative to the tree.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1; 0 when the file as a whole is meant.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The file's name as it is shared between places.
    pub(crate) fn shared_file(&self) -> &Arc<str> {
        &self.file
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 { f.write_str(&self.file) } else { write!(f, "{}:{}", self.file, self.line) }
    }
}
