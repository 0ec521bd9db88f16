//! What the generated tree builds, for the commands that ask the witness.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use tanada_model::diagnostic::did_you_mean;
use tanada_verify::network::{Network, NetworkError};
use tanada_verify::{Observed, Place, ReadError, Root, join, read, read_plan};

use crate::disk::place::shown;
use crate::disk::tree::read_terraform;
use crate::stop::Stop;

/// How many errors are said of what cannot be read.
const SHOWN: usize = 5;

/// Roots of which not the text counts, but what Terraform showed of a plan or state.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct PlanArgs {
    /// Of the root ROOT not the text, but what `terraform show -json` printed into FILE: a plan or a state
    ///
    /// May be given for each root. Ids that Terraform knows already say what belongs together. What a plan knows only after
    /// apply is taken from the root's text, if plan and text agree in all else.
    #[arg(long = "plan", value_name = "ROOT=FILE", value_parser = parse_planned, value_hint = clap::ValueHint::Other)]
    plans: Vec<Planned>,
}

/// One of them.
#[derive(Clone, Debug)]
struct Planned {
    root: String,
    file: PathBuf,
}

fn parse_planned(text: &str) -> std::result::Result<Planned, String> {
    match text.split_once('=') {
        Some((root, file)) if !root.is_empty() && !file.is_empty() => {
            Ok(Planned { root: root.trim_end_matches('/').to_owned(), file: file.into() })
        }
        Some(_) | None => {
            Err(format!("`{text}` is not ROOT=FILE, such as `teams/payments/production=plan.json`"))
        }
    }
}

/// The network that a tree builds, with what is wrong in it.
///
/// # Errors
/// When the tree or a plan cannot be read, or is none.
pub fn network(out: &Path, PlanArgs { plans }: &PlanArgs) -> Result<(Network, Vec<NetworkError>)> {
    let name = shown(out);
    if !out.is_dir() {
        return Err(Stop::new(format!("there is no directory `{name}`"))
            .help("`tanada generate` writes it; `--out` names another one")
            .into());
    }
    let mut observed = read(&read_terraform(out)?)
        .map_err(|errors| stop(format!("cannot read the tree `{name}`"), &errors))?;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for Planned { root, file } in plans {
        if !seen.insert(root) {
            return Err(Stop::new(format!("two plans are given for `{root}`")).into());
        }
        let replaced = planned(&observed, root, file)?;
        observed.roots.insert(root.as_str().into(), replaced);
    }
    Ok(Network::observe(&observed))
}

/// A root as Terraform showed it.
fn planned(observed: &Observed, root: &str, file: &Path) -> Result<Root> {
    let Some(text) = observed.roots.get(root) else {
        let known = observed.roots.keys().map(AsRef::as_ref);
        let stop = Stop::new(format!("there is no root `{root}` in the tree"));
        return Err(match did_you_mean(root, known) {
            Some(meant) => stop.help(format!("did you mean `{meant}`?")),
            None => stop.help("`tanada roots` lists them"),
        }
        .into());
    };
    let name = shown(file);
    let json = fs::read_to_string(file)
        .map_err(|error| Stop::new(format!("cannot read `{name}`")).because(error))?;
    let cannot = |errors: &[ReadError]| stop(format!("cannot follow `{name}`"), errors);
    let mut root = read_plan(&json, root).map_err(|error| cannot(&[error]))?;
    join(&mut root, Some(text)).map_err(|errors| cannot(&errors))?;
    Ok(root)
}

fn stop(message: String, errors: &[ReadError]) -> Stop {
    let shown = errors.iter().take(SHOWN).map(ReadError::to_string);
    let more = errors.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("and {more} more"));
    shown.chain(more).fold(Stop::new(message), Stop::help)
}

/// A place of the tree as a person can open it.
pub fn located(out: &Path, place: &Place) -> String {
    let path = shown(&out.join(place.file()));
    if place.line() == 0 { path } else { format!("{path}:{}", place.line()) }
}
