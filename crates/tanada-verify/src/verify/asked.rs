use std::collections::BTreeMap;

use crate::reach::{End, Reachability};

/// Between which parties (teams, sites, the internet) something is open that is more than inherent in stateless rules:
/// somebody asked for it, or it is a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Their names, sorted.
    parties: Vec<String>,
    /// Row by row.
    pairs: Vec<bool>,
}

impl Asked {
    /// Whether `from` can open something to `to` that is no mere answer.
    pub fn has(&self, from: &str, to: &str) -> bool {
        let place = |name: &str| self.parties.binary_search_by(|own| own.as_str().cmp(name)).ok();
        let pair = place(from).zip(place(to)).map(|(from, to)| from * self.parties.len() + to);
        pair.and_then(|pair| self.pairs.get(pair)).copied().unwrap_or(false)
    }
}

/// What is asked for, while it is found out class by class.
pub(super) struct Asking {
    asked: Asked,
    /// Parties of each class.
    of_class: Vec<Vec<usize>>,
}

impl Asking {
    pub(super) fn new(reached: &Reachability) -> Self {
        let mut parties: Vec<String> = reached.ends().map(|end| end.party().to_owned()).collect();
        parties.sort_unstable();
        parties.dedup();
        let places: BTreeMap<&str, usize> =
            parties.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut of_class: Vec<Vec<usize>> = vec![Vec::new(); reached.classes()];
        for end in reached.ends() {
            let Some(party) = places.get(end.party()) else { continue };
            for class in reached.classes_of(end) {
                of_class[class as usize].push(*party);
            }
        }
        for parties in &mut of_class {
            parties.sort_unstable();
            parties.dedup();
        }
        let pairs = vec![false; parties.len() * parties.len()];
        let mut asking = Self { asked: Asked { parties, pairs }, of_class };
        // Between its own subnets a VPC opens what is asked for and nothing else.
        for end in reached.ends().filter(|end| matches!(end, End::Tier { .. })) {
            let pieces =
                end.vpc().and_then(|vpc| reached.vpc_named(vpc)).map(|vpc| reached.pieces_of_vpc(vpc));
            if pieces.is_some_and(|pieces| pieces.len() > 1) {
                asking.add(end.party(), end.party());
            }
        }
        asking
    }

    /// Members of one class can open to those of another what is asked for.
    pub(super) fn add_classes(&mut self, from: usize, to: usize) {
        let Self { asked: Asked { parties, pairs }, of_class } = self;
        for a in &of_class[from] {
            for b in &of_class[to] {
                pairs[a * parties.len() + b] = true;
            }
        }
    }

    fn add(&mut self, from: &str, to: &str) {
        let Asked { parties, pairs } = &mut self.asked;
        let place = |name: &str| parties.binary_search_by(|own| own.as_str().cmp(name)).ok();
        if let Some((from, to)) = place(from).zip(place(to)) {
            pairs[from * parties.len() + to] = true;
        }
    }

    pub(super) fn done(self) -> Asked {
        self.asked
    }
}
