//! What every root shares: `addresses/`.

use tanada_model::design::{Design, Id, PoolId, PoolPlace};
use tanada_model::net::{Block, Position};

use super::addresses::site_blocks;
use super::facts::{Facts, private};
use super::names::gateway_name;
use crate::plan::{Cidr, EstateAddresses, HubAddresses, Named, RegionAddresses, Shared};

/// `addresses/estate`.
pub(super) fn estate(facts: &Facts<'_>) -> EstateAddresses {
    let Design { pools, reserved, sites, flow_log_bucket, .. } = facts.design;
    let (mut ranges, mut inner) = (Vec::new(), Vec::new());
    for (id, pool) in pools.iter() {
        let name = pools.name(id).to_owned();
        let why = pool.entity.why.clone();
        match &pool.place {
            PoolPlace::Root(range) => {
                let cidr = facts.owners.define(&Shared::Root(name.clone()), range.value);
                ranges.push(Named { name, values: vec![(cidr, String::new())], why });
            }
            PoolPlace::Inner { size: _, parent } => {
                let extents = &facts.allocation.pools[id.index()].extents;
                let value = |(i, &block): (usize, &Block)| {
                    let cidr = facts.owners.define(&Shared::Pool(name.clone(), i), block);
                    (cidr, in_pool(facts, *parent, block))
                };
                let values = extents.iter().enumerate().map(value).collect();
                inner.push(Named { name: name.clone(), values, why });
            }
        }
    }
    let reserved = reserved.iter().map(|(id, row)| {
        let name = reserved.name(id).to_owned();
        let cidr = facts.owners.define(&Shared::Reserved(name.clone()), row.range.value);
        Named { name, values: vec![(cidr, String::new())], why: row.entity.why.clone() }
    });
    let sites = sites.iter().map(|(id, site)| {
        let name = sites.name(id).to_owned();
        let value = |(i, block): (usize, Block)| {
            (facts.owners.define(&Shared::Site(name.clone(), i), block), String::new())
        };
        let values = site_blocks(site).enumerate().map(value).collect();
        Named { name: name.clone(), values, why: site.entity.why.clone() }
    });
    EstateAddresses {
        ranges,
        pools: inner,
        reserved: reserved.collect(),
        sites: sites.filter(|site| !site.values.is_empty()).collect(),
        private: private_ranges(facts),
        flow_log_bucket: flow_log_bucket.as_ref().map(|bucket| bucket.value.clone()),
    }
}

fn private_ranges(facts: &Facts<'_>) -> Vec<(Cidr, String)> {
    if !facts.owners.private {
        return Vec::new();
    }
    let range = |(i, block)| (facts.owners.define(&Shared::Private(i), block), String::new());
    private().into_iter().enumerate().map(range).collect()
}

/// Where a block of a pool comes from, in Terraform's words: `cidrsubnet(production, 9, 10)`. Empty when it lies in no
/// extent.
pub(super) fn in_pool(facts: &Facts<'_>, pool: PoolId, block: Block) -> String {
    let extents = &facts.allocation.pools[pool.index()].extents;
    let name = facts.design.pools.name(pool);
    let at =
        extents.iter().enumerate().find_map(|(i, &extent)| Some((i, extent, Position::of(block, extent)?)));
    match at {
        None => String::new(),
        Some((0, extent, position)) if extents.len() == 1 => cidrsubnet(name, extent, position),
        Some((i, extent, position)) => cidrsubnet(&format!("{name}[{i}]"), extent, position),
    }
}

/// A position in Terraform's words.
pub(super) fn cidrsubnet(of: &str, range: Block, position: Position) -> String {
    let Position { len, index } = position;
    format!("cidrsubnet({of}, {}, {index})", len.saturating_sub(range.prefix_len()))
}

/// `addresses/region-<name>`.
pub(super) fn regions(design: &Design) -> Vec<RegionAddresses> {
    let zones = |region: &tanada_model::design::Region| {
        region.zones.iter().map(|(letter, id)| (letter.clone(), id.value.clone())).collect()
    };
    let regions = design.regions.iter();
    regions
        .map(|(id, region)| RegionAddresses {
            name: design.regions.name(id).to_owned(),
            zones: zones(region),
        })
        .collect()
}

/// `addresses/hub-<name>`.
pub(super) fn hubs(design: &Design) -> Vec<HubAddresses> {
    let address =
        |id| HubAddresses { name: design.hubs.name(id).to_owned(), gateway: gateway_name(design, id) };
    design.hubs.ids().map(address).collect()
}
