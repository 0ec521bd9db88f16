//! From places to addresses: every block cut into tiers and subnets.

use std::collections::BTreeMap;

use tanada_model::design::{Layout, LayoutId, SUBNET_SIZE, Tier, TierSize, Vpc};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::{BlockLabel, LayoutLock, TierLock};
use tanada_model::net::{Block, BlockSet};

use super::findings::Findings;
use crate::allocation::{SubnetAllocation, TierAllocation};

/// Cuts blocks; remembers which subnets would be too small or too large, to say each once.
#[derive(Default)]
pub(super) struct Cutter {
    /// By layout, tier and prefix length: VPCs that have such subnets.
    refused: BTreeMap<(LayoutId, usize, u8), Vec<String>>,
}

/// A block that is to be cut.
pub(super) struct Uncut<'a> {
    pub(super) vpc: &'a Vpc,
    pub(super) label: &'a BlockLabel,
    pub(super) block: Block,
    pub(super) headroom: u8,
    pub(super) cut: u8,
    pub(super) layout_id: LayoutId,
    pub(super) layout: &'a Layout,
    pub(super) places: &'a LayoutLock,
}

impl Cutter {
    /// Tiers of a block, in layout order.
    pub(super) fn cut(&mut self, uncut: &Uncut<'_>) -> Vec<TierAllocation> {
        let mut tiers = Vec::with_capacity(uncut.layout.tiers.len());
        for (index, tier) in uncut.layout.tiers() {
            let carries = *uncut.label == BlockLabel::First && uncut.vpc.attachment.is_some();
            if tier.attach && !carries {
                continue;
            }
            let own =
                |place: &&TierLock| place.block == uncut.block.prefix_len() && place.tier == tier.entity.name;
            let Some(place) = uncut.places.tiers.iter().find(own) else { continue };
            let mut subnets = Vec::new();
            for zone in &uncut.layout.zones {
                let Some(zone) = uncut.places.zones.iter().find(|own| own.letter == zone.letter) else {
                    continue;
                };
                let Some(node) = node_of(uncut.block, place, zone.index) else { continue };
                parts(uncut, tier, node, &zone.letter, &mut subnets);
            }
            for len in
                subnets.iter().map(|subnet| subnet.cidr.prefix_len()).filter(|len| !(16..=28).contains(len))
            {
                let vpcs = self.refused.entry((uncut.layout_id, index.0, len)).or_default();
                if vpcs.last() != Some(&uncut.vpc.id) {
                    vpcs.push(uncut.vpc.id.clone());
                }
            }
            tiers.push(TierAllocation { tier: index, ranges: ranges(uncut.block, place), subnets });
        }
        tiers
    }

    /// Takes over what another cutter remembers; its VPCs come after those of this one.
    pub(super) fn absorb(&mut self, other: Self) {
        for (subnets, vpcs) in other.refused {
            self.refused.entry(subnets).or_default().extend(vpcs);
        }
    }

    /// Complains of subnets that AWS does not take.
    pub(super) fn report(self, design: &tanada_model::design::Design, findings: &mut Findings<'_>) {
        for ((layout, tier, len), vpcs) in self.refused {
            let layout = &design.layouts[layout];
            let Some(tier) = layout.tiers.get(tier) else { continue };
            let message = format!(
                "subnets of tier `{}` of `layout.{}` would be /{len} in {}; AWS takes /16 to /28",
                tier.entity.name,
                layout.entity.name,
                super::findings::some_of(&vpcs)
            );
            findings.raise(
                Diagnostic::new(SUBNET_SIZE, message)
                    .at(tier.size.span, "")
                    .help("write other `newbits`, less `headroom`, or another `size` of the VPC"),
            );
        }
    }
}

/// The node of a zone.
fn node_of(block: Block, place: &TierLock, zone: u32) -> Option<Block> {
    let netnum =
        if zone < place.slots { place.netnum.checked_add(zone)? } else { *place.extra.get(&zone)? };
    block.part(place.node, netnum)
}

/// Everything that a tier may ever use.
fn ranges(block: Block, place: &TierLock) -> Vec<Block> {
    let slots = (0..place.slots).filter_map(|slot| block.part(place.node, place.netnum.checked_add(slot)?));
    let extra = place.extra.values().filter_map(|&netnum| block.part(place.node, netnum));
    slots.chain(extra).collect::<BlockSet>().blocks().to_vec()
}

/// The subnets of one zone: the part that the block was born with, then the buddy of all before, once per step of growth.
fn parts(uncut: &Uncut<'_>, tier: &Tier, node: Block, zone: &str, subnets: &mut Vec<SubnetAllocation>) {
    let suffix = match uncut.label {
        BlockLabel::First | BlockLabel::Named(_) => String::new(),
        BlockLabel::Grown(n) => format!("-block{n}"),
    };
    let name = format!("{}-{zone}{suffix}", tier.entity.name);
    let (cut, headroom) = match tier.size.value {
        TierSize::NewBits(_) => (uncut.cut, uncut.headroom),
        TierSize::Prefix(_) => (0, 0),
    };
    let len = |headroom: u8| node.prefix_len().saturating_add(headroom).min(32);
    let mut push = |part: u32, name: String, cidr: Option<Block>| {
        if let Some(cidr) = cidr {
            subnets.push(SubnetAllocation { name, zone: zone.to_owned(), part, cidr });
        }
    };
    push(1, name.clone(), node.part(len(cut), 0));
    for (part, left) in (2..).zip((headroom..cut).rev()) {
        // With `left` bits still free, this part is the upper half of what is then in use.
        push(part, format!("{name}-{part}"), node.part(len(left.saturating_add(1)), 1));
    }
}
