//! `tanada tree`.

use std::io::{self, Write};

use anyhow::Result;
use tanada_render::survey::{Node, NodeKind, tree};

use super::{Format, plan};
use crate::report::Answer;
use crate::streams::Streams;

/// Shows the address plan: pools, blocks, what is reserved, retired and free
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
    let tree = tree(&estate.design, &estate.allocation);
    match args.plan.format {
        Format::Json => plan::write_json(&tree, streams)?,
        Format::Text => tree.iter().try_for_each(|node| write_node(node, 0, &mut streams.out))?,
    }
    Ok(Answer::Yes)
}

fn write_node(node: &Node, depth: usize, out: &mut impl Write) -> io::Result<()> {
    let Node { block, kind, children } = node;
    let indent = "  ".repeat(depth);
    writeln!(out, "{indent}{block}  {}", words(kind))?;
    children.iter().try_for_each(|child| write_node(child, depth + 1, out))
}

fn words(kind: &NodeKind) -> String {
    match kind {
        NodeKind::Root { name } | NodeKind::Pool { name } => format!("pool {name}"),
        NodeKind::Reserved { name, why, built_in } => {
            let by = if *built_in { " out of the box" } else { "" };
            format!("reserved{by}, {name}{}", reason(why.as_deref()))
        }
        NodeKind::Site { name, why } => format!("at site {name}{}", reason(why.as_deref())),
        NodeKind::Retired { holder } => format!("retired, was {holder}"),
        NodeKind::Vpc { vpc, team, block, headroom } => {
            let block = block.as_deref().map(|block| format!("/{block}")).unwrap_or_default();
            format!("{vpc}{block} (team {team}, headroom {headroom})")
        }
        NodeKind::Free { pool: _ } => "free".to_owned(),
    }
}

fn reason(why: Option<&str>) -> String {
    why.map(|why| format!(": {}", one_line(why))).unwrap_or_default()
}

/// A reason on one line, without what could write on the terminal.
fn one_line(why: &str) -> String {
    why.split_whitespace().map(|word| word.replace(char::is_control, "")).collect::<Vec<_>>().join(" ")
}
