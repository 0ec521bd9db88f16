//! A lock from what a tree holds: for the day on which the lock is lost and the networks are not.
//!
//! What only the lock knew is gone: what was retired (so `tanada generate` may hand it out again; but not what a move
//! leaves, which the input names), the order in which intents were born, what was agreed to, and slots of tiers whose
//! `slots` was another number once.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, Layout, PoolPlace, Tier, TierSize, Vpc};
use tanada_model::diagnostic::{Diagnostic, Severity};
use tanada_model::lock::{
    BlockLabel, Claim, ClaimState, Holder, LayoutLock, Leaving, Lock, MoveStage, Recorded, RecordedSubnet,
    RecordedVpc, TierLock, VpcName, ZoneLock,
};
use tanada_model::net::{Block, Position};

use super::findings::{REBUILD_CONTRADICTION, REBUILD_FORGETS};
use super::layout_of;
use super::layouts::node_len;
use super::names::vpc_name;
use super::retire::hubs_to_keep;
use crate::moves::{FoundMove, before, beside};

/// A lock that gives every recorded block, tier and zone the place it has in the tree. `None` when tree and input
/// contradict each other. `design` is the input at the stages of `moves`.
pub fn rebuild(
    design: &Design,
    recorded: &Recorded,
    moves: &BTreeMap<VpcName, FoundMove>,
) -> (Option<Lock>, Vec<Diagnostic>) {
    let Recorded { pools, vpcs, hubs, leaving } = recorded;
    let mut rebuilding =
        Rebuilding { design, lock: Lock::default(), extents: BTreeMap::new(), findings: Vec::new() };
    rebuilding.pools(pools);
    for vpc in vpcs {
        rebuilding.vpc(vpc);
    }
    for (vpc, found) in moves {
        rebuilding.moving(vpc, found);
    }
    for (vpc, (birth, how)) in leaving {
        rebuilding.leaving(vpc, birth, *how, moves);
    }
    let Rebuilding { design: _, mut lock, extents: _, findings } = rebuilding;
    for claims in lock.pools.values_mut() {
        claims.sort_by_key(Claim::order);
    }
    for layout in lock.layouts.values_mut() {
        layout.zones.sort_by_key(|zone| zone.index);
        layout.tiers.sort_by_key(TierLock::order);
    }
    let births: Vec<String> = design
        .hubs
        .names()
        .map(|name| hubs.get(name).cloned().unwrap_or_else(|| format!("hub/{name}")))
        .collect();
    lock.hubs = hubs_to_keep(design, &births);
    lock.intents = design.intents.names().map(str::to_owned).zip(0..).collect();
    let is_whole = findings.iter().all(|finding| finding.code.severity != Severity::Error);
    (is_whole.then_some(lock), findings)
}

struct Rebuilding<'a> {
    design: &'a Design,
    lock: Lock,
    /// Extents by pool.
    extents: BTreeMap<String, Vec<Block>>,
    findings: Vec<Diagnostic>,
}

/// A recorded block of a VPC that the input still has.
struct Piece<'a> {
    vpc: &'a Vpc,
    block: Block,
    layout: &'a Layout,
    subnets: Vec<&'a RecordedSubnet>,
}

impl<'a> Rebuilding<'a> {
    fn contradiction(&mut self, message: String) {
        let finding = Diagnostic::new(REBUILD_CONTRADICTION, message);
        self.findings.push(finding.help("run it with the input and the tree of one and the same commit"));
    }

    fn pools(&mut self, recorded: &BTreeMap<String, Vec<Block>>) {
        let mut inner = Vec::new();
        for (id, pool) in self.design.pools.iter() {
            let name = self.design.pools.name(id).to_owned();
            match &pool.place {
                PoolPlace::Root(range) => {
                    self.extents.insert(name, vec![range.value]);
                }
                PoolPlace::Inner { size: _, parent } => {
                    let extents = recorded.get(&name.replace('-', "_")).or_else(|| recorded.get(&name));
                    if let Some(extents) = extents {
                        self.extents.insert(name.clone(), extents.clone());
                        inner.push((name, self.design.pools.name(*parent), extents));
                    }
                }
            }
        }
        for (name, parent, extents) in inner {
            for (&block, number) in extents.iter().zip(0..) {
                let holder = Holder::Pool { name: name.clone(), extent: number };
                if !self.claim(parent, block, holder) {
                    self.contradiction(format!("`{block}` of `pool.{name}` does not lie in `pool.{parent}`"));
                }
            }
        }
    }

    /// Whether the block lies in the pool.
    fn claim(&mut self, pool: &str, block: Block, holder: Holder) -> bool {
        let extents = self.extents.get(pool).map_or(&[][..], Vec::as_slice);
        let place =
            extents.iter().zip(0..).find_map(|(range, number)| Some((number, Position::of(block, *range)?)));
        let Some((extent, at)) = place else { return false };
        let claim = Claim { extent, at, holder, state: ClaimState::Live };
        self.lock.pools.entry(pool.to_owned()).or_default().push(claim);
        true
    }

    fn vpc(&mut self, recorded: &'a RecordedVpc) {
        let RecordedVpc { id, birth, blocks, subnets } = recorded;
        let vpc = self.design.vpcs.by_name(id);
        let name = match vpc {
            Some(vpc) => vpc_name(self.design, vpc),
            None => split(id, birth),
        };
        let mut labels = BTreeSet::new();
        let mut claimed = false;
        for (at, &block) in blocks.iter().enumerate() {
            let within: Vec<&RecordedSubnet> =
                subnets.iter().filter(|subnet| block.contains(subnet.cidr)).collect();
            let label =
                if at == 0 { BlockLabel::First } else { label_of(self.design, vpc, block, &within, &labels) };
            labels.insert(label.clone());
            let (headroom, cut) = match vpc {
                Some(vpc) => {
                    let layout = &self.design.layouts[layout_of(vpc, &label).unwrap_or(vpc.layout)];
                    let piece = Piece { vpc, block, layout, subnets: within };
                    self.places(&piece);
                    headroom(&piece, &label)
                }
                None => (0, 0),
            };
            let holder = Holder::Vpc { vpc: name.clone(), block: label, headroom, cut };
            let innermost = self.innermost(block);
            claimed |= innermost.is_some_and(|pool| self.claim(&pool, block, holder));
        }
        if *birth != name.directory() || !claimed {
            self.lock.births.insert(name, birth.clone());
        }
    }

    /// The stage of a move, and the block that the old network leaves: nothing in the tree has it any more.
    fn moving(&mut self, vpc: &VpcName, FoundMove { from, stage }: &FoundMove) {
        let Some(stage) = *stage else { return };
        self.lock.moves.insert(vpc.clone(), stage);
        let (old, now) = match stage {
            MoveStage::Beside => return,
            MoveStage::Leaving => (vpc.clone(), beside(vpc)),
            MoveStage::Arrived => (before(vpc), vpc.clone()),
        };
        let is_free = |pool: &str| {
            let claims = self.lock.pools.get(pool).map_or(&[][..], Vec::as_slice);
            let extents = self.extents.get(pool).map_or(&[][..], Vec::as_slice);
            let block = |claim: &Claim| claim.at.within(*extents.get(usize::try_from(claim.extent).ok()?)?);
            claims.iter().filter_map(block).all(|other| !other.overlaps(*from))
        };
        // Somebody who has it now has it because it was released.
        let Some(pool) = self.innermost(*from).filter(|pool| is_free(pool)) else { return };
        let like = self.lock.pools.values().flatten().find_map(|claim| match &claim.holder {
            Holder::Vpc { vpc, block: BlockLabel::First, headroom, cut } if *vpc == now => {
                Some((*headroom, *cut))
            }
            Holder::Vpc { .. } | Holder::Pool { .. } => None,
        });
        let (headroom, cut) = like.unwrap_or_default();
        let holder = Holder::Vpc { vpc: old, block: BlockLabel::First, headroom, cut };
        if self.claim(&pool, *from, holder)
            && let Some(claim) = self.lock.pools.get_mut(&pool).and_then(|claims| claims.last_mut())
        {
            claim.state = ClaimState::Retired;
        }
    }

    /// A VPC on its way out. Of its addresses the tree holds none.
    fn leaving(&mut self, vpc: &VpcName, birth: &str, how: Leaving, moves: &BTreeMap<VpcName, FoundMove>) {
        self.lock.leaving.insert(vpc.clone(), how);
        if birth != vpc.directory() {
            self.lock.births.insert(vpc.clone(), birth.to_owned());
        }
        if !moves.contains_key(vpc) {
            let id = vpc.id();
            let message =
                format!("`{id}` is on its way out, and nothing says any more which addresses it has");
            self.findings.push(Diagnostic::new(REBUILD_FORGETS, message).help(format!(
                "keep them with `reserved` until they are free: an older `addresses/{id}` in version control has them"
            )));
        }
    }

    /// The smallest pool that holds a block.
    fn innermost(&self, block: Block) -> Option<String> {
        let extents =
            self.extents.iter().flat_map(|(pool, all)| all.iter().map(move |extent| (pool, extent)));
        let holders = extents.filter(|(_, extent)| extent.contains(block));
        holders.max_by_key(|(_, extent)| extent.prefix_len()).map(|(pool, _)| pool.clone())
    }

    /// Zones and places of tiers, from the subnets of one block.
    fn places(&mut self, piece: &Piece<'_>) {
        let Piece { vpc, block, layout, subnets } = piece;
        let mut lock = self.lock.layouts.remove(&layout.entity.name).unwrap_or_default();
        for tier in &layout.tiers {
            let known =
                |place: &TierLock| place.block == block.prefix_len() && place.tier == tier.entity.name;
            let nodes = nodes(tier, layout, *block, subnets);
            if nodes.is_empty() || lock.tiers.iter().any(known) {
                continue;
            }
            match place(tier, layout, *block, &nodes, &mut lock) {
                Some(place) => lock.tiers.push(place),
                None => self.contradiction(format!(
                    "subnets of tier `{}` of `{}` do not stand as `layout.{}` places them",
                    tier.entity.name, vpc.id, layout.entity.name
                )),
            }
        }
        self.lock.layouts.insert(layout.entity.name.clone(), lock);
    }
}

/// Team and label of a VPC that the input has no more.
fn split(id: &str, birth: &str) -> VpcName {
    let born = birth
        .strip_prefix("teams/")
        .and_then(|name| name.parse::<VpcName>().ok())
        .filter(|name| name.id() == id);
    let (team, label) = id.split_once('-').unwrap_or((id, id));
    born.unwrap_or_else(|| VpcName::new(team, label))
}

/// Which of a VPC's blocks this is: growth by its subnets' names, a named one by its range or its tiers.
fn label_of(
    design: &Design,
    vpc: Option<&Vpc>,
    block: Block,
    subnets: &[&RecordedSubnet],
    taken: &BTreeSet<BlockLabel>,
) -> BlockLabel {
    let next_grown =
        || (2..).map(BlockLabel::Grown).find(|label| !taken.contains(label)).unwrap_or(BlockLabel::Grown(2));
    let grown = subnets.iter().find_map(|subnet| {
        let rest = subnet.name.strip_prefix(&format!("{}-{}-block", subnet.tier, subnet.zone))?;
        rest.split('-').next()?.parse().ok().map(BlockLabel::Grown)
    });
    let named = || {
        let own =
            vpc?.blocks.iter().filter(|own| !taken.contains(&BlockLabel::Named(own.entity.name.clone())));
        let fits = |own: &&tanada_model::design::VpcBlock| match &own.placement {
            tanada_model::design::Placement::Pinned(range) => range.value == block,
            tanada_model::design::Placement::Pool { pool: _, size } => {
                let layout = &design.layouts[own.layout];
                size.value == block.prefix_len()
                    && subnets.iter().all(|subnet| layout.tier(&subnet.tier).is_some())
            }
        };
        own.into_iter().find(fits).map(|own| BlockLabel::Named(own.entity.name.clone()))
    };
    grown.or_else(named).unwrap_or_else(next_grown)
}

/// The zones' nodes of a tier in a block: zone letter to index among the block's nodes.
fn nodes(tier: &Tier, layout: &Layout, block: Block, subnets: &[&RecordedSubnet]) -> BTreeMap<String, u32> {
    let len = node_len(tier, block.prefix_len());
    let own = subnets.iter().filter(|subnet| subnet.tier == tier.entity.name);
    let letters: BTreeSet<&str> = layout.zones.iter().map(|zone| zone.letter.as_str()).collect();
    own.filter(|subnet| letters.contains(subnet.zone.as_str()) && len <= subnet.cidr.prefix_len())
        .filter_map(|subnet| {
            let node = Block::containing(subnet.cidr.address(), len);
            Some((subnet.zone.clone(), Position::of(node, block)?.index))
        })
        .collect()
}

/// The place that puts a tier's nodes where they are, with the indexes of zones that were not known before.
fn place(
    tier: &Tier,
    layout: &Layout,
    block: Block,
    nodes: &BTreeMap<String, u32>,
    lock: &mut LayoutLock,
) -> Option<TierLock> {
    let index_of = |lock: &LayoutLock, letter: &str| {
        lock.zones.iter().find(|zone| zone.letter == letter).map(|zone| zone.index)
    };
    let first = *nodes.values().min()?;
    // From a zone whose index is known, else from the alignment of the slots.
    let known = nodes.iter().find_map(|(letter, node)| {
        node.checked_sub(index_of(lock, letter).filter(|index| *index < layout.slots)?)
    });
    let aligned = if layout.slots.is_power_of_two() { first / layout.slots * layout.slots } else { first };
    let netnum = known.unwrap_or(aligned);
    let mut extra = BTreeMap::new();
    for (letter, &node) in nodes {
        let slot = node.checked_sub(netnum).filter(|slot| *slot < layout.slots);
        let index = match (index_of(lock, letter), slot) {
            (Some(index), _) => index,
            (None, Some(slot)) => slot,
            (None, None) => lock.zones.iter().map(|zone| zone.index + 1).max().unwrap_or(0).max(layout.slots),
        };
        if index_of(lock, letter).is_none() {
            if lock.zones.iter().any(|zone| zone.index == index) {
                return None;
            }
            lock.zones.push(ZoneLock { letter: letter.clone(), index, state: ClaimState::Live });
        }
        match slot {
            Some(slot) if slot == index => {}
            Some(_) | None if index >= layout.slots => {
                extra.insert(index, node);
            }
            Some(_) | None => return None,
        }
    }
    let (block, node) = (block.prefix_len(), node_len(tier, block.prefix_len()));
    let (tier, slots) = (tier.entity.name.clone(), layout.slots);
    Some(TierLock { block, tier, node, netnum, slots, extra, state: ClaimState::Live })
}

/// Headroom today and when the block was cut, from its subnets' sizes.
fn headroom(piece: &Piece<'_>, label: &BlockLabel) -> (u8, u8) {
    let Piece { vpc, block, layout, subnets } = piece;
    for tier in &layout.tiers {
        match tier.size.value {
            TierSize::Prefix(_) => continue,
            TierSize::NewBits(_) => {}
        }
        let len = node_len(tier, block.prefix_len());
        let own = |subnet: &&&RecordedSubnet| subnet.tier == tier.entity.name;
        let Some(zone) = subnets.iter().find(own).map(|subnet| &subnet.zone) else { continue };
        let lens = || {
            subnets
                .iter()
                .filter(own)
                .filter(|subnet| subnet.zone == *zone)
                .map(|subnet| subnet.cidr.prefix_len())
        };
        let cut = lens().max().unwrap_or(len).saturating_sub(len);
        let parts = u8::try_from(lens().count()).unwrap_or(u8::MAX);
        return (cut.saturating_sub(parts.saturating_sub(1)), cut);
    }
    let own = match label {
        BlockLabel::Named(name) => {
            vpc.blocks.iter().find(|own| own.entity.name == *name).map(|own| own.headroom)
        }
        BlockLabel::First | BlockLabel::Grown(_) => None,
    };
    let headroom = own.unwrap_or(vpc.headroom);
    (headroom, headroom)
}
