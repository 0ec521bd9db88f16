use serde::Serialize;

use crate::plan::{IndexRow, Plan};

use super::markdown::{link, row};
use super::{blocks, comma, render};

#[derive(Serialize)]
struct Page<'a> {
    roots: String,
    /// Rows of the table.
    vpcs: String,
    reserved: Vec<Reserved<'a>>,
    leaving: String,
    hubs: String,
}

#[derive(Serialize)]
struct Reserved<'a> {
    name: &'a str,
    cidr: String,
    why: &'a str,
}

/// `index.md`.
pub fn index(plan: &Plan) -> String {
    let index = &plan.index;
    let reserved = index.reserved.iter();
    let reserved = reserved.map(|(name, block, why)| Reserved { name, cidr: block.to_string(), why });
    let hubs = plan.hubs.iter().map(|hub| format!("`hub/{}`", hub.name));
    render(
        "index.md",
        &Page {
            roots: comma(index.roots.iter().map(|(name, block)| format!("{name} {block}"))),
            vpcs: vpcs(&index.vpcs),
            reserved: reserved.collect(),
            leaving: comma(plan.leaving.iter().map(|root| root.id.clone())),
            hubs: comma(hubs),
        },
    )
}

/// Name, owner, blocks, headroom, segment and why of each VPC.
fn vpcs(rows: &[IndexRow]) -> String {
    let mut table = String::with_capacity(160 * rows.len());
    for IndexRow { name, directory, owner, blocks: own, headroom, segment, why } in rows {
        table.push_str("| ");
        link(name, &format!("{directory}/README.md"), &mut table);
        table.push(' ');
        row([owner, &blocks(own), &headroom.to_string(), segment, why], &mut table);
    }
    table
}
