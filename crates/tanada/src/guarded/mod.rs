//! The guard of `generate`: nothing that runs is replaced or destroyed unless somebody named it.
//!
//! What is about to be written is compared with what lies on the disk, both read by the witness, and only roots whose
//! files would change. A run that writes nothing, or writes where nothing lies, has nothing to compare.

mod leftover;
mod overlay;
mod promised;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use tanada_model::design::Design;
use tanada_model::lock::{Acceptance, Lock};
use tanada_render::allocation::Allocation;
use tanada_verify::changes::{Changes, compare};

use crate::disk::compare::Comparison;
use crate::disk::conflict::Side;
use crate::review::guard::{Loss, Named, abandoned, is_accepted, losses};
use crate::review::{describe, followers, id, tell_loss};
use crate::revision::{Difference, differ_in};
use overlay::Overlay;
use promised::pools;
pub(crate) use promised::{birth, known};
use unread::{broken_roots, unseen};

/// What the guard says.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is refused, each with what to type.
    pub refused: Vec<Refused>,
    /// What was agreed to by name, for the lock.
    pub accepted: BTreeMap<String, Acceptance>,
}

impl Verdict {
    /// Takes in what else was said, each refusal once.
    fn join(&mut self, other: Self) {
        let Self { refused, accepted } = other;
        for one in refused {
            if !self.refused.contains(&one) {
                self.refused.push(one);
            }
        }
        for (name, transition) in accepted {
            self.accepted.entry(name).or_insert(transition);
        }
    }
}

/// Something that a run may not do unasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What would happen, in one line.
    pub words: String,
    /// What to type, one line each.
    pub help: Vec<String>,
}

/// What the guard decides by.
#[derive(Debug)]
pub struct Guard<'a> {
    /// The output directory.
    pub out: &'a Path,
    /// What a run would do to it.
    pub comparison: &'a Comparison,
    /// The lock before the run.
    pub lock: &'a Lock,
    /// The lock after it.
    pub new_lock: &'a Lock,
    /// What the input means.
    pub design: &'a Design,
    /// Where everything is to lie.
    pub allocation: &'a Allocation,
    /// Names that a person agreed to on the command line.
    pub names: BTreeSet<&'a str>,
}

impl Guard<'_> {
    /// Compares what is about to be written with what lies there.
    ///
    /// What git left in conflict is read as each of the two branches has it: which of them runs cannot be seen here, and
    /// nothing may be lost of either.
    ///
    /// # Errors
    /// When one of the two cannot be read as a tree.
    pub fn judge(&self) -> Result<Verdict> {
        let mut verdict = Verdict { refused: self.missing_roots(), ..Verdict::default() };
        let Comparison { write, remove, .. } = self.comparison;
        let is_terraform = |path: &str| path.ends_with(".tf");
        let written = write.iter().filter(|due| is_terraform(&due.path));
        let removed = remove.iter().filter(|path| is_terraform(path));
        // Where nothing lies nothing can be lost: a first run asks nothing of thousands of files.
        if written.clone().all(|due| due.is_new) && removed.clone().next().is_none() {
            return Ok(verdict);
        }
        let changed: BTreeSet<String> =
            written.map(|due| due.path.to_string()).chain(removed.cloned()).collect();
        for side in [Side::Ours, Side::Theirs] {
            let (own, in_conflict) = self.judge_side(side, &changed)?;
            verdict.join(own);
            if !in_conflict {
                break;
            }
        }
        Ok(verdict)
    }

    /// The verdict on one side of what is in conflict, and whether there is such.
    fn judge_side(&self, side: Side, changed: &BTreeSet<String>) -> Result<(Verdict, bool)> {
        let mut verdict = Verdict::default();
        let (difference, in_conflict) = self.compared(side, changed, &mut verdict.refused)?;
        let Some(difference) = difference else { return Ok((verdict, in_conflict)) };
        let changes = compare(&difference.old, &difference.new);
        verdict.refused.extend(self.unread(&difference, &changes));
        self.judge_losses(&changes, &difference, &mut verdict);
        verdict.refused.extend(self.abandoned(&changes));
        Ok((verdict, in_conflict))
    }

    fn judge_losses(&self, changes: &Changes, difference: &Difference, verdict: &mut Verdict) {
        let named = Named {
            names: self.names.clone(),
            layouts: self.layouts(),
            zones: self.zones(),
            pools: pools(self.new_lock),
        };
        let mut movers: Vec<Loss<'_>> = Vec::new();
        let losses = losses(changes);
        let followers = followers(&losses);
        for loss in losses {
            if is_accepted(&loss, self.lock) || self.is_left_by_a_merge(&loss, difference) {
                continue;
            }
            // It is refused or agreed to with what it follows from.
            if loss.follows.is_some() {
                continue;
            }
            if named.cover(&loss) {
                verdict.accepted.insert(loss.name.clone(), loss.transition.clone());
                continue;
            }
            let mut help =
                vec![format!("`--accept {}` agrees to exactly this; the lock records it", loss.name)];
            let mut words = tell_loss(&describe(&loss, changes, difference));
            if let Some(names) = followers.get(&loss.name) {
                words.push_str(&format!("; attachments and associations follow in {names}"));
            }
            if loss.is_move() {
                help.push(format!("`tanada move {} --to POOL|RANGE` gets there without a stop", loss.name));
                movers.push(loss);
            }
            verdict.refused.push(Refused { words, help });
        }
        together(&movers, &named, &mut verdict.refused);
    }

    /// Roots that would go while their states hold something.
    fn abandoned(&self, changes: &Changes) -> impl Iterator<Item = Refused> {
        let births: BTreeSet<String> = known(self.new_lock).map(|vpc| birth(self.new_lock, vpc)).collect();
        // Of a root with a local state the folder is the state's name, and a person moves the state by hand.
        let is_lost = move |directory: &str| !births.contains(directory) && self.was_promised(directory);
        abandoned(changes).filter(move |(directory, _)| is_lost(directory)).map(|(directory, left)| Refused {
            words: format!("`{directory}` would go, and its state holds {left} resources"),
            help: vec!["destroy or forget its VPC first: `--destroy NAME`, `--forget NAME`".to_owned()],
        })
    }

    /// What differs between the two trees, and whether something of them is in conflict. Roots that lie there in pieces are
    /// refused, unless they are named: then they are left out. `None`: something is refused for that.
    fn compared(
        &self,
        side: Side,
        changed: &BTreeSet<String>,
        refused: &mut Vec<Refused>,
    ) -> Result<(Option<Difference>, bool)> {
        let mut old = Overlay::old(self.out, side);
        let mut new = Overlay::new(self.out, side, self.comparison);
        let sides = |old: &Overlay<'_>, new: &Overlay<'_>| {
            let seen = changed.iter().filter(|path| !old.hides(path)).cloned().collect();
            differ_in(seen, (old, "the output directory"), (new, "this run"))
        };
        let error = match sides(&old, &new) {
            Ok(difference) => return Ok((Some(difference), old.is_in_conflict())),
            Err(error) => error,
        };
        let broken = broken_roots(&old, changed);
        if broken.is_empty() {
            return Err(error);
        }
        let before = refused.len();
        for (directory, why) in broken {
            let name = id(&directory);
            if self.names.contains(name.as_str()) {
                old.hide(&directory);
                new.hide(&directory);
            } else {
                refused.push(unseen(&directory, &name, &why));
            }
        }
        let difference = if refused.len() > before { None } else { Some(sides(&old, &new)?) };
        Ok((difference, old.is_in_conflict()))
    }

    fn layouts(&self) -> BTreeMap<String, String> {
        let vpcs = self.design.vpcs.values();
        vpcs.map(|vpc| (vpc.id.clone(), self.design.layouts.name(vpc.layout).to_owned())).collect()
    }

    /// The zone letters of each layout, before the run and after it.
    fn zones(&self) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (layout, places) in self.lock.layouts.iter().chain(&self.new_lock.layouts) {
            let letters = places.zones.iter().map(|zone| zone.letter.clone());
            all.entry(layout.clone()).or_default().extend(letters);
        }
        all
    }
}

/// Of many VPCs that are refused for their pool's sake the pool is named once, instead of the same words for each.
fn together(movers: &[Loss<'_>], named: &Named<'_>, refused: &mut [Refused]) {
    let Some((first, rest)) = movers.split_first() else { return };
    let shared = named
        .pools_of(first)
        .find(|pool| rest.iter().all(|loss| named.pools_of(loss).any(|own| own == *pool)));
    let (Some(pool), false) = (shared, rest.is_empty()) else { return };
    let moves: BTreeSet<String> = movers.iter().map(|loss| format!("`--accept {}`", loss.name)).collect();
    let is_one = |refused: &&mut Refused| {
        refused.help.first().is_some_and(|help| moves.iter().any(|own| help.starts_with(own.as_str())))
    };
    let mut own: Vec<&mut Refused> = refused.iter_mut().filter(is_one).collect();
    for refused in &mut own {
        refused.help.clear();
    }
    if let Some(last) = own.last_mut() {
        last.help = vec![
            format!(
                "`--accept NAME` agrees to one of them, `--accept pool.{pool}` to all {}; the lock records each",
                movers.len()
            ),
            "a pool elsewhere is a second pool; `tanada move NAME,… --to pool.NEW` gets there without a stop"
                .to_owned(),
        ];
    }
}
