//! Who reaches whom, party by party: teams, sites, the internet.

use std::collections::BTreeMap;

use super::catalog::Numbered;
use super::{End, Opens, Owner, Reachability, Services};

/// What each party can open to each other one, all of its places together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    parties: Vec<String>,
    sets: Vec<Services>,
    /// Row by row, a number of a set.
    cells: Vec<u32>,
}

impl Matrix {
    /// Of an estate.
    pub fn new(reached: &Reachability) -> Self {
        let mut names: Vec<&str> = reached.ends().map(End::party).collect();
        // Teams first, as they sort; then sites, then the internet.
        let rank = |end: &End| match end {
            End::Tier { .. } => 0,
            End::Site(_) => 1,
            End::Internet => 2,
        };
        let ranks: BTreeMap<&str, i32> = reached.ends().map(|end| (end.party(), rank(end))).collect();
        names.sort_by_key(|name| (ranks.get(name).copied(), *name));
        names.dedup();
        let index: BTreeMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let mut build = Build {
            reached,
            size: names.len(),
            sets: Numbered::new(),
            joined: BTreeMap::new(),
            cells: vec![0; names.len() * names.len()],
            members: vec![Vec::new(); reached.classes()],
        };
        build.sets.number(Services::default());
        for end in reached.ends() {
            let party = index.get(end.party()).copied().unwrap_or(0);
            let vpc = end.vpc().and_then(|vpc| reached.vpc_named(vpc));
            for class in reached.classes_of(end) {
                build.members[class as usize].push((party, vpc));
            }
        }
        for members in &mut build.members {
            members.sort_unstable();
            members.dedup();
        }
        build.across();
        build.inside(&index);
        Self {
            parties: names.into_iter().map(str::to_owned).collect(),
            sets: build.sets.into_list(),
            cells: build.cells,
        }
    }

    /// Teams, then sites, then the internet.
    pub fn parties(&self) -> &[String] {
        &self.parties
    }

    /// What the party at `from` can open to the one at `to`; on the diagonal between places of one party.
    pub fn open(&self, from: usize, to: usize) -> &Services {
        let cell = self.cells.get(from * self.parties.len() + to).copied().unwrap_or(0);
        &self.sets[cell as usize]
    }
}

struct Build<'r> {
    reached: &'r Reachability,
    size: usize,
    sets: Numbered<Services>,
    joined: BTreeMap<(u32, u32), u32>,
    cells: Vec<u32>,
    /// Parties and VPCs of each class, sorted.
    members: Vec<Vec<(usize, Option<usize>)>>,
}

impl Build<'_> {
    fn add(&mut self, cell: usize, set: u32) {
        let known = self.cells[cell];
        if known == set || set == 0 {
            return;
        }
        let sets = &mut self.sets;
        let joined = *self.joined.entry((known, set)).or_insert_with(|| {
            let both = sets.get(known).or(sets.get(set));
            sets.number(both)
        });
        self.cells[cell] = joined;
    }

    fn across(&mut self) {
        let mut known: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for from in 0..self.members.len() {
            let class = u32::try_from(from).unwrap_or(u32::MAX);
            for link in self.reached.links(class) {
                let sets = &mut self.sets;
                let set = *known.entry((link.opening, link.back)).or_insert_with(|| {
                    let open: Opens<'_> = self.reached.opened(*link);
                    sets.number(open.services())
                });
                if set == 0 {
                    continue;
                }
                let to = link.to as usize;
                for (a, vpc) in parties(&self.members[from]) {
                    for (b, other) in parties(&self.members[to]) {
                        // Inside one VPC other things decide.
                        let apart = vpc.is_none() || other.is_none() || vpc != other;
                        if apart {
                            self.add(a * self.size + b, set);
                        }
                    }
                }
            }
        }
    }

    /// Inside VPCs, which is between places of one team.
    fn inside(&mut self, index: &BTreeMap<&str, usize>) {
        let mut known: BTreeMap<u32, u32> = BTreeMap::new();
        let mut vpcs: Vec<(usize, usize)> = Vec::new();
        for end in self.reached.ends() {
            if let Some(vpc) = end.vpc().and_then(|vpc| self.reached.vpc_named(vpc)) {
                vpcs.push((vpc, index.get(end.party()).copied().unwrap_or(0)));
            }
        }
        vpcs.sort_unstable();
        vpcs.dedup_by_key(|(vpc, _)| *vpc);
        for (vpc, party) in vpcs {
            let reached = self.reached;
            let sets = &mut self.sets;
            let set = *known.entry(reached.inside(vpc)).or_insert_with(|| sets.number(all_of(reached, vpc)));
            self.add(party * self.size + party, set);
        }
    }
}

/// Each party of a class once, with its VPC when all its members are in one.
fn parties(members: &[(usize, Option<usize>)]) -> Vec<(usize, Option<usize>)> {
    let mut parties: Vec<(usize, Option<usize>)> = Vec::with_capacity(members.len());
    for &(party, vpc) in members {
        match parties.last_mut() {
            Some((last, known)) if *last == party => {
                if *known != vpc {
                    *known = None;
                }
            }
            Some(_) | None => parties.push((party, vpc)),
        }
    }
    parties
}

/// Everything that passes between subnets of a VPC.
fn all_of(reached: &Reachability, vpc: usize) -> Services {
    let pieces = reached.pieces_of_vpc(vpc);
    let subnet = |piece: usize| match reached.pieces()[piece].owner {
        Owner::Subnet(subnet) => Some(subnet),
        Owner::Site(_) | Owner::Internet => None,
    };
    let mut all = Services::default();
    for from in pieces.clone() {
        for to in pieces.clone().filter(|to| subnet(*to) != subnet(from)) {
            all = all.or(&reached.between(from, to).services());
        }
    }
    all
}
