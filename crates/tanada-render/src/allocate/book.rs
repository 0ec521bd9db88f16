//! The address plan while it is being made: pools with their extents, and who holds which block.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, PoolId, PoolPlace};
use tanada_model::lock::{BlockLabel, Claim, ClaimState, Holder, Lock, VpcName};
use tanada_model::net::{Block, Position};

use super::findings::Findings;
use super::free_tree::FreeTree;
use super::outside;
use super::pins::Pin;
use super::reservations::{Reservation, reservations};

/// Index of a pool in [`Book::pools`]; those of the design come first, under their own index.
pub(super) type PoolIndex = usize;

/// A pool of the input or of the lock.
pub(super) struct PoolState {
    pub(super) name: String,
    /// `None`: the input has it no more.
    pub(super) id: Option<PoolId>,
    /// By number.
    pub(super) extents: BTreeMap<u32, Block>,
    /// What can be handed out; meaningful once the pool's extents are final.
    pub(super) free: FreeTree,
}

/// A block that somebody has.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// The pool and the extent of it in which it lies; `None` outside every root.
    pub(super) place: Option<(PoolIndex, u32)>,
    pub(super) block: Block,
    pub(super) holder: Holder,
    pub(super) state: ClaimState,
}

pub(super) struct Book<'a> {
    pub(super) design: &'a Design,
    pub(super) pools: Vec<PoolState>,
    by_name: BTreeMap<String, PoolIndex>,
    /// `None`: given up during this run.
    entries: Vec<Option<Held>>,
    /// Index in `entries` of what VPCs have.
    by_vpc: BTreeMap<(VpcName, BlockLabel), usize>,
    /// Headroom, cut and state in the lock of blocks that are pinned today.
    pub(super) before_pin: BTreeMap<(VpcName, BlockLabel), (u8, u8, ClaimState)>,
    /// Retired claims that have no addresses today, because their pool or position is gone; kept as they are.
    pub(super) kept: Vec<(String, Claim)>,
    /// Whether somebody gave up a block during this run.
    pub(super) gave_up: bool,
    pub(super) reservations: Vec<Reservation>,
    /// Reservations and pins, sorted: what no free node may hold.
    obstacles: Vec<Block>,
}

impl<'a> Book<'a> {
    /// Opens the book at what the lock promised. Claims of blocks that are pinned today are left out: the input wins.
    pub(super) fn open(design: &'a Design, lock: &Lock, pins: &[Pin], findings: &mut Findings<'_>) -> Self {
        let reservations = reservations(design);
        let mut obstacles: Vec<Block> =
            reservations.iter().map(|r| r.block).chain(pins.iter().map(|pin| pin.block)).collect();
        obstacles.sort_unstable();
        let mut book = Self {
            design,
            pools: Vec::new(),
            by_name: BTreeMap::new(),
            entries: Vec::new(),
            before_pin: BTreeMap::new(),
            by_vpc: BTreeMap::new(),
            kept: Vec::new(),
            gave_up: false,
            reservations,
            obstacles,
        };
        for (id, pool) in design.pools.iter() {
            let extents = match &pool.place {
                PoolPlace::Root(range) => BTreeMap::from([(0, range.value)]),
                PoolPlace::Inner { size: _, parent: _ } => BTreeMap::new(),
            };
            book.add_pool(design.pools.name(id), Some(id), extents);
        }
        book.read(lock, pins, findings);
        book
    }

    fn add_pool(&mut self, name: &str, id: Option<PoolId>, extents: BTreeMap<u32, Block>) -> PoolIndex {
        let index = self.pools.len();
        self.pools.push(PoolState { name: name.to_owned(), id, extents, free: FreeTree::default() });
        self.by_name.insert(name.to_owned(), index);
        index
    }

    fn read(&mut self, lock: &Lock, pins: &[Pin], findings: &mut Findings<'_>) {
        let pinned: BTreeSet<(&VpcName, &BlockLabel)> =
            pins.iter().map(|pin| (&pin.name, &pin.label)).collect();
        // From the roots inwards: an inner pool's claims have addresses once its own extents have.
        let mut next: Vec<PoolIndex> =
            (0..self.pools.len()).filter(|&i| !self.pools[i].extents.is_empty()).collect();
        let mut done: Vec<bool> = vec![false; self.pools.len()];
        while let Some(pool) = next.pop() {
            if std::mem::replace(&mut done[pool], true) {
                continue;
            }
            for claim in lock.pools.get(&self.pools[pool].name).into_iter().flatten() {
                if self.is_pinned(claim, &pinned) {
                    continue;
                }
                let place =
                    self.pools[pool].extents.get(&claim.extent).and_then(|extent| claim.at.within(*extent));
                let Some(block) = place else {
                    self.kept.push((self.pools[pool].name.clone(), claim.clone()));
                    continue;
                };
                if let Some(inner) = self.hold(pool, claim, block) {
                    done.resize(self.pools.len(), false);
                    next.push(inner);
                }
            }
        }
        let unread = lock.pools.iter().filter(|(name, _)| self.by_name.get(*name).is_none_or(|&i| !done[i]));
        let unread: Vec<(String, Claim)> = unread
            .flat_map(|(name, claims)| claims.iter().map(|claim| (name.clone(), claim.clone())))
            .collect();
        for (name, claim) in unread {
            if !self.is_pinned(&claim, &pinned) {
                self.kept.push((name, claim));
            }
        }
        outside::report(self.design, lock, &self.kept, findings);
    }

    /// Whether a claim is of a block that is pinned today; if so, keeps what the pin does not say.
    fn is_pinned(&mut self, claim: &Claim, pinned: &BTreeSet<(&VpcName, &BlockLabel)>) -> bool {
        let Holder::Vpc { vpc, block, headroom, cut } = &claim.holder else { return false };
        let is_pinned = pinned.contains(&(vpc, block));
        if is_pinned {
            self.before_pin.insert((vpc.clone(), block.clone()), (*headroom, *cut, claim.state));
        }
        is_pinned
    }

    /// Records a claim that has addresses; returns the inner pool that now has them.
    fn hold(&mut self, pool: PoolIndex, claim: &Claim, block: Block) -> Option<PoolIndex> {
        let Claim { extent, at: _, holder, state } = claim;
        let mut state = *state;
        let mut inner = None;
        if let Holder::Pool { name, extent } = holder {
            let index = match self.by_name.get(name) {
                Some(&index) => index,
                None => self.add_pool(name, None, BTreeMap::new()),
            };
            let root = self.pools[index]
                .id
                .is_some_and(|id| matches!(self.design.pools[id].place, PoolPlace::Root(_)));
            state =
                if root || self.pools[index].id.is_none() { ClaimState::Retired } else { ClaimState::Live };
            if !root {
                self.pools[index].extents.insert(*extent, block);
                inner = Some(index);
            }
        }
        self.add(Held { place: Some((pool, *extent)), block, holder: holder.clone(), state });
        inner
    }

    /// Records that somebody has a block.
    pub(super) fn add(&mut self, held: Held) {
        if let Holder::Vpc { vpc, block, headroom: _, cut: _ } = &held.holder {
            self.by_vpc.insert((vpc.clone(), block.clone()), self.entries.len());
        }
        self.entries.push(Some(held));
    }

    /// Whether the lock promised a VPC something that has no addresses any more.
    pub(super) fn is_without_place(&self, vpc: &VpcName, label: &BlockLabel) -> bool {
        let own = |holder: &Holder| matches!(holder, Holder::Vpc { vpc: own, block, .. } if own == vpc && block == label);
        self.kept.iter().any(|(_, claim)| claim.state == ClaimState::Live && own(&claim.holder))
    }

    /// Whether the lock promised a pool a place that has no addresses any more.
    pub(super) fn is_pool_without_place(&self, pool: &str) -> bool {
        let own = |holder: &Holder| matches!(holder, Holder::Pool { name, extent: _ } if name == pool);
        self.kept.iter().any(|(_, claim)| claim.state == ClaimState::Live && own(&claim.holder))
    }

    /// Gives a node of a pool to somebody.
    pub(super) fn give(&mut self, pool: PoolIndex, block: Block, holder: Holder) {
        let extent = self.pools[pool].extents.iter().find(|(_, extent)| extent.contains(block));
        let Some((&extent, _)) = extent else { return };
        self.pools[pool].free.take(block);
        self.add(Held { place: Some((pool, extent)), block, holder, state: ClaimState::Live });
    }

    /// What a VPC has under a label.
    pub(super) fn of(&self, vpc: &VpcName, label: &BlockLabel) -> Option<&Held> {
        self.by_vpc.get(&(vpc.clone(), label.clone())).and_then(|&at| self.entries.get(at)?.as_ref())
    }

    pub(super) fn of_mut(&mut self, vpc: &VpcName, label: &BlockLabel) -> Option<&mut Held> {
        self.by_vpc.get(&(vpc.clone(), label.clone())).and_then(|&at| self.entries.get_mut(at)?.as_mut())
    }

    /// Everything a VPC has: the first block, growth in order, named ones by name.
    pub(super) fn all_of(&self, vpc: &VpcName) -> impl Iterator<Item = (&BlockLabel, &Held)> {
        self.by_vpc
            .range((vpc.clone(), BlockLabel::First)..)
            .take_while(move |((name, _), _)| name == vpc)
            .filter_map(|((_, label), &at)| Some((label, self.entries.get(at)?.as_ref()?)))
    }

    /// Takes a block away from a VPC: it gets another one. The addresses are free from the next run on.
    pub(super) fn give_up(&mut self, vpc: &VpcName, label: &BlockLabel) {
        if let Some(at) = self.by_vpc.remove(&(vpc.clone(), label.clone()))
            && let Some(entry) = self.entries.get_mut(at)
        {
            *entry = None;
            self.gave_up = true;
        }
    }

    /// Takes an extent away from a pool.
    pub(super) fn drop_extent(&mut self, pool: PoolIndex, number: u32) {
        self.pools[pool].extents.remove(&number);
        let own = Holder::Pool { name: self.pools[pool].name.clone(), extent: number };
        for entry in &mut self.entries {
            if entry.as_ref().is_some_and(|held| held.holder == own) {
                *entry = None;
            }
        }
    }

    /// What lies in each pool, inner pools included.
    pub(super) fn held_by_pool(&self) -> BTreeMap<PoolIndex, Vec<Block>> {
        let mut by_pool: BTreeMap<PoolIndex, Vec<Block>> = BTreeMap::new();
        for held in self.held() {
            if let Some((pool, _)) = held.place {
                by_pool.entry(pool).or_default().push(held.block);
            }
        }
        by_pool
    }

    /// Works out what is free once more when blocks were given up: they served nobody in this run, because their old
    /// subnets still stand while the new ones are made, but are free for the next one.
    pub(super) fn survey_again(&mut self) {
        if self.gave_up {
            let held = self.held_by_pool();
            for pool in 0..self.pools.len() {
                self.survey(pool, held.get(&pool).map_or(&[], Vec::as_slice));
            }
        }
    }

    /// Works out the free nodes of a pool from everything that is recorded.
    pub(super) fn survey(&mut self, pool: PoolIndex, held: &[Block]) {
        let extents: Vec<Block> = self.pools[pool].extents.values().copied().collect();
        let touches = |block: &&Block| extents.iter().any(|extent| extent.overlaps(**block));
        let mut used: Vec<Block> =
            held.iter().chain(self.obstacles.iter().filter(touches)).copied().collect();
        used.sort_unstable();
        used.dedup();
        self.pools[pool].free = FreeTree::new(extents, &used);
    }

    /// The innermost pool that holds a block, with the number of the extent.
    pub(super) fn innermost(&self, block: Block) -> Option<(PoolIndex, u32)> {
        let extents = self.pools.iter().enumerate().flat_map(|(pool, state)| {
            state.extents.iter().map(move |(&number, &extent)| (extent.prefix_len(), pool, number, extent))
        });
        extents
            .filter(|(_, _, _, extent)| extent.contains(block))
            .max_by_key(|&(len, pool, number, _)| (len, std::cmp::Reverse((pool, number))))
            .map(|(_, pool, number, _)| (pool, number))
    }

    /// Claims by pool, as the lock keeps them.
    pub(super) fn claims(&self) -> BTreeMap<String, Vec<Claim>> {
        let mut pools: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
        for held in self.held() {
            let Some((pool, extent)) = held.place else { continue };
            let pool = &self.pools[pool];
            let at = pool.extents.get(&extent).and_then(|range| Position::of(held.block, *range));
            let Some(at) = at else { continue };
            let claim = Claim { extent, at, holder: held.holder.clone(), state: held.state };
            pools.entry(pool.name.clone()).or_default().push(claim);
        }
        // Somebody who came back and got another place has no use for one without addresses.
        let holders: BTreeSet<(Option<&VpcName>, String)> =
            self.held().map(|held| held_key(&held.holder)).collect();
        for (pool, claim) in self.kept.iter().filter(|(_, claim)| !holders.contains(&held_key(&claim.holder)))
        {
            pools.entry(pool.clone()).or_default().push(claim.clone());
        }
        for claims in pools.values_mut() {
            claims.sort_by_key(Claim::order);
        }
        pools
    }

    /// Everything that somebody has.
    pub(super) fn held(&self) -> impl Iterator<Item = &Held> {
        self.entries.iter().flatten()
    }

    /// The same, to change it.
    pub(super) fn held_mut(&mut self) -> impl Iterator<Item = &mut Held> {
        self.entries.iter_mut().flatten()
    }
}

/// What a holder may have once.
fn held_key(holder: &Holder) -> (Option<&VpcName>, String) {
    match holder {
        Holder::Pool { name, extent } => (None, format!("{name}/{extent}")),
        Holder::Vpc { vpc, block, headroom: _, cut: _ } => (Some(vpc), block_text(vpc, block)),
    }
}

/// A holder as commands name it: `team-label`, `team-label/block`, `pool.name`.
pub(super) fn holder_text(holder: &Holder) -> String {
    match holder {
        Holder::Pool { name, extent: _ } => format!("pool.{name}"),
        Holder::Vpc { vpc, block, headroom: _, cut: _ } => block_text(vpc, block),
    }
}

/// A block as commands name it: `team-label`, `team-label/2`, `team-label/block`.
pub(super) fn block_text(vpc: &VpcName, block: &BlockLabel) -> String {
    match block {
        BlockLabel::First => vpc.id(),
        BlockLabel::Grown(n) => format!("{}/{n}", vpc.id()),
        BlockLabel::Named(name) => format!("{}/{name}", vpc.id()),
    }
}
