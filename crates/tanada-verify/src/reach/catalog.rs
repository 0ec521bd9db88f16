use std::collections::BTreeMap;

use super::services::Services;
use crate::network::{AclRow, Traffic};

/// Number of a set of services in a [`Catalog`].
pub(crate) type Sid = u32;

/// The set without packets.
pub(crate) const NOTHING: Sid = 0;
/// The set of all packets.
pub(crate) const EVERYTHING: Sid = 1;

/// Values by number, each once.
#[derive(Clone, Debug)]
pub(crate) struct Numbered<T> {
    list: Vec<T>,
    numbers: BTreeMap<T, u32>,
}

impl<T: Clone + Ord> Numbered<T> {
    pub(crate) fn new() -> Self {
        Self { list: Vec::new(), numbers: BTreeMap::new() }
    }

    /// The number of a value.
    pub(crate) fn number(&mut self, value: T) -> u32 {
        if let Some(&number) = self.numbers.get(&value) {
            return number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// The value of a number that was given here.
    pub(crate) fn get(&self, number: u32) -> &T {
        &self.list[number as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn into_list(self) -> Vec<T> {
        self.list
    }
}

/// Sets of services by number: there are few of them, whatever the size of an estate.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    sets: Numbered<Services>,
    both: BTreeMap<(Sid, Sid), Sid>,
    decided: BTreeMap<Vec<(bool, Traffic)>, Sid>,
}

impl Catalog {
    pub(crate) fn new() -> Self {
        let mut sets = Numbered::new();
        sets.number(Services::default());
        sets.number(Services::all());
        Self { sets, both: BTreeMap::new(), decided: BTreeMap::new() }
    }

    pub(crate) fn number(&mut self, services: Services) -> Sid {
        self.sets.number(services)
    }

    pub(crate) fn get(&self, set: Sid) -> &Services {
        self.sets.get(set)
    }

    pub(crate) fn into_list(self) -> Vec<Services> {
        self.sets.into_list()
    }

    /// Packets of both.
    pub(crate) fn and(&mut self, one: Sid, two: Sid) -> Sid {
        if one == two || two == EVERYTHING {
            return one;
        }
        if one == EVERYTHING {
            return two;
        }
        if one == NOTHING || two == NOTHING {
            return NOTHING;
        }
        let key = (one.min(two), one.max(two));
        if let Some(&known) = self.both.get(&key) {
            return known;
        }
        let both = self.sets.number(self.sets.get(one).and(self.sets.get(two)));
        self.both.insert(key, both);
        both
    }

    /// Packets that rows let pass, the first one that matches deciding.
    pub(crate) fn decide(&mut self, rows: &[(bool, Traffic)]) -> Sid {
        match rows {
            [] => return NOTHING,
            [(true, Traffic::All), ..] => return EVERYTHING,
            [(false, Traffic::All), ..] => return NOTHING,
            [_, ..] => {}
        }
        if let Some(&known) = self.decided.get(rows) {
            return known;
        }
        let (mut allowed, mut seen) = (Services::default(), Services::default());
        for &(allows, traffic) in rows {
            let own = Services::from(traffic);
            if allows {
                allowed = allowed.or(&own.minus(&seen));
            }
            seen = seen.or(&own);
        }
        let set = self.sets.number(allowed);
        self.decided.insert(rows.to_vec(), set);
        set
    }

    /// What rows let pass from or to one address.
    pub(crate) fn at(&mut self, rows: &[AclRow], address: u32) -> Sid {
        let here = |row: &&AclRow| row.peer.first() <= address && address <= row.peer.last();
        let rows: Vec<(bool, Traffic)> =
            rows.iter().filter(here).map(|row| (row.allows, row.traffic)).collect();
        self.decide(&rows)
    }
}
