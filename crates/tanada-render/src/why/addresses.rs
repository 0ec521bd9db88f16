//! From the ranges that a person wrote to every other address.

use tanada_model::design::{Id as _, Placement, PoolId, PoolPlace, SiteRange, TierSize, VpcBlock};
use tanada_model::diagnostic::Spanned;
use tanada_model::document::place;
use tanada_model::lock::{BlockLabel, VpcName};
use tanada_model::net::{Block, Position};

use super::{Case, Step, VpcCase, lock};
use crate::allocation::{BlockAllocation, SubnetAllocation};
use crate::plan::{Cidr, Shared};

/// Members of a sum that are named one by one.
const NAMED: usize = 8;

impl<'a> Case<'a> {
    /// The value of an address, wherever it stands.
    pub(super) fn value(self, cidr: &Cidr, own: &dyn Fn(&str) -> Option<Block>) -> Option<String> {
        match cidr {
            Cidr::Literal(block) => Some(block.to_string()),
            Cidr::Everywhere => Some("0.0.0.0/0".to_owned()),
            Cidr::Aggregate(name) => own(name).map(|block| block.to_string()),
            Cidr::Shared(shared) => self.block(shared).map(|block| block.to_string()),
        }
    }

    /// The block of a shared address.
    pub(super) fn block(self, shared: &Shared) -> Option<Block> {
        match shared {
            Shared::Root(name) => match &self.design.pools.by_name(name)?.place {
                PoolPlace::Root(range) => Some(range.value),
                PoolPlace::Inner { size: _, parent: _ } => None,
            },
            Shared::Pool(name, i) => {
                let id = self.design.pools.id(name)?;
                self.allocation.pools.get(id.index())?.extents.get(*i).copied()
            }
            Shared::Reserved(name) => Some(self.design.reserved.by_name(name)?.range.value),
            Shared::Site(name, i) => self.site_range(name, *i).map(|range| range.value),
            Shared::Private(i) => {
                ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].get(*i).and_then(|text| text.parse().ok())
            }
            Shared::Block(id, i) => self.vpc(id)?.at.blocks.get(*i).map(|block| block.block),
            Shared::Tier(id, tier, i) => self.vpc(id)?.tier_ranges(tier).get(*i).map(|(_, block)| *block),
            Shared::Aggregate(name) => self.plan.aggregates.get(name).copied(),
        }
    }

    fn site_range(self, name: &str, i: usize) -> Option<Spanned<Block>> {
        let ranges = self.design.sites.by_name(name)?.ranges.iter();
        let blocks = ranges.filter_map(|range| match range {
            SiteRange::Block(block) => Some(*block),
            SiteRange::Reserved(_) | SiteRange::Pool(_) | SiteRange::Internet => None,
        });
        blocks.into_iter().nth(i)
    }

    /// Where an address comes from.
    pub(super) fn cidr(self, cidr: &Cidr, own: &dyn Fn(&str) -> Option<Block>) -> Vec<Step> {
        match cidr {
            Cidr::Literal(_) => Vec::new(),
            Cidr::Everywhere => vec![Step::rule("0.0.0.0/0: every address, nobody's in particular")],
            Cidr::Aggregate(name) => own(name).map(|block| self.sum(block)).unwrap_or_default(),
            Cidr::Shared(shared) => self.shared(shared),
        }
    }

    /// Where a shared address comes from.
    pub(super) fn shared(self, shared: &Shared) -> Vec<Step> {
        match shared {
            Shared::Root(name) | Shared::Pool(name, _) => {
                let index = if let Shared::Pool(_, i) = shared { *i } else { 0 };
                self.design.pools.id(name).map(|id| self.pool(id, index)).unwrap_or_default()
            }
            Shared::Reserved(name) => {
                let Some(reserved) = self.design.reserved.by_name(name) else { return Vec::new() };
                let what = format!("reservation `{name}` is {}", reserved.range.value);
                vec![
                    Step::input(
                        reserved.entity.span,
                        format!("reserved \"{name}\""),
                        format!("reservation `{name}`"),
                    ),
                    Step::input(reserved.range.span, reserved.range.value.to_string(), what),
                ]
            }
            Shared::Site(name, i) => {
                let range = self.site_range(name, *i);
                let what = |range: Spanned<Block>| {
                    let what = format!("{} stands at site `{name}`", range.value);
                    Step::input(range.span, range.value.to_string(), what)
                };
                range.map(what).into_iter().collect()
            }
            Shared::Private(_) => vec![Step::rule("one of the three private ranges of RFC 1918")],
            Shared::Block(id, i) => self.vpc(id).map(|vpc| vpc.block(*i)).unwrap_or_default(),
            Shared::Tier(id, tier, i) => self.vpc(id).map(|vpc| vpc.tier(tier, *i)).unwrap_or_default(),
            Shared::Aggregate(name) => {
                self.plan.aggregates.get(name).map(|block| self.sum(*block)).unwrap_or_default()
            }
        }
    }

    /// An extent of a pool.
    pub(super) fn pool(self, id: PoolId, extent: usize) -> Vec<Step> {
        let pool = &self.design.pools[id];
        let name = self.design.pools.name(id);
        match &pool.place {
            PoolPlace::Root(range) => {
                let what = format!("pool `{name}` is {}", range.value);
                vec![Step::input(range.span, range.value.to_string(), what)]
            }
            PoolPlace::Inner { size, parent } => {
                let around = self.design.pools.name(*parent);
                let block = self.allocation.pools.get(id.index()).and_then(|pool| pool.extents.get(extent));
                let parents = self.allocation.pools.get(parent.index()).map(|pool| pool.extents.as_slice());
                let found = block.and_then(|&block| {
                    let holder =
                        |(i, &within): (usize, &Block)| Some((i, within, Position::of(block, within)?));
                    let (i, within, at) = parents?.iter().enumerate().find_map(holder)?;
                    Some((block, i, within, at))
                });
                let mut steps = self.pool(*parent, found.map_or(0, |(_, i, _, _)| i));
                let what = format!("pool `{name}`, a /{} of `{around}`", size.value);
                steps.push(Step::input(size.span, size.value.to_string(), what));
                if let Some((block, _, within, at)) = found {
                    let what = format!("position {} of {within} is {block}", lock::place(at));
                    steps.push(lock::pool(around, at, name, what));
                }
                steps
            }
        }
    }

    /// A sum of several networks.
    pub(super) fn sum(self, sum: Block) -> Vec<Step> {
        let inside = |block: &Block| sum.contains(*block);
        let vpcs = self.plan.vpcs.iter().filter(|root| root.page.blocks.iter().any(inside));
        let vpcs: Vec<VpcCase<'_>> = vpcs.filter_map(|root| self.vpc(&root.id)).collect();
        let holders: Vec<Step> = vpcs.iter().take(NAMED).map(|vpc| vpc.line()).collect();
        let mut steps = if holders.is_empty() { self.others_in(sum) } else { holders };
        if steps.is_empty() {
            steps = self.tiers_in(sum);
        }
        let more = vpcs.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(", and {more} VPCs more") } else { String::new() };
        steps
            .push(Step::rule(format!("{sum} is exactly the sum of these{more}: one row instead of several")));
        steps
    }

    /// Ranges of sites, reservations and pools inside a sum.
    fn others_in(self, sum: Block) -> Vec<Step> {
        let reserved = self.design.reserved.iter().filter(|(_, one)| sum.contains(one.range.value));
        let mut steps: Vec<Step> = reserved
            .flat_map(|(id, _)| self.shared(&Shared::Reserved(self.design.reserved.name(id).to_owned())))
            .collect();
        for (id, site) in self.design.sites.iter() {
            let name = self.design.sites.name(id);
            for i in 0..site.ranges.len() {
                if self.site_range(name, i).is_some_and(|range| sum.contains(range.value)) {
                    steps.extend(self.shared(&Shared::Site(name.to_owned(), i)));
                }
            }
        }
        for (pool, at) in self.design.pools.ids().zip(&self.allocation.pools) {
            let inside = at.extents.iter().enumerate().filter(|(_, block)| sum.contains(**block));
            steps.extend(inside.flat_map(|(i, _)| self.pool(pool, i)));
        }
        steps
    }

    /// Tiers inside a sum that lies in one VPC, or several of its neighbours.
    fn tiers_in(self, sum: Block) -> Vec<Step> {
        let mut steps = Vec::new();
        for root in &self.plan.vpcs {
            let Some(vpc) = self.vpc(&root.id) else { continue };
            if !root.page.blocks.iter().any(|block| block.overlaps(sum)) {
                continue;
            }
            for (tier, _, ranges) in &root.page.tiers {
                for (i, _) in ranges.iter().enumerate().filter(|(_, range)| range.overlaps(sum)) {
                    steps.extend(vpc.tier(tier, i));
                }
            }
        }
        steps
    }
}

impl<'a> VpcCase<'a> {
    fn name(self) -> VpcName {
        VpcName::new(self.case.design.teams.name(self.vpc.team), self.vpc.entity.name.as_str())
    }

    /// The design's words for one of the VPC's blocks.
    fn placement(self, label: &BlockLabel) -> Option<&'a Placement> {
        match label {
            BlockLabel::First | BlockLabel::Grown(_) => Some(&self.vpc.placement),
            BlockLabel::Named(name) => {
                let named = self.vpc.blocks.iter().find(|block| block.entity.name == *name)?;
                let VpcBlock { entity: _, placement, headroom: _, headroom_written: _, layout: _ } = named;
                Some(placement)
            }
        }
    }

    /// One of its blocks.
    pub(super) fn block(self, i: usize) -> Vec<Step> {
        let Some(BlockAllocation { label, block, source, layout: _, headroom: _, tiers: _ }) =
            self.at.blocks.get(i)
        else {
            return Vec::new();
        };
        let mut steps = vec![self.line()];
        if let BlockLabel::Named(name) = label
            && let Some(named) = self.vpc.blocks.iter().find(|block| block.entity.name == *name)
        {
            steps.push(Step::input(named.entity.span, format!("\"{name}\""), format!("its block `{name}`")));
        }
        match self.placement(label) {
            Some(Placement::Pinned(range)) if range.value == *block => {
                let what = format!("a person wrote {block}: it is pinned");
                steps.push(Step::input(range.span, range.value.to_string(), what));
            }
            Some(Placement::Pool { pool, size }) => {
                let name = self.case.design.pools.name(*pool);
                let what = format!("a /{} of pool `{name}`", size.value);
                steps.push(Step::input(size.span, size.value.to_string(), what));
            }
            Some(Placement::Pinned(_)) | None => {}
        }
        let Some((pool, extent, at)) = source else {
            steps.push(Step::rule("outside of every pool: nothing else says where it lies"));
            return steps;
        };
        let name = self.case.design.pools.name(*pool);
        let extent = usize::try_from(*extent).unwrap_or(0);
        steps.extend(self.case.pool(*pool, extent));
        let within = self.case.allocation.pools.get(pool.index()).and_then(|pool| pool.extents.get(extent));
        let within = within.map_or_else(|| format!("pool `{name}`"), ToString::to_string);
        let what = format!("position {} of {within} is {block}, kept by the lock", lock::place(*at));
        steps.push(lock::block(name, *at, &self.name(), what));
        steps
    }

    /// What a tier may ever use, with the block that each range lies in.
    pub(super) fn tier_ranges(self, name: &str) -> Vec<(usize, Block)> {
        let mut ranges = Vec::new();
        for (home, block) in self.at.blocks.iter().enumerate() {
            let layout = &self.case.design.layouts[block.layout];
            for tier in block.tiers.iter().filter(|tier| layout[tier.tier].entity.name == name) {
                ranges.extend(tier.ranges.iter().map(|&range| (home, range)));
            }
        }
        ranges
    }

    /// What a tier may use.
    pub(super) fn tier(self, name: &str, i: usize) -> Vec<Step> {
        let Some(&(home, range)) = self.tier_ranges(name).get(i) else { return Vec::new() };
        let mut steps = self.block(home);
        steps.extend(self.cut(home, name));
        steps.push(Step::rule(format!("tier `{name}` with room for every zone slot is {range}")));
        steps
    }

    /// How a block is cut into nodes of a tier.
    fn cut(self, home: usize, name: &str) -> Vec<Step> {
        let Some(block) = self.at.blocks.get(home) else { return Vec::new() };
        let layouts = &self.case.design.layouts;
        let Some((_, tier)) = layouts[block.layout].tier(name) else { return Vec::new() };
        let layout = layouts.name(block.layout);
        let (words, node) = match tier.size.value {
            TierSize::NewBits(bits) => (bits.to_string(), block.block.prefix_len().saturating_add(bits)),
            TierSize::Prefix(len) => (len.to_string(), len),
        };
        let what = format!("tier `{name}` of layout `{layout}` has a /{node} node a zone");
        vec![
            Step::input(
                tier.entity.span,
                format!("tier \"{name}\""),
                format!("layout `{layout}` has tier `{name}`"),
            ),
            Step::input(tier.size.span, words, what),
            lock::tier(
                layout,
                block.block.prefix_len(),
                name,
                format!("where tier `{name}` begins in blocks of this size"),
            ),
        ]
    }

    /// A subnet.
    pub(super) fn subnet(self, name: &str) -> Vec<Step> {
        let Some((home, tier, subnet)) = self.find(name) else { return Vec::new() };
        let SubnetAllocation { name: _, zone, part, cidr } = subnet;
        let mut steps = self.block(home);
        steps.extend(self.cut(home, tier));
        let Some(block) = self.at.blocks.get(home) else { return steps };
        let layouts = &self.case.design.layouts;
        let layout = &layouts[block.layout];
        let letter = layout.zones.iter().find(|one| one.letter == *zone);
        steps.extend(
            letter.map(|one| Step::input(one.span, zone.as_str(), format!("zone `{zone}` of the layout"))),
        );
        let node = layout.tier(tier).map_or(cidr.prefix_len(), |(_, tier)| match tier.size.value {
            TierSize::NewBits(bits) => block.block.prefix_len().saturating_add(bits),
            TierSize::Prefix(len) => len,
        });
        let node = Block::containing(cidr.address(), node.min(cidr.prefix_len()));
        let what = format!("the index of zone `{zone}`, for ever: its node is {node}");
        steps.push(lock::zone(layouts.name(block.layout), zone, what));
        let headroom = self.inherited("headroom", |all| place(&all.headroom));
        steps.extend(headroom);
        steps.push(Step::rule(if node == *cidr {
            format!("the subnet takes the whole node: {cidr}")
        } else {
            format!("part {part} of the node, {} bit of headroom kept beside it: {cidr}", block.headroom)
        }));
        steps
    }

    /// The block, tier and place of a subnet.
    pub(super) fn find(self, name: &str) -> Option<(usize, &'a str, &'a SubnetAllocation)> {
        for (home, block) in self.at.blocks.iter().enumerate() {
            for tier in &block.tiers {
                if let Some(subnet) = tier.subnets.iter().find(|subnet| subnet.name == name) {
                    let label = &self.case.design.layouts[block.layout][tier.tier].entity.name;
                    return Some((home, label, subnet));
                }
            }
        }
        None
    }
}
