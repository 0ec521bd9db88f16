//! `tanada roots`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;
use tanada_verify::Reader;

use super::Format;
use crate::disk::place::Place;
use crate::report::Answer;
use crate::revision::{ChangedRoots, Side, Spec, changed_roots};
use crate::stop::Stop;
use crate::streams::Streams;

/// Lists the roots to plan, in the order of their apply
///
/// Hubs first, since VPCs look them up; the roots of one stage do not need each other. JSON is an array of
/// `{directory, stage, gone, follows}`, for the matrix of a pipeline.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Directory of the input; the lock lies beside it
    #[arg(value_name = "DIR", default_value = "network")]
    dir: PathBuf,

    /// Directory of the output [default: `generated` beside DIR]
    #[arg(long, value_name = "TREE")]
    out: Option<PathBuf>,

    /// Only roots that are made of a file which differs from this revision or directory, those that are gone, and those
    /// that change only because a hub does
    #[arg(long, value_name = "BASE")]
    changed: Option<String>,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A root.
#[derive(Serialize)]
struct Row {
    directory: String,
    /// Roots of a smaller stage are applied first.
    stage: u8,
    /// Whether it stands in the base only: there is nothing to plan.
    gone: bool,
    /// Whether its files stay the same, and it changes because a hub does. Before that is applied a plan shows nothing.
    follows: bool,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = Place::new(&args.dir, args.out.as_deref())?;
    let now = Side::open(&place, &Spec::WorkingTree)?;
    if !now.has_tree() {
        return Err(Stop::new("there is no generated tree here")
            .help("`tanada generate` writes it; `--out` names another directory")
            .into());
    }
    let there = roots(&now)?;
    let ChangedRoots { edited, following } = match &args.changed {
        Some(base) => changed_roots(&Side::open(&place, &Spec::new(base))?, &now)?,
        None => ChangedRoots { edited: there.clone(), following: BTreeSet::new() },
    };
    let stage = |directory: &str| if directory.starts_with("hub/") { 1 } else { 2 };
    let row = |follows: bool| {
        let there = &there;
        move |directory: String| Row {
            stage: stage(&directory),
            gone: !there.contains(&directory),
            follows,
            directory,
        }
    };
    let mut rows: Vec<Row> = edited.into_iter().map(row(false)).collect();
    rows.extend(following.into_iter().map(row(true)));
    rows.sort_by(|a, b| (a.stage, &a.directory).cmp(&(b.stage, &b.directory)));
    match args.format {
        Format::Json => super::plan::write_json(&rows, streams)?,
        Format::Text => {
            for Row { directory, stage: _, gone, follows: _ } in &rows {
                if *gone {
                    streams.tell(format_args!("gone: {directory}"));
                } else {
                    writeln!(streams.out, "{directory}")?;
                }
            }
        }
    }
    Ok(Answer::Yes)
}

fn roots(side: &Side) -> Result<BTreeSet<String>> {
    let roots = Reader::new(side).roots();
    let roots =
        roots.map_err(|error| Stop::new(format!("cannot list the roots of {}: {error}", side.label)))?;
    Ok(roots.into_iter().collect())
}
