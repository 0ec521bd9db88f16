//! The lock when the second network takes the name of the first.

use tanada_model::lock::{BlockLabel, Claim, ClaimState, Holder, Lock, VpcName};

use super::beside;

/// Whether the lock knows a VPC that is not retired.
pub(super) fn knows(lock: &Lock, vpc: &VpcName) -> bool {
    first_claim(lock, vpc).is_some_and(|(_, claim)| claim.state == ClaimState::Live)
        || lock.births.contains_key(vpc)
}

/// The claim of a VPC's first block, with its pool.
pub(super) fn first_claim<'l>(lock: &'l Lock, vpc: &VpcName) -> Option<(&'l str, &'l Claim)> {
    let is_it = |claim: &Claim| matches!(&claim.holder, Holder::Vpc { vpc: own, block: BlockLabel::First, .. } if own == vpc);
    lock.pools.iter().find_map(|(pool, claims)| {
        claims.iter().find(|claim| is_it(claim)).map(|claim| (pool.as_str(), claim))
    })
}

/// Gives the name of the first network to the second. What the first one had stays retired, as `<label>-before`, until
/// it is released; its root and the place of its state are forgotten.
pub(super) fn arrive(lock: &mut Lock, vpc: &VpcName) {
    let next = beside(vpc);
    let before = tombstone(lock, vpc);
    for claim in lock.pools.values_mut().flatten() {
        if let Holder::Vpc { vpc: own, .. } = &mut claim.holder {
            if own == vpc {
                own.clone_from(&before);
            } else if *own == next {
                own.clone_from(vpc);
            }
        }
    }
    lock.leaving.remove(vpc);
    let birth = lock.births.remove(&next).unwrap_or_else(|| next.directory());
    lock.births.insert(vpc.clone(), birth);
}

/// A name under which nothing is retired yet.
fn tombstone(lock: &Lock, vpc: &VpcName) -> VpcName {
    let plain = super::before(vpc);
    let numbered = (2_u32..=u32::MAX)
        .map(|number| VpcName::new(vpc.team.clone(), format!("{}-before-{number}", vpc.label)));
    std::iter::once(plain.clone())
        .chain(numbered)
        .find(|name| first_claim(lock, name).is_none())
        .unwrap_or(plain)
}
