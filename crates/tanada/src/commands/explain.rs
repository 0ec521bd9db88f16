//! `tanada explain`.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use tanada_model::diagnostic::{Code, Severity, did_you_mean};

use super::{Format, PlaceArgs, plan};
use crate::codes;
use crate::examples::{Example, example};
use crate::report::{Answer, level};
use crate::stop::Stop;
use crate::streams::Streams;
use crate::why::{Asked, answer};

/// Says what a finding means, or where an emitted value comes from
///
/// A finding: `tanada explain unknown-reference`, the word in brackets behind `error`, `warning` or `note`. Without
/// WHAT: every code, one line each.
///
/// A value, from the line of the input that it follows from, through the lock, to the literal in the output. By its
/// place in a diff: `tanada explain generated/teams/web/production/main.tf:42`. Or by its folder and path: `tanada
/// explain teams/web/production subnets.private-a.cidr`; the end of a path will do, and so will its start: then
/// everything below it is explained. A folder alone lists its values with their paths.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code; FILE:LINE of the output; or a folder of it, for example `teams/web/production` or `addresses/estate`
    #[arg(value_hint = clap::ValueHint::AnyPath)]
    what: Option<String>,

    /// A value in that folder, for example `acls.private.ingress.12400.cidr`
    #[arg(value_name = "PATH")]
    path: Option<String>,

    /// Directory of the input, `*.hcl` and `*.hcl.json`; the lock lies beside it
    #[arg(long, value_name = "DIR", default_value = "network", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// Directory of the output [default: `generated` beside the input]
    #[arg(long, value_name = "TREE", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let Args { what, path, dir, out, format } = args;
    let Some(what) = what else {
        return list_codes(*format, streams);
    };
    if let (None, Some(code)) = (path, codes::all().find(|code| code.name == what)) {
        return explain_code(&code, *format, streams);
    }
    let is_place = what.contains(['/', '\\', ':']) || what == "backend.hcl" || path.is_some();
    if !is_place {
        let stop = Stop::new(format!("there is no code `{what}`"));
        let stop = match did_you_mean(what, codes::all().map(|code| code.name)) {
            Some(meant) => stop.help(format!("did you mean `{meant}`?")),
            None => stop
                .help("`tanada explain` lists every code; a value is named by FILE:LINE, or folder and path"),
        };
        return Err(stop.into());
    }
    let place = PlaceArgs { dir: dir.clone(), out: out.clone() }.place()?;
    let asked = Asked::new(what, path.as_deref(), &place);
    answer(&asked, &place, *format == Format::Json, streams)
}

fn list_codes(format: Format, streams: &mut Streams) -> Result<Answer> {
    match format {
        Format::Text => {
            for code in codes::all() {
                writeln!(streams.out, "{} ({})", code.name, level(code.severity))?;
            }
        }
        Format::Json => plan::write_json(&codes::all().map(|code| json(&code)).collect::<Vec<_>>(), streams)?,
    }
    Ok(Answer::Yes)
}

fn explain_code(code: &Code, format: Format, streams: &mut Streams) -> Result<Answer> {
    if format == Format::Json {
        plan::write_json(&json(code), streams)?;
        return Ok(Answer::Yes);
    }
    writeln!(streams.out, "{} ({})\n\n{}", code.name, level(code.severity), code.explanation)?;
    if let Some(Example { message, help }) = example(code.name) {
        writeln!(streams.out, "\nFor example:\n\n  {message}")?;
        for line in help {
            writeln!(streams.out, "  help: {line}")?;
        }
    }
    if let Some(source) = codes::source(code.name) {
        writeln!(streams.out, "\nSource: {source}.")?;
    }
    if codes::is_choice(code.name) {
        writeln!(
            streams.out,
            "\nIf it is a choice:\n\n  accept \"{}\" {{\n    why = \"…\"\n  }}",
            code.name
        )?;
    }
    if codes::is_weighable(code) {
        let other = if code.severity == Severity::Warning { "error" } else { "warning" };
        writeln!(
            streams.out,
            "\nIf it weighs more or less here:\n\n  severity \"{}\" {{\n    level = \"{other}\"\n    why   = \"…\"\n  }}",
            code.name
        )?;
    }
    Ok(Answer::Yes)
}

fn json(code: &Code) -> serde_json::Value {
    let Code { name, severity, explanation } = code;
    let source = codes::source(name);
    let example = example(name)
        .map(|Example { message, help }| serde_json::json!({ "message": message, "help": help }));
    serde_json::json!({
        "code": name,
        "severity": level(*severity),
        "explanation": explanation,
        "example": example,
        "source": source,
    })
}
