use std::collections::BTreeMap;

use tanada_model::net::Block;

use crate::network::{Attachment, AttachmentKind};
use crate::rules::{Facts, Said, rule};

rule!(
    "attached-overlap",
    Error,
    "What is attached to one gateway has no address in common: of two blocks that overlap the gateway learns one alone.",
    "AWS Transit Gateway guide, VPC attachments (identical or overlapping CIDR blocks), https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    let mut gateways: BTreeMap<&str, Vec<(Block, &Attachment)>> = BTreeMap::new();
    for (index, attachment) in network.attachments.iter().enumerate() {
        let table = attachment.table.as_ref().and_then(|(table, _)| network.transit_tables.get(*table));
        let Some(table) = table else { continue };
        let blocks = network.blocks_of(index).into_iter().map(|block| (block, attachment));
        gateways.entry(&table.gateway).or_default().extend(blocks);
    }
    for (gateway, mut blocks) in gateways {
        blocks.sort_by_key(|(block, attachment)| (*block, &attachment.name));
        // Blocks that hold the next one; sorted, they come before it.
        let mut over: Vec<(Block, &Attachment)> = Vec::new();
        for (block, attachment) in blocks {
            over.retain(|(wider, _)| wider.contains(block));
            for (wider, other) in over.iter().filter(|(wider, other)| meet(*wider, other, block, attachment))
            {
                let message = format!(
                    "`{block}` of `{}` and `{wider}` of `{}` overlap, and both are attached to `{gateway}`",
                    attachment.name, other.name
                );
                said.push(
                    Said::new(&attachment.place, message)
                        .and(&other.place, "the other one")
                        .help("give one of them another range, or attach it to another gateway"),
                );
            }
            over.push((block, attachment));
        }
    }
}

/// Whether two of the gateway's members claim the same addresses. A site that is reached by a wider range, as a data
/// centre is by a whole /8, claims what nobody else has.
fn meet(wider: Block, holder: &Attachment, block: Block, attachment: &Attachment) -> bool {
    let site = matches!(holder.kind, AttachmentKind::Site { .. });
    holder.name != attachment.name && (!site || wider == block)
}
