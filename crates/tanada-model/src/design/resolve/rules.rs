//! Peers, rules of layouts, intents.

use super::codes::*;
use super::entity;
use super::names::{Context, Names};
use super::people::layout_of;
use crate::design::{Intent, Peer, Rule, VpcId};
use crate::diagnostic::{Diagnostic, Spanned};
use crate::document::{Document, MISSING_ATTRIBUTE, Reference, RuleStatement, written};

impl Context<'_, '_> {
    pub(super) fn intents(&mut self) -> Vec<(String, Intent)> {
        let mut intents = Vec::new();
        for statement in &self.document.intents {
            let RuleStatement { header, action: _, from, to, ports } = statement;
            let from = self.peers(from, None);
            let to = self.peers(to, None);
            let intent = Intent { entity: entity(header), from, to, ports: ports.clone() };
            intents.push((header.name.value.clone(), intent));
        }
        intents
    }

    /// A rule of a layout with these tiers, or of one of them.
    pub(super) fn rule(&mut self, statement: &RuleStatement, tiers: &[&str]) -> Rule {
        let RuleStatement { header, action, from, to, ports } = statement;
        if from.is_empty() && to.is_empty() {
            self.push(
                Diagnostic::new(
                    MISSING_ATTRIBUTE,
                    format!("the rule `{}` has neither `from` nor `to`", header.name.value),
                )
                .at(header.name.span, "")
                .help("the tier is one end; name the other: `from = [any]`, `to = [any]`, or both"),
            );
        }
        Rule {
            entity: entity(header),
            action: *action,
            from: self.peers(from, Some(tiers)),
            to: self.peers(to, Some(tiers)),
            ports: ports.clone(),
        }
    }

    /// Peers; `tiers` are those of the layout around, `None` at top level.
    fn peers(&mut self, references: &[Spanned<Reference>], tiers: Option<&[&str]>) -> Vec<Spanned<Peer>> {
        let mut peers = Vec::new();
        for reference in references {
            let span = reference.span;
            if let Some(value) = self.peer(Spanned { value: &reference.value, span }, tiers) {
                peers.push(Spanned { value, span });
            }
        }
        peers
    }

    fn peer(&mut self, reference: Spanned<&Reference>, tiers: Option<&[&str]>) -> Option<Peer> {
        let names = self.names;
        let kind = reference.value.0.first().map_or("", String::as_str);
        match (kind, tiers) {
            ("team", _) => self.team_peer(reference),
            ("environment", _) => self.find(&names.environments, reference).map(Peer::Environment),
            ("pool", _) => self.find(&names.pools, reference).map(Peer::Pool),
            ("reserved", _) => self.find(&names.reserved, reference).map(Peer::Reserved),
            ("site", _) => self.find(&names.sites, reference).map(Peer::Site),
            ("vpc" | "tier", None) => {
                self.push(
                    Diagnostic::new(
                        OWN_PEER,
                        format!("`{}` means the own VPC, and here is none", reference.value),
                    )
                    .at(reference.span, "")
                    .help("name a team, as in `team.web.private`, or move the rule into a layout or tier"),
                );
                None
            }
            ("tier", Some(tiers)) => {
                self.own_tier(reference, tiers)?;
                reference.value.0.get(1).cloned().map(Peer::OwnTier)
            }
            _ if reference.value.0.len() > 1 => {
                self.malformed(reference, kind);
                None
            }
            ("private", _) => Some(Peer::Private),
            ("internet", _) => Some(Peer::Internet),
            ("vpc", Some(_)) => Some(Peer::OwnVpc),
            _ => Some(Peer::Any),
        }
    }

    /// `team.T`, `team.T.V`, `team.T.R`, `team.T.V.R`.
    fn team_peer(&mut self, reference: Spanned<&Reference>) -> Option<Peer> {
        let (document, names) = (self.document, self.names);
        let span = reference.span;
        let (team, rest) = match reference.value.0.as_slice() {
            [_, team, rest @ ..] if rest.len() <= 2 => (team, rest),
            _ => {
                self.malformed(reference, "team.TEAM.VPC.TIER");
                return None;
            }
        };
        let Some(id) = names.teams.id(team) else {
            self.unknown("team", team, names.teams.names(), span);
            return None;
        };
        let Some(labels) = names.labels.get(team.as_str()) else {
            // What would give it one may stand in a file that could not be read.
            if !document.partial {
                let diagnostic =
                    Diagnostic::new(NOBODY_MEETS, format!("`team.{team}` has no VPC")).at(span, "");
                self.push(diagnostic.help("give the team a VPC, or delete the peer"));
            }
            return None;
        };
        match rest {
            [] => Some(Peer::Team(id)),
            [word] => {
                let vpc = labels.get(word.as_str()).copied();
                let tiers: Vec<&str> =
                    labels.values().flat_map(|vpc| tiers_of(document, names, *vpc)).collect();
                match (vpc, tiers.contains(&word.as_str())) {
                    (Some(vpc), false) => Some(Peer::Vpc(vpc)),
                    (None, true) => Some(Peer::TeamTier(id, word.clone())),
                    (Some(_), true) => {
                        let message = format!("`{}` is both a VPC and a tier of the team", reference.value);
                        let help = format!(
                            "write `team.{team}.VPC.{word}` for the tier of one VPC, or rename one of the two"
                        );
                        self.push(Diagnostic::new(AMBIGUOUS_PEER, message).at(span, "").help(help));
                        None
                    }
                    (None, false) => {
                        let known: Vec<&str> = labels.keys().copied().chain(tiers).collect();
                        self.unknown(&format!("team.{team}"), word, known.into_iter(), span);
                        None
                    }
                }
            }
            [label, tier, ..] => {
                let Some(vpc) = labels.get(label.as_str()).copied() else {
                    self.unknown(&format!("team.{team}"), label, labels.keys().copied(), span);
                    return None;
                };
                let tiers = tiers_of(document, names, vpc);
                if tiers.contains(&tier.as_str()) {
                    return Some(Peer::VpcTier(vpc, tier.clone()));
                }
                self.unknown(&format!("team.{team}.{label}"), tier, tiers.into_iter(), span);
                None
            }
        }
    }
}

/// Names of the tiers of a VPC, as the statements say it.
fn tiers_of<'d>(document: &'d Document, names: &Names<'d>, vpc: VpcId) -> Vec<&'d str> {
    let Some(seat) = names.seat(vpc) else { return Vec::new() };
    let main = layout_of(seat);
    let blocks = seat.vpc.map(|vpc| vpc.blocks.as_slice()).unwrap_or_default();
    let further =
        blocks.iter().filter_map(|block| written(&block.layout)).filter_map(|layout| layout.value.0.get(1));
    main.into_iter()
        .chain(further.map(String::as_str))
        .filter_map(|name| document.layouts.iter().find(|layout| layout.header.name.value == name))
        .flat_map(|layout| layout.tiers.iter().map(|tier| tier.header.name.value.as_str()))
        .collect()
}
