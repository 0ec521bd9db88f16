//! Renames: whatever the lock promised to the old name holds for the new one.
//!
//! A rename counts only when the lock has the old name and not the new one. So it happens once, `renamed_from` may
//! stay in the input, and a second run changes nothing.

mod zones;

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, Entity};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::{BlockLabel, ClaimState, Holder, LayoutLock, Lock, VpcName};

use super::findings::{Findings, RENAMED_FROM_LIVING, RENAMED_TO_RETIRED};

/// The lock under today's names.
pub(super) fn rename(design: &Design, lock: &Lock, findings: &mut Findings<'_>) -> Lock {
    let mut lock = lock.clone();
    rename_pools(design, &mut lock, findings);
    rename_vpcs(design, &mut lock, findings);
    rename_blocks(design, &mut lock, findings);
    rename_layouts(design, &mut lock, findings);
    zones::rename(design, &mut lock, findings);
    rename_acceptances(design, &mut lock);
    lock
}

/// The name of a VPC in the lock.
pub(super) fn vpc_name(design: &Design, vpc: &tanada_model::design::Vpc) -> VpcName {
    VpcName::new(design.teams.name(vpc.team), vpc.entity.name.as_str())
}

/// Things of one kind by name, as the lock has them: whether one is in use.
type Locked = BTreeMap<String, bool>;

/// Notes one thing of a name.
fn note(locked: &mut Locked, name: &str, state: ClaimState) {
    *locked.entry(name.to_owned()).or_default() |= state == ClaimState::Live;
}

/// What a name is that was renamed.
struct Kind<'k> {
    /// `tier`
    word: &'k str,
    /// What stands before the name behind `tanada release`.
    release: &'k str,
}

/// The name from which `entity` takes over, when it does.
fn taken_over<'e>(
    kind: &Kind<'_>,
    entity: &'e Entity,
    locked: &Locked,
    alive: impl Fn(&str) -> bool,
    findings: &mut Findings<'_>,
) -> Option<&'e str> {
    let old = entity.renamed_from.as_ref()?;
    let new = &entity.name;
    match (locked.get(new), locked.get(&old.value)) {
        (_, None) | (Some(true), Some(_)) | (Some(false), Some(false)) => None,
        (None, Some(_)) if alive(&old.value) => {
            findings.raise(still_there(kind.word, &old.value, new).at(entity.span, ""));
            None
        }
        (None, Some(_)) => Some(&old.value),
        (Some(false), Some(true)) => {
            if !alive(&old.value) {
                let name = format!("{}{new}", kind.release);
                findings.raise(taken_by_the_dead(kind.word, &old.value, new, &name).at(entity.span, ""));
            }
            None
        }
    }
}

fn taken_by_the_dead(kind: &str, old: &str, new: &str, release: &str) -> Diagnostic {
    Diagnostic::new(
        RENAMED_TO_RETIRED,
        format!("{kind} `{new}` was `{old}` before, and the lock still keeps what an earlier `{new}` had"),
    )
    .help(format!("`tanada release {release}` first, when nothing uses that any more; or take another name"))
}

fn still_there(kind: &str, old: &str, new: &str) -> Diagnostic {
    Diagnostic::new(
        RENAMED_FROM_LIVING,
        format!("{kind} `{new}` was `{old}` before, but there still is a `{old}`"),
    )
    .help(format!("rename alone and run `tanada generate`; add the new `{old}` after that"))
}

fn rename_pools(design: &Design, lock: &mut Lock, findings: &mut Findings<'_>) {
    let mut known = Locked::new();
    for claim in lock.pools.values().flatten() {
        if let Holder::Pool { name, extent: _ } = &claim.holder {
            note(&mut known, name, claim.state);
        }
    }
    // A root is claimed in no pool.
    for name in lock.pools.keys() {
        known.entry(name.clone()).or_insert(true);
    }
    let kind = Kind { word: "pool", release: "pool." };
    let mut renames: BTreeMap<String, String> = BTreeMap::new();
    for pool in design.pools.values() {
        let alive = |name: &str| design.pools.id(name).is_some() || renames.contains_key(name);
        if let Some(old) = taken_over(&kind, &pool.entity, &known, alive, findings) {
            renames.insert(old.to_owned(), pool.entity.name.clone());
        }
    }
    for (old, new) in &renames {
        if let Some(claims) = lock.pools.remove(old) {
            lock.pools.insert(new.clone(), claims);
        }
    }
    for claim in lock.pools.values_mut().flatten() {
        if let Holder::Pool { name, extent: _ } = &mut claim.holder
            && let Some(new) = renames.get(name)
        {
            name.clone_from(new);
        }
    }
}

/// Every VPC of which the lock knows something.
pub(super) fn locked_vpcs(lock: &Lock) -> BTreeSet<VpcName> {
    let claims = lock.pools.values().flatten().filter_map(|claim| match &claim.holder {
        Holder::Pool { name: _, extent: _ } => None,
        Holder::Vpc { vpc, .. } => Some(vpc),
    });
    claims.chain(lock.births.keys()).chain(lock.leaving.keys()).cloned().collect()
}

/// Every VPC of which the lock does not only keep what it left.
fn vpcs_in_use(lock: &Lock) -> BTreeSet<VpcName> {
    let mut locked: BTreeMap<&VpcName, bool> = BTreeMap::new();
    for claim in lock.pools.values().flatten() {
        if let Holder::Vpc { vpc, .. } = &claim.holder {
            *locked.entry(vpc).or_default() |= claim.state == ClaimState::Live;
        }
    }
    for vpc in lock.births.keys() {
        locked.entry(vpc).or_insert(true);
    }
    locked.into_iter().filter(|(_, is_live)| *is_live).map(|(vpc, _)| vpc.clone()).collect()
}

fn rename_vpcs(design: &Design, lock: &mut Lock, findings: &mut Findings<'_>) {
    let locked = locked_vpcs(lock);
    let today: BTreeSet<VpcName> = design.vpcs.values().map(|vpc| vpc_name(design, vpc)).collect();
    let mut renames: BTreeMap<VpcName, VpcName> = BTreeMap::new();
    let in_use = vpcs_in_use(lock);
    for vpc in design.vpcs.values() {
        let new = vpc_name(design, vpc);
        if in_use.contains(&new) {
            continue;
        }
        let team = &design.teams[vpc.team].entity;
        let old_team = team.renamed_from.as_ref().map(|old| old.value.as_str());
        let old_label = design.old_label(vpc);
        let candidates = [(old_team, old_label), (None, old_label), (old_team, None)];
        let old = candidates.into_iter().find_map(|(team, label)| {
            let old = VpcName::new(team.unwrap_or(&new.team), label.unwrap_or(&new.label));
            (old != new && locked.contains(&old)).then_some(old)
        });
        let Some(old) = old else { continue };
        if locked.contains(&new) {
            if in_use.contains(&old) && !today.contains(&old) {
                let (old, new) = (old.id(), new.id());
                findings.raise(taken_by_the_dead("VPC", &old, &new, &new).at(vpc.entity.span, ""));
            }
            continue;
        }
        if today.contains(&old) || renames.contains_key(&old) {
            findings.raise(still_there("VPC", &old.id(), &new.id()).at(vpc.entity.span, ""));
        } else {
            renames.insert(old, new);
        }
    }
    apply_vpc_renames(lock, &renames);
}

fn apply_vpc_renames(lock: &mut Lock, renames: &BTreeMap<VpcName, VpcName>) {
    for claim in lock.pools.values_mut().flatten() {
        if let Holder::Vpc { vpc, .. } = &mut claim.holder
            && let Some(new) = renames.get(vpc)
        {
            vpc.clone_from(new);
        }
    }
    for (old, new) in renames {
        let birth = lock.births.remove(old).unwrap_or_else(|| old.directory());
        lock.births.insert(new.clone(), birth);
        if let Some(how) = lock.leaving.remove(old) {
            lock.leaving.insert(new.clone(), how);
        }
        if let Some(acceptance) = lock.accepted.remove(&old.id()) {
            lock.accepted.insert(new.id(), acceptance);
        }
    }
}

/// Acceptances of hubs; those of VPCs go with their VPCs.
fn rename_acceptances(design: &Design, lock: &mut Lock) {
    let text = |hub: &str| format!("hub.{hub}");
    for hub in design.hubs.values() {
        let new = text(&hub.entity.name);
        let old = hub.entity.renamed_from.as_ref().filter(|old| design.hubs.id(&old.value).is_none());
        let Some(old) = old.filter(|_| !lock.accepted.contains_key(&new)) else { continue };
        if let Some(acceptance) = lock.accepted.remove(&text(&old.value)) {
            lock.accepted.insert(new, acceptance);
        }
    }
}

fn rename_blocks(design: &Design, lock: &mut Lock, findings: &mut Findings<'_>) {
    if design.vpcs.values().all(|vpc| vpc.blocks.iter().all(|block| block.entity.renamed_from.is_none())) {
        return;
    }
    let mut locked: BTreeMap<VpcName, Locked> = BTreeMap::new();
    for claim in lock.pools.values().flatten() {
        if let Holder::Vpc { vpc, block: BlockLabel::Named(name), headroom: _, cut: _ } = &claim.holder {
            note(locked.entry(vpc.clone()).or_default(), name, claim.state);
        }
    }
    let mut renames: BTreeMap<(VpcName, String), String> = BTreeMap::new();
    for vpc in design.vpcs.values() {
        let name = vpc_name(design, vpc);
        let Some(known) = locked.get(&name) else { continue };
        for block in &vpc.blocks {
            let alive = |label: &str| vpc.blocks.iter().any(|other| other.entity.name == label);
            let release = format!("{}/", name.id());
            let kind = Kind { word: "block", release: &release };
            if let Some(old) = taken_over(&kind, &block.entity, known, alive, findings) {
                renames.insert((name.clone(), old.to_owned()), block.entity.name.clone());
            }
        }
    }
    for claim in lock.pools.values_mut().flatten() {
        if let Holder::Vpc { vpc, block: BlockLabel::Named(label), headroom: _, cut: _ } = &mut claim.holder
            && let Some(new) = renames.get(&(vpc.clone(), label.clone()))
        {
            label.clone_from(new);
        }
    }
}

fn rename_layouts(design: &Design, lock: &mut Lock, findings: &mut Findings<'_>) {
    let mut renames: Vec<(String, String)> = Vec::new();
    let is_live = |layout: &LayoutLock| layout.zones.iter().any(|zone| zone.state == ClaimState::Live);
    let known: Locked = lock.layouts.iter().map(|(name, layout)| (name.clone(), is_live(layout))).collect();
    let kind = Kind { word: "layout", release: "layout." };
    for layout in design.layouts.values() {
        let alive =
            |name: &str| design.layouts.id(name).is_some() || renames.iter().any(|(old, _)| old == name);
        if let Some(old) = taken_over(&kind, &layout.entity, &known, alive, findings) {
            renames.push((old.to_owned(), layout.entity.name.clone()));
        }
    }
    for (old, new) in renames {
        if let Some(layout) = lock.layouts.remove(&old) {
            lock.layouts.insert(new, layout);
        }
    }
    for layout in design.layouts.values() {
        let Some(locked) = lock.layouts.get_mut(&layout.entity.name) else { continue };
        rename_tiers(layout, locked, findings);
    }
}

fn rename_tiers(layout: &tanada_model::design::Layout, locked: &mut LayoutLock, findings: &mut Findings<'_>) {
    let mut known = Locked::new();
    for place in &locked.tiers {
        note(&mut known, &place.tier, place.state);
    }
    let release = format!("layout.{}.", layout.entity.name);
    let kind = Kind { word: "tier", release: &release };
    for tier in &layout.tiers {
        let alive = |name: &str| layout.tier(name).is_some();
        let Some(old) = taken_over(&kind, &tier.entity, &known, alive, findings) else { continue };
        for place in locked.tiers.iter_mut().filter(|place| place.tier == old) {
            place.tier.clone_from(&tier.entity.name);
        }
    }
}
