//! Names for addresses, so that a reader need not know them by heart.

use std::collections::BTreeMap;

use tanada_model::design::Design;
use tanada_model::net::Block;
use tanada_render::allocation::Allocation;

/// What each block is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<Block, String>);

impl Names {
    /// Adds the names of an estate; those that are there stay.
    pub(super) fn add(&mut self, design: &Design, allocation: &Allocation) {
        let mut name = |block: Block, name: String| {
            self.0.entry(block).or_insert(name);
        };
        for own in &allocation.vpcs {
            let id = design.vpcs.name(own.vpc);
            for block in &own.blocks {
                name(block.block, id.to_owned());
                let layout = &design.layouts[block.layout];
                for tier in &block.tiers {
                    for range in &tier.ranges {
                        name(*range, format!("{id} {}", layout[tier.tier].entity.name));
                    }
                    for subnet in &tier.subnets {
                        name(subnet.cidr, format!("{id} {}", subnet.name));
                    }
                }
            }
        }
        for own in &allocation.pools {
            for extent in &own.extents {
                name(*extent, format!("pool.{}", design.pools.name(own.pool)));
            }
        }
        for reserved in design.reserved.values() {
            name(reserved.range.value, format!("reserved.{}", reserved.entity.name));
        }
    }

    /// `web-production private (10.30.160.0/21)`; the address alone when nobody has a name for it.
    pub(super) fn of(&self, cidr: &str) -> String {
        if cidr == "0.0.0.0/0" {
            return "anywhere (0.0.0.0/0)".to_owned();
        }
        let name = cidr.parse::<Block>().ok().and_then(|block| self.0.get(&block));
        name.map_or_else(|| cidr.to_owned(), |name| format!("{name} ({cidr})"))
    }
}
