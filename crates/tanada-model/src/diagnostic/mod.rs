//! What tanada says about a person's input: every problem at once, each with a code, a place and a help.

mod render;
mod source;

use std::fmt;

pub use render::{Style, render};
pub use source::{FileId, Place, SourceFile, Sources, Span, Spanned};

/// How much a [`Diagnostic`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Note,
    /// Legal and probably not meant; `accept` says that it is.
    Warning,
    /// Nothing is written while there is one.
    Error,
}

/// A kind of finding, under a name that never changes: what `accept "…"` and `tanada explain …` take.
///
/// Codes are constants beside the code that raises them; the registry of a crate lists them all
/// (`tanada_model::document::CODES`, and so on), and a test complains of one that is not listed or has no fixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    /// Kebab-case, for example `unknown-reference`.
    pub name: &'static str,
    /// Weight of the finding unless the estate accepts it.
    pub severity: Severity,
    /// What is wrong and why that matters, in one or two sentences, for `tanada explain`.
    pub explanation: &'static str,
}

/// Sorts findings by place, so that they do not depend on the order of the files, and keeps one of those that say the
/// same of the same places (what a thousand VPCs inherit is wrong once).
pub fn tidy(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let spans = |finding: &Diagnostic| -> Vec<Span> {
        let span = |(place, _): &(Place, String)| match place {
            Place::Span(span) => Some(*span),
            Place::Path(_) => None,
        };
        finding.places.iter().filter_map(span).collect()
    };
    findings.sort_by_cached_key(|finding| (spans(finding).first().copied(), finding.code.name));
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|finding| {
        let places = spans(finding);
        let message = if places.is_empty() { finding.message.clone() } else { String::new() };
        seen.insert((finding.code.name, places, message, finding.help.clone()))
    });
    findings
}

/// Defines the codes of one part, and its registry `CODES`.
macro_rules! codes {
    ($($name:ident = $text:literal: $explanation:literal;)*) => {
        $(
            #[doc = $explanation]
            pub const $name: $crate::diagnostic::Code = $crate::diagnostic::Code {
                name: $text,
                severity: $crate::diagnostic::Severity::Error,
                explanation: $explanation,
            };
        )*

        /// Every code that this part can raise.
        pub const CODES: &[$crate::diagnostic::Code] = &[$($name),*];
    };
}
pub(crate) use codes;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// One line: lower case, no full stop, names and values in backticks.
    pub message: String,
    /// Where, when there is a place; the first is the primary one. Each with the words beside its underline (may be empty).
    pub places: Vec<(Place, String)>,
    /// What to type, one line each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A finding without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), places: Vec::new(), help: Vec::new() }
    }

    /// Adds a place; the first one added is the primary.
    #[must_use]
    pub fn at(mut self, place: impl Into<Place>, words: impl Into<String>) -> Self {
        self.places.push((place.into(), words.into()));
        self
    }

    /// Adds a line that says what to type.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name, self.message)
    }
}

/// How an estate says that a finding about an object (written as a reference) is a choice. In words, because HCL takes no
/// block of two attributes on one line.
pub fn acceptance(code: &Code, object: &str) -> String {
    format!("`accept \"{}\"` with `on = [{object}]` and the reason in `why`", code.name)
}

/// The name among `candidates` that a misspelt `word` most probably stands for.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= (candidate.chars().count().max(word.chars().count()) / 3).max(1)
        })
        .min()
        .map(|(_, candidate)| candidate)
}
