use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use tanada_model::design::Design;
use tanada_model::diagnostic::{Diagnostic, Severity, Style, render};
use tanada_model::lock::Lock;
use tanada_render::allocation::Allocation;
use tanada_render::plan::Plan;
use tanada_verify::changes::{Changes, compare};
use tanada_verify::rules::Quotas;

use super::cause::{Evidence, causes, is_tried};
use super::danger::{Danger, DangerKind, danger, others};
use super::edits::{edits, template_edits};
use super::facts::{Owner, Rows, ranges, routes, rules};
use super::foreign::{foreign, foreign_files, is_what_follows, stale};
use super::guard::{is_accepted, losses};
use super::lost::loss;
use super::moving::moves;
use super::names::Names;
use super::pools::pools;
use super::promises::broken;
use super::quotas::{Use, quotas};
use super::reach::{networks, reaches};
use super::renamed::suspected;
use super::unread::unread;
use super::view::{View, id, views};
use super::{QuotaChange, Review};
use crate::revision::{Rebuilt, Side, differ, rebuild, survey};

/// Says what a change does, from the estate before and after.
///
/// # Errors
/// When a side cannot be read, or its tree is not one that a run has written.
pub fn review(old: &Side, new: &Side) -> Result<Review> {
    let mut review = Review { base: old.label.clone(), head: new.label.clone(), ..Review::default() };
    let (difference, edits) = rayon::join(|| differ(old, new), || edits_of(old, new));
    let difference = difference?;
    let same_input = edits.as_ref().is_some_and(Vec::is_empty);
    if difference.files.is_empty() && same_input && old.lock == new.lock {
        return Ok(review);
    }
    review.changes = compare(&difference.old, &difference.new);
    // Of a large estate what is written is most of it.
    let is_kept = |plan: &Plan| difference.files.is_empty() || is_tried(plan);
    let rest = || if review.changes.is_empty() { Ok(Vec::new()) } else { survey(new, &difference.new) };
    let rebuilt = |side| rebuild(side, &difference.files, is_kept);
    let (rest, (before, after)) = rayon::join(rest, || rayon::join(|| rebuilt(old), || rebuilt(new)));
    let (rest, before, after) = (rest?, before?, after?);
    let foreign = foreign(new, &after, &difference);
    let is_same_version = is_what_follows(old, &before, &difference);
    let names = names(&before, &after);
    let views = views(&review.changes, &difference.old, &difference.new);
    let networks =
        (!review.changes.is_empty()).then(|| networks(&rest, &difference, &review.changes, &views));
    if let Some(networks) = &networks {
        let quotas = || {
            let was = Use::new(&networks.before, &rest, &difference.old, quotas_of(&before, &after));
            let is = Use::new(&networks.after, &rest, &difference.new, quotas_of(&after, &before));
            quotas(&was, &is, &review.changes)
        };
        (review.reach, review.quotas) = rayon::join(|| reaches(networks, &views), quotas);
    }
    (review.rules, review.routes) = rows(&views, &names);
    review.ranges = views.iter().filter_map(ranges).collect();
    review.ranges.extend(pools(&before, &after));
    review.ranges.extend(moves(&before, &after));
    review.owners = owners(&views, &before, &after);
    let mut dangers = input_errors(&after);
    dangers.extend(foreign_files(&foreign, &after));
    dangers.extend(lost(&views, &review.changes, &after.lock));
    dangers.extend(views.iter().flat_map(|view| others(view, &names)));
    let broken = untold(promises(&before, &after), &dangers);
    dangers.extend(broken);
    dangers.extend(new_findings(&before, &after));
    dangers.extend(exceeded(&review.quotas));
    dangers.extend(unread(&difference));
    dangers.extend(stale(new, (&before, &after), &difference, &foreign));
    let hand = foreign.iter().filter(|(_, file)| file.by_hand);
    review.causes = causes(&Evidence {
        changes: &review.changes,
        edits: edits.as_deref(),
        old: (old, &before),
        new: (new, &after),
        foreign: hand.map(|(path, file)| (path.clone(), file.root.clone())).collect(),
        is_same_version,
    });
    sort(&mut dangers);
    for danger in &mut dangers {
        danger.causes = causes_of(danger, &review);
    }
    review.dangers = dangers;
    // Of a large estate giving back takes as long as finding out whom to ask: somebody else does it while this is told.
    rayon::spawn(move || drop((networks, rest, before, after, difference)));
    Ok(review)
}

/// The worst first; what a hub does before what follows from it.
fn sort(dangers: &mut [Danger]) {
    dangers
        .sort_by_cached_key(|it| (it.accepted, it.kind, !it.subject.starts_with("hub."), it.subject.clone()));
}

/// What may not be lost unasked, and is.
fn lost(views: &[View<'_>], changes: &Changes, lock: &Lock) -> Vec<Danger> {
    let all = losses(changes).into_iter().filter_map(|lost| {
        let view = views.iter().find(|view| &*view.changes.directory == lost.directory)?;
        Some(Danger { accepted: is_accepted(&lost, lock), ..suspected(loss(view, &lost), &lost, views) })
    });
    all.collect()
}

/// Promises that are not kept, but for those of which it is told already what becomes of the network: a place in the lock
/// that moved is the same news as the network that is replaced.
fn untold(promises: Vec<Danger>, dangers: &[Danger]) -> Vec<Danger> {
    let told: BTreeSet<&str> = dangers.iter().map(|danger| danger.subject.as_str()).collect();
    let is_told = |danger: &Danger| {
        told.contains(danger.subject.as_str())
            || danger.subject.split('/').next().is_some_and(|vpc| told.contains(vpc))
    };
    promises.into_iter().filter(|danger| !is_told(danger)).collect()
}

/// Quotas of which more is used than there is, and was not before.
fn exceeded(quotas: &[QuotaChange]) -> impl Iterator<Item = Danger> {
    let exceeded = quotas.iter().filter(|row| row.exceeds());
    exceeded.map(|row| danger(DangerKind::Finding, row.quota, format!("{} [quota]", row.words())))
}

/// The quotas of a side; of one whose input says nothing those of the other one.
fn quotas_of(side: &Rebuilt, other: &Rebuilt) -> Quotas {
    let whole = side.whole.as_ref().or(other.whole.as_ref());
    let raised = whole.into_iter().flat_map(|whole| whole.design.quotas.iter());
    Quotas::raised(raised.map(|(name, raised)| (name.as_str(), raised.value)))
}

fn edits_of(old: &Side, new: &Side) -> Option<Vec<super::Edit>> {
    let mut all = edits(old.input.as_ref()?, new.input.as_ref()?)?;
    all.extend(template_edits(&old.templates, &new.templates));
    Some(all)
}

/// The causes of what concerns a root.
fn causes_of(danger: &Danger, review: &Review) -> Vec<usize> {
    let is_own = |cause: &super::Cause| {
        let lost = |directory: &String, addresses: &BTreeSet<String>| {
            let root = review.changes.roots.iter().find(|root| *root.directory == **directory);
            let guarded = |address: &String| {
                root.is_some_and(|root| {
                    root.resources
                        .iter()
                        .any(|it| it.address.as_str() == address && super::guard::is_loss(it))
                })
            };
            let is_loss = matches!(danger.kind, DangerKind::Replaced | DangerKind::Destroyed);
            id(directory) == danger.subject && (!is_loss || addresses.iter().any(guarded))
        };
        cause.resources.iter().any(|(directory, addresses)| lost(directory, addresses))
    };
    review.causes.iter().enumerate().filter(|(_, cause)| is_own(cause)).map(|(at, _)| at).collect()
}

fn names<'r>(before: &'r Rebuilt, after: &'r Rebuilt) -> Names<'r> {
    Names::new(estate(before), estate(after))
}

fn estate(side: &Rebuilt) -> Option<(&Design, &Allocation)> {
    side.whole.as_ref().map(|whole| (&whole.design, &whole.allocation))
}

fn input_errors(after: &Rebuilt) -> Vec<Danger> {
    let errors = after.findings.list.iter().filter(|it| it.code.severity == Severity::Error);
    let place = |finding: &Diagnostic| {
        let text = render(finding, &after.findings.sources, Style::Plain);
        let arrow = text.lines().find_map(|line| line.trim_start().strip_prefix("--> ").map(str::to_owned));
        arrow.unwrap_or_default()
    };
    errors
        .take(5)
        .map(|finding| {
            let words = format!("the input cannot be generated: {} [{}]", finding.message, finding.code.name);
            Danger { why: place(finding), ..danger(DangerKind::Input, finding.code.name, words) }
        })
        .collect()
}

fn promises(before: &Rebuilt, after: &Rebuilt) -> Vec<Danger> {
    let broken = broken(&before.lock, &after.lock).into_iter();
    broken
        .map(|broken| {
            let accepted = broken.accepted;
            Danger { accepted, ..danger(DangerKind::Promise, broken.holder, broken.words) }
        })
        .collect()
}

/// Warnings that the old estate did not have; of quotas, rules and ranges.
fn new_findings(before: &Rebuilt, after: &Rebuilt) -> Vec<Danger> {
    let (Some(_), Some(_)) = (&before.whole, &after.whole) else { return Vec::new() };
    let known: BTreeSet<(&str, &str)> =
        before.findings.list.iter().map(|it| (it.code.name, it.message.as_str())).collect();
    let new = after.findings.list.iter().filter(|it| it.code.severity == Severity::Warning);
    let new = new.filter(|it| !known.contains(&(it.code.name, it.message.as_str())));
    new.map(|finding| {
        danger(DangerKind::Finding, finding.code.name, format!("{} [{}]", finding.message, finding.code.name))
    })
    .collect()
}

fn rows(views: &[View<'_>], names: &Names) -> (Vec<super::RowChange>, Vec<super::RowChange>) {
    let (mut all_rules, mut all_routes) = (Rows::default(), Rows::default());
    for view in views {
        rules(view, names, &mut all_rules);
        routes(view, names, &mut all_routes);
    }
    (all_rules.into_list(), all_routes.into_list())
}

/// The owners of the roots in which something happens.
fn owners(views: &[View<'_>], before: &Rebuilt, after: &Rebuilt) -> Vec<Owner> {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for view in views {
        let team = view.changes.directory.strip_prefix("teams/").and_then(|rest| rest.split('/').next());
        let Some(team) = team else { continue };
        let named = [after, before]
            .into_iter()
            .filter_map(|side| side.whole.as_ref())
            .find_map(|whole| whole.design.teams.by_name(team).and_then(|team| team.owner.clone()));
        owners.entry(named.unwrap_or_else(|| team.to_owned())).or_default().push(view.id());
    }
    owners.into_iter().map(|(owner, touched)| Owner { owner, touched }).collect()
}
