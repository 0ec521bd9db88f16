//! Which VPCs there are.

use super::codes::{CONFLICTING_ATTRIBUTES, MISSING_CHOICE, UNKNOWN_REFERENCE};
use super::names::Seat;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{Document, EnvironmentStatement, TeamStatement, VpcStatement, written};

/// Every VPC of every team: the standard ones, then the further ones.
pub(super) fn seats<'d>(document: &'d Document, diagnostics: &mut Vec<Diagnostic>) -> Vec<Seat<'d>> {
    let mut seats = Vec::new();
    for team in &document.teams {
        for environment in standard(document, team, diagnostics) {
            let label = environment.header.name.value.as_str();
            if !team.vpcs.iter().any(|vpc| vpc.header.name.value == label) {
                seats.push(Seat { team, vpc: None, label, environment });
            }
        }
        for vpc in &team.vpcs {
            if let Some(environment) = environment_of(document, vpc, diagnostics) {
                seats.push(Seat { team, vpc: Some(vpc), label: &vpc.header.name.value, environment });
            }
        }
    }
    seats
}

fn find<'d>(document: &'d Document, name: &str) -> Option<&'d EnvironmentStatement> {
    document.environments.iter().find(|environment| environment.header.name.value == name)
}

/// The environments in which a team has the standard VPC without saying more.
fn standard<'d>(
    document: &'d Document,
    team: &'d TeamStatement,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'d EnvironmentStatement> {
    let Some(list) = written(&team.environments) else {
        let optional =
            |environment: &&EnvironmentStatement| written(&environment.optional).is_some_and(|o| *o.value);
        return document.environments.iter().filter(|environment| !optional(environment)).collect();
    };
    let mut found: Vec<&EnvironmentStatement> = Vec::new();
    for reference in list.value {
        match reference.value.0.as_slice() {
            [_, name] if let Some(environment) = find(document, name) => {
                if !found.iter().any(|other| std::ptr::eq(*other, environment)) {
                    found.push(environment);
                }
            }
            _ => unknown(document, &reference.value.to_string(), reference.span, diagnostics),
        }
    }
    found
}

fn unknown(
    document: &Document,
    written: &str,
    span: crate::diagnostic::Span,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if document.partial {
        return;
    }
    let name = written.strip_prefix("environment.").unwrap_or(written);
    let names = || document.environments.iter().map(|environment| environment.header.name.value.as_str());
    let diagnostic = Diagnostic::new(UNKNOWN_REFERENCE, format!("there is no `{written}`")).at(span, "");
    diagnostics.push(match did_you_mean(name, names()) {
        Some(meant) => diagnostic.help(format!("did you mean `environment.{meant}`?")),
        None => diagnostic.help(format!("there are {}", all(document))),
    });
}

fn all(document: &Document) -> String {
    let names = document.environments.iter().map(|e| format!("`environment.{}`", e.header.name.value));
    let list: Vec<String> = names.take(8).collect();
    if list.is_empty() { "no environments".to_owned() } else { list.join(", ") }
}

/// The environment of a VPC that has a block: its label's, the written one, or the estate's only one.
fn environment_of<'d>(
    document: &'d Document,
    vpc: &'d VpcStatement,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'d EnvironmentStatement> {
    let label = &vpc.header.name;
    let own = find(document, &label.value);
    if let Some(reference) = written(&vpc.environment) {
        let found = match reference.value.0.as_slice() {
            [_, name] => find(document, name),
            _ => None,
        };
        match (own, found) {
            (_, None) => unknown(document, &reference.value.to_string(), reference.span, diagnostics),
            (Some(own), Some(found)) if !std::ptr::eq(own, found) => {
                let message = format!(
                    "the VPC `{0}` is the one of environment `{0}`, not of `{1}`",
                    label.value, reference.value
                );
                diagnostics.push(
                    Diagnostic::new(CONFLICTING_ATTRIBUTES, message)
                        .at(reference.span, "another environment")
                        .at(label.span, "the name of an environment")
                        .help("delete `environment`, or give the VPC a name that is no environment's"),
                );
            }
            (None | Some(_), Some(_)) => {}
        }
        return found;
    }
    let only = match document.environments.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let found = own.or(only);
    if found.is_none() && !document.faults.any() {
        diagnostics.push(
            Diagnostic::new(
                MISSING_CHOICE,
                format!("the VPC `{}` does not say its environment", label.value),
            )
            .at(label.span, "not the name of an environment")
            .help(format!("add `environment = …`; there are {}", all(document))),
        );
    }
    found
}
