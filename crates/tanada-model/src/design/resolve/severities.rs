//! Weights of findings.

use std::collections::BTreeMap;

use super::codes::*;
use super::names::Context;
use crate::design::Weight;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{SeverityStatement, written};

impl Context<'_, '_> {
    pub(super) fn severities(&mut self) -> BTreeMap<String, Weight> {
        let mut severities = BTreeMap::new();
        for SeverityStatement { code, level, why } in &self.document.severities {
            if why.as_ref().is_some_and(|why| why.trim().is_empty()) {
                self.push(
                    Diagnostic::new(INVALID_TEXT, format!("`severity {:?}` gives no reason", code.value))
                        .at(code.span, "")
                        .help("say in `why` what makes it weigh that much here"),
                );
            }
            let Some(level) = written(level) else { continue };
            let severity = match level.value.as_str() {
                "note" => Severity::Note,
                "warning" => Severity::Warning,
                "error" => Severity::Error,
                other => {
                    self.push(
                        Diagnostic::new(WRONG_VALUE, format!("there is no level `{other}`"))
                            .at(level.span, "")
                            .help("write `note`, `warning` or `error`"),
                    );
                    continue;
                }
            };
            severities.insert(
                code.value.clone(),
                Weight { span: code.span, severity, why: why.clone().unwrap_or_default() },
            );
        }
        severities
    }
}
