use serde::Serialize;

use crate::plan::HubRoot;

use super::{comma, diagram, render};

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

/// README.md of a hub's root.
pub fn hub(root: &HubRoot) -> String {
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

/// The texts, or a dash when there are none.
fn dash(texts: &[String]) -> String {
    if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }
}
