//! Network ACLs: who may talk, as the fewest rules that say exactly that, in an order that never has to be written.
//!
//! [`statement`] is what somebody said of one tier; [`standard`], [`nat`] and [`intents`] collect statements;
//! [`rows`] turns them into rows; [`numbers`] seats the rows and [`order`] drops those that decide nothing.

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

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use tanada_model::design::Action;
use tanada_model::diagnostic::Diagnostic;
use tanada_model::net::Block;

use super::codes::ACL_QUOTA;
use super::facts::{Facts, TierFacts, VpcFacts};
use super::quotas::ACL_RULES;
use super::routes::Ways;
use crate::plan::{AclPlan, AclRule};
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
pub(super) fn acls(
    facts: &Facts<'_>,
    vpc: &VpcFacts<'_>,
    said: &[Vec<Statement>],
    aggregates: &mut BTreeMap<String, Block>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<AclPlan> {
    let mut plans = Vec::with_capacity(vpc.tiers.len());
    for (tier, said) in vpc.tiers.iter().zip(said) {
        let mut side = |side: Opens| {
            let rows = rows::rows(said, side, &facts.estate);
            let count = rows.len();
            let rows = numbers::number(rows, &facts.owners).map(order::decisive);
            let needed = rows.as_ref().map_or(count, Vec::len);
            // One of the quota is the last rule, `*`, which denies.
            if needed > ACL_RULES.of(facts.design).saturating_sub(1) {
                diagnostics.push(over_quota(
                    facts,
                    vpc,
                    tier,
                    side,
                    needed,
                    rows.as_deref().unwrap_or_default(),
                ));
            }
            let rule = |(number, row): (u32, Row<'_>)| {
                let (protocol, ports) = row.service.parts();
                AclRule {
                    number,
                    action: row.action,
                    protocol,
                    ports,
                    block: row.block,
                    cidr: facts.owners.refer(row.block, aggregates),
                    why: row.why(),
                }
            };
            rows.unwrap_or_default().into_iter().map(rule).collect::<Vec<AclRule>>()
        };
        let (ingress, egress) = (side(Opens::Inward), side(Opens::Outward));
        plans.push(AclPlan { tier: tier.name.to_owned(), ingress, egress });
    }
    plans
}

fn over_quota(
    facts: &Facts<'_>,
    vpc: &VpcFacts<'_>,
    tier: &TierFacts<'_>,
    side: Opens,
    needed: usize,
    rows: &[(u32, Row<'_>)],
) -> Diagnostic {
    let design = facts.design;
    let direction = match side {
        Opens::Inward => "ingress",
        Opens::Outward => "egress",
    };
    let quota = ACL_RULES.of(design);
    let message = format!(
        "the ACL of tier `{}` of `{}` needs {needed} {direction} rules; AWS takes {} beside the last one",
        tier.name,
        vpc.reference(design),
        quota.saturating_sub(1),
    );
    let mut by_intent: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, row) in rows {
        match row.voice {
            Voice::Intent(_) => *by_intent.entry(row.name).or_default() += 1,
            Voice::Standard(_) | Voice::Rule => {}
        }
    }
    let mut diagnostic = Diagnostic::new(ACL_QUOTA, message).at(vpc.vpc.entity.span, "");
    let mut most: Vec<(&str, usize)> = by_intent.into_iter().collect();
    most.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    if !most.is_empty() {
        let listed: Vec<String> =
            most.iter().take(5).map(|(name, rows)| format!("`{name}` ({rows})")).collect();
        diagnostic = diagnostic.help(format!("most rules are from {}", listed.join(", ")));
        if let Some(intent) = most.first().and_then(|(name, _)| design.intents.id(name)) {
            diagnostic = diagnostic.at(design.intents[intent].entity.span, "");
        }
    }
    diagnostic.help(format!(
        "`quotas {{ {} = {} }}` if AWS raised yours (it goes up to 40)",
        ACL_RULES.name,
        needed + 1
    ))
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
