//! Findings as workflow commands of GitHub Actions, which shows them at the lines of a pull request.

use std::io::{self, Write};

use tanada_model::diagnostic::{Diagnostic, Severity};

use super::Findings;
use super::lines::{At, Lines};

impl Findings {
    /// One command a finding.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_github(&self, out: &mut impl Write) -> io::Result<()> {
        let lines = Lines::of(&self.sources);
        for Diagnostic { code, message, places, help } in &self.list {
            let level = match code.severity {
                Severity::Note => "notice",
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            write!(out, "::{level} ")?;
            if let Some(At { path, line, column }) =
                places.first().and_then(|(place, _)| lines.at(place, &self.sources))
            {
                write!(out, "file={},", property(path))?;
                if let Some((line, column)) = line.zip(column) {
                    write!(out, "line={line},col={column},")?;
                }
            }
            let text = std::iter::once(message.as_str()).chain(help.iter().map(String::as_str));
            let text: Vec<&str> = text.chain([code.explanation]).collect();
            writeln!(out, "title={}::{}", property(code.name), data(&text.join("\n")))?;
        }
        Ok(())
    }
}

/// Text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it, where two more characters mean something.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
