//! What the lock promises of roots.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::lock::{BlockLabel, ClaimState, Holder, Lock, VpcName};

use super::{Guard, Refused};
use crate::disk::compare::Comparison;

impl Guard<'_> {
    /// Where the state of a root lies: of one that stands in this folder after the run, or stood there before it.
    pub(super) fn birth_in(&self, directory: &str) -> String {
        let there = |lock: &Lock| {
            let vpc = known(lock).find(|vpc| vpc.directory() == directory)?;
            Some(birth(lock, vpc))
        };
        there(self.new_lock).or_else(|| there(self.lock)).unwrap_or_else(|| directory.to_owned())
    }

    /// The blocks that the lock before the run knows of the VPC with this birth.
    pub(super) fn promised_blocks(&self, own: &str) -> BTreeMap<&BlockLabel, ClaimState> {
        let claims = self.lock.pools.values().flatten();
        let label = claims.filter_map(|claim| match &claim.holder {
            Holder::Pool { name: _, extent: _ } => None,
            Holder::Vpc { vpc, block, .. } => (birth(self.lock, vpc) == own).then_some((block, claim.state)),
        });
        label.collect()
    }

    /// Whether the lock before the run knew whose root this is: by the name that its state was born with. Hubs have no line.
    pub(super) fn was_promised(&self, directory: &str) -> bool {
        let own = self.birth_in(directory);
        !directory.starts_with("teams/") || known(self.lock).any(|vpc| birth(self.lock, vpc) == own)
    }

    /// Networks that the lock says are running and of which nothing lies on the disk: half a tree, or another one.
    pub(super) fn missing_roots(&self) -> Vec<Refused> {
        let Comparison { write, stale, unchanged, .. } = self.comparison;
        let new = write.iter().filter(|due| due.is_new).count();
        // Where nothing lies yet, nothing is missing.
        if new == 0 || (*unchanged == 0 && new == write.len() && stale.is_empty()) {
            return Vec::new();
        }
        let claims = self.lock.pools.values().flatten().filter(|claim| claim.state == ClaimState::Live);
        let live: BTreeSet<&VpcName> = claims
            .filter_map(|claim| match &claim.holder {
                Holder::Pool { name: _, extent: _ } => None,
                Holder::Vpc { vpc, .. } => Some(vpc),
            })
            .collect();
        let is_missing = |vpc: &&&VpcName| {
            let directory = vpc.directory();
            let main = format!("{directory}/main.tf");
            // A run that was killed had written its lock, and this root not yet.
            let is_finished = self.comparison.begun.contains(&main);
            let is_written_anew = self.comparison.is_new(&main);
            is_written_anew
                && !is_finished
                && !self.names.contains(vpc.id().as_str())
                && !self.out.join(&directory).join("main.tf").exists()
        };
        let missing = live.iter().filter(is_missing);
        missing
            .map(|vpc| Refused {
                words: format!(
                    "`{}` is running by the lock, and its root `{}` is not in the tree",
                    vpc.id(),
                    vpc.directory()
                ),
                help: vec![
                    "take the tree from version control, so that changes can be seen".to_owned(),
                    format!("`--accept {}` writes the root without comparing", vpc.id()),
                ],
            })
            .collect()
    }
}

/// The pools in which the first block of each VPC stands, from the inside.
pub(super) fn pools(lock: &Lock) -> BTreeMap<String, Vec<String>> {
    let mut outer: BTreeMap<&str, &str> = BTreeMap::new();
    let mut firsts: Vec<(&VpcName, &str)> = Vec::new();
    for (pool, claim) in lock.pools.iter().flat_map(|(pool, claims)| claims.iter().map(move |it| (pool, it)))
    {
        match &claim.holder {
            Holder::Pool { name, extent: _ } => drop(outer.insert(name, pool)),
            Holder::Vpc { vpc, block: BlockLabel::First, .. } => firsts.push((vpc, pool)),
            Holder::Vpc { .. } => {}
        }
    }
    let chain = |pool: &str| -> Vec<String> {
        let chain = std::iter::successors(Some(pool), |pool| outer.get(pool).copied());
        chain.take(outer.len() + 1).map(str::to_owned).collect()
    };
    firsts.into_iter().map(|(vpc, pool)| (vpc.id(), chain(pool))).collect()
}

/// Every VPC that a lock knows.
pub(crate) fn known(lock: &Lock) -> impl Iterator<Item = &VpcName> {
    let claims = lock.pools.values().flatten().filter_map(|claim| match &claim.holder {
        Holder::Pool { name: _, extent: _ } => None,
        Holder::Vpc { vpc, .. } => Some(vpc),
    });
    claims.chain(lock.births.keys()).chain(lock.leaving.keys())
}

/// Where the state of a VPC lies, without suffix.
pub(crate) fn birth(lock: &Lock, vpc: &VpcName) -> String {
    lock.births.get(vpc).cloned().unwrap_or_else(|| vpc.directory())
}
