//! Names that are made of others.

use tanada_model::design::{Design, HubId, NamePart, NamePattern};
use tanada_model::net::Block;

use super::facts::VpcFacts;

/// A block as part of a name: 10-0-0-0-16.
pub(super) fn in_a_name(block: Block) -> String {
    format!("{}-{}", block.address().to_string().replace('.', "-"), block.prefix_len())
}

/// The Name tag of a VPC: `{range}` is filled in with its first block.
pub(super) fn vpc_name(vpc: &VpcFacts<'_>) -> String {
    let name = &vpc.vpc.name;
    match vpc.blocks.first() {
        Some(&first) if name.contains("{range}") => name.replace("{range}", &in_a_name(first)),
        Some(_) | None => name.clone(),
    }
}

/// The Name tag of a gateway: its label behind the text that the names of VPCs start with (`m3-` of `m3-{team}-{vpc}`).
pub(super) fn gateway_name(design: &Design, hub: HubId) -> String {
    let NamePattern(parts) = &design.names;
    let prefix = match parts.first() {
        Some(NamePart::Text(text)) => text.as_str(),
        Some(NamePart::Team | NamePart::Vpc | NamePart::Environment | NamePart::Region | NamePart::Range)
        | None => "",
    };
    format!("{prefix}{}", design.hubs.name(hub))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_in_a_name() {
        assert_eq!(in_a_name("10.0.0.0/16".parse().unwrap()), "10-0-0-0-16");
    }
}
