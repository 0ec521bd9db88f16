//! `tanada move`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use anyhow::Result;
use tanada_model::design::PoolPlace;
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::edit::{Target, begin_move};
use tanada_model::lock::{MoveStage, VpcName};
use tanada_model::net::Block;
use tanada_render::allocate::Consent;
use tanada_render::derive::derive;
use tanada_render::moves::{Stages, stage};

use super::PlaceArgs;
use super::generate::take_turn;
use crate::disk;
use crate::disk::place::{Place, shown};
use crate::disk::write::write_file;
use crate::estate::{Asked, Estate, Settled, settle};
use crate::report::{Answer, Findings, counted};
use crate::review::{Movers, write_staircase};
use crate::revision::{Side, Spec};
use crate::stop::Stop;
use crate::streams::Streams;

/// Begins the move of a VPC to other addresses, which no network has to stop for
///
/// AWS can neither resize nor take away a VPC's first block, so other addresses mean another VPC.
/// Writes where NAME is to be, and `moves_from`, where it is today, into the input; nothing else
/// changes yet. Several move together, or with `pool.x` all that stand in a pool: to a pool, which
/// gives each its place. Then, each applied before the next:
///
///   tanada generate --stage NAME=1                  a second network beside the old one, with
///                                                   routes and rules for both
///   (move what runs there; the list is in the README of NAME's root)
///   tanada generate --stage NAME=2 --destroy NAME   the old network leaves
///   tanada generate --stage NAME=3                  the second network has the name
///
/// Until stage 2 nothing is replaced or destroyed, and `--stage NAME=0` goes back. `--preview` writes
/// nothing and shows what each of these would do.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// Who moves: `team-vpc`, or `pool.x` for every VPC whose first block stands in that pool; several with commas
    #[arg(value_name = "NAME[,NAME]")]
    names: String,

    /// Where to: a pool of the input, or a block
    #[arg(long, value_name = "POOL|CIDR", required_unless_present = "preview")]
    to: Option<String>,

    /// Write nothing; say what each stage would do, and what stands at the gate. Without `--to`: of a move that the input
    /// has, the stages that are still to come
    #[arg(long)]
    preview: bool,

    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    let _alone = if args.preview { None } else { Some(take_turn(&place, streams)?) };
    let mut findings = Findings::default();
    let estate = Estate::load(&place, &Asked::default(), None, &mut findings)?;
    findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
    let Some(estate) = estate else { return Ok(findings.answer()) };
    let mut texts: BTreeMap<String, String> =
        findings.sources.iter().map(|(_, file)| (file.path.clone(), file.text.clone())).collect();
    let Some(to) = &args.to else {
        let vpcs = under_way(args.names.split(','), &estate, &disk::input::read(&place.input)?)?;
        return preview(&place, &estate, &texts, &vpcs, streams);
    };
    let target = target(to, &estate)?;
    let movers = movers(args.names.split(','), &target, &estate)?;
    if let (Target::Range(_), true) = (&target, movers.len() > 1) {
        return Err(Stop::new(format!(
            "`--to {to}`: {} cannot have one block",
            counted(movers.len(), "VPC")
        ))
        .help("name a pool, which gives each its own; or move them one by one")
        .into());
    }
    let mut edited: BTreeSet<String> = BTreeSet::new();
    for (vpc, from) in &movers {
        edited.insert(edit(&mut texts, vpc, &target, *from)?);
    }
    if args.preview {
        let vpcs: Vec<VpcName> = movers.into_iter().map(|(vpc, _)| vpc).collect();
        return preview(&place, &estate, &texts, &vpcs, streams);
    }
    let begun = begun(&estate, with_texts(&place, &texts)?, &movers);
    if begun.has_errors() {
        begun.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        streams.tell(format_args!("{}; nothing was written", begun.summary()));
        return Ok(begun.answer());
    }
    for path in &edited {
        let Some(name) = std::path::Path::new(path).file_name() else { continue };
        let (path, text) = (place.input.join(name), &texts[path]);
        write_file(&path, text)?;
        writeln!(streams.out, "{}", shown(&path))?;
    }
    for (vpc, from) in &movers {
        streams.tell(format_args!(
            "`{}` is to move from {from} to {to}; nothing else has changed yet",
            vpc.id()
        ));
    }
    let stage = match movers.as_slice() {
        [(vpc, _)] => format!("{}=1` makes the second network", vpc.id()),
        _ => "1` makes the second networks of all that move; `--stage NAME=1` of one".to_owned(),
    };
    streams.tell(format_args!("  = help: `tanada generate --stage {stage}"));
    Ok(Answer::Yes)
}

/// Says what each stage would do, with the texts of the input as they would be.
fn preview(
    place: &Place,
    estate: &Estate,
    texts: &BTreeMap<String, String>,
    vpcs: &[VpcName],
    streams: &mut Streams,
) -> Result<Answer> {
    let input = with_texts(place, texts)?;
    let today = Side::open(place, &Spec::WorkingTree)?;
    let (lock, templates) = (&estate.lock.lock, today.templates.as_slice());
    let mut findings = Findings { sources: input.clone(), ..Findings::default() };
    let movers = Movers { input: &input, templates, lock, vpcs, today: &today };
    let staircase = movers.staircase(&mut findings)?;
    let Some(staircase) = staircase else {
        findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        streams.tell(findings.summary());
        return Ok(findings.answer());
    };
    write_staircase(&staircase, &mut streams.out, streams.out_style)?;
    streams.tell("nothing was written");
    Ok(Answer::Yes)
}

/// The input with some of its texts as they would be.
fn with_texts(place: &Place, texts: &BTreeMap<String, String>) -> Result<Sources> {
    let mut input = Sources::default();
    for (_, file) in disk::input::read(&place.input)?.iter() {
        input.add(file.path.clone(), texts.get(&file.path).unwrap_or(&file.text).clone());
    }
    Ok(input)
}

/// What the first stage would say: a move that cannot begin is not written.
fn begun(estate: &Estate, input: Sources, movers: &[(VpcName, Block)]) -> Findings {
    let named = movers.iter().map(|(vpc, _)| (vpc.id(), 1)).collect();
    let stages = Stages { all: None, named };
    let (document, found) = parse(&input);
    let mut findings = Findings { sources: input, ..Findings::default() };
    findings.extend(found);
    let settled = settle(&document, &estate.lock.lock, &stages, &Consent::default(), &mut findings);
    if let Some(Settled { changed: _, design, allocation, new_lock: _ }) = settled {
        findings.extend(derive(&design, &allocation).1);
        findings.weigh(&design);
    }
    findings
}

/// VPCs whose move the input has, and that have not arrived.
fn under_way<'n>(
    names: impl Iterator<Item = &'n str>,
    estate: &Estate,
    input: &Sources,
) -> Result<Vec<VpcName>> {
    let (document, _) = parse(input);
    let (staged, _) = stage(&document, &estate.lock.lock, &Stages::default(), &Consent::default());
    let moves = staged.map(|staged| staged.moves).unwrap_or_default();
    let mut vpcs = Vec::new();
    for name in names {
        let own = moves.iter().find(|own| own.vpc.id() == name && own.stage != Some(MoveStage::Arrived));
        let Some(own) = own else {
            return Err(Stop::new(format!("no move of `{name}` is under way"))
                .help(format!("`tanada move {name} --to POOL|RANGE --preview` shows one that has not begun"))
                .into());
        };
        vpcs.push(own.vpc.clone());
    }
    Ok(vpcs)
}

/// Writes the move of a VPC into the one of the input's files that has its team; returns the file.
fn edit(texts: &mut BTreeMap<String, String>, vpc: &VpcName, target: &Target, from: Block) -> Result<String> {
    for (path, text) in texts.iter_mut().filter(|(path, _)| path.ends_with(".hcl")) {
        if let Some(edited) = begin_move(text, vpc, target, from) {
            *text = edited;
            return Ok(path.clone());
        }
    }
    let by_hand = match target {
        Target::Pool(pool) => format!("`pool = pool.{pool}`"),
        Target::Range(range) => format!("`range = \"{range}\"`"),
    };
    Err(Stop::new(format!("`{}` is not written in HCL", vpc.id()))
        .help(format!("write {by_hand} and `moves_from = \"{from}\"` on its `vpc` by hand"))
        .into())
}

/// Everybody who is to move, in the order of the command line, with where each is today.
fn movers<'n>(
    names: impl Iterator<Item = &'n str>,
    target: &Target,
    estate: &Estate,
) -> Result<Vec<(VpcName, Block)>> {
    let mut movers: Vec<(VpcName, Block)> = Vec::new();
    for name in names {
        let own = match name.strip_prefix("pool.") {
            Some(pool) => in_pool(pool, estate)?,
            None => vec![name.to_owned()],
        };
        for name in own {
            let (vpc, from) = today(&name, estate)?;
            if *target == Target::Range(from) {
                return Err(Stop::new(format!("`{name}` is at `{from}`")).help("name another block").into());
            }
            if movers.iter().all(|(other, _)| *other != vpc) {
                movers.push((vpc, from));
            }
        }
    }
    Ok(movers)
}

/// The VPCs whose first block stands in a pool or in one of its inner pools.
fn in_pool(pool: &str, estate: &Estate) -> Result<Vec<String>> {
    let design = &estate.design;
    let Some(id) = design.pools.id(pool) else {
        let stop = Stop::new(format!("there is no pool `{pool}`"));
        return Err(match tanada_model::diagnostic::did_you_mean(pool, design.pools.names()) {
            Some(meant) => stop.help(format!("did you mean `pool.{meant}`?")),
            None => stop.help("`tanada tree` shows the pools"),
        }
        .into());
    };
    let extents: Vec<Block> = estate
        .allocation
        .pools
        .iter()
        .filter(|own| own.pool == id)
        .flat_map(|own| own.extents.iter().copied())
        .collect();
    let stands = |block: Block| extents.iter().any(|extent| extent.contains(block));
    let vpcs = estate.allocation.vpcs.iter();
    let own: Vec<String> = vpcs
        .filter(|vpc| vpc.blocks.first().is_some_and(|first| stands(first.block)))
        .map(|vpc| design.vpcs.name(vpc.vpc).to_owned())
        .collect();
    if own.is_empty() {
        return Err(Stop::new(format!("no VPC stands in `pool.{pool}`"))
            .help("`tanada list` shows where each is")
            .into());
    }
    Ok(own)
}

/// A pool of the input, or a block.
fn target(text: &str, estate: &Estate) -> Result<Target> {
    let pools = &estate.design.pools;
    let name = text.strip_prefix("pool.").unwrap_or(text);
    if pools.id(name).is_some() {
        return Ok(Target::Pool(name.to_owned()));
    }
    match text.parse::<Block>() {
        Ok(block) => return Ok(Target::Range(block)),
        Err(error) if text.contains('/') => {
            return Err(Stop::new(format!("`--to {text}`: {error}")).help("name a block or a pool").into());
        }
        Err(_) => {}
    }
    let stop = Stop::new(format!("`--to {text}`: neither a pool of the input nor a block"));
    Err(match tanada_model::diagnostic::did_you_mean(name, pools.names()) {
        Some(meant) => stop.help(format!("did you mean `{meant}`?")),
        None => {
            let roots = pools.iter().find(|(_, pool)| matches!(pool.place, PoolPlace::Root(_)));
            let example = roots.map_or("10.0.0.0/19", |(id, _)| pools.name(id));
            stop.help(format!("for example `--to {example}`"))
        }
    }
    .into())
}

/// The VPC that is to move, and its first block.
fn today(name: &str, estate: &Estate) -> Result<(VpcName, Block)> {
    let design = &estate.design;
    let Some(id) = design.vpcs.id(name) else {
        let stop = Stop::new(format!("there is no VPC `{name}`"));
        return Err(match tanada_model::diagnostic::did_you_mean(name, design.vpcs.names()) {
            Some(meant) => stop.help(format!("did you mean `{meant}`?")),
            None => stop.help("`tanada list` shows the names"),
        }
        .into());
    };
    let vpc = &design.vpcs[id];
    let own = VpcName::new(design.teams.name(vpc.team), vpc.entity.name.as_str());
    if let Some(stage) = estate.new_lock.moves.get(&own) {
        let stop = Stop::new(format!("`{name}` is at stage {} of a move", stage.number()));
        return Err(match stage {
            MoveStage::Arrived => stop.help("that is its end: delete `moves_from`, generate, and move again"),
            MoveStage::Beside | MoveStage::Leaving => stop.help("end that one first"),
        }
        .into());
    }
    let allocation = estate.allocation.vpcs.iter().find(|vpc| vpc.vpc == id);
    let first = allocation.and_then(|vpc| vpc.blocks.first());
    match first {
        Some(block) => Ok((own, block.block)),
        None => Err(Stop::new(format!("`{name}` has no block")).into()),
    }
}
