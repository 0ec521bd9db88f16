//! `tanada lock`.

use anyhow::Result;
use clap::Subcommand;
use tanada_model::lock;
use tanada_render::allocate::rebuild;

use super::PlaceArgs;
use super::generate::take_turn;
use crate::disk::place::shown;
use crate::disk::tree::read_terraform;
use crate::disk::write::write_file;
use crate::estate::read_recorded;
use crate::report::{Answer, Findings};
use crate::stop::Stop;
use crate::streams::Streams;

/// Looks after the lock
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Rebuild(RebuildArgs),
}

/// Writes a lost lock again, from the input and the generated tree
///
/// Every block, tier and zone keeps the place that it has in the tree, every state its key, and every move its stage. What
/// no tree holds is lost: addresses that were retired, what was agreed to, and headroom of VPCs that differs from what the
/// input says now. So take the lock from version control when there is one. A lock that is there is not replaced.
#[derive(Debug, clap::Args)]
struct RebuildArgs {
    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    match &args.action {
        Action::Rebuild(args) => run_rebuild(args, streams),
    }
}

fn run_rebuild(args: &RebuildArgs, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    let _alone = take_turn(&place, streams)?;
    let name = shown(&place.lock);
    if crate::disk::lock::read(&place.lock)?.is_some() {
        return Err(Stop::new(format!("there is a lock `{name}`, and it is not replaced"))
            .help("move it away first when it is really lost")
            .into());
    }
    let files = read_terraform(&place.out)?;
    let mut findings = Findings::default();
    let recorded = tanada_verify::record(&files)
        .map_err(|error| Stop::new(format!("cannot read the tree `{}`: {error}", shown(&place.out))))?;
    let design = read_recorded(&place.input, &recorded, &mut findings)?;
    let rebuilt = design.and_then(|(design, moves)| {
        let (rebuilt, found) = rebuild(&design, &recorded, &moves);
        findings.extend(found);
        rebuilt
    });
    findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
    let Some(rebuilt) = rebuilt.filter(|_| !findings.has_errors()) else {
        streams.tell(format_args!("{}; nothing was written", findings.summary()));
        return Ok(findings.answer());
    };
    write_file(&place.lock, &lock::print(&rebuilt))?;
    streams.tell(format_args!(
        "wrote `{name}`; `tanada generate --check` says whether the tree follows from it"
    ));
    Ok(Answer::Yes)
}
