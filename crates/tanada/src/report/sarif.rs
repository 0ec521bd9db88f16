//! Findings as SARIF 2.1.0, the form that code scanners exchange (OASIS, 2020).

use std::io::{self, Write};

use serde_json::{Value, json};
use tanada_model::diagnostic::{Code, Diagnostic};

use super::lines::{At, Lines};
use super::{Findings, level};
use crate::codes;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Findings {
    /// One run of one tool.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_sarif(&self, out: &mut impl Write) -> io::Result<()> {
        let lines = Lines::of(&self.sources);
        // As they weigh anywhere; what they weigh here stands in each result.
        let rules: Vec<Code> =
            codes::all().filter(|code| self.list.iter().any(|found| found.code.name == code.name)).collect();
        let index = |code: &Code| rules.iter().position(|rule| rule.name == code.name);
        let results: Vec<Value> =
            self.list.iter().map(|finding| self.result(finding, index(&finding.code), &lines)).collect();
        let driver = json!({
            "name": env!("CARGO_PKG_NAME"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules.iter().map(rule).collect::<Vec<_>>(),
        });
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
        });
        serde_json::to_writer_pretty(&mut *out, &log)?;
        writeln!(out)
    }

    fn result(&self, finding: &Diagnostic, rule: Option<usize>, lines: &Lines) -> Value {
        let Diagnostic { code, message, places, help } = finding;
        let mut locations: Vec<Value> = places
            .iter()
            .filter_map(|(place, words)| {
                let At { path, line, column } = lines.at(place, &self.sources)?;
                let mut location = location(path);
                if let Some((line, column)) = line.zip(column) {
                    location["physicalLocation"]["region"] =
                        json!({ "startLine": line, "startColumn": column });
                }
                if !words.is_empty() {
                    location["message"] = json!({ "text": words });
                }
                Some(location)
            })
            .collect();
        if locations.is_empty() {
            locations.extend(self.anywhere().map(location));
        }
        let further = locations.split_off(locations.len().min(1));
        let text: Vec<&str> =
            std::iter::once(message.as_str()).chain(help.iter().map(String::as_str)).collect();
        let mut result = json!({
            "ruleId": code.name,
            "level": level(code.severity),
            "message": { "text": text.join("\n") },
            "locations": locations,
        });
        if let Some(rule) = rule {
            result["ruleIndex"] = json!(rule);
        }
        if !further.is_empty() {
            result["relatedLocations"] = Value::Array(further);
        }
        result
    }

    /// The file to show beside what stands nowhere, because it is missing: scanners refuse a result without a place. What
    /// the input has no more is still in the lock, which is read last.
    fn anywhere(&self) -> Option<&str> {
        let paths = || self.sources.iter().map(|(_, file)| file.path.as_str());
        paths().find(|path| path.ends_with(".lock.hcl")).or_else(|| paths().next())
    }
}

fn rule(code: &Code) -> Value {
    let Code { name, severity, explanation } = code;
    let mut rule = json!({
        "id": name,
        "shortDescription": { "text": explanation },
        "defaultConfiguration": { "level": level(*severity) },
    });
    if let Some(source) = codes::source(name) {
        rule["help"] = json!({ "text": format!("{explanation}\n\nSource: {source}.") });
        if let Some(link) = source.split(&[' ', ',']).find(|word| word.starts_with("https://")) {
            rule["helpUri"] = json!(link);
        }
    }
    rule
}

fn location(path: &str) -> Value {
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } })
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
