//! `tanada release`.

use anyhow::Result;

use super::PlaceArgs;
use super::generate::{Order, take_turn};
use crate::estate::{Asked, read_lock};
use crate::report::{Answer, Findings};
use crate::stop::Stop;
use crate::streams::Streams;
use tanada_render::allocate::release;

/// Gives retired addresses back, so that they can be handed out again
///
/// Addresses of a VPC, pool, tier or zone that has left the input are kept until nothing in the cloud uses them any
/// more. Release them when that is so: when Terraform has applied what `--destroy` left, or the network that
/// `--forget` left is gone. Then generates, which removes the folder of the root.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What is retired: `team-vpc`, `team-vpc/block`, `pool.x`, `layout.x`, `layout.x.tier`, `layout.x.zones.a`
    name: String,

    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    let _alone = take_turn(&place, streams)?;
    let mut findings = Findings::default();
    let lock = read_lock(&place.lock, &mut findings)?;
    if lock.as_ref().is_some_and(|lock| lock.text.is_none()) {
        let name = crate::disk::place::shown(&place.lock);
        return Err(Stop::new(format!("there is no lock `{name}`"))
            .help("`tanada generate` makes it")
            .into());
    }
    let released = lock.map(|lock| release(&lock.lock, &args.name)).transpose();
    let released = released.unwrap_or_else(|finding| {
        findings.extend(vec![finding]);
        None
    });
    let Some(released) = released else {
        findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        return Ok(findings.answer());
    };
    let order = Order { place, asked: Asked::default(), overwrite: &[], check: false };
    order.run(Some(released), streams)
}
