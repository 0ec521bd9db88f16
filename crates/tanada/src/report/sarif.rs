//! Findings as SARIF 2.1.0, the form that code scanners exchange (OASIS, 2020).

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Value, json};
use tanada_model::diagnostic::{Diagnostic, Severity};

use super::lines::{At, Lines};
use super::{Findings, level};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Findings {
    /// One run of one tool.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_sarif(&self, out: &mut impl Write) -> io::Result<()> {
        let lines = Lines::of(&self.sources);
        let mut codes: Vec<_> = self.list.iter().map(|finding| finding.code).collect();
        let mut seen = BTreeSet::new();
        codes.retain(|code| seen.insert(code.name));
        let rules: Vec<Value> = codes
            .iter()
            .map(|code| {
                json!({
                    "id": code.name,
                    "shortDescription": { "text": code.explanation },
                    "defaultConfiguration": { "level": level(code.severity) },
                })
            })
            .collect();
        let results: Vec<Value> = self.list.iter().map(|finding| self.result(finding, &lines)).collect();
        let driver = json!({
            "name": env!("CARGO_PKG_NAME"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
        });
        serde_json::to_writer_pretty(&mut *out, &log)?;
        writeln!(out)
    }

    fn result(&self, finding: &Diagnostic, lines: &Lines) -> Value {
        let Diagnostic { code, message, places, help } = finding;
        let mut locations: Vec<Value> = places
            .iter()
            .filter_map(|(place, words)| {
                let At { path, line, column } = lines.at(place, &self.sources)?;
                let mut physical = json!({ "artifactLocation": { "uri": uri(path) } });
                if let Some((line, column)) = line.zip(column) {
                    physical["region"] = json!({ "startLine": line, "startColumn": column });
                }
                let mut location = json!({ "physicalLocation": physical });
                if !words.is_empty() {
                    location["message"] = json!({ "text": words });
                }
                Some(location)
            })
            .collect();
        let further = locations.split_off(locations.len().min(1));
        let text: Vec<&str> =
            std::iter::once(message.as_str()).chain(help.iter().map(String::as_str)).collect();
        let mut result = json!({
            "ruleId": code.name,
            "level": match code.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            "message": { "text": text.join("\n") },
            "locations": locations,
        });
        if !further.is_empty() {
            result["relatedLocations"] = Value::Array(further);
        }
        result
    }
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}
