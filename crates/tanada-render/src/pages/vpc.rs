use serde::Serialize;
use tanada_model::net::Block;

use crate::plan::{MovePart, Movement, Plan, SubnetPlan, VpcRoot};

use super::markdown::row;
use super::{comma, diagram, render, usage};

/// AWS keeps the first four addresses of every subnet, and the last.
const RESERVED_BY_AWS: u64 = 5;

#[derive(Serialize)]
struct Page<'a> {
    name: &'a str,
    owner: &'a str,
    team: &'a str,
    environment: &'a str,
    segment: Option<&'a str>,
    why: Option<&'a str>,
    blocks: String,
    headroom: String,
    diagram: String,
    /// Rows of the table.
    subnets: String,
    /// Rows of the table.
    flows: String,
    variables: String,
    init: String,
    usage_text: &'static str,
    usage: String,
    movement: Option<Move<'a>>,
}

/// What a page says of a move.
#[derive(Serialize)]
struct Move<'a> {
    /// The name that the VPC has before and after.
    id: &'a str,
    /// `goes`, `comes` or `stays`.
    part: &'static str,
    /// Folder of the other network.
    other: &'a str,
    /// Its blocks.
    blocks: String,
}

/// README.md of a VPC's root that has these variables.
pub fn vpc(root: &VpcRoot, variables: &[String], plan: &Plan) -> String {
    render(
        "vpc.md",
        &Page {
            name: &root.name,
            owner: root.owner.as_deref().unwrap_or("nobody named"),
            team: &root.team,
            environment: &root.environment,
            segment: root.page.segment.as_deref(),
            why: root.why.as_deref(),
            blocks: comma(root.page.blocks.iter().map(with_size)),
            headroom: headroom(root.page.headroom),
            diagram: diagram::vpc(root),
            subnets: subnets(root),
            flows: flows(root),
            variables: comma(variables.iter().cloned()),
            init: usage::init(&root.directory, plan.backend.as_ref()),
            usage_text: usage::text(plan.backend.as_ref()),
            usage: usage::example(root, plan.backend.as_ref()),
            movement: root.page.movement.as_ref().map(movement),
        },
    )
}

fn movement(Movement { id, part }: &Movement) -> Move<'_> {
    let list = |blocks: &[Block]| comma(blocks.iter().map(Block::to_string));
    let (part, other, blocks) = match part {
        MovePart::Goes { label, blocks } => ("goes", label.as_str(), list(blocks)),
        MovePart::Comes { label, blocks } => ("comes", label.as_str(), list(blocks)),
        MovePart::Stays => ("stays", "", String::new()),
    };
    Move { id, part, other, blocks }
}

/// Name, range, usable addresses, zone and way to the internet of each subnet.
fn subnets(root: &VpcRoot) -> String {
    let internet = |tier: &str| {
        let row = root.page.tiers.iter().find(|(name, ..)| name == tier);
        row.map_or("none", |(_, way, _)| way.as_str())
    };
    let mut table = String::with_capacity(80 * root.subnets.len());
    for SubnetPlan { name, tier, zone: _, zone_id, block, cidr: _ } in &root.subnets {
        let usable = block.size().saturating_sub(RESERVED_BY_AWS);
        row([name, &block.to_string(), &usable.to_string(), zone_id, internet(tier)], &mut table);
    }
    table
}

/// From, to, ports and why of each connection that may be opened.
fn flows(root: &VpcRoot) -> String {
    let mut table = String::with_capacity(80 * root.page.flows.len());
    for flow in &root.page.flows {
        row(flow.each_ref().map(String::as_str), &mut table);
    }
    table
}

fn headroom(bits: u8) -> String {
    match bits {
        0 => "No subnet has headroom left.".to_owned(),
        1 => "Each subnet can double in its place once, without a change for anyone else.".to_owned(),
        bits => {
            format!("Each subnet can double in its place {bits} times, without a change for anyone else.")
        }
    }
}

/// `10.1.32.0/19 (8,192 addresses)`.
fn with_size(block: &Block) -> String {
    let digits = block.size().to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{block} ({grouped} addresses)")
}
