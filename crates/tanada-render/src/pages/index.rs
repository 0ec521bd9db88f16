use serde::Serialize;

use crate::plan::Plan;

use super::{blocks, comma, render};

#[derive(Serialize)]
struct Page<'a> {
    roots: String,
    vpcs: Vec<Vpc<'a>>,
    reserved: Vec<Reserved<'a>>,
    leaving: String,
    hubs: String,
}

#[derive(Serialize)]
struct Vpc<'a> {
    name: &'a str,
    directory: &'a str,
    owner: &'a str,
    blocks: String,
    headroom: u8,
    segment: &'a str,
    why: &'a str,
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
    let vpcs = index.vpcs.iter().map(|row| Vpc {
        name: &row.name,
        directory: &row.directory,
        owner: &row.owner,
        blocks: blocks(&row.blocks),
        headroom: row.headroom,
        segment: &row.segment,
        why: &row.why,
    });
    let reserved = index.reserved.iter();
    let reserved = reserved.map(|(name, block, why)| Reserved { name, cidr: block.to_string(), why });
    let hubs = plan.hubs.iter().map(|hub| format!("`hub/{}`", hub.name));
    render(
        "index.md",
        &Page {
            roots: comma(index.roots.iter().map(|(name, block)| format!("{name} {block}"))),
            vpcs: vpcs.collect(),
            reserved: reserved.collect(),
            leaving: comma(plan.leaving.iter().map(|root| root.id.clone())),
            hubs: comma(hubs),
        },
    )
}
