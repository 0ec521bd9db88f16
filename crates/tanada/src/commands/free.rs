//! `tanada free`.

use anyhow::Result;
use tanada_model::net::Block;
use tanada_render::survey::{PoolFree, free};

use super::{Format, plan};
use crate::report::Answer;
use crate::streams::Streams;
use crate::table::write_table;

/// Says what every pool can still hand out
///
/// LARGEST is what counts: a block is one aligned node, so the sum of smaller ones does not help.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    plan: plan::PlanArgs,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let estate = match plan::load(&args.plan.dir, streams)? {
        Ok(estate) => estate,
        Err(answer) => return Ok(answer),
    };
    let pools = free(&estate.design, &estate.allocation);
    match args.plan.format {
        Format::Json => plan::write_json(&pools, streams)?,
        Format::Text => {
            let rows: Vec<_> = pools.iter().map(row).collect();
            write_table(&mut streams.out, ["POOL", "FREE", "ADDRESSES", "LARGEST", "RANGE"], &rows)?;
        }
    }
    Ok(Answer::Yes)
}

fn row(pool: &PoolFree) -> [String; 5] {
    let PoolFree { pool, extents, size: _, free, percent, largest, nodes: _ } = pool;
    let largest = largest.map_or_else(|| "-".to_owned(), |block| block.to_string());
    let extents: Vec<String> = extents.iter().map(Block::to_string).collect();
    [pool.clone(), format!("{percent:.1} %"), free.to_string(), largest, extents.join(" ")]
}
