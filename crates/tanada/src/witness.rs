//! What the generated tree builds, for the commands that ask the witness.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;
use tanada_model::design::Design;
use tanada_model::diagnostic::{Code, did_you_mean};
use tanada_model::lock::Lock;
use tanada_verify::network::{Network, NetworkError, NetworkErrorKind};
use tanada_verify::verify::{TREE_CONTRADICTS, TREE_UNFOLLOWED, is_accepted, place_sites};
use tanada_verify::{Observed, Place, ReadError, Root, join, read, read_plan};

use crate::disk::place::{Place as EstatePlace, shown};
use crate::disk::tree::read_terraform;
use crate::estate::read_promised;
use crate::report::{Findings, counted};
use crate::stop::Stop;
use crate::streams::Streams;

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

/// The network that a tree builds, with what the input says to lie at sites, and what is wrong in it and not accepted.
///
/// # Errors
/// As [`network`].
pub fn placed(place: &EstatePlace, plans: &PlanArgs, streams: &mut Streams) -> Result<Placed> {
    let (mut network, mut errors) = network(&place.out, plans)?;
    let mut findings = Findings::default();
    let read = read_promised(place, &mut findings);
    let promised = read.ok().flatten();
    match &promised {
        Some((design, lock)) => {
            place_sites(&mut network, design, lock);
            let all = errors.len();
            errors.retain(|error| !is_accepted(design, error));
            if errors.len() < all {
                let accepted = counted(all - errors.len(), "thing");
                streams.tell(format_args!("left out: {accepted} not followed, which the input accepts"));
            }
        }
        None => streams.tell(format_args!(
            "the input `{}` cannot be read, so of sites only that is known which static routes lead to",
            shown(&place.input)
        )),
    }
    if !network.unread.is_empty() {
        streams.tell(format_args!(
            "not understood: {}, of which nothing is said; `tanada verify` lists them",
            counted(network.unread.len(), "block")
        ));
    }
    Ok(Placed { network, errors, promised })
}

/// What the tree builds, with what lies at sites.
#[derive(Debug)]
pub struct Placed {
    /// The network.
    pub network: Network,
    /// What it contradicts itself in, or what decides and is not followed.
    pub errors: Vec<NetworkError>,
    /// What it should be; `None` when the input cannot be read.
    pub promised: Option<(Design, Lock)>,
}

/// What an answer leaves open.
#[derive(Debug, Serialize)]
pub struct Limits {
    /// Sites whose addresses nobody knows.
    announcing: Vec<String>,
    /// VPCs whose firewall has a way to the internet.
    firewalls: Vec<String>,
}

impl Limits {
    /// Of a network.
    pub fn new(network: &Network) -> Self {
        Self {
            announcing: network.announcing().map(|site| site.name.clone()).collect(),
            firewalls: network.firewalls().map(|vpc| vpc.id.clone()).collect(),
        }
    }

    /// Says it on standard error.
    pub fn tell(&self, streams: &mut Streams) {
        let Self { announcing, firewalls } = self;
        let all = |names: &[String]| {
            let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
            let more = names.len().saturating_sub(SHOWN);
            if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
        };
        if !announcing.is_empty() {
            let verb = if announcing.len() == 1 { "announces" } else { "announce" };
            streams.tell(format_args!(
                "not followed: what {} {verb}, which the input does not say by `ranges`",
                all(announcing)
            ));
        }
        if !firewalls.is_empty() {
            streams.tell(format_args!(
                "not followed: what the firewall in {} sends to the internet",
                all(firewalls)
            ));
        }
    }
}

/// Why an answer may not hold, for programs.
#[derive(Debug, Serialize)]
pub struct Doubt<'a> {
    code: &'static str,
    message: &'a str,
    path: &'a str,
    line: u32,
}

impl<'a> Doubt<'a> {
    /// Of each error.
    pub fn all(errors: &'a [NetworkError]) -> Vec<Self> {
        let one = |error: &'a NetworkError| {
            let NetworkError { place, kind, message } = error;
            Self { code: code(*kind).name, message, path: place.file(), line: place.line() }
        };
        errors.iter().map(one).collect()
    }
}

/// The code under which an error of a network is told.
pub fn code(kind: NetworkErrorKind) -> Code {
    match kind {
        NetworkErrorKind::Contradiction => TREE_CONTRADICTS,
        NetworkErrorKind::Unfollowed => TREE_UNFOLLOWED,
    }
}

/// Says what in the tree contradicts itself or is not followed; then no answer about it holds for certain.
pub fn tell_doubts(out: &Path, errors: &[NetworkError], streams: &mut Streams) {
    for NetworkError { place, kind, message } in errors.iter().take(SHOWN) {
        let (code, at) = (code(*kind).name, located(out, place));
        streams.tell(format_args!("error[{code}]: {message}\n  --> {at}"));
    }
    let more = errors.len().saturating_sub(SHOWN);
    if more > 0 {
        streams.tell(format_args!("and {more} more; `tanada verify` lists them"));
    }
    if !errors.is_empty() {
        streams.tell("so the answer may not hold");
    }
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
