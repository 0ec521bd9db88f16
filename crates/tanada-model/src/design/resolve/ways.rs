//! Whether what a rule opens has a way: routes between the two ends, and an internet where one is named.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::*;
use super::whole::{Check, vpc_reference};
use crate::design::{
    Attached, Design, Endpoint, Intent, Internet, Pairs, Peer, Rule, SegmentId, Tier, VpcId, pairs,
};
use crate::diagnostic::{Diagnostic, Span};

impl Check<'_> {
    pub(super) fn layout_rules(&mut self) {
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

    fn internet_rule(&mut self, rule: &Rule, tiers: &[&Tier]) {
        for (peers, inward) in [(&rule.from, true), (&rule.to, false)] {
            for peer in peers.iter().filter(|peer| peer.value == Peer::Internet) {
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

    pub(super) fn intent(&mut self, intent: &Intent) {
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
fn ends(design: &Design, side: &[Endpoint]) -> BTreeMap<Option<Attached>, BTreeSet<VpcId>> {
    let mut ends: BTreeMap<Option<Attached>, BTreeSet<VpcId>> = BTreeMap::new();
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
