use serde::Serialize;
use tanada_model::net::Block;

use crate::plan::{Plan, VpcRoot};

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
    subnets: Vec<Subnet<'a>>,
    flows: Vec<Flow<'a>>,
    variables: String,
    init: String,
    usage_text: &'static str,
    usage: String,
}

#[derive(Serialize)]
struct Subnet<'a> {
    name: &'a str,
    cidr: String,
    usable: u64,
    zone: &'a str,
    internet: &'a str,
}

#[derive(Serialize)]
struct Flow<'a> {
    from: &'a str,
    to: &'a str,
    ports: &'a str,
    why: &'a str,
}

/// README.md of a VPC's root that has these variables.
pub fn vpc(root: &VpcRoot, variables: &[String], plan: &Plan) -> String {
    let internet = |tier: &str| {
        let row = root.page.tiers.iter().find(|(name, ..)| name == tier);
        row.map_or("none", |(_, way, _)| way.as_str())
    };
    let subnets = root.subnets.iter().map(|subnet| Subnet {
        name: &subnet.name,
        cidr: subnet.block.to_string(),
        usable: subnet.block.size().saturating_sub(RESERVED_BY_AWS),
        zone: &subnet.zone_id,
        internet: internet(&subnet.tier),
    });
    let flows = root.page.flows.iter().map(|[from, to, ports, why]| Flow { from, to, ports, why });
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
            subnets: subnets.collect(),
            flows: flows.collect(),
            variables: comma(variables.iter().cloned()),
            init: usage::init(&root.directory, plan.backend.as_ref()),
            usage_text: usage::text(plan.backend.as_ref()),
            usage: usage::example(root, plan.backend.as_ref()),
        },
    )
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
