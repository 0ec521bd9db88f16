//! Network ACLs: who may talk, as the fewest rules that say exactly that, in an order that never has to be written.
//!
//! [`statement`] is what somebody said of one tier; [`standard`], [`nat`] and [`intents`] collect statements;
//! [`rows`] turns them into rows; [`numbers`] seats the rows and [`order`] drops those that decide nothing. Where they
//! are too many, [`widen`] finds the fewest that let through the least beyond them, by the [`cover`]s of each service,
//! and [`excess`] says what that is.

mod cover;
mod direction;
mod excess;
mod intents;
mod nat;
mod numbers;
mod order;
mod peers;
mod rows;
mod service;
mod standard;
mod statement;
#[cfg(test)]
mod tests;
mod widen;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use tanada_model::design::Action;
use tanada_model::diagnostic::Diagnostic;
use tanada_model::net::Block;

use super::facts::{Facts, TierFacts, VpcFacts};
use super::routes::Ways;
use crate::plan::{AclPlan, AclRule, Reason};
use direction::{Place, direction};
use rows::Row;
use statement::{Opens, Statement, Voice};

pub(super) use statement::{Statement as AclStatement, Voice as AclVoice};

/// Everything that is said of the tiers of every VPC, by VPC and tier.
pub(super) fn statements(
    facts: &Facts<'_>,
    ways: &[Ways],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<Vec<Statement>>> {
    let rules = standard::Rules::new(facts, diagnostics);
    let intents = intents::Intents::new(facts, diagnostics);
    let mut all: Vec<Vec<Vec<Statement>>> = facts
        .vpcs
        .par_iter()
        .map(|vpc| {
            let of = |tier: &TierFacts<'_>| {
                let mut said = rules.statements(vpc, tier);
                said.extend(intents.statements(vpc, tier));
                said
            };
            vpc.tiers.iter().map(of).collect()
        })
        .collect();
    let opened: Vec<_> =
        facts.vpcs.iter().zip(&all).map(|(vpc, said)| nat::opened(facts, vpc, said)).collect();
    for (((vpc, ways), own), said) in facts.vpcs.iter().zip(ways).zip(&opened).zip(&mut all) {
        let nat_tier = vpc.nat_tier().map(|tier| tier.name);
        let Some(at) = vpc.tiers.iter().position(|tier| Some(tier.name) == nat_tier) else { continue };
        if let Some(said) = said.get_mut(at) {
            said.extend(nat::for_own(ways, own));
            said.extend(nat::for_members(facts, vpc, &opened));
        }
    }
    all
}

/// Tiers on which an intent lands whose other end lies beyond the gateway.
pub(super) fn landed<'a>(vpc: &VpcFacts<'a>, said: &[Vec<Statement>]) -> BTreeSet<&'a str> {
    let beyond = |block: &Block| !vpc.blocks.iter().any(|own| own.contains(*block));
    let lands = |statement: &Statement| match statement.voice {
        Voice::Intent(_) => statement.peers.blocks.iter().any(beyond),
        Voice::Standard(_) | Voice::Rule => false,
    };
    let tiers = vpc.tiers.iter().zip(said);
    tiers.filter(|(_, said)| said.iter().any(lands)).map(|(tier, _)| tier.name).collect()
}

/// The ACLs of a VPC.
pub(super) struct Acls {
    /// By tier.
    pub plans: Vec<AclPlan>,
    /// What they let through beyond what was said, for a page: from, to, ports, why.
    pub excess: Vec<[String; 4]>,
}

/// Compiles what is said of a VPC's tiers.
pub(super) fn acls<'f>(
    facts: &Facts<'f>,
    vpc: &VpcFacts<'f>,
    said: &[Vec<Statement>],
    aggregates: &mut BTreeMap<String, Block>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Acls {
    let mut plans = Vec::with_capacity(vpc.tiers.len());
    let mut excess = Vec::new();
    for (tier, said) in vpc.tiers.iter().zip(said) {
        let mut side = |side: Opens| {
            let compiled = direction(Place { facts, vpc, tier, side }, said, diagnostics);
            excess.extend(compiled.excess);
            let rule = |(number, row, why): (u32, Row<'_>, Option<Reason>)| {
                let (protocol, ports) = row.service.parts();
                AclRule {
                    number,
                    action: row.action,
                    protocol,
                    ports,
                    block: row.block,
                    cidr: facts.owners.refer(row.block, aggregates),
                    why: why.unwrap_or_else(|| row.why()),
                }
            };
            compiled.rows.into_iter().map(rule).collect::<Vec<AclRule>>()
        };
        let (ingress, egress) = (side(Opens::Inward), side(Opens::Outward));
        plans.push(AclPlan { tier: tier.name.to_owned(), ingress, egress });
    }
    Acls { plans, excess }
}

/// Who may open connections, for a page: from, to, ports, why; each once, tiers that say the same in one row.
pub(super) fn flows(vpc: &VpcFacts<'_>, said: &[Vec<Statement>]) -> Vec<[String; 4]> {
    let mut flows: Vec<(&Statement, Vec<&str>)> = Vec::new();
    for (tier, said) in vpc.tiers.iter().zip(said).filter(|(tier, _)| !tier.tier.attach) {
        for statement in said {
            match flows.iter_mut().find(|(known, _)| known.reads_like(statement)) {
                Some((_, tiers)) => tiers.push(tier.name),
                None => flows.push((statement, vec![tier.name])),
            }
        }
    }
    flows.into_iter().map(|(statement, tiers)| flow(statement, &tiers.join(", "))).collect()
}

fn flow(statement: &Statement, tiers: &str) -> [String; 4] {
    let Statement { opens, action, services, peers, voice, name, why } = statement;
    let ports: Vec<String> = services.iter().map(ToString::to_string).collect();
    let reason = match (voice, why) {
        (Voice::Standard(_), _) => format!("standard: {name}"),
        (Voice::Rule | Voice::Intent(_), Some(why)) => format!("{name}: {why}"),
        (Voice::Rule | Voice::Intent(_), None) => name.to_string(),
    };
    let reason = match action {
        Action::Allow => reason,
        Action::Deny => format!("denied by {reason}"),
    };
    let (peer, tiers) = (peers.text.clone(), tiers.to_owned());
    match opens {
        Opens::Inward => [peer, tiers, ports.join(", "), reason],
        Opens::Outward => [tiers, peer, ports.join(", "), reason],
    }
}
