//! What was found, for people and for programs, and what the exit status says about it.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use tanada_model::diagnostic::{Code, Diagnostic, Place, Severity, Sources, Style, render};

use crate::codes::REFUSALS;

/// What a command answers; its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 0.
    Yes,
    /// 1: findings, stale files, refused.
    No,
    /// 2: the question could not be answered, and why has been said.
    Unanswered,
}

impl From<Answer> for ExitCode {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => Self::SUCCESS,
            Answer::No => Self::from(1),
            Answer::Unanswered => Self::from(2),
        }
    }
}

/// The most findings that are shown to a person at once; whoever has more needs the first ones first.
const MOST_SHOWN: usize = 100;

/// Everything that was found on the way, with the texts it was found in.
#[derive(Debug, Default)]
pub struct Findings {
    /// What was read.
    pub sources: Sources,
    /// What was found, in the order of finding.
    pub list: Vec<Diagnostic>,
}

impl Findings {
    /// Adds what a stage found, each finding once: what many inherit is looked at many times.
    pub fn extend(&mut self, found: Vec<Diagnostic>) {
        let key = |finding: &Diagnostic| {
            let place = finding.places.first().map(|(place, _)| match place {
                Place::Span(span) => (Some(*span), String::new()),
                Place::Path(path) => (None, path.clone()),
            });
            (finding.code.name, finding.message.clone(), place)
        };
        let mut seen: BTreeSet<_> = self.list.iter().map(key).collect();
        self.list.extend(found.into_iter().filter(|finding| seen.insert(key(finding))));
    }

    /// Number of findings of a weight.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|finding| finding.code.severity == severity).count()
    }

    /// Whether nothing may be written.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// What errors say about a question that is not about them: refused, when a person could agree to each of them on the
    /// command line; otherwise it cannot be answered.
    pub fn answer(&self) -> Answer {
        let mut errors = self.list.iter().filter(|finding| finding.code.severity == Severity::Error);
        if !self.has_errors() {
            Answer::Yes
        } else if errors.all(|finding| REFUSALS.contains(&finding.code.name)) {
            Answer::No
        } else {
            Answer::Unanswered
        }
    }

    /// As text, the heaviest last, so that what a person must act on stands nearest to the prompt.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_text(&self, out: &mut impl Write, style: Style) -> io::Result<()> {
        let mut sorted: Vec<&Diagnostic> = self.list.iter().collect();
        sorted.sort_by_key(|finding| finding.code.severity);
        let hidden = sorted.len().saturating_sub(MOST_SHOWN);
        // The first errors are the ones that matter; notes and warnings are the ones to leave out.
        let shown = if self.count(Severity::Error) >= MOST_SHOWN {
            let errors =
                sorted.iter().position(|finding| finding.code.severity == Severity::Error).unwrap_or(0);
            sorted.get(errors..errors + MOST_SHOWN)
        } else {
            sorted.get(hidden..)
        };
        for finding in shown.unwrap_or_default() {
            writeln!(out, "{}\n", render(finding, &self.sources, style))?;
        }
        if hidden > 0 {
            writeln!(
                out,
                "{hidden} further findings are not shown; `tanada check --format json` lists all\n"
            )?;
        }
        Ok(())
    }

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

    /// `3 errors, 1 warning`.
    pub fn summary(&self) -> String {
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        match (errors, warnings) {
            (0, 0) => "no errors".to_owned(),
            (_, 0) => counted(errors, "error"),
            (0, _) => counted(warnings, "warning"),
            (_, _) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
        }
    }
}

/// `1 file`, `2 files`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A finding for programs.
#[derive(Serialize)]
struct JsonFinding<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    places: Vec<JsonPlace<'a>>,
    help: &'a [String],
}

/// Lines and columns count from 1, columns in characters; a path as a whole has neither.
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

impl<'a> JsonFinding<'a> {
    fn new(finding: &'a Diagnostic, sources: &'a Sources, lines: &Lines) -> Self {
        let Diagnostic { code, message, places, help } = finding;
        let Code { name, severity, explanation: _ } = code;
        let severity = match severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let places =
            places.iter().filter_map(|(place, label)| JsonPlace::new(place, label, sources, lines)).collect();
        Self { severity, code: name, message, places, help }
    }
}

impl<'a> JsonPlace<'a> {
    fn new(place: &'a Place, label: &'a str, sources: &'a Sources, lines: &Lines) -> Option<Self> {
        let span = match place {
            Place::Path(path) => return Some(Self { path, line: None, column: None, label }),
            Place::Span(span) => span,
        };
        let file = sources.file(span.file)?;
        let (line, column) = lines.locate(span.file.0 as usize, &file.text, span.start as usize);
        Some(Self { path: &file.path, line: Some(line), column: Some(column), label })
    }
}

/// Where the lines of each file start, so that ten thousand findings need not count from the top ten thousand times.
struct Lines(Vec<Vec<usize>>);

impl Lines {
    fn of(sources: &Sources) -> Self {
        let starts = |text: &str| {
            let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        };
        Self(sources.iter().map(|(_, file)| starts(&file.text)).collect())
    }

    fn locate(&self, file: usize, text: &str, at: usize) -> (usize, usize) {
        let Some(starts) = self.0.get(file) else { return (1, 1) };
        let line = starts.partition_point(|&start| start <= at).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let before = text.get(start..at.min(text.len())).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}
