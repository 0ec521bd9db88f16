//! `tanada list`.

use anyhow::Result;
use tanada_model::net::Block;
use tanada_render::survey::{VpcRow, list};

use super::{Format, plan};
use crate::report::Answer;
use crate::streams::Streams;
use crate::table::write_table;

/// Lists every VPC with its addresses
///
/// JSON is an array of `{name, team, environment, pool, blocks[], subnets[{name, tier, zone_id, cidr}]}`.
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
    let list = list(&estate.design, &estate.allocation);
    match args.plan.format {
        Format::Json => plan::write_json(&list, streams)?,
        Format::Text => {
            let rows: Vec<_> = list.iter().map(row).collect();
            write_table(
                &mut streams.out,
                ["NAME", "TEAM", "ENVIRONMENT", "POOL", "SUBNETS", "BLOCKS"],
                &rows,
            )?;
        }
    }
    Ok(Answer::Yes)
}

fn row(vpc: &VpcRow) -> [String; 6] {
    let VpcRow { name, team, environment, pool, blocks, subnets } = vpc;
    let blocks: Vec<String> = blocks.iter().map(Block::to_string).collect();
    let pool = pool.as_deref().unwrap_or("-");
    [name, team, environment, pool, &subnets.len().to_string(), &blocks.join(" ")].map(str::to_owned)
}
