use serde::Serialize;

use crate::plan::{HubRoot, Plan};

use super::{comma, diagram, render, usage};

#[derive(Serialize)]
struct Page<'a> {
    name: &'a str,
    region: &'a str,
    asn: u32,
    why: Option<&'a str>,
    segments: Vec<Segment<'a>>,
    members: Vec<Member<'a>>,
    diagram: String,
    accounts: String,
    variables: String,
    init: String,
}

#[derive(Serialize)]
struct Segment<'a> {
    name: &'a str,
    learns: String,
    drops: String,
}

/// A line each: branches that add VPCs do not meet in one.
#[derive(Serialize)]
struct Member<'a> {
    segment: &'a str,
    name: &'a str,
}

/// README.md of a hub's root that has these variables.
pub fn hub(root: &HubRoot, variables: &[String], plan: &Plan) -> String {
    let segments = root.page.segments.iter().map(|row| Segment {
        name: &row.name,
        learns: dash(&row.learns),
        drops: dash(&row.drops),
    });
    let members = root.page.segments.iter().flat_map(|row| {
        let names = row.vpcs.iter().chain(&row.sites);
        names.map(|name| Member { segment: &row.name, name })
    });
    render(
        "hub.md",
        &Page {
            name: &root.gateway,
            region: &root.provider.region,
            asn: root.asn,
            why: root.page.why.as_deref(),
            segments: segments.collect(),
            members: members.collect(),
            diagram: diagram::hub(root),
            accounts: comma(root.share_with.iter().map(|account| account.name.clone())),
            variables: comma(variables.iter().cloned()),
            init: usage::init(&format!("hub/{}", root.name), plan.backend.as_ref()),
        },
    )
}

/// The texts, or a dash when there are none.
fn dash(texts: &[String]) -> String {
    if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }
}
