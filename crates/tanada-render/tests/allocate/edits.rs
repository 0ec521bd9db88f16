//! Long histories of random edits: nothing that was placed ever moves.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::Design;
use tanada_model::lock::{Claim, Lock, parse, print};
use tanada_model::net::{Block, Position};
use tanada_render::allocate::{Consent, allocate, release};
use tanada_render::allocation::Allocation;

use crate::builder::{Estate, PoolSpec};
use crate::history::{Edit, History, start};
use crate::random::amount;

impl History {
    /// A pool that is full grows; nothing else may have been wrong.
    fn enlarge(&mut self, findings: &[tanada_model::diagnostic::Diagnostic], edit: &Edit) {
        for finding in findings {
            assert_eq!(finding.code.name, "pool-full", "{edit:?}\n{findings:#?}");
            let pool = finding.message.split(['`', '.']).nth(2).unwrap().to_owned();
            let spec = self.estate.pools.iter_mut().find(|(name, _)| *name == pool).unwrap();
            match &mut spec.1 {
                PoolSpec::Inner { parent: _, size } => *size -= 1,
                PoolSpec::Root(range) => panic!("{range} is full"),
            }
            self.pools_grown += 1;
        }
    }

    /// One run, and everything that must hold after it; the number of blocks that were placed.
    pub(crate) fn run(&mut self, edit: &Edit) -> usize {
        for name in &edit.release {
            self.lock = release(&self.lock, name).unwrap_or_else(|error| panic!("{error}: {edit:?}"));
        }
        let (design, (allocation, lock), findings) = loop {
            let accepted = Estate { accepts: self.accepts(), ..self.estate.clone() };
            let design = accepted.design();
            let (result, findings) = allocate(&design, &self.lock, &edit.consent);
            match result {
                Some(result) => break (design, result, findings),
                None => self.enlarge(&findings, edit),
            }
        };
        assert!(findings.is_empty(), "{edit:?}\n{findings:#?}");
        assert_eq!(parse(&print(&lock)).as_ref(), Ok(&lock), "{}", print(&lock));
        let again = allocate(&design, &lock, &Consent::default());
        let same = again.0.is_some_and(|again| again == (allocation.clone(), lock.clone()));
        assert!(same, "{edit:?}: a second run differs: {:?}", again.1);
        disjoint_and_inside(&design, &allocation);
        self.off_sites(&design, &allocation);
        let placed = addresses(&design, &allocation);
        for (id, now) in &placed {
            let old = edit.renamed.get(id).unwrap_or(id);
            if let Some(before) = self.placed.get(old).filter(|_| !edit.touched.contains(id)) {
                assert_eq!(before, now, "{edit:?} moved `{id}`");
            }
        }
        let births: BTreeMap<String, String> =
            allocation.vpcs.iter().map(|vpc| (design.vpcs[vpc.vpc].id.clone(), vpc.birth.clone())).collect();
        for (id, birth) in &births {
            let old = edit.renamed.get(id).unwrap_or(id);
            if let Some(before) = self.births.get(old) {
                assert_eq!(before, birth, "{edit:?} changed the state of `{id}`");
            }
        }
        let all: BTreeSet<&String> =
            births.values().chain(allocation.leaving.iter().map(|leaving| &leaving.birth)).collect();
        assert_eq!(all.len(), births.len() + allocation.leaving.len(), "two roots share a state");
        // What grows keeps what it has.
        if matches!(edit.what, "grow" | "headroom 0") {
            for id in &edit.touched {
                for (name, before) in &self.placed[id] {
                    assert_eq!(Some(before), placed[id].get(name), "growth of `{id}` moved `{name}`");
                }
            }
        }
        if edit.what == "come back" {
            let ids: BTreeSet<&String> = edit.touched.iter().collect();
            assert!(ids.iter().all(|id| placed.contains_key(*id)));
        }
        self.lock = lock;
        self.placed = placed;
        self.births = births;
        self.placed.len()
    }

    /// Nothing new lies at a site, and nothing that could be handed out.
    fn off_sites(&self, design: &Design, allocation: &Allocation) {
        let before = claims(&self.lock);
        let new = allocation.vpcs.iter().flat_map(|vpc| &vpc.blocks).filter(|block| {
            block.source.is_some_and(|(pool, extent, at)| {
                !before.contains(&(design.pools.name(pool).to_owned(), extent, at))
            })
        });
        let free = allocation.pools.iter().flat_map(|pool| &pool.free);
        let all: Vec<Block> = new.map(|block| block.block).chain(free.copied()).collect();
        for (_, ranges) in &self.estate.sites {
            for range in ranges.iter().map(|range| range.parse::<Block>().unwrap()) {
                assert!(all.iter().all(|block| !block.overlaps(range)), "{range} is at a site");
            }
        }
    }
}

/// Where something stands: pool, extent, position.
fn claims(lock: &Lock) -> BTreeSet<(String, u32, Position)> {
    let of = |(pool, claims): (&String, &Vec<Claim>)| -> Vec<(String, u32, Position)> {
        claims.iter().map(|claim| (pool.clone(), claim.extent, claim.at)).collect()
    };
    lock.pools.iter().flat_map(of).collect()
}

pub(crate) fn addresses(
    design: &Design,
    allocation: &Allocation,
) -> BTreeMap<String, BTreeMap<String, Block>> {
    let mut all = BTreeMap::new();
    for vpc in &allocation.vpcs {
        let own: &mut BTreeMap<String, Block> = all.entry(design.vpcs[vpc.vpc].id.clone()).or_default();
        for block in &vpc.blocks {
            own.insert(format!("/{:?}", block.label), block.block);
            for subnet in block.tiers.iter().flat_map(|tier| &tier.subnets) {
                assert!(
                    own.insert(subnet.name.clone(), subnet.cidr).is_none(),
                    "two subnets `{}`",
                    subnet.name
                );
            }
        }
    }
    all
}

pub(crate) fn disjoint_and_inside(design: &Design, allocation: &Allocation) {
    let mut blocks: Vec<Block> =
        allocation.vpcs.iter().flat_map(|vpc| vpc.blocks.iter().map(|block| block.block)).collect();
    blocks.extend(allocation.retired.iter().map(|retired| retired.block));
    blocks.extend(allocation.pools.iter().flat_map(|pool| pool.free.iter().copied()));
    blocks.sort();
    assert!(blocks.windows(2).all(|pair| pair[0].last() < pair[1].first()), "blocks overlap");
    for vpc in &allocation.vpcs {
        for block in &vpc.blocks {
            if let Some((pool, extent, position)) = block.source {
                let pool = &allocation.pools[tanada_model::design::Id::index(pool)];
                assert_eq!(position.within(pool.extents[extent as usize]), Some(block.block));
            }
            let mut subnets: Vec<Block> = Vec::new();
            for tier in &block.tiers {
                for subnet in &tier.subnets {
                    assert!(
                        tier.ranges.iter().any(|range| range.contains(subnet.cidr)),
                        "{}",
                        design.vpcs[vpc.vpc].id
                    );
                    subnets.push(subnet.cidr);
                }
            }
            let mut ranges: Vec<Block> =
                block.tiers.iter().flat_map(|tier| tier.ranges.iter().copied()).collect();
            for list in [&mut subnets, &mut ranges] {
                list.sort();
                assert!(list.windows(2).all(|pair| pair[0].last() < pair[1].first()), "{list:?}");
                assert!(list.iter().all(|one| block.block.contains(*one)));
            }
        }
    }
}

/// `TANADA_EDITS=10000` for the full run.
#[test]
fn edits_move_nothing_else() {
    let edits = amount("TANADA_EDITS", 200);
    // The normal run keeps to small estates; the large ones only take longer.
    let sizes: &[usize] = if edits < 1000 { &[30, 60] } else { &[30, 60, 100, 200, 300] };
    let (mut kinds, mut checked, mut grown): (BTreeMap<&str, usize>, usize, usize) = (BTreeMap::new(), 0, 0);
    for (seed, size) in (1..).zip(sizes.iter().copied()) {
        let mut history = start(seed, size);
        history.run(&Edit { what: "start", ..Edit::default() });
        for _ in 0..edits.div_ceil(sizes.len()) {
            let vpcs: usize = history.estate.teams.iter().map(|(_, vpcs)| vpcs.len()).sum();
            let edit = if vpcs > size + 20 {
                history.remove()
            } else if vpcs + 20 < size {
                history.insert()
            } else {
                history.edit()
            };
            *kinds.entry(edit.what).or_default() += 1;
            checked += history.run(&edit);
        }
        grown += history.pools_grown;
    }
    println!(
        "{} edits, {checked} VPCs compared, {grown} pools grown, 0 collateral changes: {kinds:?}",
        kinds.values().sum::<usize>()
    );
    assert!(kinds.len() > 8, "{kinds:?}");
}
