//! Who left under one name and may have come under another, because nobody said that it is the same.

use tanada_model::design::{Design, Placement, Vpc};
use tanada_model::lock::{BlockLabel, Holder, Lock, VpcName};

use super::names::{locked_vpcs, vpc_name};

/// What to write if a VPC that left is one that came: of the new ones exactly one is alike.
pub(super) fn lookalike(design: &Design, lock: &Lock, left: &VpcName) -> Option<String> {
    let known = locked_vpcs(lock);
    let had = len(lock, left)?;
    let is_alike = |vpc: &&Vpc| {
        let name = vpc_name(design, vpc);
        let is_new = !known.contains(&name) && wanted(vpc) == had;
        let team_is_new = || !known.iter().any(|other| other.team == name.team);
        let team_is_gone = || design.teams.id(&left.team).is_none();
        is_new
            && if name.team == left.team {
                true
            } else {
                name.label == left.label && team_is_new() && team_is_gone()
            }
    };
    let mut alike = design.vpcs.values().filter(is_alike);
    let (one, None) = (alike.next()?, alike.next()) else { return None };
    let new = vpc_name(design, one);
    let environment = &design.environments[one.environment].entity.name;
    let is_environments = || {
        *environment == new.label && design.environments.id(&left.label).is_none() && new.team == left.team
    };
    let (old, place) = if is_environments() {
        (&left.label, format!("`environment \"{environment}\"`"))
    } else if new.team == left.team {
        (&left.label, format!("`vpc \"{}\"` of `team \"{}\"`", new.label, new.team))
    } else {
        (&left.team, format!("`team \"{}\"`", new.team))
    };
    Some(format!(
        "if it is `{}` now, which is new and as large: `renamed_from = \"{old}\"` in {place}",
        one.id
    ))
}

/// Prefix length of the first block that the lock has.
fn len(lock: &Lock, name: &VpcName) -> Option<u8> {
    let own = |holder: &Holder| match holder {
        Holder::Vpc { vpc, block: BlockLabel::First, headroom: _, cut: _ } => vpc == name,
        Holder::Vpc { .. } | Holder::Pool { .. } => false,
    };
    let mut claims = lock.pools.values().flatten();
    claims.find(|claim| own(&claim.holder)).map(|claim| claim.at.len)
}

fn wanted(vpc: &Vpc) -> u8 {
    match &vpc.placement {
        Placement::Pool { pool: _, size } => size.value,
        Placement::Pinned(block) => block.value.prefix_len(),
    }
}
