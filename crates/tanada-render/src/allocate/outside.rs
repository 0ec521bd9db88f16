//! Places of the lock that a range of today does not have: a root that became smaller, or a pool that is gone.

use std::collections::BTreeSet;

use tanada_model::design::{Design, PoolPlace};
use tanada_model::diagnostic::{Diagnostic, Spanned};
use tanada_model::lock::{Claim, ClaimState, Holder, Lock};
use tanada_model::net::Block;

use super::book::holder_text;
use super::findings::{Findings, POSITION_OUTSIDE};

/// Complains of everything that stands somewhere and has no addresses there today. `unplaced`: claims by pool.
pub(super) fn report(
    design: &Design,
    lock: &Lock,
    unplaced: &[(String, Claim)],
    findings: &mut Findings<'_>,
) {
    let live: Vec<(&str, &Claim)> = unplaced
        .iter()
        .filter(|(_, claim)| claim.state == ClaimState::Live)
        .map(|(pool, claim)| (pool.as_str(), claim))
        .collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (name, pool) in design.pools.names().zip(design.pools.values()) {
        let PoolPlace::Root(range) = &pool.place else { continue };
        let own: Vec<&Claim> = live.iter().filter(|(of, _)| *of == name).map(|(_, claim)| *claim).collect();
        if own.is_empty() {
            continue;
        }
        let lost = pools_within(name, &live);
        let inside = live.iter().filter(|(of, claim)| lost.contains(of) && is_vpc(claim));
        let inside: Vec<String> = inside.map(|(_, claim)| holder_text(&claim.holder)).collect();
        let claims = lock.pools.get(name).map_or(&[][..], Vec::as_slice);
        findings.raise(too_small(name, range, &own, &inside, claims));
        told.insert(name);
        told.extend(lost);
    }
    for (pool, claim) in live.iter().filter(|(pool, _)| !told.contains(pool)) {
        let message = format!(
            "`{}` stands at `{}` of `pool.{pool}`, which has no addresses any more",
            holder_text(&claim.holder),
            claim.at
        );
        let help = format!(
            "write `pool \"{pool}\"` again, or `renamed_from = \"{pool}\"` in the pool that it became"
        );
        findings.raise(Diagnostic::new(POSITION_OUTSIDE, message).help(help));
    }
}

fn is_vpc(claim: &Claim) -> bool {
    matches!(claim.holder, Holder::Vpc { .. })
}

/// Inner pools that have no place because a root has none for them, whatever is between.
fn pools_within<'c>(root: &str, live: &[(&'c str, &'c Claim)]) -> BTreeSet<&'c str> {
    let mut lost: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = lost.len();
        for (of, claim) in live {
            if let Holder::Pool { name, extent: _ } = &claim.holder
                && (*of == root || lost.contains(of))
            {
                lost.insert(name);
            }
        }
        if lost.len() == before {
            return lost;
        }
    }
}

/// A root whose range does not have every place that was handed out: all of them, and what would have.
fn too_small(
    name: &str,
    range: &Spanned<Block>,
    own: &[&Claim],
    inside: &[String],
    claims: &[Claim],
) -> Diagnostic {
    let places: Vec<String> =
        own.iter().map(|claim| format!("`{}` at `{}`", holder_text(&claim.holder), claim.at)).collect();
    let message =
        format!("`{}` is too small for what stands in `pool.{name}`: {}", range.value, places.join(", "));
    let mut finding = Diagnostic::new(POSITION_OUTSIDE, message).at(range.span, "");
    if !inside.is_empty() {
        let all: Vec<String> = inside.iter().map(|id| format!("`{id}`")).collect();
        finding = finding.help(format!("in these pools stand {}", all.join(", ")));
    }
    finding.help(match smallest(range.value, claims) {
        Some(block) => format!(
            "`{block}` is the smallest range there that has every place; or take them out of the input"
        ),
        None => "take them out of the input: no range has all of these places".to_owned(),
    })
}

/// The smallest block around a range's beginning in which every live claim of a root has its place.
fn smallest(range: Block, claims: &[Claim]) -> Option<Block> {
    let live = claims.iter().filter(|claim| claim.state == ClaimState::Live && claim.extent == 0);
    let end = live.map(|claim| claim.at.offset() + (1_u64 << (32 - claim.at.len.min(32)))).max()?;
    let bits = end.checked_next_power_of_two()?.trailing_zeros();
    let len = u8::try_from(32_u32.checked_sub(bits)?).ok()?;
    Some(Block::containing(range.address(), len))
}
