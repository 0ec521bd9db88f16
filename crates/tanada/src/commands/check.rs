//! `tanada check`.

use anyhow::Result;
use tanada_render::derive::derive;

use super::{Format, PlaceArgs};
use crate::estate::{Asked, Estate};
use crate::report::{Answer, Findings};
use crate::streams::Streams;
use crate::templates;

/// Says everything that is wrong with input, lock and templates
///
/// Findings go to standard output, all at once, each with its code, its place and what to type. Exit 1 when one of them
/// is an error. Warnings and notes do not stop anything; `accept` in the input says that one is a choice.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: PlaceArgs,

    /// For whom the findings are
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    let mut findings = Findings::default();
    if let Some(estate) = Estate::load(&place, &Asked::default(), None, &mut findings)? {
        let (plan, found) = derive(&estate.design, &estate.allocation);
        findings.extend(found);
        if let Some(plan) = plan {
            templates::render(&place, &plan, &mut findings)?;
        }
    }
    match args.format {
        Format::Text => findings.write_text(&mut streams.out, streams.out_style)?,
        Format::Json => findings.write_json(&mut streams.out)?,
    }
    streams.tell(findings.summary());
    Ok(if findings.has_errors() { Answer::No } else { Answer::Yes })
}
