//! Every address again, from positions in the lock: what was emitted must be what was promised.

use std::collections::BTreeMap;

use tanada_model::design::{Attachment, Design, Layout, Placement, PoolPlace, TierSize, Vpc};
use tanada_model::lock::{BlockLabel, Claim, Holder, LayoutLock, Lock, TierLock};
use tanada_model::net::Block;

use crate::Place;
use crate::network::Network;

/// Extents of every pool, roots included, by name.
pub(super) fn pools(design: &Design, lock: &Lock) -> BTreeMap<String, Vec<Block>> {
    let mut pools: BTreeMap<String, Vec<Block>> = BTreeMap::new();
    for (id, pool) in design.pools.iter() {
        if let PoolPlace::Root(range) = &pool.place {
            pools.insert(design.pools.name(id).to_owned(), vec![range.value]);
        }
    }
    // A pool lies in another one; each round settles at least one more.
    for _ in 0..lock.pools.len() {
        for (name, claims) in &lock.pools {
            let Some(parents) = pools.get(name).cloned() else { continue };
            for claim in claims {
                let Claim { extent, at, holder, state: _ } = claim;
                let Holder::Pool { name, extent: own } = holder else { continue };
                let Some(block) = parents.get(*extent as usize).and_then(|parent| at.within(*parent)) else {
                    continue;
                };
                let extents = pools.entry(name.clone()).or_default();
                if extents.len() == *own as usize {
                    extents.push(block);
                }
            }
        }
    }
    pools
}

/// A block of a VPC as the lock has it.
struct Promised<'a> {
    label: &'a BlockLabel,
    block: Block,
    headroom: u8,
    cut: u8,
}

/// Addresses that differ: where they are written, and how they differ.
pub(super) fn compare(design: &Design, lock: &Lock, network: &Network) -> Vec<(Place, String)> {
    let pools = pools(design, lock);
    let mut promised: BTreeMap<String, Vec<Promised<'_>>> = BTreeMap::new();
    for (pool, claims) in &lock.pools {
        let extents = pools.get(pool).map(Vec::as_slice).unwrap_or_default();
        for Claim { extent, at, holder, state: _ } in claims {
            let Holder::Vpc { vpc, block: label, headroom, cut } = holder else { continue };
            let Some(block) = extents.get(*extent as usize).and_then(|extent| at.within(*extent)) else {
                continue;
            };
            let own = Promised { label, block, headroom: *headroom, cut: *cut };
            promised.entry(vpc.id()).or_default().push(own);
        }
    }
    let mut wrong = Vec::new();
    for (at, vpc) in network.vpcs.iter().enumerate() {
        let Some(declared) = design.vpcs.by_name(&vpc.id) else { continue };
        let mut own = promised.remove(&vpc.id).unwrap_or_default();
        own.sort_by(|a, b| a.label.cmp(b.label));
        own.extend(pins(declared, &own));
        for (block, place) in &vpc.blocks {
            if own.iter().all(|promised| promised.block != *block) {
                let places: Vec<String> = own.iter().map(|promised| promised.block.to_string()).collect();
                let text = format!("block {block} of `{}`: the lock says {}", vpc.id, places.join(", "));
                wrong.push((place.clone(), text));
            }
        }
        for missing in
            own.iter().filter(|promised| vpc.blocks.iter().all(|(block, _)| *block != promised.block))
        {
            let text = format!("`{}` lacks its block {}", vpc.id, missing.block);
            wrong.push((vpc.place.clone(), text));
        }
        subnets(design, lock, network, at, declared, &own, &mut wrong);
    }
    wrong
}

/// Blocks that a person wrote and that lie in no root, so that the lock has no line for them.
fn pins<'a>(vpc: &'a Vpc, known: &[Promised<'a>]) -> Vec<Promised<'a>> {
    let mut pins = Vec::new();
    let mut pin = |label, placement: &Placement, headroom| {
        if let Placement::Pinned(range) = placement
            && known.iter().all(|promised| promised.block != range.value)
        {
            pins.push(Promised { label, block: range.value, headroom, cut: headroom });
        }
    };
    pin(&BlockLabel::First, &vpc.placement, vpc.headroom);
    for block in &vpc.blocks {
        pin(&BlockLabel::First, &block.placement, block.headroom);
    }
    pins
}

fn subnets(
    design: &Design,
    lock: &Lock,
    network: &Network,
    at: usize,
    vpc: &Vpc,
    own: &[Promised<'_>],
    wrong: &mut Vec<(Place, String)>,
) {
    let mut expected: BTreeMap<Block, (String, String)> = BTreeMap::new();
    for promised in own {
        let further = vpc.blocks.iter().find(|block| match (&block.placement, promised.label) {
            (_, BlockLabel::Named(name)) => *name == block.entity.name,
            (Placement::Pinned(range), BlockLabel::First) => range.value == promised.block,
            (Placement::Pinned(_) | Placement::Pool { .. }, BlockLabel::First | BlockLabel::Grown(_)) => {
                false
            }
        });
        let layout = further.map_or(vpc.layout, |block| block.layout);
        let first = further.is_none() && matches!(promised.label, BlockLabel::First);
        let (layout, locked) = (&design.layouts[layout], lock.layouts.get(design.layouts.name(layout)));
        if let Some(locked) = locked {
            cut(layout, locked, promised, first.then_some(()).and(vpc.attachment), &mut expected);
        }
    }
    let id = &network.vpcs[at].id;
    for (_, subnet) in network.subnets_of(at) {
        match expected.remove(&subnet.cidr) {
            Some((tier, _)) if tier == subnet.tier => {}
            Some((tier, _)) => {
                let text = format!("subnet `{id}.{}` has {} of tier `{tier}`", subnet.name, subnet.cidr);
                wrong.push((subnet.place.clone(), text));
            }
            None => {
                let text = format!(
                    "subnet `{id}.{}` has {}, which the lock gives to no subnet",
                    subnet.name, subnet.cidr
                );
                wrong.push((subnet.place.clone(), text));
            }
        }
    }
    for (block, (tier, zone)) in expected {
        let text = format!("`{id}` lacks the subnet {block} of tier `{tier}` in zone {zone}");
        wrong.push((network.vpcs[at].place.clone(), text));
    }
}

/// Subnets of one block with tier and zone.
fn cut(
    layout: &Layout,
    locked: &LayoutLock,
    promised: &Promised<'_>,
    attachment: Option<Attachment>,
    expected: &mut BTreeMap<Block, (String, String)>,
) {
    for (_, tier) in layout.tiers() {
        if tier.attach && attachment.is_none() {
            continue;
        }
        let name = &tier.entity.name;
        let own = |lock: &&TierLock| lock.tier == *name && lock.block == promised.block.prefix_len();
        let Some(place) = locked.tiers.iter().find(own) else { continue };
        for zone in &layout.zones {
            let Some(index) = locked.zones.iter().find(|known| known.letter == zone.letter) else { continue };
            let index = index.index;
            let netnum = if index < place.slots {
                Some(place.netnum + index)
            } else {
                place.extra.get(&index).copied()
            };
            let node = netnum.and_then(|netnum| promised.block.part(place.node, netnum));
            let Some(node) = node else { continue };
            let (headroom, cut) = match tier.size.value {
                TierSize::Prefix(_) => (0, 0),
                TierSize::NewBits(_) => (promised.headroom, promised.cut),
            };
            let mut add = |len: u8, index: u32| {
                if let Some(part) = node.part(node.prefix_len().saturating_add(len), index) {
                    expected.insert(part, (name.clone(), zone.letter.clone()));
                }
            };
            add(cut, 0);
            // Room that was taken since: each step is as large as all before it.
            (headroom..cut).for_each(|len| add(len + 1, 1));
        }
    }
}
