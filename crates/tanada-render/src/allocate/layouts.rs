//! The one placement rule of layouts: zone indexes, and a place for each tier in blocks of each prefix length.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Design, Layout, LayoutId, Tier, TierSize, Zone};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::{ClaimState, LayoutLock, TierLock, ZoneLock};

use super::Consent;
use super::findings::{Findings, TIER_CHANGES_SIZE, TIER_DOES_NOT_FIT, ZONE_REMOVED};

/// Prefix lengths of the blocks that are cut by each layout.
pub(super) type Uses = BTreeMap<LayoutId, BTreeSet<u8>>;

/// Places of every layout, old and new.
pub(super) fn settle(
    design: &Design,
    mut locked: BTreeMap<String, LayoutLock>,
    uses: &Uses,
    consent: &Consent,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, LayoutLock> {
    for (name, lock) in &mut locked {
        if design.layouts.id(name).is_none() {
            retire_all(lock);
        }
    }
    let unused = BTreeSet::new();
    for (id, layout) in design.layouts.iter() {
        let blocks = uses.get(&id).unwrap_or(&unused);
        let name = design.layouts.name(id);
        if blocks.is_empty() && !locked.contains_key(name) {
            continue;
        }
        let lock = locked.remove(name).unwrap_or_default();
        let mut settling = Settling { name, layout, lock, blocks, consent };
        settling.zones(findings);
        settling.tiers(findings);
        settling.further_zones(findings);
        settling.lock.tiers.sort_by_key(TierLock::order);
        locked.insert(name.to_owned(), settling.lock);
    }
    locked
}

/// The input has the layout no more, so nothing is cut by it.
fn retire_all(lock: &mut LayoutLock) {
    for zone in &mut lock.zones {
        zone.state = ClaimState::Retired;
    }
    for tier in &mut lock.tiers {
        tier.state = ClaimState::Retired;
    }
}

/// Prefix length of one zone's node of a tier in blocks of this prefix length.
pub(super) fn node_len(tier: &Tier, block: u8) -> u8 {
    match tier.size.value {
        TierSize::NewBits(bits) => block.saturating_add(bits),
        TierSize::Prefix(len) => len,
    }
}

struct Settling<'a> {
    name: &'a str,
    layout: &'a Layout,
    lock: LayoutLock,
    /// Prefix lengths of the blocks in use.
    blocks: &'a BTreeSet<u8>,
    consent: &'a Consent,
}

impl Settling<'_> {
    fn zones(&mut self, findings: &mut Findings<'_>) {
        let before: BTreeSet<String> = self.lock.zones.iter().map(|zone| zone.letter.clone()).collect();
        for zone in &mut self.lock.zones {
            let stays = self.layout.zones.iter().any(|own| own.letter == zone.letter);
            let text = format!("layout.{}.zones.{}", self.name, zone.letter);
            if stays {
                zone.state = ClaimState::Live;
            } else if zone.state == ClaimState::Retired
                || self.blocks.is_empty()
                || self.consent.destroy.contains(&text)
            {
                zone.state = ClaimState::Retired;
            } else {
                let message = format!(
                    "zone `{}` is gone from `layout.{}`; its subnets would be destroyed",
                    zone.letter, self.name
                );
                let help = format!("`--destroy {text}`, or write the zone again");
                let mut finding =
                    Diagnostic::new(ZONE_REMOVED, message).at(self.layout.entity.span, "").help(help);
                let is_new = |new: &&Zone| !before.contains(&new.letter);
                if let Some(new) = self.layout.zones.iter().find(is_new) {
                    finding = finding.help(format!(
                        "if it is only called otherwise, write `zones_renamed_from = {{ {} = \"{}\" }}` in its region",
                        new.letter, zone.letter
                    ));
                }
                findings.raise(finding);
            }
        }
        for zone in &self.layout.zones {
            if self.lock.zones.iter().any(|own| own.letter == zone.letter) {
                continue;
            }
            let taken: BTreeSet<u32> = self.lock.zones.iter().map(|own| own.index).collect();
            let index = (0..).find(|index| !taken.contains(index)).unwrap_or(u32::MAX);
            self.lock.zones.push(ZoneLock { letter: zone.letter.clone(), index, state: ClaimState::Live });
        }
        self.lock.zones.sort_by_key(|zone| zone.index);
    }

    fn tiers(&mut self, findings: &mut Findings<'_>) {
        for place in &mut self.lock.tiers {
            if self.layout.tier(&place.tier).is_none() {
                place.state = ClaimState::Retired;
            }
        }
        for (_, tier) in self.layout.tiers() {
            let text = format!("layout.{}.{}", self.name, tier.entity.name);
            let mut blocks = self.blocks.clone();
            let mut refused = false;
            for at in 0..self.lock.tiers.len() {
                if self.lock.tiers[at].tier != tier.entity.name {
                    continue;
                }
                let place = &mut self.lock.tiers[at];
                let was_live = place.state == ClaimState::Live;
                place.state = ClaimState::Live;
                let (block, node) = (place.block, place.node);
                let in_use = blocks.remove(&block);
                if node == node_len(tier, block) {
                    continue;
                }
                if in_use && was_live && !self.consent.accept.contains(&text) {
                    refused = true;
                } else {
                    self.resize(at, tier, findings);
                }
            }
            if refused {
                let message = format!(
                    "another size of tier `{}` replaces its subnets in every block with `layout.{}`",
                    tier.entity.name, self.name
                );
                let help = format!("`--accept {text}`, or a new tier beside it");
                findings.raise(Diagnostic::new(TIER_CHANGES_SIZE, message).at(tier.size.span, "").help(help));
            }
            for block in blocks {
                self.add(tier, block, findings);
            }
        }
    }

    /// Places a tier in blocks of one prefix length for the first time.
    fn add(&mut self, tier: &Tier, block: u8, findings: &mut Findings<'_>) {
        let node = node_len(tier, block);
        match find(&self.lock.tiers, block, node, self.layout.slots) {
            Some(netnum) => self.lock.tiers.push(TierLock {
                block,
                tier: tier.entity.name.clone(),
                node,
                netnum,
                slots: self.layout.slots,
                extra: BTreeMap::new(),
                state: ClaimState::Live,
            }),
            None => findings.raise(self.no_room(tier, block, node, self.layout.slots)),
        }
    }

    /// Gives a tier of another size its place: its old start when it fits there, else a new one, at best not over the
    /// old one, whose subnets still stand while the new ones are made.
    fn resize(&mut self, at: usize, tier: &Tier, findings: &mut Findings<'_>) {
        let (block, slots) = (self.lock.tiers[at].block, self.layout.slots);
        let node = node_len(tier, block);
        let old = self.lock.tiers.remove(at);
        let smaller = node.checked_sub(old.node).filter(|diff| *diff < 32).and_then(|diff| {
            let netnum = old.netnum.checked_mul(1 << diff)?;
            let extra = old
                .extra
                .iter()
                .map(|(&zone, &n)| Some((zone, n.checked_mul(1 << diff)?)))
                .collect::<Option<_>>()?;
            let new = TierLock { node, netnum, slots, extra, state: ClaimState::Live, ..old.clone() };
            let free = |(start, length)| is_free(&self.lock.tiers, block, start, length);
            (node <= 32 && new.stretches().all(free)).then_some(new)
        });
        let new = smaller.or_else(|| {
            let mut with_old = self.lock.tiers.clone();
            with_old.push(old.clone());
            let netnum =
                find(&with_old, block, node, slots).or_else(|| find(&self.lock.tiers, block, node, slots))?;
            Some(TierLock {
                node,
                netnum,
                slots,
                extra: BTreeMap::new(),
                state: ClaimState::Live,
                ..old.clone()
            })
        });
        match new {
            Some(new) => self.lock.tiers.insert(at, new),
            None => {
                findings.raise(self.no_room(tier, block, node, slots));
                self.lock.tiers.insert(at, old);
            }
        }
    }

    /// Gives every tier a node for each zone beyond its slots.
    fn further_zones(&mut self, findings: &mut Findings<'_>) {
        let live = |zone: &&ZoneLock| zone.state == ClaimState::Live;
        let zones: Vec<u32> = self.lock.zones.iter().filter(live).map(|zone| zone.index).collect();
        for &block in self.blocks {
            for (_, tier) in self.layout.tiers() {
                let own = |place: &TierLock| place.block == block && place.tier == tier.entity.name;
                let Some(at) = self.lock.tiers.iter().position(own) else { continue };
                for &zone in &zones {
                    let place = &self.lock.tiers[at];
                    if zone < place.slots || place.extra.contains_key(&zone) {
                        continue;
                    }
                    match find(&self.lock.tiers, block, place.node, 1) {
                        Some(netnum) => {
                            self.lock.tiers[at].extra.insert(zone, netnum);
                        }
                        None => findings.raise(self.no_room(tier, block, place.node, 1)),
                    }
                }
            }
        }
    }

    fn no_room(&self, tier: &Tier, block: u8, node: u8, slots: u32) -> Diagnostic {
        let mut sizes: Vec<String> = Vec::new();
        for place in self.lock.tiers.iter().filter(|place| place.block == block) {
            let retired = if place.state == ClaimState::Retired { ", retired" } else { "" };
            sizes.push(format!(
                "`{}` {} x /{}{retired}",
                place.tier,
                place.slots as usize + place.extra.len(),
                place.node
            ));
        }
        let taken = if sizes.is_empty() { "nothing".to_owned() } else { sizes.join(", ") };
        let message = format!(
            "tier `{}` of `layout.{}` needs {slots} x /{node} and does not fit in a /{block}; taken: {taken}",
            tier.entity.name, self.name
        );
        let finding = Diagnostic::new(TIER_DOES_NOT_FIT, message)
            .at(tier.size.span, "")
            .help("write more `newbits`, fewer `slots`, or a larger block (a smaller `size`)");
        let retired = |place: &&TierLock| place.block == block && place.state == ClaimState::Retired;
        match self.lock.tiers.iter().find(retired) {
            Some(place) => finding.help(format!("or `tanada release layout.{}.{}`", self.name, place.tier)),
            None => finding,
        }
    }
}

/// Rules 1 and 2: after the last tier, else the lowest free multiple of *g*; as the index of zone 0's node.
fn find(tiers: &[TierLock], block: u8, node: u8, slots: u32) -> Option<u32> {
    if node < block || node > 32 || slots == 0 {
        return None;
    }
    let (size, unit) = (1_u64 << (32 - block), 1_u64 << (32 - node));
    let length = u64::from(slots) * unit;
    let grain = if slots.is_power_of_two() { length } else { unit };
    let mut taken: Vec<(u64, u64)> =
        tiers.iter().filter(|tier| tier.block == block).flat_map(TierLock::stretches).collect();
    taken.sort_unstable();
    let end = taken.iter().map(|(start, length)| start + length).max().unwrap_or(0);
    let after = end.next_multiple_of(grain);
    let start = if after + length <= size {
        after
    } else {
        // The gaps between what is taken, from the left.
        let mut start = 0_u64;
        for (first, length_taken) in taken {
            if start + length <= first {
                break;
            }
            start = start.max((first + length_taken).next_multiple_of(grain));
        }
        (start + length <= size).then_some(start)?
    };
    u32::try_from(start / unit).ok()
}

fn is_free(tiers: &[TierLock], block: u8, start: u64, length: u64) -> bool {
    let size = 1_u64 << (32 - block.min(32));
    let mut taken = tiers.iter().filter(|tier| tier.block == block).flat_map(TierLock::stretches);
    start + length <= size && !taken.any(|(first, taken)| first < start + length && start < first + taken)
}
