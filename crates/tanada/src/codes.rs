//! Every code that the program can raise.

use tanada_model::diagnostic::Code;
use tanada_verify::rules;

/// All codes of all parts, in the order in which a run can meet them.
pub fn all() -> impl Iterator<Item = Code> {
    let parts = [
        tanada_model::document::CODES,
        tanada_model::design::CODES,
        tanada_model::lock::CODES,
        tanada_render::moves::CODES,
        tanada_render::allocate::CODES,
        tanada_render::derive::CODES,
        tanada_render::emit::CODES,
        tanada_render::templates::CODES,
        tanada_verify::verify::CODES,
        crate::commands::CHECK_CODES,
    ];
    parts.into_iter().flatten().copied().chain(rules::rules().map(|rule| rule.code))
}

/// Whether a code is one of a rule over the emitted tree, whose weight an estate may change.
pub fn is_rule(name: &str) -> bool {
    rules::rules().any(|rule| rule.code.name == name)
}

/// The public document that a finding rests on, where there is one.
pub fn source(name: &str) -> Option<&'static str> {
    rules::rules().find(|rule| rule.code.name == name).map(|rule| rule.source)
}

/// Errors of an input that is valid: somebody first has to agree, or to wait. The answer is no, not "cannot say".
pub const REFUSALS: [&str; 9] = [
    "move-gate",
    "vanished-vpc",
    "vanished-block",
    "block-changes-size",
    "headroom-grows",
    "tier-changes-size",
    "zone-removed",
    "release-live",
    "needed-by-leaving-root",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tanada_model::diagnostic::Severity;

    use super::*;

    #[test]
    fn refusals_are_errors_that_exist() {
        for name in REFUSALS {
            assert!(all().any(|code| code.name == name && code.severity == Severity::Error), "{name}");
        }
    }

    #[test]
    fn no_code_stands_for_two_things() {
        let mut names = BTreeSet::new();
        for code in all() {
            assert!(names.insert(code.name), "{}", code.name);
            assert!(!code.explanation.is_empty(), "{}", code.name);
        }
    }
}
