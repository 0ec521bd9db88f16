//! Findings as a JSON array.

use std::io::{self, Write};

use serde::Serialize;
use tanada_model::diagnostic::{Code, Diagnostic, Sources};

use crate::codes;

use super::lines::{At, Lines};
use super::{Findings, level};

/// A finding for programs.
#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    places: Vec<JsonPlace<'a>>,
    help: &'a [String],
    /// What the code means, wherever it is found.
    explanation: &'static str,
    /// The public document that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
}

impl Findings {
    /// As a JSON array, in the order of finding.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let lines = Lines::of(&self.sources);
        let list: Vec<_> =
            self.list.iter().map(|finding| JsonFinding::new(finding, &self.sources, &lines)).collect();
        serde_json::to_writer_pretty(&mut *out, &list)?;
        writeln!(out)
    }
}

impl<'a> JsonFinding<'a> {
    fn new(finding: &'a Diagnostic, sources: &'a Sources, lines: &Lines) -> Self {
        let Diagnostic { code, message, places, help } = finding;
        let Code { name, severity, explanation } = code;
        let place = |(place, label): &'a (_, String)| {
            let At { path, line, column } = lines.at(place, sources)?;
            Some(JsonPlace { path, line, column, label })
        };
        let places = places.iter().filter_map(place).collect();
        let source = codes::source(name);
        Self { severity: level(*severity), code: name, message, places, help, explanation, source }
    }
}
