//! One direction of an ACL: its rows, numbered and within the quota, or what stands against them.

use std::collections::BTreeMap;

use tanada_model::diagnostic::Diagnostic;

use super::super::codes::ACL_QUOTA;
use super::super::facts::{Facts, TierFacts, VpcFacts};
use super::excess::{Excess, raise};
use super::numbers;
use super::order;
use super::rows::{self, Row};
use super::statement::{Opens, Statement, Voice};
use super::widen::{Wide, beyond, widened};
use crate::plan::Reason;
use tanada_model::quotas::ACL_RULES;

/// Rows of one direction.
#[derive(Default)]
pub(super) struct Direction<'a> {
    /// By number; with words when a row stands for several.
    pub rows: Vec<(u32, Row<'a>, Option<Reason>)>,
    /// What passes beyond what was said, for the page: from, to, ports, why.
    pub excess: Vec<[String; 4]>,
}

/// Which ACL it is.
#[derive(Clone, Copy)]
pub(super) struct Place<'p, 'f> {
    pub facts: &'p Facts<'f>,
    pub vpc: &'p VpcFacts<'f>,
    pub tier: &'p TierFacts<'f>,
    pub side: Opens,
}

/// How many rows AWS takes: one of the quota is the last rule, `*`, which denies.
fn budget(facts: &Facts<'_>) -> usize {
    ACL_RULES.of(facts.design).saturating_sub(1)
}

/// The rows of one direction.
pub(super) fn direction<'s>(
    place: Place<'_, '_>,
    said: &'s [Statement],
    diagnostics: &mut Vec<Diagnostic>,
) -> Direction<'s> {
    let Place { facts, vpc: _, tier: _, side } = place;
    let rows = rows::rows(said, side, &facts.estate);
    let count = rows.len();
    let Some(rows) = numbers::number(rows, &facts.owners).map(order::decisive) else {
        diagnostics.push(over_quota(place, count, &[]));
        return Direction::default();
    };
    if rows.len() > budget(facts) {
        return narrow(place, said, &rows, diagnostics);
    }
    let rows = rows.into_iter().map(|(number, row)| (number, row, None)).collect();
    Direction { rows, excess: Vec::new() }
}

/// Fewer rows that let pass the same, or as little more as there can be.
fn narrow<'s>(
    place: Place<'_, '_>,
    said: &'s [Statement],
    rows: &[(u32, Row<'s>)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Direction<'s> {
    let Place { facts, vpc, tier, side } = place;
    let all = rows::rows(said, side, &facts.estate);
    let fitting = widened(rows, &all, budget(facts)).and_then(|widened| {
        let numbers = numbers::number_wide(&widened.kept, &widened.wide, &facts.owners)?;
        Some((widened.kept, widened.wide, numbers))
    });
    let Some((mut fewer, wide, numbers)) = fitting else {
        diagnostics.push(over_quota(place, rows.len(), rows));
        return Direction::default();
    };
    let mut stands_for: BTreeMap<u32, Vec<Row<'s>>> = BTreeMap::new();
    for (number, at) in numbers {
        if let Some(Wide { row, of }) = wide.get(at) {
            fewer.push((number, *row));
            stands_for.insert(number, of.clone());
        }
    }
    fewer.sort_by_key(|(number, _)| *number);
    let fewer = order::decisive(fewer);
    let packets = beyond(fewer.iter().map(|(_, row)| row), rows.iter().map(|(_, row)| row));
    let mut excess = Vec::new();
    if !packets.is_empty() {
        let found = Excess::new(facts, &wide, &packets);
        match Excess::accepted(facts, vpc, tier) {
            Some(why) => excess = found.flows(tier.name, side, why),
            None => diagnostics.push(found.finding(facts, vpc, tier, side, rows.len())),
        }
    }
    let rows = fewer.into_iter().map(|(number, row)| {
        let wider = packets.overlaps(row.matches().1.cell());
        (number, row, stands_for.get(&number).map(|of| reason(of, wider)))
    });
    Direction { rows: rows.collect(), excess }
}

/// The reason of a row that stands for several; `wider`: for more than they say.
fn reason(of: &[Row<'_>], wider: bool) -> Reason {
    let mut reasons: Vec<String> = Vec::new();
    for row in of {
        let reason = row.why().to_string();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let words = if wider { "wider than said" } else { "one row" };
    Reason { said: format!("{words}: {}", reasons.join("; ")).into(), is_return: false }
}

fn over_quota(place: Place<'_, '_>, needed: usize, rows: &[(u32, Row<'_>)]) -> Diagnostic {
    let Place { facts, vpc, tier, side } = place;
    let design = facts.design;
    let direction = match side {
        Opens::Inward => "ingress",
        Opens::Outward => "egress",
    };
    let message = format!(
        "the ACL of tier `{}` of `{}` needs {needed} {direction} rules; AWS takes {} beside the last one",
        tier.name,
        vpc.reference(design),
        budget(facts),
    );
    let mut by_intent: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, row) in rows {
        match row.voice {
            Voice::Intent(_) => *by_intent.entry(&**row.name).or_default() += 1,
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
    raise(diagnostic, needed)
}
