//! What was found, for people and for programs, and what the exit status says about it. A form for programs is one file.

mod github;
mod json;
mod lines;
mod sarif;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::process::ExitCode;

use tanada_model::design::Design;
use tanada_model::diagnostic::{Diagnostic, Place, Severity, Sources, Style, render};

use crate::codes::{REFUSALS, is_weighable};

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

    /// Gives findings the weight that the estate gives them. Errors without which nothing can be emitted keep theirs.
    pub fn weigh(&mut self, design: &Design) {
        for finding in &mut self.list {
            let free = is_weighable(&finding.code);
            if let Some(weight) = design.severities.get(finding.code.name).filter(|_| free) {
                finding.code.severity = weight.severity;
            }
        }
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

/// The name of a weight.
pub fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
