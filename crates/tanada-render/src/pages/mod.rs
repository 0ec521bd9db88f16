//! Pages for people: README.md of VPCs and hubs, index.md. Templates only print; every text is escaped on its way
//! into them, in Markdown by the template engine, in diagrams by [`mermaid`].

mod diagram;
mod markdown;
mod mermaid;
mod usage;

use std::sync::LazyLock;

use serde::Serialize;
use tanada_model::net::Block;
use tera::{Context, Tera};

use crate::plan::{HubRoot, LeavingRoot, Plan, VpcRoot};

/// The templates, by name.
const TEMPLATES: [(&str, &str); 4] = [
    ("hub.md", include_str!("../../../../templates/pages/hub.md")),
    ("index.md", include_str!("../../../../templates/pages/index.md")),
    ("leaving.md", include_str!("../../../../templates/pages/leaving.md")),
    ("vpc.md", include_str!("../../../../templates/pages/vpc.md")),
];

/// Compiled once.
static PAGES: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![".md"]);
    tera.set_escape_fn(markdown::escape_to);
    #[expect(clippy::expect_used, reason = "the templates are constants, and tests render each of them")]
    tera.add_raw_templates(TEMPLATES).expect("the templates compile");
    tera
});

/// `index.md`.
pub fn index(plan: &Plan) -> String {
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

/// README.md of a VPC's root.
pub fn vpc(root: &VpcRoot, plan: &Plan) -> String {
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
            usage_text: usage::text(plan.backend.as_ref()),
            usage: usage::example(root, plan.backend.as_ref()),
        },
    )
}

/// README.md of a hub's root.
pub fn hub(root: &HubRoot) -> String {
    #[derive(Serialize)]
    struct Page<'a> {
        name: &'a str,
        region: &'a str,
        asn: u32,
        why: Option<&'a str>,
        segments: Vec<Segment<'a>>,
        diagram: String,
        accounts: String,
        unknown: String,
    }
    #[derive(Serialize)]
    struct Segment<'a> {
        name: &'a str,
        members: String,
        learns: String,
        drops: String,
    }
    let segments = root.page.segments.iter().map(|row| Segment {
        name: &row.name,
        members: dash(&row.members),
        learns: dash(&row.learns),
        drops: dash(&row.drops),
    });
    let unknown = root.attachments.iter().filter(|attachment| attachment.id.is_none());
    let accounts = root.share_with.iter().filter(|account| !account.known);
    let unknown = unknown.map(|it| format!("attachment {}", it.name));
    let unknown = unknown.chain(accounts.map(|it| format!("account {}", it.name)));
    render(
        "hub.md",
        &Page {
            name: &root.gateway,
            region: &root.provider.region,
            asn: root.asn,
            why: root.page.why.as_deref(),
            segments: segments.collect(),
            diagram: diagram::hub(root),
            accounts: comma(root.share_with.iter().map(|account| account.name.clone())),
            unknown: comma(unknown),
        },
    )
}

/// README.md of a root on its way out.
pub fn leaving(root: &LeavingRoot) -> String {
    #[derive(Serialize)]
    struct Page<'a> {
        id: &'a str,
        keeps_network: bool,
    }
    render("leaving.md", &Page { id: &root.id, keeps_network: root.keeps_network })
}

/// AWS keeps the first four addresses of every subnet, and the last.
const RESERVED_BY_AWS: u64 = 5;

fn render(name: &str, page: &impl Serialize) -> String {
    #[expect(
        clippy::expect_used,
        reason = "pages have every value that the constant templates ask for, as tests show"
    )]
    let text =
        Context::from_serialize(page).and_then(|context| PAGES.render(name, &context)).expect("a page");
    text
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
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{block} ({grouped} addresses)")
}

fn blocks(blocks: &[Block]) -> String {
    comma(blocks.iter().map(ToString::to_string))
}

fn comma(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

/// The texts, or a dash when there are none.
fn dash(texts: &[String]) -> String {
    if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }
}
