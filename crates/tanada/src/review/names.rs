//! Names for addresses, so that a reader need not know them by heart.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::Design;
use tanada_model::net::Block;
use tanada_render::allocation::Allocation;

/// What each block is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    by_block: BTreeMap<Block, String>,
    /// Blocks of VPCs before and now.
    before: BTreeSet<Block>,
    now: BTreeSet<Block>,
}

impl Names {
    /// The names of an estate now, and of what only the one before has.
    pub(super) fn new<'e>(
        before: Option<(&'e Design, &'e Allocation)>,
        now: Option<(&'e Design, &'e Allocation)>,
    ) -> Self {
        let blocks = |estate: Option<(&'e Design, &'e Allocation)>| -> BTreeSet<Block> {
            let vpcs = estate.into_iter().flat_map(|(_, allocation)| &allocation.vpcs);
            vpcs.flat_map(|vpc| vpc.blocks.iter().map(|block| block.block)).collect()
        };
        let mut names = Self { by_block: BTreeMap::new(), before: blocks(before), now: blocks(now) };
        for (design, allocation) in [now, before].into_iter().flatten() {
            names.add(design, allocation);
        }
        names
    }

    /// Whether a range is full of VPCs' blocks, one of them new.
    pub(super) fn has_grown_full(&self, range: Block) -> bool {
        let inside: Vec<&Block> = self.now.iter().filter(|block| range.contains(**block)).collect();
        let size = |block: &Block| 1_u64 << (32 - block.prefix_len());
        let full = inside.iter().map(|block| size(block)).sum::<u64>() == size(&range);
        full && inside.iter().any(|block| !self.before.contains(block))
    }

    /// Adds the names of an estate; those that are there stay.
    fn add(&mut self, design: &Design, allocation: &Allocation) {
        let mut name = |block: Block, name: String| {
            self.by_block.entry(block).or_insert(name);
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
        let name = cidr.parse::<Block>().ok().and_then(|block| self.by_block.get(&block));
        name.map_or_else(|| cidr.to_owned(), |name| format!("{name} ({cidr})"))
    }
}
