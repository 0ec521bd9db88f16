//! `tanada roots`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;
use tanada_verify::Reader;

use super::Format;
use crate::disk::place::Place;
use crate::report::Answer;
use crate::revision::{ChangedRoots, Held, Side, Spec, changed_roots, is_hub};
use crate::stop::Stop;
use crate::streams::Streams;

/// Lists the roots to plan, in the order of their apply
///
/// Hubs first, since VPCs look them up, then VPCs; the roots of one stage do not need each other. A hub that takes away what
/// VPCs hold, a gateway or a segment's route table, comes after them in a third stage, since AWS deletes neither before they
/// have let go of it; one that also makes something comes in both. What is gone from the tree is destroyed in BASE, in the
/// same order. JSON is an array of `{directory, stage, gone, follows, removes}`, for the matrix of a pipeline.
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

    /// All roots in the order in which `terraform destroy` takes everything down: VPCs first, then hubs
    #[arg(long, conflicts_with = "changed")]
    destroy: bool,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A root, once for each time that it is applied.
#[derive(Serialize)]
struct Row {
    directory: String,
    /// Roots of a smaller stage are applied first.
    stage: u8,
    /// Whether it stands in the base only: there is nothing to plan.
    gone: bool,
    /// Whether its files stay the same, and it changes because a hub does. Before that is applied a plan shows nothing.
    follows: bool,
    /// Addresses of what it takes away that VPCs hold until they have been applied.
    removes: Vec<String>,
}

/// Makes what VPCs look up.
const HUBS: u8 = 1;
const VPCS: u8 = 2;
/// Takes away what VPCs have let go of.
const HUBS_LAST: u8 = 3;

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = Place::new(&args.dir, args.out.as_deref())?;
    let now = Side::open(&place, &Spec::WorkingTree)?;
    if !now.has_tree() {
        return Err(Stop::new("there is no generated tree here")
            .help("`tanada generate` writes it; `--out` names another directory")
            .into());
    }
    let there = roots(&now)?;
    let changed = match &args.changed {
        Some(base) => changed_roots(&Side::open(&place, &Spec::new(base))?, &now)?,
        None => ChangedRoots { edited: there.clone(), ..ChangedRoots::default() },
    };
    let mut rows = rows(&changed, &there, args.destroy);
    rows.sort_by(|a, b| (a.stage, &a.directory).cmp(&(b.stage, &b.directory)));
    match args.format {
        Format::Json => super::plan::write_json(&rows, streams)?,
        Format::Text => {
            for Row { directory, stage: _, gone, follows: _, removes: _ } in &rows {
                if *gone {
                    streams.tell(format_args!("gone: {directory}"));
                } else {
                    writeln!(streams.out, "{directory}")?;
                }
            }
        }
    }
    tell(&changed.held, streams);
    Ok(Answer::Yes)
}

fn rows(changed: &ChangedRoots, there: &BTreeSet<String>, destroys: bool) -> Vec<Row> {
    let ChangedRoots { edited, following, held } = changed;
    let all = edited.iter().map(|root| (root, false)).chain(following.iter().map(|root| (root, true)));
    let mut rows = Vec::new();
    for (directory, follows) in all {
        let gone = !there.contains(directory);
        let row = |stage, removes| Row { directory: directory.clone(), stage, gone, follows, removes };
        match held.get(directory) {
            _ if !is_hub(directory) => rows.push(row(VPCS, Vec::new())),
            _ if gone || destroys => rows.push(row(HUBS_LAST, Vec::new())),
            Some(Held { destroyed, replaced, only_goes }) => {
                if !only_goes {
                    rows.push(row(HUBS, replaced.clone()));
                }
                if !destroyed.is_empty() {
                    rows.push(row(HUBS_LAST, destroyed.clone()));
                }
            }
            None => rows.push(row(HUBS, Vec::new())),
        }
    }
    rows
}

/// Says why a hub does not come first, or not only.
fn tell(held: &BTreeMap<String, Held>, streams: &mut Streams) {
    for (directory, Held { destroyed, replaced, only_goes }) in held {
        let listed =
            |all: &[String]| all.iter().map(|address| format!("`{address}`")).collect::<Vec<_>>().join(", ");
        if !destroyed.is_empty() {
            let what = listed(destroyed);
            let when = if *only_goes {
                "it comes after the VPCs"
            } else {
                "it comes twice, and its first apply may end with an error there"
            };
            streams.tell(format_args!("{directory}: VPCs hold {what} until they are applied, so {when}"));
        }
        if !replaced.is_empty() {
            let what = listed(replaced);
            streams.tell(format_args!(
                "{directory}: VPCs hold {what}, which it makes anew; AWS deletes the old one only when they have let go: \
                 in their roots `terraform destroy -target=module.vpc.aws_ec2_transit_gateway_vpc_attachment.this` first"
            ));
        }
    }
}

fn roots(side: &Side) -> Result<BTreeSet<String>> {
    let roots = Reader::new(side).roots();
    let roots =
        roots.map_err(|error| Stop::new(format!("cannot list the roots of {}: {error}", side.label)))?;
    Ok(roots.into_iter().collect())
}
