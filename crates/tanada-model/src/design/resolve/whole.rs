//! What is wrong with a design as a whole, once every reference is found.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::*;
use crate::design::{
    Design, HubId, LayoutId, Placement, PoolId, PoolPlace, RegionId, SegmentId, Tier, TierSize, Vpc, VpcId,
    WayOut,
};
use crate::diagnostic::{Diagnostic, Span};

/// Everything that only the whole design tells.
pub(super) fn check(design: &Design, diagnostics: &mut Vec<Diagnostic>) {
    let mut check = Check { design, diagnostics };
    check.layouts();
    for (id, vpc) in design.vpcs.iter() {
        check.hub(id);
        check.sizes(vpc);
        check.tier_names(id);
    }
    check.gateway_tables();
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

    /// Name tags of the gateways' route tables, by which VPCs find them: `hub-segment`. A segment without members waits
    /// for the first one on every hub.
    fn gateway_tables(&mut self) {
        let design = self.design;
        let of_vpcs = design.vpcs.values().filter_map(|vpc| vpc.attachment);
        let mut tables: BTreeSet<(HubId, SegmentId)> =
            of_vpcs.map(|attachment| (attachment.hub, attachment.segment)).collect();
        for site in design.sites.values() {
            tables.extend(site.links.iter().map(|link| (link.hub, site.segment)));
        }
        let with_members: BTreeSet<SegmentId> = tables.iter().map(|(_, segment)| *segment).collect();
        for segment in design.segments.ids().filter(|segment| !with_members.contains(segment)) {
            tables.extend(design.hubs.ids().map(|hub| (hub, segment)));
        }
        let mut taken: BTreeMap<String, (HubId, SegmentId)> = BTreeMap::new();
        for (hub, segment) in tables {
            let name = format!("{}-{}", design.hubs.name(hub), design.segments.name(segment));
            let Some((other_hub, other)) = taken.insert(name.clone(), (hub, segment)) else { continue };
            let table = |hub, segment| {
                format!("`segment.{}` on `hub.{}`", design.segments.name(segment), design.hubs.name(hub))
            };
            let message = format!(
                "{} and {} meet: both become the Name tag `{name}` of a route table",
                table(hub, segment),
                table(other_hub, other)
            );
            self.diagnostics.push(
                Diagnostic::new(NAMES_MEET, message)
                    .at(design.segments[segment].entity.span, "")
                    .at(design.segments[other].entity.span, "")
                    .help("rename one of them: VPCs find their route table by this name"),
            );
        }
    }

    /// AWS attaches no VPC to a gateway of another region.
    fn hub(&mut self, id: VpcId) {
        let design = self.design;
        let vpc = &design.vpcs[id];
        let Some(hub) = vpc.attachment.map(|attachment| &design.hubs[attachment.hub]) else { return };
        if hub.region == vpc.region {
            return;
        }
        let (own, other) = (design.regions.name(vpc.region), design.regions.name(hub.region));
        let message = format!(
            "`{}` in `region.{own}` is attached to `hub.{}` in `region.{other}`",
            vpc_reference(design, id),
            hub.entity.name
        );
        let nearer = design.hubs.iter().find(|(_, hub)| hub.region == vpc.region);
        let nearer = nearer.map_or("hub.…".to_owned(), |(id, _)| format!("hub.{}", design.hubs.name(id)));
        self.diagnostics.push(
            Diagnostic::new(HUB_ELSEWHERE, message)
                .at(vpc.entity.span, "")
                .at(hub.entity.span, "the hub")
                .help(format!("write `hub = {nearer}` of its region and a segment, or `hub = null`")),
        );
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
}
