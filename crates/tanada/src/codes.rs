//! Every code that the program can raise.

use tanada_model::design::KnownCode;
use tanada_model::diagnostic::{Code, Severity};
use tanada_verify::rules;

use crate::sources;

/// The codes of every part, in the order in which a run can meet them, each with what it is seen in.
pub const PARTS: [(&str, &[Code]); 11] = [
    ("input", tanada_model::document::CODES),
    ("input", tanada_model::design::CODES),
    ("lock", tanada_model::lock::CODES),
    ("lock", tanada_render::moves::CODES),
    ("lock", tanada_render::allocate::CODES),
    ("lock", tanada_render::outlook::CODES),
    ("plan", tanada_render::derive::CODES),
    ("plan", tanada_render::emit::CODES),
    ("templates", tanada_render::templates::CODES),
    ("tree", tanada_verify::verify::CODES),
    ("two locks", crate::commands::CHECK_CODES),
];

/// All codes of all parts.
pub fn all() -> impl Iterator<Item = Code> {
    PARTS.into_iter().flat_map(|(_, codes)| codes).copied().chain(rules::rules().map(|rule| rule.code))
}

/// Whether a code is one of a rule over the emitted tree, whose weight an estate may change.
pub fn is_rule(name: &str) -> bool {
    rules::rules().any(|rule| rule.code.name == name)
}

/// Findings beside the rules over the tree of which `accept` says that they are a choice; the rules
/// are all such.
const CHOICES: [&str; 13] = [
    "acl-excess",
    "cidr-combination",
    "google-auto-range",
    "no-room-to-grow",
    "not-private",
    "not-understood",
    "outside-pool",
    "pool-nearly-full",
    "reserved-overlap",
    "site-overlap",
    "tree-unfollowed",
    "troublesome-range",
    "workload-in-attach-tier",
];

/// What a command says beside its work and weighs for nobody.
const REMARKS: [&str; 1] = ["rebuild-forgets"];

/// What an estate may say of a code.
pub fn known(code: Code) -> KnownCode<'static> {
    KnownCode { name: code.name, is_choice: is_choice(code.name), is_weighable: is_weighable(&code) }
}

/// Whether `accept` can say that a finding is a choice.
pub fn is_choice(name: &str) -> bool {
    is_rule(name) || CHOICES.contains(&name)
}

/// Whether `severity` can change what a finding weighs: whatever does not stop a run by itself, and the rules over the tree.
pub fn is_weighable(code: &Code) -> bool {
    (code.severity < Severity::Error && !REMARKS.contains(&code.name)) || is_rule(code.name)
}

/// The document that a finding rests on: a public one, or that of this project which says what was promised.
pub fn source(name: &str) -> Option<&'static str> {
    let rule = rules::rules().find(|rule| rule.code.name == name).map(|rule| rule.source);
    let own = || {
        let of = |(_, codes): &(&str, &[Code])| codes.iter().any(|code| code.name == name);
        PARTS.into_iter().find(of).map(|(part, _)| sources::own(part))
    };
    rule.or_else(|| sources::source(name)).or_else(own)
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

    use super::*;

    #[test]
    fn refusals_are_errors_that_exist() {
        for name in REFUSALS {
            assert!(all().any(|code| code.name == name && code.severity == Severity::Error), "{name}");
        }
    }

    #[test]
    fn choices_exist_and_whatever_does_not_stop_a_run_is_one() {
        for name in CHOICES {
            assert!(all().any(|code| code.name == name) && !is_rule(name), "{name}");
        }
        // What `verify` alone says is nobody's choice.
        let alone = |name| name == "flow-inherent" || REMARKS.contains(&name);
        let light = all().filter(|code| code.severity < Severity::Error && !alone(code.name));
        for code in light {
            assert!(is_choice(code.name), "{}", code.name);
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
