//! Leaving: VPCs that vanished from the input, births, and what `release` gives back.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, Hub};
use tanada_model::diagnostic::{Diagnostic, did_you_mean};
use tanada_model::lock::{Acceptance, ClaimState, Holder, LayoutLock, Leaving, Lock, TierLock, VpcName};

use super::Consent;
use super::book::{Book, block_text, holder_text};
use super::findings::{Findings, RELEASE_LIVE, RELEASE_UNKNOWN, UNKNOWN_CONSENT, VANISHED_VPC, some_of};
use super::lookalike::lookalike;
use super::names::{locked_vpcs, vpc_name};

/// Retires what VPCs had that the input has no more; returns who is leaving.
pub(super) fn vanish(
    book: &mut Book<'_>,
    lock: &Lock,
    consent: &Consent,
    findings: &mut Findings<'_>,
) -> BTreeMap<VpcName, Leaving> {
    let design = book.design;
    let today: BTreeSet<VpcName> = design.vpcs.values().map(|vpc| vpc_name(design, vpc)).collect();
    let mut leaving: BTreeMap<VpcName, Leaving> = lock
        .leaving
        .iter()
        .filter(|(vpc, _)| !today.contains(*vpc))
        .map(|(vpc, how)| (vpc.clone(), *how))
        .collect();
    let claims = || {
        lock.pools.values().flatten().filter_map(|claim| match &claim.holder {
            Holder::Pool { name: _, extent: _ } => None,
            Holder::Vpc { vpc, .. } => Some((vpc, claim.state)),
        })
    };
    let claimed: BTreeSet<&VpcName> = claims().map(|(vpc, _)| vpc).collect();
    let without_claim = lock.births.keys().filter(|vpc| !claimed.contains(vpc));
    let in_use = claims().filter(|(_, state)| *state == ClaimState::Live).map(|(vpc, _)| vpc);
    let mut live: BTreeSet<VpcName> = in_use.chain(without_claim).cloned().collect();
    live.retain(|vpc| !today.contains(vpc) && !leaving.contains_key(vpc));
    refuse_consents(design, &live, &leaving, lock, consent, findings);
    let mut gone = BTreeSet::new();
    for vpc in live {
        let id = vpc.id();
        if consent.destroy.contains(&id) {
            leaving.insert(vpc.clone(), Leaving::Destroyed);
        } else if consent.forget.contains(&id) {
            leaving.insert(vpc.clone(), Leaving::Forgotten);
        } else {
            let renamed = lookalike(design, lock, &vpc)
                .unwrap_or_else(|| "if it has another name now, write `renamed_from` there".to_owned());
            findings.raise(
                Diagnostic::new(VANISHED_VPC, format!("`{id}` is in the lock and no longer in the input"))
                    .help(format!("`--destroy {id}` lets Terraform destroy it"))
                    .help(format!("`--forget {id}` leaves it in the account and takes it out of the state"))
                    .help(renamed),
            );
        }
        gone.insert(vpc);
    }
    for held in book.held_mut() {
        if let Holder::Vpc { vpc, .. } = &held.holder
            && gone.contains(vpc)
        {
            held.state = ClaimState::Retired;
        }
    }
    leaving
}

/// Complains of consent that fits nothing, for it was meant for something else. `live`: who runs and has left the input. Names with a dot or slash are judged
/// where their objects are.
fn refuse_consents(
    design: &Design,
    live: &BTreeSet<VpcName>,
    leaving: &BTreeMap<VpcName, Leaving>,
    lock: &Lock,
    consent: &Consent,
    findings: &mut Findings<'_>,
) {
    let fits: BTreeSet<String> =
        live.iter().chain(leaving.keys()).chain(&locked_vpcs(lock)).map(VpcName::id).collect();
    for (option, names) in [("--destroy", &consent.destroy), ("--forget", &consent.forget)] {
        for name in names.iter().filter(|name| !name.contains(['.', '/'])) {
            if design.vpcs.id(name).is_some() {
                let message = format!("`{option} {name}`: `{name}` is still in the input");
                findings
                    .raise(Diagnostic::new(UNKNOWN_CONSENT, message).help("take it out of the input first"));
            } else if !fits.contains(name) {
                let message = format!("`{option} {name}`: nothing of this name has left the input");
                findings.raise(Diagnostic::new(UNKNOWN_CONSENT, message).help(who_left(name, live)));
            }
        }
    }
}

/// Who may have been meant by a name that nobody has who left.
fn who_left(name: &str, gone: &BTreeSet<VpcName>) -> String {
    let left: Vec<String> = gone.iter().map(VpcName::id).collect();
    if let Some(meant) = did_you_mean(name, left.iter().map(String::as_str)) {
        return format!("did you mean `{meant}`?");
    }
    match left.as_slice() {
        [] => "every VPC of the lock is in the input: take one out first".to_owned(),
        [_, ..] => format!("what has left: {}", some_of(&left)),
    }
}

/// Where the states of all VPCs lie that the lock or the input has: under the name that each was born with.
pub(super) fn births(design: &Design, lock: &Lock) -> BTreeMap<VpcName, String> {
    let mut births: BTreeMap<VpcName, String> = locked_vpcs(lock)
        .into_iter()
        .map(|vpc| {
            let birth = lock.births.get(&vpc).cloned().unwrap_or_else(|| vpc.directory());
            (vpc, birth)
        })
        .collect();
    let mut taken: BTreeSet<String> = births.values().cloned().collect();
    for vpc in design.vpcs.values() {
        let name = vpc_name(design, vpc);
        if births.contains_key(&name) {
            continue;
        }
        // Somebody who is called otherwise today may have been born with this name.
        let plain = name.directory();
        let numbered = (2_u32..).map(|n| format!("{plain}-{n}"));
        let birth = std::iter::once(plain.clone()).chain(numbered).find(|birth| !taken.contains(birth));
        let birth = birth.unwrap_or(plain);
        taken.insert(birth.clone());
        births.insert(name, birth);
    }
    births
}

/// Where the states of hubs lie: under the name that each was born with, whatever it is called today.
pub(super) fn hub_births(design: &Design, lock: &Lock) -> Vec<String> {
    let known = |name: &str| lock.hubs.get(name).cloned();
    let plain = |name: &str| format!("hub/{name}");
    let own = |hub: &Hub| {
        let name = hub.entity.name.as_str();
        // A rename counts once: after that the lock has the new name.
        let old = hub.entity.renamed_from.as_ref().map(|old| old.value.as_str());
        let old = old.filter(|old| design.hubs.id(old).is_none());
        known(name).or_else(|| old.map(|old| known(old).unwrap_or_else(|| plain(old))))
    };
    let mut births: Vec<Option<String>> = design.hubs.values().map(own).collect();
    let mut taken: BTreeSet<String> = births.iter().flatten().cloned().collect();
    for (birth, name) in births.iter_mut().zip(design.hubs.names()).filter(|(birth, _)| birth.is_none()) {
        // A hub that is called otherwise today may have been born with this name.
        let numbered = (2_u32..).map(|n| format!("{}-{n}", plain(name)));
        let free = std::iter::once(plain(name)).chain(numbered).find(|birth| !taken.contains(birth));
        taken.extend(free.clone());
        *birth = free;
    }
    births.into_iter().flatten().collect()
}

/// Births of hubs that the lock must say: of those called otherwise today, and of those that say that they were, so that
/// a rename counts once.
pub(super) fn hubs_to_keep(design: &Design, births: &[String]) -> BTreeMap<String, String> {
    let keep = |(hub, birth): &(&Hub, &String)| {
        **birth != format!("hub/{}", hub.entity.name) || hub.entity.renamed_from.is_some()
    };
    let all = design.hubs.values().zip(births).filter(keep);
    all.map(|(hub, birth)| (hub.entity.name.clone(), birth.clone())).collect()
}

/// What was agreed to, of whatever is still there: VPCs of the input or on their way out, and hubs.
pub(super) fn acceptances_to_keep(
    design: &Design,
    accepted: BTreeMap<String, Acceptance>,
    leaving: &BTreeMap<VpcName, Leaving>,
) -> BTreeMap<String, Acceptance> {
    let is_there = |name: &String| match name.strip_prefix("hub.") {
        Some(hub) => design.hubs.id(hub).is_some(),
        None => design.vpcs.id(name).is_some() || leaving.keys().any(|vpc| vpc.id() == *name),
    };
    accepted.into_iter().filter(|(name, _)| is_there(name)).collect()
}

/// Gives retired addresses back: `team-label` (with the leaving root), `team-label/block`, `pool.x`, `layout.x`,
/// `layout.x.tier`, `layout.x.zones.a`.
///
/// # Errors
/// A finding when the lock has nothing of this name, or when it is in use.
pub fn release(lock: &Lock, name: &str) -> Result<Lock, Diagnostic> {
    let known: Vec<String> = locked_vpcs(lock).iter().map(VpcName::id).collect();
    let mut lock = lock.clone();
    let unknown = || {
        let finding =
            Diagnostic::new(RELEASE_UNKNOWN, format!("the lock has nothing that is called `{name}`"));
        let finding = match did_you_mean(name, known.iter().map(String::as_str)) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding,
        };
        finding.help("`tanada tree` shows what is retired, under the names to use here")
    };
    let mut parts = name.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("layout"), Some(layout), tier, letter, None) => {
            let found = lock.layouts.get_mut(layout).ok_or_else(unknown)?;
            release_layout(found, name, tier, letter)?.then_some(()).ok_or_else(unknown)?;
            if found.tiers.is_empty() && found.zones.is_empty() {
                lock.layouts.remove(layout);
            }
        }
        (Some("pool"), Some(pool), None, _, _) => {
            release_pool(&mut lock, pool, name)?.then_some(()).ok_or_else(unknown)?
        }
        (Some(_), None, _, _, _) => release_vpc(&mut lock, name)?.then_some(()).ok_or_else(unknown)?,
        _ => return Err(unknown()),
    }
    lock.pools.retain(|_, claims| !claims.is_empty());
    Ok(lock)
}

fn in_use(name: &str) -> Diagnostic {
    Diagnostic::new(RELEASE_LIVE, format!("`{name}` is in use"))
        .help("take it out of the input and run `tanada generate` first")
}

/// Whether something was found.
fn release_layout(
    layout: &mut LayoutLock,
    name: &str,
    tier: Option<&str>,
    letter: Option<&str>,
) -> Result<bool, Diagnostic> {
    let is_tier = |place: &TierLock| letter.is_none() && tier.is_none_or(|tier| tier == place.tier);
    let is_zone = |own: &str| tier.is_none() || tier == Some("zones") && letter == Some(own);
    let tiers = layout.tiers.iter().filter(|place| is_tier(place)).map(|place| place.state);
    let zones = layout.zones.iter().filter(|zone| is_zone(&zone.letter)).map(|zone| zone.state);
    let states: Vec<ClaimState> = tiers.chain(zones).collect();
    if states.contains(&ClaimState::Live) {
        return Err(in_use(name));
    }
    let freed: BTreeSet<u32> =
        layout.zones.iter().filter(|zone| is_zone(&zone.letter)).map(|zone| zone.index).collect();
    layout.tiers.retain(|place| !is_tier(place));
    layout.zones.retain(|zone| !is_zone(&zone.letter));
    for place in &mut layout.tiers {
        place.extra.retain(|zone, _| !freed.contains(zone));
    }
    Ok(!states.is_empty())
}

fn release_pool(lock: &mut Lock, pool: &str, name: &str) -> Result<bool, Diagnostic> {
    let own = |holder: &Holder| matches!(holder, Holder::Pool { name, extent: _ } if name == pool);
    let states: Vec<ClaimState> =
        lock.pools.values().flatten().filter(|claim| own(&claim.holder)).map(|claim| claim.state).collect();
    if states.contains(&ClaimState::Live) {
        return Err(in_use(name));
    }
    let inside = lock.pools.get(pool).map_or(&[][..], Vec::as_slice);
    let inside: Vec<String> = inside.iter().map(|claim| holder_text(&claim.holder)).collect();
    if !states.is_empty() && !inside.is_empty() {
        return Err(Diagnostic::new(RELEASE_LIVE, format!("`{name}` still holds {}", some_of(&inside)))
            .help("release what lies in it first"));
    }
    for claims in lock.pools.values_mut() {
        claims.retain(|claim| !own(&claim.holder));
    }
    Ok(!states.is_empty())
}

fn release_vpc(lock: &mut Lock, name: &str) -> Result<bool, Diagnostic> {
    let whole = !name.contains('/');
    let is_named = |holder: &Holder| match holder {
        Holder::Pool { name: _, extent: _ } => false,
        Holder::Vpc { vpc, block, headroom: _, cut: _ } => {
            if whole {
                vpc.id() == name
            } else {
                block_text(vpc, block) == name
            }
        }
    };
    let states: Vec<ClaimState> = lock
        .pools
        .values()
        .flatten()
        .filter(|claim| is_named(&claim.holder))
        .map(|claim| claim.state)
        .collect();
    if states.contains(&ClaimState::Live) {
        return Err(in_use(name));
    }
    let leaving = lock.leaving.len();
    lock.accepted.remove(name);
    if whole {
        lock.leaving.retain(|vpc, _| vpc.id() != name);
    }
    if states.is_empty() && lock.leaving.len() == leaving {
        return Ok(false);
    }
    for claims in lock.pools.values_mut() {
        claims.retain(|claim| !is_named(&claim.holder));
    }
    if whole {
        lock.births.retain(|vpc, _| vpc.id() != name);
    }
    Ok(true)
}
