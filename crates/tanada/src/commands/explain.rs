//! `tanada explain`.

use std::io::Write as _;

use anyhow::Result;
use tanada_model::diagnostic::{Severity, did_you_mean};

use crate::codes;
use crate::report::Answer;
use crate::stop::Stop;
use crate::streams::Streams;

/// Says what a finding means and why it matters
///
/// CODE is the word in brackets behind `error`, `warning` or `note`. Without CODE: every code, one line each.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The code, for example `unknown-reference`
    code: Option<String>,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let Some(name) = &args.code else {
        for code in codes::all() {
            writeln!(streams.out, "{} ({})", code.name, word(code.severity))?;
        }
        return Ok(Answer::Yes);
    };
    let Some(code) = codes::all().find(|code| code.name == name) else {
        let stop = Stop::new(format!("there is no code `{name}`"));
        let stop = match did_you_mean(name, codes::all().map(|code| code.name)) {
            Some(meant) => stop.help(format!("did you mean `{meant}`?")),
            None => stop.help("`tanada explain` lists every code"),
        };
        return Err(stop.into());
    };
    writeln!(streams.out, "{} ({})\n\n{}", code.name, word(code.severity), code.explanation)?;
    if code.severity != Severity::Error {
        writeln!(
            streams.out,
            "\nIf it is a choice:\n\n  accept \"{}\" {{\n    why = \"…\"\n  }}",
            code.name
        )?;
    }
    Ok(Answer::Yes)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
