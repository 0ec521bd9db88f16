use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use tanada_model::design::Design;
use tanada_model::diagnostic::{Diagnostic, Severity, Style, render};
use tanada_model::lock::Lock;
use tanada_render::allocation::Allocation;
use tanada_render::plan::Plan;
use tanada_verify::changes::{Changes, compare};
use tanada_verify::network::{Network, NetworkErrorKind};
use tanada_verify::rules::Quotas;
use tanada_verify::{Observed, Place, Root, Unread};

use super::cause::{Evidence, causes, is_tried};
use super::danger::{Danger, DangerKind, danger, others};
use super::edits::{edits, template_edits};
use super::facts::{Owner, RangeChange, Rows, ranges, routes, rules};
use super::guard::{is_accepted, losses};
use super::lost::loss;
use super::moving::moves;
use super::names::Names;
use super::promises::{broken, released};
use super::quotas::{Use, quotas};
use super::reach::{networks, reaches};
use super::renamed::suspected;
use super::view::{View, id, views};
use super::{QuotaChange, Review};
use crate::disk::manifest::{Digest, Manifest};
use crate::revision::{Difference, Rebuilt, Side, differ, rebuild, survey};

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

/// A file of the new tree that is not what this version makes of the new input.
struct Foreign {
    root: String,
    /// No run wrote it, by the manifest.
    by_hand: bool,
    /// A run has something else to write or to remove there.
    in_the_way: bool,
}

/// Files that differ between the sides and are not what follows from the new input.
fn foreign(new: &Side, after: &Rebuilt, difference: &Difference) -> BTreeMap<String, Foreign> {
    let Some(whole) = &after.whole else { return BTreeMap::new() };
    let wanted = &whole.files;
    // Mostly nothing is, and the list of a large tree is long.
    let manifest = OnceCell::new();
    let manifest =
        || manifest.get_or_init(|| new.manifest().and_then(|text| Manifest::parse(&text).ok())).as_ref();
    let mut found = BTreeMap::new();
    for path in &difference.files {
        let there = new.read(path).ok().flatten();
        if there.as_deref() == wanted.get(path).map(String::as_str) {
            continue;
        }
        // A file that is missing was not edited, and one that a run wrote follows from another input.
        let by_hand = there.is_some_and(|text| {
            manifest().is_none_or(|manifest| !manifest.lists(path, Digest::of(text.as_bytes())))
        });
        let root = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let known = || manifest().is_some_and(|manifest| manifest.paths().any(|own| own == path));
        let in_the_way = wanted.contains_key(path) || known();
        found.insert(path.clone(), Foreign { root, by_hand, in_the_way });
    }
    found
}

/// Whether what differs is, on the old side, what this version makes of the old input.
fn is_what_follows(old: &Side, before: &Rebuilt, difference: &Difference) -> bool {
    let Some(whole) = &before.whole else { return false };
    let is_wanted =
        |path: &String| old.read(path).ok().flatten().as_deref() == whole.files.get(path).map(String::as_str);
    difference.files.iter().all(is_wanted)
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

fn foreign_files(foreign: &BTreeMap<String, Foreign>, after: &Rebuilt) -> Vec<Danger> {
    if after.whole.is_none() {
        return Vec::new();
    }
    let by_hand = foreign.iter().filter(|(_, file)| file.by_hand);
    by_hand
        .map(|(path, file)| {
            let then = if file.in_the_way {
                "the next `tanada generate` stops at it"
            } else {
                "`tanada generate` leaves it there, and Terraform takes it with the rest of its folder"
            };
            let words = format!("`{path}` is not what any run wrote; {then}");
            danger(DangerKind::HandEdit, id(&file.root), words)
        })
        .collect()
}

fn stale(
    new: &Side,
    (before, after): (&Rebuilt, &Rebuilt),
    difference: &Difference,
    foreign: &BTreeMap<String, Foreign>,
) -> Option<Danger> {
    let whole = after.whole.as_ref()?;
    let generated = foreign.values().any(|file| !file.by_hand);
    // What differs between the sides was looked at; where nothing does, an edit may have been forgotten.
    let was_edited = || before.whole.as_ref().is_some_and(|before| before.written != whole.written);
    let is_unwritten = || {
        let all = whole.written.as_ref().map(|written| written.all_files(new)).unwrap_or_default();
        all.iter().any(|(path, text)| new.read(path).ok().flatten().as_deref() != Some(text.as_str()))
    };
    let forgotten = || difference.files.is_empty() && was_edited() && is_unwritten();
    (generated || whole.new_lock != after.lock || forgotten()).then(|| {
        let words = "the tree does not follow from the input; run `tanada generate`".to_owned();
        danger(DangerKind::Stale, "generated", words)
    })
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

/// What people added, differs, and is not understood: what Terraform will do with it cannot be said. Of each block of each
/// root only the kind that a template makes in many roots is told once.
fn unread(difference: &Difference) -> Vec<Danger> {
    let all = |observed: &Observed| -> BTreeSet<(String, Unread)> {
        let of = |root: &Root| {
            root.unread.iter().map(|one| (root.directory.to_string(), one.clone())).collect::<Vec<_>>()
        };
        observed.roots.values().flat_map(of).collect()
    };
    let key = |(root, one): &(String, Unread)| (root.clone(), one.what.clone(), one.text.clone());
    let (old, new) = (all(&difference.old), all(&difference.new));
    let (known, now): (BTreeSet<_>, BTreeSet<_>) =
        (old.iter().map(key).collect(), new.iter().map(key).collect());
    let differs = old
        .iter()
        .filter(|it| !now.contains(&key(it)))
        .chain(new.iter().filter(|it| !known.contains(&key(it))));
    let mut roots: BTreeMap<(String, String, bool), BTreeSet<String>> = BTreeMap::new();
    for (root, one) in differs {
        roots.entry((one.what.clone(), one.why.clone(), one.decides)).or_default().insert(id(root));
    }
    let told = roots.into_iter().map(|((what, why, decides), roots)| {
        let first = roots.first().cloned().unwrap_or_default();
        let more = more(roots.len());
        let words = format!("`{what}` changes in {first}{more}, and what that does cannot be said: {why}");
        // Whoever asks to be stopped where more may pass is stopped.
        danger(if decides { DangerKind::Unfollowed } else { DangerKind::Unread }, first, words)
    });
    told.chain(unfollowed(difference)).collect()
}

/// The roots beside the one that is named.
fn more(roots: usize) -> String {
    match roots {
        0 | 1 => String::new(),
        2 => " and 1 more root".to_owned(),
        all => format!(" and {} more roots", all - 1),
    }
}

/// What people added, decides about packets and is not followed: `reach` below cannot say what it opens.
fn unfollowed(difference: &Difference) -> Vec<Danger> {
    let all = |observed: &Observed| -> BTreeSet<(String, String)> {
        let not_read: BTreeSet<&Place> =
            observed.roots.values().flat_map(|root| &root.unread).map(|one| &one.place).collect();
        // Of roots alone: what leads to another root, which may not be here, is a contradiction and no matter here.
        let errors = Network::observe(observed).1.into_iter();
        let errors = errors.filter(|error| error.kind == NetworkErrorKind::Unfollowed);
        let told = errors.filter(|error| !not_read.contains(&error.place));
        told.map(|error| {
            let folder = error.place.file().rsplit_once('/').map_or("", |(folder, _)| folder);
            (id(folder), error.message)
        })
        .collect()
    };
    let (old, new) = (all(&difference.old), all(&difference.new));
    let mut roots: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (root, what) in new.difference(&old) {
        roots.entry(what).or_default().push(root);
    }
    let told = roots.into_iter().map(|(what, roots)| {
        let first = roots.first().copied().unwrap_or_default();
        let more = more(roots.len());
        danger(DangerKind::Unfollowed, first.to_owned(), format!("{what}, in {first}{more}"))
    });
    told.collect()
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

/// Pools that come, grow or move, and blocks that are handed out again.
fn pools(before: &Rebuilt, after: &Rebuilt) -> Vec<RangeChange> {
    let extents = |rebuilt: &Rebuilt| -> BTreeMap<String, Vec<String>> {
        let Some(whole) = &rebuilt.whole else { return BTreeMap::new() };
        let text = |own: &tanada_render::allocation::PoolAllocation| {
            own.extents.iter().map(ToString::to_string).collect()
        };
        whole
            .allocation
            .pools
            .iter()
            .map(|own| (whole.design.pools.name(own.pool).to_owned(), text(own)))
            .collect()
    };
    let mut found = Vec::new();
    if before.whole.is_some() && after.whole.is_some() {
        let (mut old, mut new) = (extents(before), extents(after));
        // Another name for the same place is told as that.
        let gone: Vec<(String, Vec<String>)> = old
            .iter()
            .filter(|(name, _)| !new.contains_key(*name))
            .map(|(n, e)| (n.clone(), e.clone()))
            .collect();
        for (was, extents) in gone {
            let same = new.iter().find(|(name, own)| !old.contains_key(*name) && **own == extents);
            let Some(name) = same.map(|(name, _)| name.clone()) else { continue };
            old.remove(&was);
            new.remove(&name);
            let (before, after, note) = (extents.clone(), extents, format!("it was pool.{was}"));
            found.push(RangeChange { what: "is renamed", of: format!("pool.{name}"), before, after, note });
        }
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (before, after) = (old.get(name).cloned(), new.get(name).cloned());
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            let what = match (before.is_empty(), after.is_empty()) {
                _ if before == after => continue,
                (true, _) => "appears",
                (_, true) => "retires",
                (false, false) if after.starts_with(&before) => "grows",
                (false, false) => "moves",
            };
            found.push(RangeChange { what, of: format!("pool.{name}"), before, after, note: String::new() });
        }
    }
    for (pool, claim) in released(&before.lock, &after.lock) {
        let note = format!("`{}` of pool {pool} may be handed out again", claim.at);
        let (of, before, after) = (claim_name(claim), Vec::new(), Vec::new());
        found.push(RangeChange { what: "is free again", of, before, after, note });
    }
    found
}

fn claim_name(claim: &tanada_model::lock::Claim) -> String {
    match &claim.holder {
        tanada_model::lock::Holder::Pool { name, extent: _ } => format!("pool.{name}"),
        tanada_model::lock::Holder::Vpc { vpc, .. } => vpc.id(),
    }
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
