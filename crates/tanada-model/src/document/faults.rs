//! Where the reading of an input found something wrong: a value that is missing there may have been complained about.

use std::collections::BTreeSet;

use super::raw;
use crate::diagnostic::{Diagnostic, FileId, Place, Span};

/// Which statements at top level were not read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Where statements at top level begin: at their names.
    starts: BTreeSet<(FileId, u32)>,
    /// Those of `starts` with a finding before the next one.
    faulty: BTreeSet<(FileId, u32)>,
    /// Whether there was any finding.
    any: bool,
    /// Whether there was one that belongs to no statement.
    anywhere: bool,
}

impl Faults {
    /// Of findings about a text with these statements.
    pub(super) fn new(body: &raw::Body, partial: bool) -> Self {
        let start = |block: &raw::Block| {
            let span = block.labels.last().unwrap_or(&block.keyword).span;
            (span.file, span.start)
        };
        let starts = body.blocks.iter().map(start).collect();
        Self { starts, faulty: BTreeSet::new(), any: partial, anywhere: partial }
    }

    /// Takes note of what was found.
    pub(super) fn note(&mut self, found: &[Diagnostic]) {
        for finding in found {
            self.any = true;
            for (place, _) in &finding.places {
                let statement = match place {
                    Place::Span(span) => self.statement(*span),
                    Place::Path(_) => None,
                };
                match statement {
                    Some(statement) => {
                        self.faulty.insert(statement);
                    }
                    None => self.anywhere = true,
                }
            }
            self.anywhere |= finding.places.is_empty();
        }
    }

    /// The statement that a place lies in.
    fn statement(&self, span: Span) -> Option<(FileId, u32)> {
        self.starts.range((span.file, 0)..=(span.file, span.start)).next_back().copied()
    }

    /// Whether a value that the statement with this name lacks may have been complained about.
    pub fn may_hide(&self, name: Span) -> bool {
        self.anywhere || self.statement(name).is_some_and(|statement| self.faulty.contains(&statement))
    }

    /// Whether anything was left out because it was wrong.
    pub fn any(&self) -> bool {
        self.any
    }
}
