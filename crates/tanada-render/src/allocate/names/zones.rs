//! Letters of zones: said by a region, and kept by layouts.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, Layout, LayoutId, Region, RegionId, Zone};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::{ClaimState, LayoutLock, Lock};

use super::super::findings::{Findings, ZONE_RENAMED_IN_PART};
use super::{locked_vpcs, still_there, taken_by_the_dead, vpc_name};

/// Indexes of zones under the letters of today.
pub(super) fn rename(design: &Design, lock: &mut Lock, findings: &mut Findings<'_>) {
    if design.regions.values().all(|region| region.zones_renamed_from.is_empty()) {
        return;
    }
    let cut = regions(design, lock);
    for (id, layout) in design.layouts.iter() {
        let Some(locked) = lock.layouts.get_mut(&layout.entity.name) else { continue };
        let regions: Vec<&Region> = match cut.get(&id) {
            Some(regions) => regions.iter().map(|region| &design.regions[*region]).collect(),
            // Nothing is cut by it: any region may say how its zones are called.
            None => design.regions.values().filter(|region| !region.zones_renamed_from.is_empty()).collect(),
        };
        for zone in &layout.zones {
            if let Some(old) = taken_over(zone, layout, &regions, locked, findings)
                && let Some(place) = locked.zones.iter_mut().find(|place| place.letter == old)
            {
                place.letter.clone_from(&zone.letter);
            }
        }
    }
}

/// Regions in which each layout is cut already.
fn regions(design: &Design, lock: &Lock) -> BTreeMap<LayoutId, BTreeSet<RegionId>> {
    let locked = locked_vpcs(lock);
    let mut regions: BTreeMap<LayoutId, BTreeSet<RegionId>> = BTreeMap::new();
    for (id, vpc) in design.vpcs.iter().filter(|(_, vpc)| locked.contains(&vpc_name(design, vpc))) {
        for layout in design.layouts_of(id) {
            regions.entry(layout).or_default().insert(vpc.region);
        }
    }
    regions
}

/// The letter from which a zone of a layout takes over, when it does: all regions say the same.
fn taken_over(
    zone: &Zone,
    layout: &Layout,
    regions: &[&Region],
    locked: &LayoutLock,
    findings: &mut Findings<'_>,
) -> Option<String> {
    let letter = &zone.letter;
    let is_known = |letter: &str| locked.zones.iter().any(|place| place.letter == letter);
    let is_live = |letter: &str| {
        locked.zones.iter().any(|place| place.letter == letter && place.state == ClaimState::Live)
    };
    let said = |region: &Region| region.zones_renamed_from.get(letter).cloned();
    let old = regions.iter().filter_map(|region| said(region)).find(|old| is_known(&old.value))?;
    let is_alive = layout.zones.iter().any(|own| own.letter == old.value)
        || regions.iter().any(|region| region.zones.contains_key(&old.value));
    if is_known(letter) {
        if !is_live(letter) && is_live(&old.value) && !is_alive {
            let name = format!("layout.{}.zones.{letter}", layout.entity.name);
            findings.raise(taken_by_the_dead("zone", &old.value, letter, &name).at(old.span, ""));
        }
        return None;
    }
    if is_alive {
        findings.raise(still_there("zone", &old.value, letter).at(old.span, ""));
        return None;
    }
    let silent = regions.iter().find(|region| said(region).is_none_or(|other| other.value != old.value));
    if let Some(silent) = silent {
        let (name, was) = (&silent.entity.name, &old.value);
        let message = format!(
            "zone `{letter}` of `layout.{}` was `{was}` before, but `region.{name}` does not say so",
            layout.entity.name
        );
        findings.raise(
            Diagnostic::new(ZONE_RENAMED_IN_PART, message).at(old.span, "").at(silent.entity.span, "").help(
                format!(
                    "write `zones_renamed_from = {{ {letter} = \"{was}\" }}` in `region.{name}`, too, or let its VPCs have a layout of their own"
                ),
            ),
        );
        return None;
    }
    Some(old.value)
}
