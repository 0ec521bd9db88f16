//! An estate with a history of random edits.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::lock::{BlockLabel, Lock};
use tanada_model::net::Block;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::allocation::Allocation;

use crate::builder::{Estate, Place, VpcSpec, estate, further, layout, pinned, plain, vpc};
use crate::random::Random;

/// What an edit is about: only this may get, lose or change addresses.
#[derive(Debug, Default)]
pub(crate) struct Edit {
    pub(crate) what: &'static str,
    /// Ids of VPCs that may change.
    pub(crate) touched: BTreeSet<String>,
    /// New id to old id.
    pub(crate) renamed: BTreeMap<String, String>,
    pub(crate) consent: Consent,
    /// To release before the run.
    pub(crate) release: Vec<String>,
}

/// An estate with a history.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) random: Random,
    pub(crate) estate: Estate,
    pub(crate) lock: Lock,
    /// Subnets by VPC id, then by name; blocks under `/label`.
    pub(crate) placed: BTreeMap<String, BTreeMap<String, Block>>,
    pub(crate) births: BTreeMap<String, String>,
    /// Ids of retired VPCs.
    retired: Vec<(String, VpcSpec)>,
    pub(crate) next: usize,
    pub(crate) pools_grown: usize,
}

const POOLS: [&str; 3] = ["production", "staging", "shared"];

pub(crate) fn start(seed: u64, vpcs: usize) -> History {
    let mut base = estate("10.0.0.0/8")
        .pool("production", "m3", 10)
        .pool("staging", "m3", 11)
        .pool("shared", "staging", 13);
    base.layouts.push(layout(
        "odd",
        &["a", "b"],
        3,
        &[("app", "+3"), ("web", "+4"), ("db", "+5"), ("transit", "/28")],
    ));
    let mut history = History {
        random: Random(seed),
        estate: base,
        lock: Lock::default(),
        placed: BTreeMap::new(),
        births: BTreeMap::new(),
        retired: Vec::new(),
        next: 0,
        pools_grown: 0,
    };
    for _ in 0..vpcs {
        history.insert();
    }
    history
}

impl History {
    fn name(&mut self, kind: &str) -> String {
        self.next += 1;
        // Random letters first, so that names are not in order of birth.
        format!("{}{kind}{}", char::from(b'a' + (self.random.below(26)) as u8), self.next)
    }

    pub(crate) fn insert(&mut self) -> Edit {
        let label = self.name("v");
        let team = match self.estate.teams.is_empty() || self.random.chance(20) {
            true => {
                let team = self.name("t");
                self.estate.teams.push((team, Vec::new()));
                self.estate.teams.len() - 1
            }
            false => self.random.below(self.estate.teams.len()),
        };
        let pool = *self.random.pick(&POOLS);
        let size = *self.random.pick(&[19, 20, 20, 21, 21, 21, 22]);
        let mut spec = vpc(&label, pool, size);
        if self.random.chance(20) {
            spec.layout = "odd".to_owned();
        }
        spec.attached = self.random.chance(80);
        let id = format!("{}-{label}", plain(&self.estate.teams[team].0));
        self.estate.teams[team].1.push(spec);
        Edit { what: "insert", touched: BTreeSet::from([id]), ..Edit::default() }
    }

    fn random_vpc(&mut self) -> Option<(usize, usize)> {
        let filled: Vec<usize> =
            (0..self.estate.teams.len()).filter(|&at| !self.estate.teams[at].1.is_empty()).collect();
        if filled.is_empty() {
            return None;
        }
        let team = *self.random.pick(&filled);
        Some((team, self.random.below(self.estate.teams[team].1.len())))
    }

    fn id(&self, (team, at): (usize, usize)) -> String {
        format!("{}-{}", plain(&self.estate.teams[team].0), plain(&self.estate.teams[team].1[at].label))
    }

    pub(crate) fn remove(&mut self) -> Edit {
        let Some(at) = self.random_vpc() else { return self.insert() };
        let id = self.id(at);
        let spec = self.estate.teams[at.0].1.remove(at.1);
        let mut edit = Edit { what: "remove", touched: BTreeSet::from([id.clone()]), ..Edit::default() };
        if self.random.chance(50) { &mut edit.consent.destroy } else { &mut edit.consent.forget }
            .insert(id.clone());
        self.retired.push((id, spec));
        edit
    }

    pub(crate) fn release(&mut self) -> Edit {
        if self.retired.is_empty() {
            return self.insert();
        }
        let at = self.random.below(self.retired.len());
        let (id, _) = self.retired.remove(at);
        Edit { what: "release", release: vec![id], ..Edit::default() }
    }

    fn come_back(&mut self) -> Edit {
        let Some((id, spec)) = self.retired.pop() else { return self.insert() };
        let team = id.split('-').next().unwrap().to_owned();
        let Some(at) = self.estate.teams.iter().position(|(name, _)| plain(name) == team) else {
            self.retired.push((id, spec));
            return self.insert();
        };
        let label = plain(&spec.label).to_owned();
        self.estate.teams[at].1.push(VpcSpec { label, ..spec });
        Edit { what: "come back", touched: BTreeSet::from([id]), ..Edit::default() }
    }

    pub(crate) fn rename_vpc(&mut self) -> Edit {
        let Some(at) = self.random_vpc() else { return self.insert() };
        let old = self.id(at);
        let new = self.name("v");
        let spec = &mut self.estate.teams[at.0].1[at.1];
        spec.label = format!("{new}<{}", plain(&spec.label));
        let renamed = BTreeMap::from([(self.id(at), old)]);
        Edit { what: "rename VPC", renamed, ..Edit::default() }
    }

    fn rename_team(&mut self) -> Edit {
        let Some((team, _)) = self.random_vpc() else { return self.insert() };
        let old = plain(&self.estate.teams[team].0).to_owned();
        // A team's old name only helps VPCs that do not say another old name themselves.
        for spec in &mut self.estate.teams[team].1 {
            spec.label = plain(&spec.label).to_owned();
        }
        let ids: Vec<String> = (0..self.estate.teams[team].1.len()).map(|at| self.id((team, at))).collect();
        let new = self.name("t");
        self.estate.teams[team].0 = format!("{new}<{old}");
        let renamed = ids.into_iter().enumerate().map(|(at, id)| (self.id((team, at)), id)).collect();
        // The retired VPCs of the team keep its old name.
        Edit { what: "rename team", renamed, ..Edit::default() }
    }

    pub(crate) fn grow(&mut self) -> Edit {
        let Some(at) = self.random_vpc() else { return self.insert() };
        let id = self.id(at);
        let mut edit = Edit { what: "grow", touched: BTreeSet::from([id]), ..Edit::default() };
        let spec = &mut self.estate.teams[at.0].1[at.1];
        let grown = self.lock.pools.values().flatten().filter(|claim| {
            matches!(&claim.holder, tanada_model::lock::Holder::Vpc { vpc, block: BlockLabel::Grown(_), .. } if edit.touched.contains(&vpc.id()))
        });
        let blocks = grown.count() + spec.blocks.len();
        match &mut spec.place {
            Place::Pool(_, size) if blocks < 3 && *size > 17 && self.random.chance(60) => *size -= 1,
            Place::Pool(_, _) => {
                edit.what = "headroom 0";
                spec.headroom = Some(0);
            }
            Place::Pin(_) => edit.what = "nothing",
        }
        edit
    }

    fn shrink(&mut self) -> Edit {
        let Some(at) = self.random_vpc() else { return self.insert() };
        let id = self.id(at);
        let mut edit = Edit { what: "shrink", touched: BTreeSet::from([id.clone()]), ..Edit::default() };
        let spec = &mut self.estate.teams[at.0].1[at.1];
        if let Place::Pool(_, size) = &mut spec.place
            && *size < 22
        {
            *size += 1;
            edit.consent.accept.insert(id.clone());
            edit.consent.destroy.extend((2..6).map(|n| format!("{id}/{n}")));
        }
        edit
    }

    fn more_headroom(&mut self) -> Edit {
        let Some(at) = self.random_vpc() else { return self.insert() };
        let id = self.id(at);
        let mut edit = Edit { what: "headroom 1", touched: BTreeSet::from([id.clone()]), ..Edit::default() };
        self.estate.teams[at.0].1[at.1].headroom = Some(1);
        edit.consent.accept.insert(id.clone());
        edit.consent.accept.extend((2..6).map(|n| format!("{id}/{n}")));
        edit
    }

    fn pin(&mut self) -> Edit {
        let free = self
            .allocation()
            .0
            .pools
            .into_iter()
            .flat_map(|pool| pool.free)
            .filter(|free| free.prefix_len() <= 20);
        let free: Vec<Block> = free.collect();
        if free.is_empty() {
            return self.insert();
        }
        let node = *self.random.pick(&free);
        let index = self.random.below(1 << (20 - node.prefix_len()));
        let range = node.part(20, index as u32).unwrap().to_string();
        let label = self.name("p");
        let team = self.random.below(self.estate.teams.len());
        let mut spec = pinned(&label, &range);
        if self.random.chance(30) {
            spec.blocks.push(further("more", Place::Pool("production".to_owned(), 24)));
        }
        let id = format!("{}-{label}", plain(&self.estate.teams[team].0));
        self.estate.teams[team].1.push(spec);
        Edit { what: "pin", touched: BTreeSet::from([id]), ..Edit::default() }
    }

    /// A range somewhere in the pools comes to a site, on what stands there or not; of several one leaves.
    fn at_site(&mut self) -> Edit {
        let extents: Vec<Block> =
            self.allocation().0.pools.into_iter().flat_map(|pool| pool.extents).collect();
        let extent = *self.random.pick(&extents);
        let len = *self.random.pick(&[20, 21, 22, 24]);
        let at = self.random.below(1 << (len - extent.prefix_len()));
        let range = extent.part(len, at as u32).unwrap().to_string();
        let sites = &mut self.estate.sites;
        if sites.is_empty() {
            sites.push(("dc".to_owned(), Vec::new()));
        }
        if sites[0].1.len() > 5 {
            sites[0].1.remove(self.random.below(6));
        }
        if !sites[0].1.contains(&range) {
            sites[0].1.push(range);
        }
        Edit { what: "at a site", ..Edit::default() }
    }

    /// The list in which the input stands, and thereby the files it is split over.
    fn reorder(&mut self) -> Edit {
        self.random.shuffle(&mut self.estate.teams);
        self.random.shuffle(&mut self.estate.pools);
        self.random.shuffle(&mut self.estate.layouts);
        let mut teams = std::mem::take(&mut self.estate.teams);
        for (_, vpcs) in &mut teams {
            self.random.shuffle(vpcs);
        }
        self.estate.teams = teams;
        Edit { what: "reorder", ..Edit::default() }
    }

    pub(crate) fn edit(&mut self) -> Edit {
        match self.random.below(100) {
            0..24 => self.insert(),
            24..42 => self.remove(),
            42..52 => self.release(),
            52..56 => self.come_back(),
            56..63 => self.rename_vpc(),
            63..67 => self.rename_team(),
            67..79 => self.grow(),
            79..84 => self.shrink(),
            84..88 => self.more_headroom(),
            88..93 => self.pin(),
            93..96 => self.at_site(),
            _ => self.reorder(),
        }
    }

    fn allocation(&self) -> (Allocation, Lock) {
        let accepted = Estate { accepts: self.accepts(), ..self.estate.clone() };
        let (result, findings) = allocate(&accepted.design(), &self.lock, &Consent::default());
        result.unwrap_or_else(|| panic!("{findings:#?}"))
    }

    pub(crate) fn accepts(&self) -> Vec<(String, Vec<String>)> {
        vec![("outside-pool".to_owned(), Vec::new())]
    }
}
