//! Gives every pool, VPC block, tier and subnet its addresses.
//!
//! ```text
//! names      the lock under today's names (renames)
//! pins       blocks that a person wrote: the input wins
//! book       the lock's positions as addresses: who holds what
//! pools      inner pools, from the roots inwards, and what is free in each
//! blocks     what every VPC has, lacks and loses (growth)
//! layouts    zone indexes and places of tiers
//! cut        blocks cut into subnets
//! ```
//!
//! INVARIANT: `lock' = f(lock, set of the input)`, `f(f(l, i), i) = f(l, i)`, and nothing that the lock has moves for
//! any edit of the input: removing, adding, reordering, renaming, splitting over files, changing another VPC.

mod blocks;
mod book;
mod cut;
mod findings;
mod free_tree;
mod growth;
mod layouts;
mod lookalike;
mod names;
mod outside;
mod pins;
mod pools;
mod rebuild;
mod reservations;
mod retire;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use tanada_model::design::{Design, Id as _, LayoutId, Vpc, VpcId};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::{BlockLabel, ClaimState, Holder, LayoutLock, Leaving, Lock, MoveStage, VpcName};
use tanada_model::net::Position;

use crate::allocation::{
    Allocation, BlockAllocation, LeavingVpc, Moving, PoolAllocation, Retired, VpcAllocation,
};
use crate::moves;
use book::{Book, Held, holder_text};
use cut::{Cutter, Uncut};
use findings::Findings;
use names::vpc_name;

pub use findings::CODES;
pub(crate) use findings::REBUILD_CONTRADICTION;
pub use rebuild::rebuild;
pub use reservations::{Reservation, ReservedBy, reservations};
pub use retire::release;

/// What a person agreed to on the command line, by name (`team-label`, `team-label/block`, `layout.x.tier`,
/// `layout.x.zones.a`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// `--accept`: replacements.
    pub accept: BTreeSet<String>,
    /// `--destroy`: what leaves and is to be destroyed.
    pub destroy: BTreeSet<String>,
    /// `--forget`: what leaves and stays in the account.
    pub forget: BTreeSet<String>,
}

/// Places everything. `lock' = f(lock, set of the input)`; `f(f(l, i), i) = f(l, i)`; what the lock has never moves.
///
/// `None` when an error leaves nothing that may be written.
pub fn allocate(
    design: &Design,
    lock: &Lock,
    consent: &Consent,
) -> (Option<(Allocation, Lock)>, Vec<Diagnostic>) {
    let mut findings = Findings::new(design);
    let lock = names::rename(design, lock, &mut findings);
    // Who is who is not known then, and what would be said of it is wrong.
    if findings.stops() {
        return (None, findings.into_list());
    }
    let pins = pins::pins(design);
    let mut book = Book::open(design, &lock, &pins, &mut findings);
    pools::place(&mut book, &pins, &mut findings);
    pins::record(&mut book, &pins, consent, &mut findings);
    let leaving = retire::vanish(&mut book, &lock, consent, &mut findings);
    pins::refuse_overlaps(&book, &pins, &mut findings);
    blocks::settle(&mut book, consent, &mut findings);
    book.survey_again();
    rules::check(&book, &mut findings);
    let layouts = layouts::settle(design, lock.layouts.clone(), &uses(&book), consent, &mut findings);
    let births = retire::births(design, &lock);
    let vpcs = cut_all(&book, &layouts, &births, &mut findings);
    if findings.stops() {
        return (None, findings.into_list());
    }
    let intents = intents(design, &lock);
    let hub_births = retire::hub_births(design, &lock);
    let allocation = Allocation {
        pools: pool_allocations(&book),
        vpcs,
        leaving: leaving_vpcs(&leaving, &births),
        hub_births: hub_births.clone(),
        intent_births: design
            .intents
            .names()
            .map(|name| intents.get(name).copied().unwrap_or_default())
            .collect(),
        renamed_tiers: renamed_tiers(design),
        moving: moving(design, &lock),
        retired: retired(&book),
    };
    let pools = book.claims();
    let births = births_to_keep(design, &pools, births, &leaving);
    let accepted = retire::acceptances_to_keep(design, lock.accepted, &leaving);
    let hubs = retire::hubs_to_keep(design, &hub_births);
    let moves = lock.moves;
    let lock = Lock { pools, layouts, births, hubs, leaving, moves, intents, accepted };
    (Some((allocation, lock)), findings.into_list())
}

/// The layout of a VPC's block; `None` for one that the input has no more.
fn layout_of(vpc: &Vpc, label: &BlockLabel) -> Option<LayoutId> {
    match label {
        BlockLabel::First | BlockLabel::Grown(_) => Some(vpc.layout),
        BlockLabel::Named(name) => {
            vpc.blocks.iter().find(|block| block.entity.name == *name).map(|block| block.layout)
        }
    }
}

fn live_blocks<'b>(book: &'b Book<'_>, name: &VpcName) -> Vec<(&'b BlockLabel, &'b Held)> {
    book.all_of(name).filter(|(_, held)| held.state == ClaimState::Live).collect()
}

fn uses(book: &Book<'_>) -> layouts::Uses {
    let mut uses = layouts::Uses::new();
    for vpc in book.design.vpcs.values() {
        for (label, held) in live_blocks(book, &vpc_name(book.design, vpc)) {
            if let Some(layout) = layout_of(vpc, label) {
                uses.entry(layout).or_default().insert(held.block.prefix_len());
            }
        }
    }
    uses
}

/// Cuts every block. VPCs know nothing of each other here, so they are cut on whichever thread is free.
fn cut_all(
    book: &Book<'_>,
    layouts: &BTreeMap<String, LayoutLock>,
    births: &BTreeMap<VpcName, String>,
    findings: &mut Findings<'_>,
) -> Vec<VpcAllocation> {
    let design = book.design;
    let ids: Vec<VpcId> = design.vpcs.ids().collect();
    let cut: Vec<(VpcAllocation, Cutter)> =
        ids.into_par_iter().map(|id| cut_one(book, layouts, births, id)).collect();
    let mut cutter = Cutter::default();
    let mut all = Vec::with_capacity(cut.len());
    for (vpc, own) in cut {
        cutter.absorb(own);
        all.push(vpc);
    }
    cutter.report(design, findings);
    all
}

fn cut_one(
    book: &Book<'_>,
    layouts: &BTreeMap<String, LayoutLock>,
    births: &BTreeMap<VpcName, String>,
    id: VpcId,
) -> (VpcAllocation, Cutter) {
    let design = book.design;
    let vpc = &design.vpcs[id];
    let name = vpc_name(design, vpc);
    let nothing = LayoutLock::default();
    let mut cutter = Cutter::default();
    let mut blocks = Vec::new();
    for (label, held) in live_blocks(book, &name) {
        let Holder::Vpc { vpc: _, block: _, headroom, cut } = &held.holder else { continue };
        let Some(layout) = layout_of(vpc, label) else { continue };
        let tiers = cutter.cut(&Uncut {
            vpc,
            label,
            block: held.block,
            headroom: *headroom,
            cut: *cut,
            layout_id: layout,
            layout: &design.layouts[layout],
            places: layouts.get(design.layouts.name(layout)).unwrap_or(&nothing),
        });
        let source = source(book, held);
        blocks.push(BlockAllocation {
            label: label.clone(),
            block: held.block,
            source,
            layout,
            headroom: *headroom,
            tiers,
        });
    }
    let birth = births.get(&name).cloned().unwrap_or_else(|| name.directory());
    (VpcAllocation { vpc: id, birth, blocks }, cutter)
}

fn source(book: &Book<'_>, held: &Held) -> Option<(tanada_model::design::PoolId, u32, Position)> {
    let (pool, extent) = held.place?;
    let state = book.pools.get(pool)?;
    let position = Position::of(held.block, *state.extents.get(&extent)?)?;
    Some((state.id?, extent, position))
}

fn pool_allocations(book: &Book<'_>) -> Vec<PoolAllocation> {
    let own = |id: tanada_model::design::PoolId| {
        let state = &book.pools[id.index()];
        PoolAllocation {
            pool: id,
            extents: state.extents.values().copied().collect(),
            free: state.free.nodes(),
        }
    };
    book.design.pools.ids().map(own).collect()
}

fn leaving_vpcs(leaving: &BTreeMap<VpcName, Leaving>, births: &BTreeMap<VpcName, String>) -> Vec<LeavingVpc> {
    let mut all: Vec<LeavingVpc> = leaving
        .iter()
        .map(|(vpc, how)| LeavingVpc {
            id: vpc.id(),
            directory: vpc.directory(),
            birth: births.get(vpc).cloned().unwrap_or_else(|| vpc.directory()),
            how: *how,
        })
        .collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn retired(book: &Book<'_>) -> Vec<Retired> {
    let mut all: Vec<Retired> = book
        .held()
        .filter(|held| held.state == ClaimState::Retired)
        .map(|held| Retired {
            block: held.block,
            pool: held.place.and_then(|(pool, _)| book.pools[pool].id),
            holder: holder_text(&held.holder),
        })
        .collect();
    all.sort_by_key(|retired| retired.block);
    all
}

/// VPCs between the first day of their move and the last.
fn moving(design: &Design, lock: &Lock) -> Vec<Moving> {
    let vpc = |name: &VpcName| design.vpcs.id(&name.id());
    let moving = |(name, _): (&VpcName, &MoveStage)| {
        Some(Moving { id: name.id(), old: vpc(name), next: vpc(&moves::beside(name))? })
    };
    lock.moves.iter().filter(|(_, stage)| **stage != MoveStage::Arrived).filter_map(moving).collect()
}

/// Intents in order of birth: those of the lock that the input still has, then the new ones by name.
fn intents(design: &Design, lock: &Lock) -> BTreeMap<String, u32> {
    let born = |name: &str| lock.intents.get(name).copied();
    let mut names: Vec<&str> = design.intents.names().collect();
    names.sort_by_key(|name| (born(name).is_none(), born(name), *name));
    names.into_iter().map(str::to_owned).zip(0..).collect()
}

/// Tiers that say what they were called, for every VPC that has them. The old name may stand there for as long as
/// somebody has not applied the `moved` blocks.
fn renamed_tiers(design: &Design) -> Vec<(VpcId, String, String)> {
    let mut renamed = Vec::new();
    for (id, vpc) in design.vpcs.iter() {
        let layouts: BTreeSet<LayoutId> =
            std::iter::once(vpc.layout).chain(vpc.blocks.iter().map(|block| block.layout)).collect();
        for layout in layouts.into_iter().map(|layout| &design.layouts[layout]) {
            for tier in &layout.tiers {
                if let Some(old) =
                    tier.entity.renamed_from.as_ref().filter(|old| layout.tier(&old.value).is_none())
                {
                    renamed.push((id, old.value.clone(), tier.entity.name.clone()));
                }
            }
        }
    }
    renamed
}

/// Births that the lock must say: of VPCs called otherwise today, and of those without a claim.
fn births_to_keep(
    design: &Design,
    pools: &BTreeMap<String, Vec<tanada_model::lock::Claim>>,
    births: BTreeMap<VpcName, String>,
    leaving: &BTreeMap<VpcName, Leaving>,
) -> BTreeMap<VpcName, String> {
    let claimed: BTreeSet<&VpcName> = pools
        .values()
        .flatten()
        .filter_map(|claim| match &claim.holder {
            Holder::Pool { name: _, extent: _ } => None,
            Holder::Vpc { vpc, .. } => Some(vpc),
        })
        .collect();
    let today: BTreeSet<VpcName> = design.vpcs.values().map(|vpc| vpc_name(design, vpc)).collect();
    let keep = |vpc: &VpcName, birth: &str| {
        let known = claimed.contains(vpc) || leaving.contains_key(vpc);
        if known { birth != vpc.directory() } else { today.contains(vpc) }
    };
    births.into_iter().filter(|(vpc, birth)| keep(vpc, birth)).collect()
}
