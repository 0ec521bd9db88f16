//! What is wrong with a design as a whole, once every reference is found.

use std::collections::BTreeSet;

use super::codes::*;
use crate::design::{
    Attached, Design, Endpoint, Intent, Internet, LayoutId, Pairs, Placement, PoolId, PoolPlace, RegionId,
    SegmentId, Tier, TierSize, Vpc, VpcId, WayOut, pairs,
};
use crate::diagnostic::{Diagnostic, Span};

/// Everything that only the whole design tells.
pub(super) fn check(design: &Design, diagnostics: &mut Vec<Diagnostic>) {
    let mut check = Check { design, diagnostics };
    check.layouts();
    for (id, vpc) in design.vpcs.iter() {
        check.sizes(vpc);
        check.tier_names(id);
    }
    check.ways_out();
    check.layout_rules();
    for intent in design.intents.values() {
        check.intent(intent);
    }
}

/// `team.T.V`.
pub(super) fn vpc_reference(design: &Design, id: VpcId) -> String {
    let vpc = &design.vpcs[id];
    format!("team.{}.{}", design.teams.name(vpc.team), vpc.entity.name)
}

pub(super) struct Check<'a> {
    pub(super) design: &'a Design,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Check<'_> {
    /// Zones that regions do not have, and attached VPCs without a tier for the attachment; each said once.
    fn layouts(&mut self) {
        let design = self.design;
        let mut zones: BTreeSet<(LayoutId, RegionId)> = BTreeSet::new();
        let mut attach: BTreeSet<LayoutId> = BTreeSet::new();
        for (id, vpc) in design.vpcs.iter() {
            for layout in design.layouts_of(id) {
                if zones.insert((layout, vpc.region)) {
                    self.zones(id, layout);
                }
            }
            if vpc.attachment.is_some()
                && design.layouts[vpc.layout].attach_tier().is_none()
                && attach.insert(vpc.layout)
            {
                let layout = &design.layouts[vpc.layout];
                let message = format!(
                    "`{}` is attached, and no tier of `layout.{}` carries the attachment",
                    vpc_reference(design, id),
                    layout.entity.name
                );
                self.diagnostics.push(
                    Diagnostic::new(ATTACH_TIER, message)
                        .at(layout.entity.span, "")
                        .at(vpc.entity.span, "attached")
                        .help("add `tier \"transit\" { size = 28, attach = true }` (on lines of their own), or write `hub = null` on the VPC"),
                );
            }
        }
    }

    fn zones(&mut self, id: VpcId, layout: LayoutId) {
        let design = self.design;
        let region = design.vpcs[id].region;
        for zone in &design.layouts[layout].zones {
            if design.regions[region].zones.contains_key(&zone.letter) {
                continue;
            }
            let letters: Vec<&str> = design.regions[region].zones.keys().map(String::as_str).collect();
            let message = format!("`region.{}` has no zone `{}`", design.regions.name(region), zone.letter);
            self.diagnostics.push(
                Diagnostic::new(UNKNOWN_ZONE, message)
                    .at(zone.span, format!("cut for `{}`", vpc_reference(design, id)))
                    .at(design.regions[region].entity.span, "the region")
                    .help(format!(
                        "write zones of {}, or add `{}` to the region",
                        letters.join(", "),
                        zone.letter
                    )),
            );
        }
    }

    /// Blocks in pools, subnets in blocks.
    fn sizes(&mut self, vpc: &Vpc) {
        let further = vpc.blocks.iter().map(|block| (&block.placement, block.layout, block.headroom, false));
        let first = (&vpc.placement, vpc.layout, vpc.headroom, vpc.attachment.is_some());
        for (placement, layout, headroom, attached) in std::iter::once(first).chain(further) {
            let (len, span) = match placement {
                Placement::Pinned(range) => (range.value.prefix_len(), range.span),
                Placement::Pool { pool, size } => {
                    self.in_pool(vpc, *pool, size.value, size.span);
                    (size.value, size.span)
                }
            };
            for tier in &self.design.layouts[layout].tiers {
                if !tier.attach || attached {
                    self.subnet(vpc, tier, len, headroom, span);
                }
            }
        }
    }

    fn in_pool(&mut self, vpc: &Vpc, pool: PoolId, size: u8, span: Span) {
        let design = self.design;
        let (room, place) = match &design.pools[pool].place {
            PoolPlace::Root(range) => (range.value.prefix_len(), range.span),
            PoolPlace::Inner { size, parent: _ } => (size.value, size.span),
        };
        if size < room {
            let message = format!("`{}` asks for a /{size} of `pool.{}`", vpc.id, design.pools.name(pool));
            self.diagnostics.push(
                Diagnostic::new(POOL_TOO_SMALL, message)
                    .at(span, "")
                    .at(place, format!("a /{room}"))
                    .help(format!("write a size of {room} or more, make the pool larger, or take another")),
            );
        }
    }

    fn subnet(&mut self, vpc: &Vpc, tier: &Tier, len: u8, headroom: u8, span: Span) {
        let (node, subnet) = match tier.size.value {
            TierSize::NewBits(bits) => {
                (len.saturating_add(bits), len.saturating_add(bits).saturating_add(headroom))
            }
            TierSize::Prefix(size) => (size, size),
        };
        let (message, help) = if node < len {
            (
                format!(
                    "the tier `{}` (/{node}) is larger than the /{len} of `{}`",
                    tier.entity.name, vpc.id
                ),
                "write a larger `size` on the tier, or `newbits`",
            )
        } else if !(16..=28).contains(&subnet) {
            (
                format!(
                    "subnets of the tier `{}` in `{}` would be /{subnet}: AWS makes /16 to /28",
                    tier.entity.name, vpc.id
                ),
                "write fewer `newbits`, a smaller `headroom`, or a larger block (a smaller `size`)",
            )
        } else {
            return;
        };
        let diagnostic =
            Diagnostic::new(SUBNET_SIZE, message).at(tier.size.span, "").at(span, format!("a /{len}"));
        self.diagnostics.push(diagnostic.help(help));
    }

    /// Tiers of further blocks are called as no other tier of the VPC is.
    fn tier_names(&mut self, id: VpcId) {
        let design = self.design;
        let vpc = &design.vpcs[id];
        let mut names: BTreeSet<&str> =
            design.layouts[vpc.layout].tiers.iter().map(|tier| tier.entity.name.as_str()).collect();
        for block in &vpc.blocks {
            for tier in &design.layouts[block.layout].tiers {
                if !names.insert(&tier.entity.name) {
                    let message = format!(
                        "`{}` would have two tiers `{}`",
                        vpc_reference(design, id),
                        tier.entity.name
                    );
                    self.diagnostics.push(
                        Diagnostic::new(NAMES_MEET, message)
                            .at(block.entity.span, "this block's layout has it, too")
                            .at(tier.entity.span, "")
                            .help("write a `layout` with other tiers on the block"),
                    );
                }
            }
        }
    }

    /// Next hops that nothing leads to.
    fn ways_out(&mut self) {
        let design = self.design;
        for segment in design.segments.values() {
            let routes = segment.routes.iter().map(|route| (route.via, &route.entity));
            for (out, entity) in segment.default.map(|out| (out, &segment.entity)).into_iter().chain(routes) {
                let (name, place, help) = match out {
                    WayOut::Vpc(vpc) if design.vpcs[vpc].attachment.is_none() => (
                        vpc_reference(design, vpc),
                        design.vpcs[vpc].entity.span,
                        "give the VPC a `hub` and a `segment`",
                    ),
                    WayOut::Site(site) if design.sites[site].links.is_empty() => {
                        let help = "give the site a `link` of kind \"attachment\"";
                        (format!("site.{}", design.sites.name(site)), design.sites[site].entity.span, help)
                    }
                    WayOut::Vpc(_) | WayOut::Site(_) => continue,
                };
                let message = format!("`{name}` has no attachment, so no route can lead to it");
                self.diagnostics.push(
                    Diagnostic::new(NOT_ATTACHED, message)
                        .at(entity.span, "its way out")
                        .at(place, "not attached")
                        .help(help),
                );
            }
        }
    }

    fn layout_rules(&mut self) {
        for layout in self.design.layouts.values() {
            let open = |tier: &&Tier| !tier.guarded() && !tier.attach;
            let standard: Vec<&Tier> = layout.tiers.iter().filter(open).collect();
            for rule in &layout.rules {
                self.internet_rule(rule, &standard);
            }
            for tier in &layout.tiers {
                for rule in &tier.rules {
                    self.internet_rule(rule, &[tier]);
                }
            }
        }
    }

    fn internet_rule(&mut self, rule: &crate::design::Rule, tiers: &[&Tier]) {
        for (peers, inward) in [(&rule.from, true), (&rule.to, false)] {
            for peer in peers.iter().filter(|peer| peer.value == crate::design::Peer::Internet) {
                if !tiers.iter().any(|tier| has_internet(tier, inward)) {
                    self.no_internet(peer.span, inward, rule.entity.span);
                }
            }
        }
    }

    fn no_internet(&mut self, span: Span, inward: bool, rule: Span) {
        let (message, help) = if inward {
            (
                "nothing comes in from the internet here: no tier has `internet = \"in\"`",
                "write `internet = \"in\"` on the tier, or `any` for whoever is routed",
            )
        } else {
            (
                "nothing goes out to the internet here: no tier has `internet`",
                "write `internet = \"out\"` on the tier, or `any` for whoever is routed",
            )
        };
        self.diagnostics.push(Diagnostic::new(NO_INTERNET, message).at(span, "").at(rule, "").help(help));
    }

    fn intent(&mut self, intent: &Intent) {
        let design = self.design;
        let groups = pairs(design, intent);
        let landed = |group: &Pairs| group.from.iter().chain(&group.to).any(|end| end.vpc().is_some());
        if !groups.is_empty() && !groups.iter().all(landed) {
            let message = format!("the intent `{}` names no VPC, so it lands on no ACL", intent.entity.name);
            self.diagnostics.push(
                Diagnostic::new(NOBODY_MEETS, message)
                    .at(intent.entity.span, "")
                    .help("name a `team.…` or an `environment.…` on one side of every pair"),
            );
        }
        if intent.from.is_empty() || intent.to.is_empty() {
            return;
        }
        let sides = [(&intent.from, "to", true), (&intent.to, "from", false)];
        for (peers, other, opens) in sides {
            for (i, peer) in peers.iter().enumerate() {
                let meets = |group: &Pairs| if opens { group.from_peer == i } else { group.to_peer == i };
                if !groups.iter().any(meets) {
                    self.diagnostics.push(
                        Diagnostic::new(NOBODY_MEETS, format!("this peer of the intent `{}` meets nobody", intent.entity.name))
                            .at(peer.span, format!("no VPC of it shares an environment with one of `{other}`"))
                            .help("name one VPC of an environment, as in `team.web.production`; two teams meet within each environment only"),
                    );
                }
            }
        }
        for group in &groups {
            self.ways(intent, group);
            self.internet(intent, group);
        }
    }

    fn internet(&mut self, intent: &Intent, group: &Pairs) {
        let sides = [(&group.from, &group.to, true), (&group.to, &group.from, false)];
        for (outside, ends, inward) in sides {
            if outside.contains(&Endpoint::Internet) && !ends.iter().any(|end| self.online(end, inward)) {
                let peer =
                    if inward { intent.to.get(group.to_peer) } else { intent.from.get(group.from_peer) };
                let span = peer.map_or(intent.entity.span, |peer| peer.span);
                self.no_internet(span, inward, intent.entity.span);
            }
        }
    }

    /// Whether an end has a way to (`inward`: from) the internet; what is no VPC is not asked.
    fn online(&self, end: &Endpoint, inward: bool) -> bool {
        let design = self.design;
        match end {
            Endpoint::Vpc(vpc) => design.layouts_of(*vpc).into_iter().any(|layout| {
                design.layouts[layout]
                    .tiers
                    .iter()
                    .any(|tier| !tier.attach && !tier.guarded() && has_internet(tier, inward))
            }),
            Endpoint::Tier(vpc, tier) => {
                design.tier_of(*vpc, tier).is_some_and(|(_, _, tier)| has_internet(tier, inward))
            }
            Endpoint::Pool(_) | Endpoint::Reserved(_) | Endpoint::Site(_) => true,
            Endpoint::Private | Endpoint::Internet | Endpoint::Any => true,
        }
    }

    /// Every two segments (or sites) of a group need a way to each other. A VPC needs none to itself.
    fn ways(&mut self, intent: &Intent, group: &Pairs) {
        let design = self.design;
        let (from, to) = (ends(design, &group.from), ends(design, &group.to));
        let mut said: BTreeSet<(Option<SegmentId>, Option<SegmentId>)> = BTreeSet::new();
        for (a, from_vpcs) in &from {
            for (b, to_vpcs) in &to {
                let alone = from_vpcs.len() == 1 && from_vpcs == to_vpcs;
                let way = match (a, b) {
                    (Some(a), Some(b)) => design.way_between(*a, *b),
                    (None, _) | (_, None) => false,
                };
                let segments = |end: &Option<Attached>| end.map(|end| design.segment_of(end));
                if !alone && !way && said.insert((segments(a), segments(b))) {
                    self.no_way(intent, group, (*a, from_vpcs), (*b, to_vpcs));
                }
            }
        }
    }

    fn no_way(
        &mut self,
        intent: &Intent,
        group: &Pairs,
        from: (Option<Attached>, &BTreeSet<VpcId>),
        to: (Option<Attached>, &BTreeSet<VpcId>),
    ) {
        let design = self.design;
        let name = |end: (Option<Attached>, &BTreeSet<VpcId>)| match (end.0, end.1.first()) {
            (Some(Attached::Site(site)), _) => format!("site.{}", design.sites.name(site)),
            (_, Some(vpc)) => vpc_reference(design, *vpc),
            (_, None) => String::new(),
        };
        let message = format!(
            "the intent `{}` opens `{}` to `{}`, and no route leads between them",
            intent.entity.name,
            name(from),
            name(to)
        );
        let mut diagnostic = Diagnostic::new(NO_WAY, message);
        for peer in [intent.from.get(group.from_peer), intent.to.get(group.to_peer)].into_iter().flatten() {
            diagnostic = diagnostic.at(peer.span, "");
        }
        diagnostic = match (from.0, to.0) {
            (Some(a), Some(b)) => {
                let (one, other) = (design.segment_of(a), design.segment_of(b));
                let add = |what: String, segment: SegmentId| {
                    format!("add `{what}` to `reaches` of `segment {:?}`", design.segments.name(segment))
                };
                diagnostic.help(match (a, b) {
                    _ if design.segments[one].reaches.contains(&other) => {
                        "the two are on different hubs, or a site has no link; attach both to one hub"
                            .to_owned()
                    }
                    (Attached::Site(site), _) => add(format!("site.{}", design.sites.name(site)), other),
                    (_, Attached::Site(site)) => add(format!("site.{}", design.sites.name(site)), one),
                    (Attached::Vpc(..), Attached::Vpc(..)) => {
                        add(format!("segment.{}", design.segments.name(other)), one)
                    }
                })
            }
            (None, _) => diagnostic.help(format!("attach `{}`: give it a `hub` and a `segment`", name(from))),
            (_, None) => diagnostic.help(format!("attach `{}`: give it a `hub` and a `segment`", name(to))),
        };
        self.diagnostics.push(diagnostic);
    }
}

/// Attachments of a side, each with its VPCs (a site has none); what is no VPC and no site has no attachment of its own
/// and is left out.
fn ends(design: &Design, side: &[Endpoint]) -> std::collections::BTreeMap<Option<Attached>, BTreeSet<VpcId>> {
    let mut ends: std::collections::BTreeMap<Option<Attached>, BTreeSet<VpcId>> =
        std::collections::BTreeMap::new();
    for end in side {
        match end {
            Endpoint::Vpc(vpc) | Endpoint::Tier(vpc, _) => {
                ends.entry(design.attached(*vpc)).or_default().insert(*vpc);
            }
            Endpoint::Site(site) => {
                ends.entry(Some(Attached::Site(*site))).or_default();
            }
            Endpoint::Pool(_)
            | Endpoint::Reserved(_)
            | Endpoint::Private
            | Endpoint::Internet
            | Endpoint::Any => {}
        }
    }
    // A VPC that was left unattached among others that are attached is a choice; all of them unattached is a mistake.
    if ends.len() > 1 {
        ends.remove(&None);
    }
    ends
}

fn has_internet(tier: &Tier, inward: bool) -> bool {
    match tier.internet {
        Internet::None => false,
        Internet::Out => !inward,
        Internet::In => true,
    }
}
