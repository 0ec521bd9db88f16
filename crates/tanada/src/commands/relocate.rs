//! `tanada move`.

use std::io::Write as _;

use anyhow::Result;
use tanada_model::design::PoolPlace;
use tanada_model::edit::{Target, begin_move};
use tanada_model::lock::{MoveStage, VpcName};
use tanada_model::net::Block;

use super::PlaceArgs;
use super::generate::take_turn;
use crate::disk::place::shown;
use crate::disk::write::write_file;
use crate::estate::{Asked, Estate};
use crate::report::{Answer, Findings};
use crate::stop::Stop;
use crate::streams::Streams;

/// Begins the move of a VPC to other addresses, which no network has to stop for
///
/// AWS can neither resize nor take away a VPC's first block, so other addresses mean another VPC.
/// Writes where NAME is to be, and `moves_from`, where it is today, into the input; nothing else
/// changes yet. Then, each applied before the next:
///
///   tanada generate --stage NAME=1                  a second network beside the old one, with
///                                                   routes and rules for both
///   (move what runs there; the list is in the README of NAME's root)
///   tanada generate --stage NAME=2 --destroy NAME   the old network leaves
///   tanada generate --stage NAME=3                  the second network has the name
///
/// Until stage 2 nothing is replaced or destroyed, and `--stage NAME=0` goes back.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// Who moves: `team-vpc`
    name: String,

    /// Where to: a pool of the input, or a block
    #[arg(long, value_name = "POOL|CIDR")]
    to: String,

    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    let _alone = take_turn(&place, streams)?;
    let mut findings = Findings::default();
    let estate = Estate::load(&place, &Asked::default(), None, &mut findings)?;
    findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
    let Some(estate) = estate else { return Ok(findings.answer()) };
    let target = target(&args.to, &estate)?;
    let (vpc, from) = today(&args.name, &estate)?;
    if target == Target::Range(from) {
        return Err(Stop::new(format!("`{}` is at `{from}`", args.name)).help("name another block").into());
    }
    let edited =
        findings.sources.iter().filter(|(_, file)| file.path.ends_with(".hcl")).find_map(|(_, file)| {
            let text = begin_move(&file.text, &vpc, &target, from)?;
            Some((place.input.join(std::path::Path::new(&file.path).file_name()?), text))
        });
    let Some((path, text)) = edited else {
        let by_hand = match &target {
            Target::Pool(pool) => format!("`pool = pool.{pool}`"),
            Target::Range(range) => format!("`range = \"{range}\"`"),
        };
        return Err(Stop::new(format!("`{}` is not written in HCL", args.name))
            .help(format!("write {by_hand} and `moves_from = \"{from}\"` on its `vpc` by hand"))
            .into());
    };
    write_file(&path, &text)?;
    writeln!(streams.out, "{}", shown(&path))?;
    let name = &args.name;
    streams
        .tell(format_args!("`{name}` is to move from {from} to {}; nothing else has changed yet", args.to));
    streams.tell(format_args!("  = help: `tanada generate --stage {name}=1` makes the second network"));
    Ok(Answer::Yes)
}

/// A pool of the input, or a block.
fn target(text: &str, estate: &Estate) -> Result<Target> {
    let pools = &estate.design.pools;
    let name = text.strip_prefix("pool.").unwrap_or(text);
    if pools.id(name).is_some() {
        return Ok(Target::Pool(name.to_owned()));
    }
    if let Ok(block) = text.parse::<Block>() {
        return Ok(Target::Range(block));
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
