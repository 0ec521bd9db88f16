//! Design and allocation joined: what every derivation asks of a VPC and its tiers, worked out once.

use rayon::prelude::*;
use tanada_model::design::{
    Design, Id, Internet, LayoutId, PoolPlace, Site, SiteId, SiteRange, Tier, TierIndex, Vpc, VpcId, WayOut,
};
use tanada_model::net::{Block, BlockSet};

use super::addresses::Owners;
use super::before::Before;
use crate::allocation::{Allocation, SubnetAllocation, VpcAllocation};

/// The three ranges of RFC 1918, in order.
pub(super) fn private() -> [Block; 3] {
    let block = |octets: [u8; 4], len| Block::containing(octets.into(), len);
    [block([10, 0, 0, 0], 8), block([172, 16, 0, 0], 12), block([192, 168, 0, 0], 16)]
}

/// 0.0.0.0/0.
pub(super) fn everywhere() -> Block {
    Block::containing([0, 0, 0, 0].into(), 0)
}

/// Everything that derivations read.
pub(super) struct Facts<'a> {
    /// The input's meaning.
    pub design: &'a Design,
    /// Addresses.
    pub allocation: &'a Allocation,
    /// Which place holds each block's literal.
    pub owners: Owners,
    /// What was called otherwise.
    pub before: Before,
    /// By [`VpcId`].
    pub vpcs: Vec<VpcFacts<'a>>,
    /// Ranges of root pools, sorted.
    pub roots: Vec<Block>,
    /// What `internet` leaves out: roots and ranges of sites, the largest ones, sorted.
    pub estate: Vec<Block>,
}

/// A VPC and its addresses.
pub(super) struct VpcFacts<'a> {
    /// Its id.
    pub id: VpcId,
    /// What the input says.
    pub vpc: &'a Vpc,
    /// Where it lies.
    pub allocation: &'a VpcAllocation,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
    /// Tiers of all its blocks, in order; a tier that growth cuts again in another block stands once.
    pub tiers: Vec<TierFacts<'a>>,
    /// Whether some segment's `default` or `via` leads to it.
    pub way_out: bool,
    /// Whether it is some segment's `default`, has a tier for NAT, and no firewall decides inside: centralised egress.
    pub egress: bool,
}

/// A tier of one VPC.
pub(super) struct TierFacts<'a> {
    /// Its label.
    pub name: &'a str,
    /// The layout that it comes from.
    pub layout: LayoutId,
    /// Its index there.
    pub index: TierIndex,
    /// What the input says.
    pub tier: &'a Tier,
    /// Everything it may ever use, in the order of the blocks.
    pub ranges: Vec<Block>,
    /// The VPC's block (by index) that each range lies in.
    pub homes: Vec<usize>,
    /// Its subnets.
    pub subnets: Vec<&'a SubnetAllocation>,
}

impl<'a> Facts<'a> {
    /// Joins the two.
    pub(super) fn new(design: &'a Design, allocation: &'a Allocation) -> Self {
        let known: Vec<(VpcId, &Vpc)> = design.vpcs.iter().collect();
        let mut vpcs: Vec<VpcFacts<'a>> = known
            .into_par_iter()
            .zip(&allocation.vpcs)
            .map(|((id, vpc), allocation)| VpcFacts::new(design, id, vpc, allocation))
            .collect();
        for (out, is_default) in ways_out(design) {
            if let WayOut::Vpc(id) = out {
                let facts = &mut vpcs[id.index()];
                facts.way_out = true;
                facts.egress |= is_default && !facts.vpc.inspects && facts.nat_tier().is_some();
            }
        }
        let roots: BlockSetOrder = design
            .pools
            .values()
            .filter_map(|pool| match &pool.place {
                PoolPlace::Root(range) => Some(range.value),
                PoolPlace::Inner { size: _, parent: _ } => None,
            })
            .collect();
        let mut facts = Self {
            design,
            allocation,
            owners: Owners::default(),
            before: Before::default(),
            vpcs,
            roots: roots.clone().largest(),
            estate: Vec::new(),
        };
        let sites = design.sites.ids().flat_map(|site| facts.site_ranges(site));
        // A site that stands for the internet is none of the estate's places, nor does it make the others so.
        let places = roots.0.iter().copied().chain(sites).filter(|block| !block.is_everything());
        let estate: BlockSetOrder = places.collect();
        facts.estate = estate.largest();
        facts.owners = Owners::new(&facts);
        facts.before = Before::new(&facts);
        facts
    }

    /// A VPC.
    pub(super) fn vpc(&self, id: VpcId) -> &VpcFacts<'a> {
        &self.vpcs[id.index()]
    }

    /// What lies at a site, in written order; empty when it is learnt by BGP.
    pub(super) fn site_ranges(&self, site: SiteId) -> Vec<Block> {
        let Site { entity: _, ranges, segment: _, links: _ } = &self.design.sites[site];
        let blocks = |range: &SiteRange| match range {
            SiteRange::Block(block) => vec![block.value],
            SiteRange::Reserved(id) => vec![self.design.reserved[*id].range.value],
            SiteRange::Pool(id) => self.allocation.pools[id.index()].extents.clone(),
            SiteRange::Internet => vec![everywhere()],
        };
        ranges.iter().flat_map(blocks).collect()
    }

    /// The root that holds a block.
    pub(super) fn root_of(&self, block: Block) -> Option<Block> {
        let after = self.roots.partition_point(|root| root.first() <= block.first());
        let root = self.roots.get(after.checked_sub(1)?).copied()?;
        root.contains(block).then_some(root)
    }
}

impl<'a> VpcFacts<'a> {
    fn new(design: &'a Design, id: VpcId, vpc: &'a Vpc, allocation: &'a VpcAllocation) -> Self {
        let mut tiers: Vec<TierFacts<'a>> = Vec::new();
        for (home, block) in allocation.blocks.iter().enumerate() {
            let layout = &design.layouts[block.layout];
            for placed in &block.tiers {
                let tier = &layout[placed.tier];
                let name = tier.entity.name.as_str();
                let at = tiers.iter().position(|known| known.name == name).unwrap_or_else(|| {
                    tiers.push(TierFacts {
                        name,
                        layout: block.layout,
                        index: placed.tier,
                        tier,
                        ranges: Vec::new(),
                        homes: Vec::new(),
                        subnets: Vec::new(),
                    });
                    tiers.len() - 1
                });
                let own = &mut tiers[at];
                own.ranges.extend(&placed.ranges);
                own.homes.resize(own.ranges.len(), home);
                own.subnets.extend(&placed.subnets);
            }
        }
        let blocks = allocation.blocks.iter().map(|block| block.block).collect();
        Self { id, vpc, allocation, blocks, tiers, way_out: false, egress: false }
    }

    /// The tier with this name.
    pub(super) fn tier(&self, name: &str) -> Option<&TierFacts<'a>> {
        self.tiers.iter().find(|tier| tier.name == name)
    }

    /// The tier that NAT gateways stand in.
    pub(super) fn nat_tier(&self) -> Option<&TierFacts<'a>> {
        self.tiers.iter().find(|tier| tier.tier.internet == Internet::In && !tier.tier.attach)
    }

    /// The tier that carries the attachment.
    pub(super) fn attach_tier(&self) -> Option<&TierFacts<'a>> {
        self.tiers.iter().find(|tier| tier.tier.attach)
    }

    /// How a person writes this VPC.
    pub(super) fn reference(&self, design: &Design) -> String {
        format!("team.{}.{}", design.teams.name(self.vpc.team), self.vpc.entity.name)
    }
}

impl TierFacts<'_> {
    /// Whether rules that name no tier land here: it is neither guarded nor the attachment's.
    pub(super) fn plain(&self) -> bool {
        !self.tier.guarded() && !self.tier.attach
    }
}

/// Every `default` (true) and `via` (false) of every segment.
pub(super) fn ways_out(design: &Design) -> impl Iterator<Item = (WayOut, bool)> {
    design.segments.values().flat_map(|segment| {
        let default = segment.default.map(|out| (out, true));
        default.into_iter().chain(segment.routes.iter().map(|route| (route.via, false)))
    })
}

/// Blocks of which only the largest count, without summing up neighbours.
#[derive(Clone)]
pub(super) struct BlockSetOrder(Vec<Block>);

impl FromIterator<Block> for BlockSetOrder {
    fn from_iter<I: IntoIterator<Item = Block>>(blocks: I) -> Self {
        Self(blocks.into_iter().collect())
    }
}

impl BlockSetOrder {
    /// The blocks that lie in no other one, sorted.
    pub(super) fn largest(self) -> Vec<Block> {
        let mut blocks = self.0;
        blocks.sort_unstable();
        let mut largest: Vec<Block> = Vec::with_capacity(blocks.len());
        for block in blocks {
            if !largest.last().is_some_and(|last| last.contains(block)) {
                largest.push(block);
            }
        }
        largest
    }
}

/// The blocks of many VPCs, summed up.
pub(super) fn sum_of(facts: &Facts<'_>, vpcs: impl IntoIterator<Item = VpcId>) -> BlockSet {
    vpcs.into_iter().flat_map(|vpc| facts.vpc(vpc).blocks.iter().copied()).collect()
}
