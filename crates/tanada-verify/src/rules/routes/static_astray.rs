use std::collections::BTreeSet;

use crate::network::{AttachmentKind, Network};
use crate::rules::{Facts, Said, rule};

rule!(
    "static-astray",
    Error,
    "A static route leads to an attachment that has none of the destination and passes nothing on.",
    "AWS Transit Gateway guide, static routes, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    let passing = passing(network);
    for table in &network.transit_tables {
        for route in table.routes.iter().filter(|route| route.to.prefix_len() > 0) {
            let Some(index) = route.attachment.filter(|index| !passing.contains(index)) else { continue };
            let blocks = network.blocks_of(index);
            // A site of which nothing is known may have anything.
            if blocks.is_empty() || blocks.iter().any(|block| block.overlaps(route.to)) {
                continue;
            }
            let name = network.attachments.get(index).map_or("", |attachment| attachment.name.as_str());
            let message =
                format!("`{}` leads `{}` to `{name}`, which has nothing of it", table.segment, route.to);
            let held: Vec<String> = blocks.iter().take(4).map(|block| format!("`{block}`")).collect();
            said.push(
                Said::new(&route.place, message)
                    .help(format!("`{name}` has {}", held.join(", ")))
                    .help("a firewall that passes on what it is sent has `inspects = true` in its `vpc`"),
            );
        }
    }
}

/// Attachments through which others are led: a firewall's, and whoever has a default route.
fn passing(network: &Network) -> BTreeSet<usize> {
    let defaults = network.transit_tables.iter().flat_map(|table| &table.routes);
    let defaults = defaults.filter(|route| route.to.prefix_len() == 0).filter_map(|route| route.attachment);
    let inspects =
        |attachment: &AttachmentKind| matches!(attachment, AttachmentKind::Vpc { inspects: true, .. });
    let firewalls =
        network.attachments.iter().enumerate().filter(|(_, attachment)| inspects(&attachment.kind));
    defaults.chain(firewalls.map(|(index, _)| index)).collect()
}
