//! The input at a stage: the old network, the next one, or both, as ordinary `vpc` blocks.

use tanada_model::diagnostic::Spanned;
use tanada_model::document::{
    Document, EnvironmentStatement, LayoutStatement, Operand, Reference, RuleStatement, Setting,
    VpcStatement, written,
};
use tanada_model::lock::VpcName;
use tanada_model::net::Block;

use super::{NEXT, beside};

/// What is known of the network that stands today.
pub(super) struct Old {
    /// Its first block, and where the input says so.
    pub(super) block: Spanned<Block>,
    /// Whether the lock keeps its headroom. Then what the input says is meant for the next one.
    pub(super) headroom_locked: bool,
}

/// Stage 0: the old network alone.
pub(super) fn only_old(document: &mut Document, vpc: &VpcName, old: &Old) {
    if let Some(statement) = statement(document, vpc) {
        pin(statement, old);
    }
}

/// Stage 1: both. Whoever names the VPC means both; a route's next hop stays the old one.
pub(super) fn both(document: &mut Document, vpc: &VpcName, old: &Old) {
    let has_own = has_own_environment(document, vpc);
    let Some(statement) = statement(document, vpc) else { return };
    let next = next_of(statement, has_own);
    pin(statement, old);
    if let Some(team) = document.teams.iter_mut().find(|team| team.header.name.value == vpc.team) {
        team.vpcs.push(next);
    }
    let label = beside(vpc).label;
    each_peers(document, &mut |peers| {
        let added: Vec<Spanned<Reference>> =
            peers.iter().filter_map(|peer| renamed(peer, vpc, &label)).collect();
        peers.extend(added);
    });
    for accept in &mut document.accepts {
        let added: Vec<Spanned<Operand<String>>> = accept
            .on
            .iter()
            .filter_map(|on| match &on.value {
                Operand::Reference(reference) => {
                    let spanned = Spanned { value: reference.clone(), span: on.span };
                    let Spanned { value, span } = renamed(&spanned, vpc, &label)?;
                    Some(Spanned { value: Operand::Reference(value), span })
                }
                Operand::Literal(_) => None,
            })
            .collect();
        accept.on.extend(added);
    }
}

/// Stage 2: the next network alone, under its own name. Whoever names the VPC means it.
pub(super) fn only_next(document: &mut Document, vpc: &VpcName) {
    let label = beside(vpc).label;
    let has_own = has_own_environment(document, vpc);
    if let Some(statement) = statement(document, vpc) {
        *statement = next_of(statement, has_own);
    }
    without_standard(document, vpc);
    each_peers(document, &mut |peers| {
        for peer in peers {
            replace(peer, vpc, &label);
        }
    });
    for segment in &mut document.segments {
        replace_setting(&mut segment.default, vpc, &label);
        for route in &mut segment.routes {
            replace_setting(&mut route.via, vpc, &label);
        }
    }
    for on in document.accepts.iter_mut().flat_map(|accept| &mut accept.on) {
        if let Operand::Reference(reference) = &mut on.value {
            rename(reference, vpc, &label);
        }
    }
}

/// Takes away the VPC that a team has in the environment of this name without saying so.
fn without_standard(document: &mut Document, vpc: &VpcName) {
    let standard = |environment: &&EnvironmentStatement| {
        !written(&environment.optional).is_some_and(|optional| *optional.value)
    };
    let reference = |environment: &EnvironmentStatement| {
        let Spanned { value: name, span } = &environment.header.name;
        Spanned { value: Reference(vec!["environment".to_owned(), name.clone()]), span: *span }
    };
    let all: Vec<Spanned<Reference>> = document.environments.iter().filter(standard).map(reference).collect();
    let Some(team) = document.teams.iter_mut().find(|team| team.header.name.value == vpc.team) else {
        return;
    };
    let span = team.header.name.span;
    let mut list = match written(&team.environments) {
        Some(list) => list.value.clone(),
        None => all,
    };
    list.retain(|environment| environment.value.0.get(1) != Some(&vpc.label));
    team.environments = Some(Spanned { value: Some(list), span });
}

fn statement<'d>(document: &'d mut Document, vpc: &VpcName) -> Option<&'d mut VpcStatement> {
    let team = document.teams.iter_mut().find(|team| team.header.name.value == vpc.team)?;
    team.vpcs.iter_mut().find(|statement| statement.header.name.value == vpc.label)
}

/// The statement as it is for the network that stands today.
fn pin(statement: &mut VpcStatement, Old { block, headroom_locked }: &Old) {
    statement.range = Some(Spanned { value: Some(block.value), span: block.span });
    statement.moves_from = None;
    // A pin excludes both.
    statement.inherited.pool = None;
    statement.inherited.size = None;
    if *headroom_locked {
        statement.inherited.headroom = None;
    }
}

/// Whether a VPC's label is the name of an environment, and so says its environment.
fn has_own_environment(document: &Document, vpc: &VpcName) -> bool {
    document.environments.iter().any(|environment| environment.header.name.value == vpc.label)
}

/// The statement as it is for the network that takes its place, until it arrives. Its label says no environment.
fn next_of(statement: &VpcStatement, has_own: bool) -> VpcStatement {
    let mut next = statement.clone();
    let Spanned { value: label, span } = &statement.header.name;
    if has_own && next.environment.is_none() {
        let environment = Reference(vec!["environment".to_owned(), label.clone()]);
        next.environment = Some(Spanned { value: Some(environment), span: *span });
    }
    next.header.name = Spanned { value: format!("{label}{NEXT}"), span: *span };
    next.header.renamed_from = None;
    next.moves_from = None;
    if let Some(Spanned { value: Some(name), span: _ }) = &mut next.name {
        name.push_str(NEXT);
    }
    next
}

/// Every list of who may talk, and of what a route leads to.
fn each_peers(document: &mut Document, change: &mut dyn FnMut(&mut Vec<Spanned<Reference>>)) {
    fn rules(rules: &mut [RuleStatement], change: &mut dyn FnMut(&mut Vec<Spanned<Reference>>)) {
        for rule in rules {
            change(&mut rule.from);
            change(&mut rule.to);
        }
    }
    rules(&mut document.intents, change);
    for LayoutStatement { rules: own, tiers, .. } in &mut document.layouts {
        rules(own, change);
        for tier in tiers {
            rules(&mut tier.rules, change);
        }
    }
    for route in document.segments.iter_mut().flat_map(|segment| &mut segment.routes) {
        change(&mut route.to);
    }
}

/// `team.payments.production…` under another label; `None` for a reference to somebody else.
fn renamed(reference: &Spanned<Reference>, vpc: &VpcName, label: &str) -> Option<Spanned<Reference>> {
    let mut renamed = reference.clone();
    rename(&mut renamed.value, vpc, label).then_some(renamed)
}

fn replace(reference: &mut Spanned<Reference>, vpc: &VpcName, label: &str) {
    rename(&mut reference.value, vpc, label);
}

fn replace_setting(setting: &mut Setting<Reference>, vpc: &VpcName, label: &str) {
    if let Some(Spanned { value: Some(reference), span: _ }) = setting {
        rename(reference, vpc, label);
    }
}

/// Whether it was a reference to the VPC.
fn rename(reference: &mut Reference, vpc: &VpcName, label: &str) -> bool {
    match reference.0.as_mut_slice() {
        [kind, team, own, ..] if kind == "team" && *team == vpc.team && *own == vpc.label => {
            label.clone_into(own);
            true
        }
        _ => false,
    }
}
