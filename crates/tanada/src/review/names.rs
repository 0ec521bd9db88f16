//! Names for addresses, so that a reader need not know them by heart.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::Design;
use tanada_model::net::Block;
use tanada_render::allocation::Allocation;

/// What each block is called.
#[derive(Debug, Default)]
pub(super) struct Names<'e> {
    /// The estate now, and the one before: what only that has is found there.
    estates: Vec<Estate<'e>>,
    /// Blocks of VPCs before and now.
    before: BTreeSet<Block>,
    now: BTreeSet<Block>,
}

/// Where the names of one estate are found.
#[derive(Debug)]
struct Estate<'e> {
    design: &'e Design,
    allocation: &'e Allocation,
    /// By the block of a VPC: who has it, as places in the allocation.
    vpcs: BTreeMap<Block, Vec<usize>>,
    /// Pools and reserved ranges.
    others: BTreeMap<Block, String>,
}

impl<'e> Names<'e> {
    /// The names of an estate now, and of what only the one before has.
    pub(super) fn new(
        before: Option<(&'e Design, &'e Allocation)>,
        now: Option<(&'e Design, &'e Allocation)>,
    ) -> Self {
        let blocks = |estate: Option<(&'e Design, &'e Allocation)>| -> BTreeSet<Block> {
            let vpcs = estate.into_iter().flat_map(|(_, allocation)| &allocation.vpcs);
            vpcs.flat_map(|vpc| vpc.blocks.iter().map(|block| block.block)).collect()
        };
        let estates = [now, before].into_iter().flatten();
        let estates = estates.map(|(design, allocation)| Estate::new(design, allocation)).collect();
        Self { estates, before: blocks(before), now: blocks(now) }
    }

    /// Whether a range is full of VPCs' blocks, one of them new.
    pub(super) fn has_grown_full(&self, range: Block) -> bool {
        let inside: Vec<&Block> = self.now.iter().filter(|block| range.contains(**block)).collect();
        let size = |block: &Block| 1_u64 << (32 - block.prefix_len());
        let full = inside.iter().map(|block| size(block)).sum::<u64>() == size(&range);
        full && inside.iter().any(|block| !self.before.contains(block))
    }

    /// `web-production private (10.30.160.0/21)`; the address alone when nobody has a name for it.
    pub(super) fn of(&self, cidr: &str) -> String {
        if cidr == "0.0.0.0/0" {
            return "anywhere (0.0.0.0/0)".to_owned();
        }
        let block = cidr.parse::<Block>().ok();
        let name = block.and_then(|block| self.estates.iter().find_map(|estate| estate.name(block)));
        name.map_or_else(|| cidr.to_owned(), |name| format!("{name} ({cidr})"))
    }
}

impl<'e> Estate<'e> {
    fn new(design: &'e Design, allocation: &'e Allocation) -> Self {
        let mut vpcs: BTreeMap<Block, Vec<usize>> = BTreeMap::new();
        for (at, own) in allocation.vpcs.iter().enumerate() {
            for block in &own.blocks {
                vpcs.entry(block.block).or_default().push(at);
            }
        }
        let mut others = BTreeMap::new();
        for own in &allocation.pools {
            for extent in &own.extents {
                let name = || format!("pool.{}", design.pools.name(own.pool));
                others.entry(*extent).or_insert_with(name);
            }
        }
        for reserved in design.reserved.values() {
            let name = || format!("reserved.{}", reserved.entity.name);
            others.entry(reserved.range.value).or_insert_with(name);
        }
        Self { design, allocation, vpcs, others }
    }

    /// What a block is called: a VPC, one of its tiers or subnets, a pool, a reserved range.
    fn name(&self, block: Block) -> Option<String> {
        let Self { design: _, allocation: _, vpcs, others } = self;
        // Whose block it is, or lies in.
        let around = (0..=block.prefix_len()).map(|len| Block::containing(block.first().into(), len));
        let mut owners: Vec<usize> = around.filter_map(|block| vpcs.get(&block)).flatten().copied().collect();
        owners.sort_unstable();
        let inside = owners.into_iter().find_map(|owner| self.name_in(owner, block));
        inside.or_else(|| others.get(&block).cloned())
    }

    /// What a block is called inside of a VPC.
    fn name_in(&self, vpc: usize, block: Block) -> Option<String> {
        let own = self.allocation.vpcs.get(vpc)?;
        let id = self.design.vpcs.name(own.vpc);
        own.blocks.iter().find_map(|part| {
            if part.block == block {
                return Some(id.to_owned());
            }
            let layout = &self.design.layouts[part.layout];
            part.tiers.iter().find_map(|tier| {
                if tier.ranges.contains(&block) {
                    return Some(format!("{id} {}", layout[tier.tier].entity.name));
                }
                let subnet = tier.subnets.iter().find(|subnet| subnet.cidr == block)?;
                Some(format!("{id} {}", subnet.name))
            })
        })
    }
}
