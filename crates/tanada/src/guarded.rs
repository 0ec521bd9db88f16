//! The guard of `generate`: nothing that runs is replaced or destroyed unless somebody named it.
//!
//! What is about to be written is compared with what lies on the disk, both read by the witness, and only roots whose
//! files would change. A run that writes nothing, or writes where nothing lies, has nothing to compare.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use tanada_model::design::Design;
use tanada_model::lock::{Acceptance, BlockLabel, Claim, ClaimState, Holder, Lock, VpcName};
use tanada_verify::changes::{Action, Changes, ResourceChange, compare};
use tanada_verify::{Files, ReadError, Unread, read_root};

use crate::disk::compare::Comparison;
use crate::disk::input::read_text;
use crate::disk::tree::{is_absent, is_terraforms};
use crate::review::guard::{Loss, Named, abandoned, is_accepted, is_guarded, losses};
use crate::review::{describe, followers, id, tell_loss};
use crate::revision::git::MAX_FILE;
use crate::revision::{Difference, differ_in};

/// What the guard says.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is refused, each with what to type.
    pub refused: Vec<Refused>,
    /// What was agreed to by name, for the lock.
    pub accepted: BTreeMap<String, Acceptance>,
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
    /// Names that a person agreed to on the command line.
    pub names: BTreeSet<&'a str>,
}

impl Guard<'_> {
    /// Compares what is about to be written with what lies there.
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
        let Some(difference) = self.compared(changed, &mut verdict)? else {
            return Ok(verdict);
        };
        let changes = compare(&difference.old, &difference.new);
        verdict.refused.extend(self.unread(&difference, &changes));
        let named = Named {
            names: self.names.clone(),
            layouts: self.layouts(),
            zones: self.zones(),
            pools: pools(self.new_lock),
        };
        let mut movers: Vec<Loss<'_>> = Vec::new();
        let losses = losses(&changes);
        let followers = followers(&losses);
        for loss in losses {
            if is_accepted(&loss, self.lock) || self.is_left_by_a_merge(&loss) {
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
            let mut words = tell_loss(&describe(&loss, &changes, &difference));
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
        let births: BTreeSet<String> = known(self.new_lock).map(|vpc| birth(self.new_lock, vpc)).collect();
        for (directory, left) in abandoned(&changes) {
            // Of a root with a local state the folder is the state's name, and a person moves the state by hand.
            if births.contains(directory) || !self.was_promised(directory) {
                continue;
            }
            let words = format!("`{directory}` would go, and its state holds {left} resources");
            let help = "destroy or forget its VPC first: `--destroy NAME`, `--forget NAME`".to_owned();
            verdict.refused.push(Refused { words, help: vec![help] });
        }
        Ok(verdict)
    }

    /// What differs between the two trees. Roots that lie there in pieces are refused, unless they are named: then they
    /// are left out. `None`: something is refused for that.
    fn compared(&self, changed: BTreeSet<String>, verdict: &mut Verdict) -> Result<Option<Difference>> {
        let mut old = Overlay::old(self.out);
        let mut new = Overlay::new(self.out, self.comparison);
        let sides = |old: &Overlay<'_>, new: &Overlay<'_>| {
            let seen = changed.iter().filter(|path| !old.hides(path)).cloned().collect();
            differ_in(seen, (old, "the output directory"), (new, "this run"))
        };
        let error = match sides(&old, &new) {
            Ok(difference) => return Ok(Some(difference)),
            Err(error) => error,
        };
        let broken = broken_roots(&old, &changed);
        if broken.is_empty() {
            return Err(error);
        }
        let refused = verdict.refused.len();
        for (directory, why) in broken {
            let name = id(&directory);
            if self.names.contains(name.as_str()) || self.is_unread_for_a_merge(&why) {
                old.hidden.insert(directory.clone());
                new.hidden.insert(directory);
            } else {
                verdict.refused.push(unseen(&directory, &name, &why));
            }
        }
        if verdict.refused.len() > refused { Ok(None) } else { sides(&old, &new).map(Some) }
    }

    /// What lies there, may not be lost, and is not understood: nobody can say what a run would do to it. One that stays as
    /// it is written passes while nothing else that may not be lost changes in its root.
    fn unread<'d>(
        &'d self,
        difference: &'d Difference,
        changes: &'d Changes,
    ) -> impl Iterator<Item = Refused> + 'd {
        let all =
            difference.old.roots.values().flat_map(|root| root.unread.iter().map(move |one| (root, one)));
        let guarded = all.filter(|(root, one)| may_be_guarded(one) && self.was_promised(&root.directory));
        guarded.filter_map(|(root, one)| {
            let own = changes.roots.iter().find(|own| own.was.as_ref().unwrap_or(&own.directory) == &root.directory);
            let today = own.map_or(&root.directory, |own| &own.directory);
            let now = difference.new.roots.get(today);
            let stays = now.is_some_and(|now| {
                now.unread.iter().any(|other| other.what == one.what && other.text == one.text)
            });
            let stirs = |it: &ResourceChange| it.action != Action::Update && is_guarded(&it.type_name);
            let is_calm = own.is_none_or(|own| !own.resources.iter().any(stirs));
            let name = id(today);
            let passes = (stays && is_calm) || self.names.contains(name.as_str());
            (!passes).then(|| Refused {
                words: format!(
                    "{}: `{}` of `{name}` is not understood, so nobody can say whether a run would replace or destroy it: {}",
                    one.place, one.what, one.why
                ),
                help: vec![
                    "write it so that it is understood, generate, and change it then".to_owned(),
                    format!("`--accept {name}` goes on without comparing it; look at Terraform's plan"),
                ],
            })
        })
    }

    /// What the lock before the run says of the VPC of a root, also under another name of it.
    pub(crate) fn claims_of(&self, directory: &str) -> impl Iterator<Item = &Claim> {
        let today = known(self.new_lock).find(|vpc| vpc.directory() == directory);
        let own = today.map_or_else(|| directory.to_owned(), |vpc| birth(self.new_lock, vpc));
        self.lock.pools.values().flatten().filter(move |claim| match &claim.holder {
            Holder::Pool { name: _, extent: _ } => false,
            Holder::Vpc { vpc, .. } => birth(self.lock, vpc) == own,
        })
    }

    /// Whether the lock before the run knew whose root this is: by the name that its state was born with. Hubs have no line.
    pub(crate) fn was_promised(&self, directory: &str) -> bool {
        if !directory.starts_with("teams/") {
            return true;
        }
        let today = known(self.new_lock).find(|vpc| vpc.directory() == directory);
        let own = today.map_or_else(|| directory.to_owned(), |vpc| birth(self.new_lock, vpc));
        known(self.lock).any(|vpc| birth(self.lock, vpc) == own)
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

    /// Networks that the lock says are running and of which nothing lies on the disk: half a tree, or another one.
    fn missing_roots(&self) -> Vec<Refused> {
        let Comparison { write, stale, unchanged, .. } = self.comparison;
        let new = write.iter().filter(|due| due.is_new).count();
        // Where nothing lies yet, nothing is missing.
        if new == 0 || (*unchanged == 0 && new == write.len() && stale.is_empty()) {
            return Vec::new();
        }
        let claims = self.lock.pools.values().flatten().filter(|claim| claim.state == ClaimState::Live);
        let live: BTreeSet<&VpcName> = claims
            .filter_map(|claim| match &claim.holder {
                Holder::Pool { name: _, extent: _ } => None,
                Holder::Vpc { vpc, .. } => Some(vpc),
            })
            .collect();
        let is_missing = |vpc: &&&VpcName| {
            let directory = vpc.directory();
            let main = format!("{directory}/main.tf");
            // A run that was killed had written its lock, and this root not yet.
            let is_finished = self.comparison.begun.contains(&main);
            let is_written_anew = self.comparison.is_new(&main);
            is_written_anew
                && !is_finished
                && !self.names.contains(vpc.id().as_str())
                && !self.out.join(&directory).join("main.tf").exists()
        };
        let missing = live.iter().filter(is_missing);
        missing
            .map(|vpc| Refused {
                words: format!(
                    "`{}` is running by the lock, and its root `{}` is not in the tree",
                    vpc.id(),
                    vpc.directory()
                ),
                help: vec![
                    "take the tree from version control, so that changes can be seen".to_owned(),
                    format!("`--accept {}` writes the root without comparing", vpc.id()),
                ],
            })
            .collect()
    }
}

/// Roots that lie there in pieces, as an edit by hand or a merge leaves them, among those that a run would change, and hubs.
fn broken_roots(old: &dyn Files, changed: &BTreeSet<String>) -> BTreeMap<String, ReadError> {
    let is_root = |directory: &&str| match directory.split('/').collect::<Vec<_>>().as_slice() {
        ["teams", _, _] | ["hub", _] => true,
        [..] => false,
    };
    let folders = changed.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).filter(is_root);
    let mut directories: BTreeSet<String> = folders.map(str::to_owned).collect();
    // Every hub is read, since what VPCs look up is found there.
    directories.extend(old.list("hub").unwrap_or_default().into_iter().map(|name| format!("hub/{name}")));
    let is_there = |directory: &String| {
        old.list(directory).is_ok_and(|names| names.iter().any(|name| name.ends_with(".tf")))
    };
    let broken = |directory: String| {
        let error = read_root(old, &directory).err()?.into_iter().next()?;
        Some((directory, error))
    };
    directories.into_iter().filter(is_there).filter_map(broken).collect()
}

/// Whether a block that is not understood may be something that may not be lost. What a file holds that cannot be parsed
/// nobody knows.
fn may_be_guarded(one: &Unread) -> bool {
    let type_name = one.what.strip_prefix("resource \"").and_then(|rest| rest.split('"').next());
    type_name.map_or(one.what == "this file", is_guarded)
}

/// A root of which nobody can say what a run would lose.
fn unseen(directory: &str, name: &str, why: &ReadError) -> Refused {
    Refused {
        words: format!(
            "`{directory}` cannot be read as it lies there, so nobody can say what a run would replace: {why}"
        ),
        help: vec![
            "take its files from version control, so that changes can be seen".to_owned(),
            format!("`--accept {name}` writes the root without comparing"),
        ],
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

/// The pools in which the first block of each VPC stands, from the inside.
fn pools(lock: &Lock) -> BTreeMap<String, Vec<String>> {
    let mut outer: BTreeMap<&str, &str> = BTreeMap::new();
    let mut firsts: Vec<(&VpcName, &str)> = Vec::new();
    for (pool, claim) in lock.pools.iter().flat_map(|(pool, claims)| claims.iter().map(move |it| (pool, it)))
    {
        match &claim.holder {
            Holder::Pool { name, extent: _ } => drop(outer.insert(name, pool)),
            Holder::Vpc { vpc, block: BlockLabel::First, .. } => firsts.push((vpc, pool)),
            Holder::Vpc { .. } => {}
        }
    }
    let chain = |pool: &str| -> Vec<String> {
        let chain = std::iter::successors(Some(pool), |pool| outer.get(pool).copied());
        chain.take(outer.len() + 1).map(str::to_owned).collect()
    };
    firsts.into_iter().map(|(vpc, pool)| (vpc.id(), chain(pool))).collect()
}

/// Every VPC that a lock knows.
pub(crate) fn known(lock: &Lock) -> impl Iterator<Item = &VpcName> {
    let claims = lock.pools.values().flatten().filter_map(|claim| match &claim.holder {
        Holder::Pool { name: _, extent: _ } => None,
        Holder::Vpc { vpc, .. } => Some(vpc),
    });
    claims.chain(lock.births.keys()).chain(lock.leaving.keys())
}

/// Where the state of a VPC lies, without suffix.
pub(crate) fn birth(lock: &Lock, vpc: &VpcName) -> String {
    lock.births.get(vpc).cloned().unwrap_or_else(|| vpc.directory())
}

/// A tree on the disk with what a run would write over it.
struct Overlay<'a> {
    out: &'a Path,
    written: BTreeMap<&'a str, &'a str>,
    removed: BTreeSet<&'a str>,
    /// Folders of roots that are not looked at.
    hidden: BTreeSet<String>,
}

impl<'a> Overlay<'a> {
    fn new(out: &'a Path, comparison: &'a Comparison) -> Self {
        Self {
            written: comparison.write.iter().map(|due| (&*due.path, due.text.as_str())).collect(),
            removed: comparison.remove.iter().map(String::as_str).collect(),
            ..Self::old(out)
        }
    }

    /// The tree as it lies there.
    fn old(out: &'a Path) -> Self {
        Self { out, written: BTreeMap::new(), removed: BTreeSet::new(), hidden: BTreeSet::new() }
    }

    /// Whether a path stands directly in a root that is not looked at.
    fn hides(&self, path: &str) -> bool {
        path.rsplit_once('/').is_some_and(|(folder, _)| self.hidden.contains(folder))
    }
}

impl Files for Overlay<'_> {
    fn text(&self, path: &str) -> Result<Option<Arc<str>>, ReadError> {
        if self.hides(path) {
            return Ok(None);
        }
        if let Some(text) = self.written.get(path) {
            return Ok(Some((*text).into()));
        }
        let full = self.out.join(path);
        if self.removed.contains(path) || !full.is_file() {
            return Ok(None);
        }
        let error = |message: String| ReadError { path: path.to_owned(), line: 0, message };
        read_text(&full, MAX_FILE).map(|text| Some(text.into())).map_err(|why| error(format!("{why:#}")))
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let error =
            |why: std::io::Error| ReadError { path: directory.to_owned(), line: 0, message: why.to_string() };
        let mut names: BTreeSet<String> = BTreeSet::new();
        match fs::read_dir(self.out.join(directory)) {
            Ok(entries) => {
                for entry in entries {
                    let name = entry.map_err(error)?.file_name().to_string_lossy().into_owned();
                    if !is_terraforms(&name) && !self.removed.contains(format!("{prefix}{name}").as_str()) {
                        names.insert(name);
                    }
                }
            }
            Err(why) if is_absent(&why) => {}
            Err(why) => return Err(error(why)),
        }
        let written = self.written.range(prefix.as_str()..).map_while(|(path, _)| path.strip_prefix(&prefix));
        names.extend(written.filter_map(|rest| rest.split('/').next()).map(str::to_owned));
        names.retain(|name| {
            !self.hidden.contains(&format!("{prefix}{name}")) && !self.hidden.contains(directory)
        });
        Ok(names.into_iter().collect())
    }
}
