//! What a change does to quotas.

use std::collections::BTreeMap;

use serde::Serialize;
use tanada_verify::changes::Changes;
use tanada_verify::network::{Network, Part, Vpc};
use tanada_verify::rules::{Count, Quotas, counts};
use tanada_verify::{Observed, Root};

use super::text::listed;
use super::view::id;

/// A quota of which a change takes much, or that it comes near to, exceeds or leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuotaChange {
    /// Its name in `quotas { }`: `acl_rules`.
    pub quota: &'static str,
    /// What is counted, in the plural.
    pub things: &'static str,
    /// How many there were; 0 where there was nothing to have any.
    pub before: usize,
    /// How many there are.
    pub after: usize,
    /// How many there could be.
    pub limit_before: u32,
    /// How many there can be.
    pub limit_after: u32,
    /// Where: whatever has as many as another one, together.
    pub places: Vec<String>,
}

/// How much of a quota is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Room,
    /// Four fifths: raising one takes days.
    Near,
    Over,
}

impl Level {
    fn of(number: usize, limit: u32) -> Self {
        let limit = limit as usize;
        match number {
            _ if number > limit => Self::Over,
            _ if number * 5 >= limit * 4 => Self::Near,
            _ => Self::Room,
        }
    }
}

impl QuotaChange {
    /// `rules a direction: 15 → 17 of 20, 85 % [web-production ingress of private]`
    pub fn words(&self) -> String {
        let Self { quota: _, things, before, after, limit_before, limit_after, places } = self;
        let raised =
            if limit_before == limit_after { String::new() } else { format!(" (was {limit_before})") };
        let share = match Level::of(*after, *limit_after) {
            Level::Over => "more than AWS allows".to_owned(),
            Level::Near | Level::Room => format!("{} %", after * 100 / (*limit_after).max(1) as usize),
        };
        format!("{things}: {before} → {after} of {limit_after}{raised}, {share} [{}]", listed(places, 3))
    }

    /// Whether more is used than can be, which was not so before.
    pub fn exceeds(&self) -> bool {
        Level::of(self.before, self.limit_before) < Level::Over && self.level() == Level::Over
    }

    fn level(&self) -> Level {
        Level::of(self.after, self.limit_after)
    }

    /// Whether a reviewer should know: another level is reached, or a quarter of the quota is taken from what was there.
    fn is_news(&self) -> bool {
        let quarter = self.after >= self.before + (self.limit_after as usize).div_ceil(4).max(1);
        Level::of(self.before, self.limit_before) != self.level() || (quarter && self.before > 0)
    }
}

/// One side: what it builds, and what it may.
pub(super) struct Use<'a> {
    network: &'a Network,
    roots: Vec<&'a Root>,
    quotas: Quotas,
}

/// Which quota, whose, of what.
type Counted = (&'static str, String, String);

impl<'a> Use<'a> {
    /// What both sides have in common, and a side's own.
    pub(super) fn new(network: &'a Network, shared: &'a [Part], own: &'a Observed, quotas: Quotas) -> Self {
        Self { network, roots: shared.iter().map(Part::root).chain(own.roots.values()).collect(), quotas }
    }

    /// What is counted in changed VPCs, and in what is larger than one.
    fn counts(&self, changed: &[String]) -> BTreeMap<Counted, Count> {
        let is_wanted = |vpc: &Vpc| changed.contains(&vpc.id);
        let all = counts(self.network, self.roots.iter().copied(), is_wanted);
        all.into_iter().map(|one| ((one.quota.name, one.whose.clone(), one.of.clone()), one)).collect()
    }
}

/// What a change does to quotas, the worst first. What has another name now has it in both.
pub(super) fn quotas(before: &Use<'_>, after: &Use<'_>, changes: &Changes) -> Vec<QuotaChange> {
    let changed: Vec<String> = changes.roots.iter().map(|root| id(&root.directory)).collect();
    let (mut old, new) = (before.counts(&changed), after.counts(&changed));
    rename(&mut old, &new);
    let nothing = |one: &Count| Count { number: 0, ..one.clone() };
    let mut rows: BTreeMap<(&str, usize, usize), QuotaChange> = BTreeMap::new();
    for (key, now) in &new {
        let was = old.get(key).cloned().unwrap_or_else(|| nothing(now));
        let (limit_before, limit_after) = (before.quotas.of(now.quota), after.quotas.of(now.quota));
        let change = QuotaChange {
            quota: now.quota.name,
            things: now.quota.things,
            before: was.number,
            after: now.number,
            limit_before,
            limit_after,
            places: Vec::new(),
        };
        if change.is_news() {
            let same = rows.entry((change.quota, change.before, change.after)).or_insert(change);
            same.places.push(place(now));
        }
    }
    let mut rows: Vec<QuotaChange> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.level()));
    rows
}

/// Of a quota of which one thing is gone and one has come, the two are one: a gateway or account has another name.
fn rename(old: &mut BTreeMap<Counted, Count>, new: &BTreeMap<Counted, Count>) {
    let mut gone: BTreeMap<&str, Vec<Counted>> = BTreeMap::new();
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        gone.entry(key.0).or_default().push(key.clone());
    }
    let mut come: BTreeMap<&str, Vec<&Counted>> = BTreeMap::new();
    for key in new.keys().filter(|key| !old.contains_key(*key)) {
        come.entry(key.0).or_default().push(key);
    }
    for (quota, gone) in gone {
        if let ([was], Some([is])) = (gone.as_slice(), come.get(quota).map(Vec::as_slice))
            && let Some(count) = old.remove(was)
        {
            old.insert((*is).clone(), count);
        }
    }
}

/// Where a count is made, as a person says it.
fn place(count: &Count) -> String {
    let of = count.of.replace('`', "");
    if of.contains(&count.whose) || of.starts_with("one account") {
        of
    } else {
        format!("{} {of}", count.whose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: usize, after: usize, limit_before: u32, limit_after: u32) -> QuotaChange {
        let (quota, things, places) =
            ("acl_rules", "rules a direction", vec!["web ingress of private".to_owned()]);
        QuotaChange { quota, things, before, after, limit_before, limit_after, places }
    }

    #[test]
    fn what_comes_near_exceeds_or_leaves_a_quota_is_news() {
        for (before, after) in [(15, 16), (16, 15), (20, 21), (21, 20), (0, 16), (5, 10)] {
            assert!(change(before, after, 20, 20).is_news(), "{before} to {after}");
        }
        for (before, after) in [(0, 15), (5, 9), (16, 20), (10, 5), (15, 15), (30, 30)] {
            assert!(!change(before, after, 20, 20).is_news(), "{before} to {after}");
        }
        assert!(change(18, 18, 20, 40).is_news(), "raised");
        assert!(!change(5, 5, 20, 40).is_news(), "raised, and far from both");
        assert!(change(20, 21, 20, 20).exceeds() && !change(21, 22, 20, 20).exceeds());
    }

    #[test]
    fn it_is_told_with_what_there_was() {
        assert_eq!(
            change(15, 17, 20, 20).words(),
            "rules a direction: 15 → 17 of 20, 85 % [web ingress of private]"
        );
        assert_eq!(
            change(20, 22, 20, 40).words(),
            "rules a direction: 20 → 22 of 40 (was 20), 55 % [web ingress of private]"
        );
        assert!(change(20, 21, 20, 20).words().contains("more than AWS allows"));
    }
}
