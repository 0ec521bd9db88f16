//! `tanada generate`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Result;
use rayon::prelude::*;
use tanada_model::diagnostic::{self, Diagnostic};
use tanada_model::lock::{self, Acceptance, BlockLabel, Lock};
use tanada_model::net::{Block, Position};
use tanada_render::allocate::Consent;
use tanada_render::derive::derive;
use tanada_render::emit::{OldRoot, into_units, leaving, missing, units};
use tanada_render::moves::Stages;
use tanada_render::plan::Plan;
use tanada_render::templates::is_added;

use super::PlaceArgs;
use crate::disk::compare::{Comparison, Due, Overwrite, compare};
use crate::disk::known::{Known, has_tree};
use crate::disk::lock::Exclusive;
use crate::disk::manifest::MANIFEST_NAME;
use crate::disk::place::{Place, shown};
use crate::disk::tree::read_file;
use crate::disk::write::{NewLock, open_gate, write};
use crate::estate::{Asked, Estate, Trial};
use crate::guarded::{Guard, Refused, known};
use crate::local::left_behind;
use crate::report::{Answer, Findings, counted};
use crate::stop::Stop;
use crate::streams::Streams;
use crate::templates;

/// Writes the Terraform of the whole estate
///
/// Reads the input and the lock, gives new VPCs their addresses, and brings the output directory to what follows from
/// them. What has an address keeps it. Only files whose bytes differ are written, and either all of them or none:
/// nothing is written while the input has an error, or while a file was edited by hand.
///
/// Of the output directory only files that a run wrote are replaced or removed (`.tanada` there lists them).
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: PlaceArgs,

    /// Write nothing; exit 1 and name the files when the output is not what the input says
    #[arg(long)]
    check: bool,

    /// Try a root pool with another range. Needs `--out` elsewhere, and leaves the lock as it is
    #[arg(long, value_name = "POOL=CIDR", requires = "out", conflicts_with = "check")]
    range: Vec<RangeArg>,

    /// Agree to what is replaced or destroyed of NAME (`team-vpc`, `team-vpc/block`, `hub.x`, `layout.x.tier`; `pool.x`:
    /// every VPC that is replaced because the pool's addresses are others); several with commas. The lock records exactly
    /// which change
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    accept: Vec<String>,

    /// NAME has left the input: keep its root without content, so that Terraform destroys what it has made.
    /// Several with commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    destroy: Vec<String>,

    /// NAME has left the input: keep its network running and take it out of Terraform's state
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    forget: Vec<String>,

    /// Bring what moves (`moves_from`) to stage N: 0 not begun, 1 a second network beside the old one, 2 the old one
    /// leaves (with `--destroy NAME`), 3 the second one has the name
    #[arg(long, value_name = "[NAME=]N", value_delimiter = ',')]
    stage: Vec<StageArg>,

    /// Replace a file that was edited by hand: the file, a directory of such files, or `all`
    #[arg(long, value_name = "PATH")]
    overwrite: Vec<String>,
}

/// A pool and a range, as the command line has them.
#[derive(Clone, Debug)]
struct RangeArg(Trial);

impl FromStr for RangeArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (pool, range) = text.split_once('=').ok_or("write POOL=CIDR, for example main=10.0.0.0/8")?;
        let range = range.parse::<Block>().map_err(|error| error.to_string())?;
        Ok(Self(Trial { pool: pool.to_owned(), range }))
    }
}

/// A stage of one move, or of all.
#[derive(Clone, Debug)]
struct StageArg {
    name: Option<String>,
    stage: u8,
}

impl FromStr for StageArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, number) = match text.split_once('=') {
            Some((name, number)) => (Some(name.to_owned()), number),
            None => (None, text),
        };
        let stage = number.parse().ok().filter(|stage| *stage <= 3);
        Ok(Self { name, stage: stage.ok_or("write a stage from 0 to 3, or NAME=STAGE")? })
    }
}

/// The last word counts.
fn stages(args: &[StageArg]) -> Stages {
    let mut stages = Stages::default();
    for StageArg { name, stage } in args {
        match name {
            Some(name) => {
                stages.named.insert(name.clone(), *stage);
            }
            None => stages.all = Some(*stage),
        }
    }
    stages
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    if !args.range.is_empty() && place.has_standard_out()? {
        return Err(Stop::new("`--range` only tries: it does not write where the estate's own files lie")
            .help("name another directory, for example `--out /tmp/trial`")
            .into());
    }
    let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    let consent =
        Consent { accept: set(&args.accept), destroy: set(&args.destroy), forget: set(&args.forget) };
    let trials: Vec<Trial> = args.range.iter().map(|RangeArg(trial)| trial.clone()).collect();
    let asked = Asked { trials, consent, stages: stages(&args.stage) };
    let order = Order { place, asked, overwrite: &args.overwrite, check: args.check };
    let _alone = if args.check { None } else { Some(take_turn(&order.place, streams)?) };
    order.run(None, streams)
}

/// The right to write this estate, waiting for another run that has it.
pub(super) fn take_turn(place: &Place, streams: &mut Streams) -> Result<Exclusive> {
    Exclusive::take(&[&place.input, &place.out], |directory| {
        streams.tell(format_args!("waiting: another run is writing `{}`", shown(directory)));
    })
}

/// What is to be generated.
pub(super) struct Order<'a> {
    pub(super) place: Place,
    pub(super) asked: Asked,
    pub(super) overwrite: &'a [String],
    pub(super) check: bool,
}

impl Order<'_> {
    /// Generates, with `lock` in place of the one on the disk when there is one.
    pub(super) fn run(&self, lock: Option<Lock>, streams: &mut Streams) -> Result<Answer> {
        let Self { place, asked, overwrite, check } = self;
        let mut findings = Findings::default();
        let (made, known) = rayon::join(|| self.make(lock, &mut findings), || Known::read(&place.out));
        let made = made?;
        findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        let Some(Made { mut estate, plan, more }) = made else {
            streams.tell(format_args!("{}; nothing was written", findings.summary()));
            return Ok(findings.answer());
        };
        let known = known?;
        let overwrite = Overwrite::new(overwrite, &place.out);
        let (comparison, mut text) = rayon::join(
            || compare_all(&place.out, known, plan, more, &overwrite),
            || lock::print(&estate.new_lock),
        );
        let comparison = comparison?;
        if *check {
            let new_lock = NewLock { path: &place.lock, old: estate.lock.text.as_deref(), new: &text };
            return tell_stale(&place.out, &comparison, &new_lock, streams);
        }
        if !comparison.edited.is_empty() {
            tell_edited(&place.out, &comparison.edited, streams);
            return Ok(Answer::No);
        }
        let trial = !asked.trials.is_empty();
        if !trial {
            let Some(accepted) = self.agreed(&estate, &comparison, streams)? else { return Ok(Answer::No) };
            if !accepted.is_empty() {
                estate.new_lock.accepted.extend(accepted);
                text = lock::print(&estate.new_lock);
            }
        }
        let new_lock = NewLock { path: &place.lock, old: estate.lock.text.as_deref(), new: &text };
        let new_lock = (!trial).then_some(new_lock);
        let (written, news) =
            rayon::join(|| write(&place.out, &comparison, new_lock, &open_gate), || new_blocks(&estate));
        written?;
        // All at once: standard error has no buffer, and a first run gives addresses to thousands.
        if !news.is_empty() {
            streams.tell(news.join("\n"));
        }
        tell_written(&place.out, &comparison, streams);
        if !trial && estate.design.backend.is_none() {
            let locks = (&estate.lock.lock, &estate.new_lock);
            left_behind(&place.out, locks, &comparison.remove).iter().for_each(|line| streams.tell(line));
        }
        // The process ends: giving back every text of a large estate, one by one, takes longer than printing some.
        std::mem::forget((estate, comparison));
        Ok(Answer::Yes)
    }

    /// What was agreed to, for the lock; `None` when a network would be lost unasked, and that has been said.
    fn agreed(
        &self,
        estate: &Estate,
        comparison: &Comparison,
        streams: &mut Streams,
    ) -> Result<Option<BTreeMap<String, Acceptance>>> {
        // A stage is no agreement: what it destroys is named by `--destroy`.
        let Asked { trials: _, consent, stages: _ } = &self.asked;
        let Consent { accept, destroy, forget } = consent;
        let names: BTreeSet<&str> = accept.iter().chain(destroy).chain(forget).map(String::as_str).collect();
        let (out, lock, design) = (self.place.out.as_path(), &estate.lock.lock, &estate.design);
        let (new_lock, allocation) = (&estate.new_lock, &estate.allocation);
        for name in names.iter().filter(|name| names_nothing(name, estate, comparison)) {
            streams
                .tell(format_args!("nothing here is called `{name}`; `tanada list` shows the names of VPCs"));
        }
        let verdict = Guard { out, comparison, lock, new_lock, design, allocation, names }.judge()?;
        for Refused { words, help } in &verdict.refused {
            streams.tell(format_args!("refused: {words}"));
            for line in help {
                streams.tell(format_args!("  = help: {line}"));
            }
        }
        if !verdict.refused.is_empty() {
            streams.tell("nothing was written");
            return Ok(None);
        }
        Ok(Some(verdict.accepted))
    }

    /// Everything up to the plan; `None` when there is an error among the findings.
    fn make(&self, lock: Option<Lock>, findings: &mut Findings) -> Result<Option<Made>> {
        let Self { place, asked, overwrite: _, check: _ } = self;
        let Some(estate) = Estate::load(place, asked, lock, findings)? else { return Ok(None) };
        refuse_lost_lock(place, &estate)?;
        let (plan, found) = derive(&estate.design, &estate.allocation);
        findings.extend(found);
        let Some(plan) = plan.filter(|_| !findings.has_errors()) else { return Ok(None) };
        let Some(mut files) = templates::render(place, &plan, findings)? else { return Ok(None) };
        if !plan.leaving.is_empty() {
            let known = Known::read(&place.out)?;
            for root in &plan.leaving {
                files.extend(leaving(root, &read_old_root(&place.out, &root.directory, &known)?));
            }
        }
        let found = missing(&plan, &files);
        findings.extend(found.into_iter().map(|finding| below(&place.out, finding)).collect());
        Ok((!findings.has_errors()).then_some(Made { estate, plan, more: files }))
    }
}

/// Whether somebody who agrees to a loss by this name agrees to nothing at all.
fn names_nothing(name: &str, estate: &Estate, comparison: &Comparison) -> bool {
    let (lock, design) = (&estate.lock.lock, &estate.design);
    if let Some(pool) = name.strip_prefix("pool.") {
        return design.pools.id(pool).is_none() && !lock.pools.contains_key(pool);
    }
    if let Some(hub) = name.strip_prefix("hub.") {
        // The lock says nothing of a hub that was never renamed: one that leaves has files.
        let folder = format!("hub/{hub}/");
        let leaves = comparison.remove.iter().any(|path| path.starts_with(&folder));
        return design.hubs.id(hub).is_none() && !lock.hubs.contains_key(hub) && !leaves;
    }
    if let Some(rest) = name.strip_prefix("layout.") {
        let layout = rest.split('.').next().unwrap_or(rest);
        return design.layouts.id(layout).is_none() && !lock.layouts.contains_key(layout);
    }
    let vpc = name.split('/').next().unwrap_or(name);
    design.vpcs.id(vpc).is_none() && known(lock).all(|own| own.id() != vpc)
}

/// What is known before the first file is printed.
struct Made {
    estate: Estate,
    plan: Plan,
    /// Paths and texts of the roots on their way out, and of what templates yield.
    more: Vec<(String, String)>,
}

/// A finding about files of the tree, with where they lie.
fn below(out: &Path, mut finding: Diagnostic) -> Diagnostic {
    for (place, _) in &mut finding.places {
        if let diagnostic::Place::Path(path) = place {
            *path = format!("{}/{path}", shown(out));
        }
    }
    finding
}

/// Prints every file and compares it with what lies there.
fn compare_all(
    out: &Path,
    known: Known,
    plan: Plan,
    more: Vec<(String, String)>,
    overwrite: &Overwrite,
) -> Result<Comparison> {
    if known.is_empty() {
        return compare(out, known, into_units(plan).flatten_iter().chain(more), overwrite);
    }
    // Nearly every text is dropped at once, so that what the plan has is not needed for others.
    let comparison = compare(out, known, units(&plan).flatten_iter().chain(more), overwrite);
    std::mem::forget(plan);
    comparison
}

/// What a root on its way out keeps.
fn read_old_root(out: &Path, directory: &str, known: &Known) -> Result<OldRoot> {
    let read = |name: &str| read_file(out, &format!("{directory}/{name}"));
    let mut added = Vec::new();
    for name in known.in_folder(directory).filter(|name| name.ends_with(".tf") && is_added(name)) {
        added.extend(read(name)?);
    }
    Ok(OldRoot {
        providers: read("providers.tf")?,
        addresses: read("addresses.tf")?,
        backend: read("backend.tf")?,
        variables: read("variables.tf")?,
        removed: read("removed.tf")?,
        added,
    })
}

/// A tree without its lock: every address would be handed out anew.
fn refuse_lost_lock(place: &Place, estate: &Estate) -> Result<()> {
    if estate.lock.text.is_some() || !has_tree(&place.out)? {
        return Ok(());
    }
    let (lock, out) = (shown(&place.lock), shown(&place.out));
    Err(Stop::new(format!("there is no lock `{lock}`, although `{out}` was generated with one"))
        .help("take it from version control, or run `tanada lock rebuild`, which reads it back from the tree")
        .into())
}

fn tell_stale(
    out: &Path,
    comparison: &Comparison,
    lock: &NewLock<'_>,
    streams: &mut Streams,
) -> Result<Answer> {
    let mut stale: BTreeMap<PathBuf, &str> = BTreeMap::new();
    for Due { path, text: _, is_new } in &comparison.write {
        stale.insert(out.join(&**path), if *is_new { "missing" } else { "differs" });
    }
    stale.extend(comparison.remove.iter().map(|path| (out.join(path), "no longer generated")));
    stale.extend(comparison.edited.iter().map(|path| (out.join(path), "edited by hand")));
    let manifest_differs = comparison.manifest_differs && !comparison.manifest_merged;
    if manifest_differs || comparison.interrupted.is_some() {
        stale.insert(
            out.join(MANIFEST_NAME),
            if comparison.interrupted.is_some() { "unfinished" } else { "differs" },
        );
    }
    if lock.old != Some(lock.new) {
        stale.insert(lock.path.to_path_buf(), if lock.old.is_none() { "missing" } else { "differs" });
    }
    for (path, how) in &stale {
        writeln!(streams.out, "{}: {how}", shown(path))?;
    }
    if stale.is_empty() {
        streams.tell(format_args!(
            "{} in `{}`, all up to date",
            counted(comparison.unchanged, "file"),
            shown(out)
        ));
        if comparison.manifest_merged {
            let manifest = shown(&out.join(MANIFEST_NAME));
            streams.tell(format_args!("`{manifest}` is of two branches; the next run writes it in one"));
        }
        return Ok(Answer::Yes);
    }
    streams.tell(format_args!("{} not up to date; run `tanada generate`", counted(stale.len(), "file")));
    Ok(Answer::No)
}

fn tell_edited(out: &Path, edited: &[String], streams: &mut Streams) {
    for path in edited {
        streams.tell(format_args!("`{}` is not as it was generated", shown(&out.join(path))));
    }
    let (them, was) = if edited.len() == 1 { ("it", "it was") } else { ("them", "they were") };
    streams
        .tell(format_args!("refused: {} edited by hand; nothing was written", counted(edited.len(), "file")));
    streams.tell(format_args!(
        "  = help: put what you want into the input, then `--overwrite PATH` (or `all`) replaces {them}; so it does when \
         {was} mixed by git in a merge"
    ));
}

/// Who got addresses that the lock did not have, one line each.
fn new_blocks(estate: &Estate) -> Vec<String> {
    let claims = estate.lock.lock.pools.iter();
    let old: BTreeSet<(&str, u32, Position)> = claims
        .flat_map(|(pool, claims)| claims.iter().map(move |claim| (pool.as_str(), claim.extent, claim.at)))
        .collect();
    let mut new = Vec::new();
    for vpc in &estate.allocation.vpcs {
        for block in &vpc.blocks {
            let Some((pool, extent, at)) = block.source else { continue };
            let pool = estate.design.pools.name(pool);
            if old.contains(&(pool, extent, at)) {
                continue;
            }
            let id = estate.design.vpcs.name(vpc.vpc);
            let label = match &block.label {
                BlockLabel::First => String::new(),
                BlockLabel::Grown(number) => format!(", block {number}"),
                BlockLabel::Named(name) => format!(", block `{name}`"),
            };
            new.push(format!("new: {id}{label} has {} from pool {pool}", block.block));
        }
    }
    new
}

fn tell_written(out: &Path, comparison: &Comparison, streams: &mut Streams) {
    let (written, removed) = (comparison.write.len(), comparison.remove.len());
    streams.tell(format_args!(
        "{} written, {} unchanged, {removed} removed in `{}`",
        counted(written, "file"),
        comparison.unchanged,
        shown(out)
    ));
}
