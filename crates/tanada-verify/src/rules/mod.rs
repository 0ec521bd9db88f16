//! What AWS would refuse at apply, and what works but hurts: rules over an emitted tree.
//!
//! A rule is one file: its code, where the fact was read, and how it is seen. It stands in [`RULES`] and has a fixture in
//! `tests/rules/`; a test complains until all three exist. What input, lock and plan can tell before anything is emitted is
//! said by those who read them; here stands what only the tree shows, also one that a person has edited since.

mod acls;
mod addresses;
mod attachments;
mod care;
mod quotas;
mod routes;

use std::collections::BTreeMap;

use rayon::prelude::*;
use tanada_model::diagnostic::{Code, Severity};

use crate::network::Network;
use crate::{Observed, Place};

pub use quotas::{Count, Quotas, counts};

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, weight and meaning.
    pub code: Code,
    /// The public document it rests on, and when it was read.
    pub source: &'static str,
    check: fn(&Facts<'_>, &mut Vec<Said>),
}

/// What rules look at.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Every instance of every root.
    pub observed: &'a Observed,
    /// What it builds.
    pub network: &'a Network,
    /// Quotas in force.
    pub quotas: &'a Quotas,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code.
    pub code: Code,
    /// One line: lower case, no full stop, names and values in backticks.
    pub message: String,
    /// Where in the tree, the first one the primary; each with the words beside it (may be empty).
    pub places: Vec<(Place, String)>,
    /// What to do, one line each.
    pub help: Vec<String>,
}

/// A finding while its rule is still making it.
#[derive(Debug)]
pub(crate) struct Said {
    message: String,
    places: Vec<(Place, String)>,
    help: Vec<String>,
}

impl Said {
    /// A finding at a place.
    pub(crate) fn new(place: &Place, message: impl Into<String>) -> Self {
        Self { message: message.into(), places: vec![(place.clone(), String::new())], help: Vec::new() }
    }

    /// A further place, with the words beside it.
    #[must_use]
    pub(crate) fn and(mut self, place: &Place, words: impl Into<String>) -> Self {
        self.places.push((place.clone(), words.into()));
        self
    }

    /// A line that says what to do.
    #[must_use]
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }
}

/// Defines a rule's code and its place in the registry.
macro_rules! rule {
    ($name:literal, $severity:ident, $explanation:literal, $source:expr) => {
        /// The rule of this file.
        pub(super) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            code: tanada_model::diagnostic::Code {
                name: $name,
                severity: tanada_model::diagnostic::Severity::$severity,
                explanation: $explanation,
            },
            source: $source,
            check,
        };
    };
}
pub(crate) use rule;

/// Every rule, by what it is about.
pub static RULES: &[&[&Rule]] =
    &[addresses::RULES, attachments::RULES, routes::RULES, acls::RULES, care::RULES, quotas::RULES];

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().flat_map(|group| group.iter().copied())
}

/// What all rules find, sorted by place, then code.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let all: Vec<&Rule> = rules().collect();
    let mut found: Vec<Finding> = all.par_iter().flat_map_iter(|rule| apply(rule, facts)).collect();
    found.sort_by(|a, b| {
        let place = |finding: &Finding| finding.places.first().map(|(place, _)| place.clone());
        (place(a), a.code.name, &a.message).cmp(&(place(b), b.code.name, &b.message))
    });
    found
}

fn apply(rule: &Rule, facts: &Facts<'_>) -> Vec<Finding> {
    let mut said = Vec::new();
    (rule.check)(facts, &mut said);
    let finding = |Said { message, places, help }| Finding { code: rule.code, message, places, help };
    said.into_iter().map(finding).collect()
}

/// How many findings there are of each weight.
pub fn count(findings: &[Finding]) -> BTreeMap<Severity, usize> {
    let mut count = BTreeMap::new();
    for finding in findings {
        *count.entry(finding.code.severity).or_default() += 1;
    }
    count
}
