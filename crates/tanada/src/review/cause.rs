//! What follows from what: each edit is made alone in the old input, and what it alone does is compared with what
//! happens.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tanada_model::design::resolve;
use tanada_model::document::parse;
use tanada_model::lock::{ClaimState, Lock};
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;
use tanada_render::moves::{Stages, stage};
use tanada_render::plan::Plan;
use tanada_verify::changes::{Changes, compare};

use super::edits::{Edit, with_edit, with_template_edit};
use super::moving::staged;
use crate::report::Findings;
use crate::revision::{Rebuilt, Side, Written, differ};
use crate::templates::yields;

/// What was edited, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Where: a line of the input, the lock, a file of the tree; empty when it is no one place.
    pub place: String,
    /// What was edited, in one line.
    pub words: String,
    /// What follows from it: addresses of resources by root.
    pub resources: BTreeMap<String, BTreeSet<String>>,
}

impl Cause {
    pub(super) fn new(place: impl Into<String>, words: impl Into<String>) -> Self {
        Self { place: place.into(), words: words.into(), resources: BTreeMap::new() }
    }

    /// Whether a change of a resource follows from it.
    pub(super) fn explains(&self, directory: &str, address: &str) -> bool {
        self.resources.get(directory).is_some_and(|all| all.contains(address))
    }

    pub(super) fn add(&mut self, directory: &str, address: &str) {
        self.resources.entry(directory.to_owned()).or_default().insert(address.to_owned());
    }
}

/// The most edits that are tried one by one, and the most VPCs of an estate in which they are.
const MOST_EDITS: usize = 12;
const MOST_VPCS: usize = 200;

/// Whether an estate is small enough to try edits in it one by one.
pub(super) fn is_tried(plan: &Plan) -> bool {
    plan.vpcs.len() <= MOST_VPCS
}

/// Everything that the causes are found from.
pub(super) struct Evidence<'a> {
    pub(super) changes: &'a Changes,
    pub(super) edits: Option<&'a [Edit]>,
    pub(super) old: (&'a Side, &'a Rebuilt),
    pub(super) new: (&'a Side, &'a Rebuilt),
    /// Roots with files that are not what this version makes of the new input, by file.
    pub(super) foreign: BTreeMap<String, String>,
    /// Whether the old tree is what this version makes of the old input.
    pub(super) is_same_version: bool,
}

/// The causes of all changes, in the order of the edits.
pub(super) fn causes(evidence: &Evidence<'_>) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    let all: BTreeSet<(&str, &str)> =
        evidence.changes.all().map(|(root, change)| (&*root.directory, change.address.as_str())).collect();
    let mut left = all.clone();
    for (file, root) in &evidence.foreign {
        let mut cause = Cause::new(file.clone(), "edited by hand, or made by another version");
        left.retain(|(directory, address)| {
            let own = directory == root;
            if own {
                cause.add(directory, address);
            }
            !own
        });
        causes.push(cause);
    }
    let edits = evidence.edits.unwrap_or_default();
    match edits {
        [] if left.is_empty() => return causes,
        [] => causes.push(without_edit(evidence)),
        [edit] if evidence.is_same_version => causes.push(Cause::new(edit.place(), edit.words())),
        edits => return by_trial(evidence, edits, left, causes),
    }
    if let Some(cause) = causes.last_mut() {
        for (directory, address) in left {
            cause.add(directory, address);
        }
    }
    causes
}

/// Nothing of the input was edited, and yet something changes.
fn without_edit(evidence: &Evidence<'_>) -> Cause {
    if evidence.edits.is_none() {
        return Cause::new("", "the input of one side is missing or cannot be parsed");
    }
    let staged = staged(evidence.old.1, evidence.new.1);
    if !staged.is_empty() {
        return Cause::new(crate::disk::place::LOCK_NAME, staged.join(", "));
    }
    if evidence.old.1.lock != evidence.new.1.lock {
        return Cause::new(crate::disk::place::LOCK_NAME, "the lock was changed and the input was not");
    }
    Cause::new("", "an upgrade of tanada, or a hand edit: the input was not changed")
}

fn by_trial(
    evidence: &Evidence<'_>,
    edits: &[Edit],
    mut left: BTreeSet<(&str, &str)>,
    mut causes: Vec<Cause>,
) -> Vec<Cause> {
    let before = evidence.old.1.whole.as_ref().and_then(|whole| whole.written.as_ref());
    let before = before.filter(|written| is_tried(&written.plan) && edits.len() <= MOST_EDITS);
    let mut untold = Vec::new();
    let first = causes.len();
    for edit in edits {
        let mut cause = Cause::new(edit.place(), edit.words());
        match before.and_then(|before| alone(evidence, before, edit)) {
            Some(changes) => {
                for (root, change) in changes.all() {
                    let key = (&*root.directory, change.address.as_str());
                    let is_one =
                        evidence.changes.all().any(|(own, it)| (&*own.directory, it.address.as_str()) == key);
                    if is_one {
                        cause.add(key.0, key.1);
                    }
                }
            }
            None => untold.push(causes.len()),
        }
        causes.push(cause);
    }
    left.retain(|(directory, address)| {
        !causes.iter().skip(first).any(|cause| cause.explains(directory, address))
    });
    if left.is_empty() {
        return causes;
    }
    // What no edit does alone follows from the one that could not be tried, or from several together.
    let renames: Vec<usize> = untold
        .iter()
        .copied()
        .filter(|at| edits.get(at.saturating_sub(first)).is_some_and(Edit::is_rename))
        .collect();
    let target = match (untold.as_slice(), renames.as_slice()) {
        // What names something under its new name follows from the rename.
        ([one], _) | (_, [one]) => *one,
        ([] | [_, ..], [] | [_, ..]) => {
            let words = if evidence.is_same_version {
                "several edits together"
            } else {
                "an upgrade of tanada, a hand edit, or several edits together"
            };
            causes.push(Cause::new("", words));
            causes.len() - 1
        }
    };
    if let Some(cause) = causes.get_mut(target) {
        for (directory, address) in left {
            cause.add(directory, address);
        }
    }
    causes
}

/// What one edit alone does to the old estate; `None` when it cannot be made alone.
fn alone(evidence: &Evidence<'_>, before: &Written, edit: &Edit) -> Option<Changes> {
    let (side, rebuilt) = evidence.old;
    let changed = if edit.is_template { None } else { Some(with_edit(side.input.as_ref()?, edit)?) };
    let (document, _) = parse(changed.as_ref().or(side.input.as_ref())?);
    let (staged, _) = stage(&document, &rebuilt.lock, &Stages::default(), &Consent::default());
    let staged = staged?;
    let design = resolve(&staged.document).0?;
    let consent = consent(&rebuilt.lock, &evidence.new.1.lock, &design);
    let (allocated, _) = allocate(&design, &staged.lock, &consent);
    let (allocation, _) = allocated?;
    let plan = derive(&design, &allocation).0?;
    let changed = edit.is_template.then(|| with_template_edit(&side.templates, edit));
    let own = changed.as_deref().unwrap_or(&side.templates);
    let added = yields(own, &plan, &mut Findings::default()).ok()??;
    let after = Written { plan, added };
    let (old, new) = (Side::memory(before.all_files(side)), Side::memory(after.all_files(side)));
    let difference = differ(&old, &new).ok()?;
    Some(compare(&difference.old, &difference.new))
}

/// Agreement to whatever the new lock shows to have been agreed to.
fn consent(base: &Lock, head: &Lock, design: &tanada_model::design::Design) -> Consent {
    let mut consent = Consent::default();
    for vpc in design.vpcs.values() {
        consent.accept.insert(vpc.id.clone());
        consent.accept.extend(vpc.blocks.iter().map(|block| format!("{}/{}", vpc.id, block.entity.name)));
    }
    for (name, layout) in design.layouts.names().zip(design.layouts.values()) {
        consent.accept.extend(layout.tiers().map(|(_, tier)| format!("layout.{name}.{}", tier.entity.name)));
        let (Some(before), Some(now)) = (base.layouts.get(name), head.layouts.get(name)) else { continue };
        for zone in &now.zones {
            let was_live =
                before.zones.iter().any(|it| it.letter == zone.letter && it.state == ClaimState::Live);
            let gone = !layout.zones.iter().any(|it| it.letter == zone.letter);
            if zone.state == ClaimState::Retired && was_live && gone {
                consent.destroy.insert(format!("layout.{name}.zones.{}", zone.letter));
            }
        }
    }
    for (vpc, how) in &head.leaving {
        if design.vpcs.id(&vpc.id()).is_none() && !base.leaving.contains_key(vpc) {
            match how {
                tanada_model::lock::Leaving::Destroyed => consent.destroy.insert(vpc.id()),
                tanada_model::lock::Leaving::Forgotten => consent.forget.insert(vpc.id()),
            };
        }
    }
    consent
}
