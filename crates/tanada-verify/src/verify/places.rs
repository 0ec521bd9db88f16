//! Addresses that names of the input stand for in the tree.

use std::collections::BTreeMap;

use tanada_model::design::{
    Design, Endpoint, Id, Internet, PoolPlace, SiteId, SiteRange, Tier, VpcId, WayOut,
};
use tanada_model::net::{Block, BlockSet};

use crate::network::Network;

/// Addresses that names of the input stand for in the tree.
pub(super) struct Places<'a> {
    pub(super) design: &'a Design,
    pub(super) network: &'a Network,
    /// The emitted VPC of each of the design's; `None`: it is not there.
    pub(super) vpcs: Vec<Option<usize>>,
    /// Extents of inner pools by name.
    pub(super) pools: &'a BTreeMap<String, Vec<Block>>,
    /// What the internet is not.
    pub(super) estate: BlockSet,
}

/// The three ranges of RFC 1918.
pub(super) fn private() -> [Block; 3] {
    [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16)]
        .map(|(octets, len): ([u8; 4], u8)| Block::containing(octets.into(), len))
}

/// 0.0.0.0/0.
pub(super) fn everywhere() -> Block {
    Block::containing([0, 0, 0, 0].into(), 0)
}

impl<'a> Places<'a> {
    pub(super) fn new(
        design: &'a Design,
        network: &'a Network,
        pools: &'a BTreeMap<String, Vec<Block>>,
    ) -> Self {
        let by_id: BTreeMap<&str, usize> =
            network.vpcs.iter().enumerate().map(|(at, vpc)| (vpc.id.as_str(), at)).collect();
        let vpcs = design.vpcs.values().map(|vpc| by_id.get(vpc.id.as_str()).copied()).collect();
        let mut places = Self { design, network, vpcs, pools, estate: BlockSet::new() };
        let roots = design.pools.values().filter_map(|pool| match &pool.place {
            PoolPlace::Root(range) => Some(range.value),
            PoolPlace::Inner { size: _, parent: _ } => None,
        });
        let sites = design.sites.ids().flat_map(|site| places.site(site));
        places.estate = roots.chain(sites).filter(|block| !block.is_everything()).collect();
        places
    }

    /// What lies at a site.
    pub(super) fn site(&self, site: SiteId) -> Vec<Block> {
        let blocks = |range: &SiteRange| match range {
            SiteRange::Block(block) => vec![block.value],
            SiteRange::Reserved(id) => vec![self.design.reserved[*id].range.value],
            SiteRange::Pool(id) => self.pool(self.design.pools.name(*id)),
            SiteRange::Internet => vec![everywhere()],
        };
        self.design.sites[site].ranges.iter().flat_map(blocks).collect()
    }

    pub(super) fn pool(&self, name: &str) -> Vec<Block> {
        match self.design.pools.by_name(name).map(|pool| &pool.place) {
            Some(PoolPlace::Root(range)) => vec![range.value],
            Some(PoolPlace::Inner { size: _, parent: _ }) | None => {
                self.pools.get(name).cloned().unwrap_or_default()
            }
        }
    }

    /// Blocks of a VPC as they were emitted.
    pub(super) fn vpc(&self, vpc: VpcId) -> Vec<Block> {
        self.vpcs[vpc.index()].map(|at| self.network.vpcs[at].cidrs()).unwrap_or_default()
    }

    /// Subnets of a tier, by tag.
    pub(super) fn tier(&self, vpc: VpcId, tier: &str) -> Vec<Block> {
        let Some(vpc) = self.vpcs[vpc.index()] else { return Vec::new() };
        let own = self.network.subnets_of(vpc).filter(|(_, subnet)| subnet.tier == tier);
        own.map(|(_, subnet)| subnet.cidr).collect()
    }

    /// The addresses of an end, and whether it is the internet.
    pub(super) fn end(&self, end: &Endpoint) -> (Vec<Block>, bool) {
        let blocks = match end {
            Endpoint::Vpc(vpc) => self.vpc(*vpc),
            Endpoint::Tier(vpc, tier) => self.tier(*vpc, tier),
            Endpoint::Pool(id) => self.pool(self.design.pools.name(*id)),
            Endpoint::Reserved(id) => vec![self.design.reserved[*id].range.value],
            Endpoint::Site(id) => self.site(*id),
            Endpoint::Private => private().to_vec(),
            Endpoint::Any => vec![everywhere()],
            Endpoint::Internet => return (Vec::new(), true),
        };
        (blocks, false)
    }

    pub(super) fn ends<'e>(&self, ends: impl IntoIterator<Item = &'e Endpoint>) -> (Vec<Block>, bool) {
        let (mut blocks, mut internet) = (Vec::new(), false);
        for end in ends {
            let (more, online) = self.end(end);
            blocks.extend(more);
            internet |= online;
        }
        (blocks, internet)
    }

    /// Whether some segment's `default` or `via` leads to a VPC, and whether it is a `default` that decides nothing inside.
    pub(super) fn way_out(&self, vpc: VpcId) -> (bool, bool) {
        let out = WayOut::Vpc(vpc);
        let segments = || self.design.segments.values();
        let default = segments().any(|segment| segment.default == Some(out));
        let via = segments().any(|segment| segment.routes.iter().any(|route| route.via == out));
        (default || via, default && !self.design.vpcs[vpc].inspects && self.nat_tier(vpc).is_some())
    }

    /// The tier that NAT gateways stand in.
    pub(super) fn nat_tier(&self, vpc: VpcId) -> Option<&str> {
        let nat = |(_, tier): &(_, &'a Tier)| tier.internet == Internet::In && !tier.attach;
        tiers(self.design, vpc).into_iter().find(nat).map(|(_, tier)| tier.entity.name.as_str())
    }
}

/// Every tier of a VPC with its layout, each name once.
pub(super) fn tiers(design: &Design, vpc: VpcId) -> Vec<(tanada_model::design::LayoutId, &Tier)> {
    let mut tiers: Vec<(_, &Tier)> = Vec::new();
    for layout in design.layouts_of(vpc) {
        for (_, tier) in design.layouts[layout].tiers() {
            if tiers.iter().all(|(_, known): &(_, &Tier)| known.entity.name != tier.entity.name) {
                tiers.push((layout, tier));
            }
        }
    }
    tiers
}
