//! What the witness says a change will do, against what Terraform plans: random edits of random estates.
//!
//! Each round applies an estate and plans edits on that state. The normal run takes a few; `TANADA_DIFFERENCES=1000`
//! makes as many edits (`TANADA_DIFFERENCES_FROM=n` starts at another seed), `TANADA_DIFFERENCES_VPCS=30` of larger
//! estates.

use std::collections::{BTreeMap, BTreeSet};

use standin::{Judge, Lookups, Outline, Step, Workspace, judge_or_skip};
use tanada_model::design::resolve;
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::Lock;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;
use tanada_render::emit::{OldRoot, emit, leaving, missing};
use tanada_verify::changes::{Action, Changes, compare, lookups_hold};
use tanada_verify::{Observed, Reader, read};

use crate::estate::each;
use crate::sketch::{Random, Sketch};

type Files = BTreeMap<String, String>;
type Happening = BTreeMap<(String, String), &'static str>;

/// An estate as files, with its lock.
struct Made {
    files: Files,
    lock: Lock,
}

/// Generates a sketch over a lock; `None` when it is refused.
fn make(sketch: &Sketch, lock: &Lock, consent: &Consent, old: &Files) -> Option<Made> {
    let mut sources = Sources::default();
    sources.add("network/all.hcl", sketch.text());
    let (document, _) = parse(&sources);
    let design = resolve(&document).0?;
    let (allocation, lock) = allocate(&design, lock, consent).0?;
    let plan = derive(&design, &allocation).0?;
    let mut files: Files = emit(&plan).files.into_iter().collect();
    let mut left = Vec::new();
    for root in &plan.leaving {
        let read = |name: &str| old.get(&format!("{}/{name}", root.directory)).cloned();
        let kept = OldRoot {
            providers: read("providers.tf"),
            addresses: read("addresses.tf"),
            backend: read("backend.tf"),
            variables: read("variables.tf"),
            ..OldRoot::default()
        };
        left.extend(leaving(root, &kept));
    }
    // As `generate` refuses it: a root on its way out still needs what goes.
    if !missing(&plan, &left).is_empty() {
        return None;
    }
    files.extend(left);
    sketch.upgrade.write(&mut files);
    Some(Made { files, lock })
}

/// Roots of a tree that are made of a file that differs, hubs first.
fn changed_roots(old: &Files, new: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> =
        old.keys().chain(new.keys()).filter(|path| path.ends_with(".tf")).collect();
    let differ = paths.into_iter().filter(|path| old.get(*path) != new.get(*path));
    let folders: BTreeSet<&str> = differ.filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    let reader = Reader::new(new);
    let roots = reader.roots().unwrap();
    let is_made =
        |root: &String| reader.folders(root).unwrap().iter().any(|folder| folders.contains(folder.as_str()));
    roots.into_iter().filter(is_made).collect()
}

/// The roots with a file that differs, and hubs: all that `tanada diff` reads while hubs keep what is found in them.
fn some(tree: &Observed, changed: &[String]) -> Observed {
    let is_one = |root: &str| root.starts_with("hub/") || changed.iter().any(|it| it == root);
    let roots = tree.roots.iter().filter(|(directory, _)| is_one(directory));
    Observed { roots: roots.map(|(directory, root)| (directory.clone(), root.clone())).collect() }
}

/// What the witness says, by root and address.
fn said(changes: &Changes) -> Happening {
    let word = |action| match action {
        Action::Create => "create",
        Action::Import => "import",
        Action::Update => "update",
        Action::Move => "move",
        Action::Forget => "forget",
        Action::Replace => "replace",
        Action::Destroy => "destroy",
    };
    let all = changes.all();
    all.map(|(root, change)| ((root.directory.to_string(), change.address.to_string()), word(change.action)))
        .collect()
}

/// What Terraform plans for a root.
fn planned(directory: &str, outline: Outline) -> Happening {
    let word = |step: &Step| match step.action {
        standin::Action::Keep | standin::Action::Update if step.is_import => "import",
        // Else it would not be told.
        standin::Action::Keep => "move",
        standin::Action::Create => "create",
        standin::Action::Update => "update",
        standin::Action::Replace => "replace",
        standin::Action::Destroy => "destroy",
        standin::Action::Forget => "forget",
    };
    let steps = outline.steps.into_iter();
    steps.map(|(address, step)| ((directory.to_owned(), address), word(&step))).collect()
}

/// How often the two agreed.
#[derive(Clone, Debug, Default)]
struct Score {
    edits: usize,
    roots: usize,
    changes: usize,
    losses: usize,
    /// Losses in roots whose own files stay the same.
    followed: usize,
    refused: usize,
    kinds: BTreeMap<&'static str, usize>,
    disagreements: Vec<String>,
}

fn is_loss(word: &str) -> bool {
    matches!(word, "replace" | "destroy")
}

impl Score {
    fn compare(&mut self, edit: &str, said: &Happening, planned: &Happening) {
        self.changes += planned.len();
        self.losses += planned.values().filter(|word| is_loss(word)).count();
        for word in planned.values() {
            *self.kinds.entry(word).or_default() += 1;
        }
        let keys: BTreeSet<_> = said.keys().chain(planned.keys()).collect();
        for key in keys {
            let (own, theirs) = (said.get(key), planned.get(key));
            if own != theirs {
                let (root, address) = key;
                self.disagreements
                    .push(format!("{edit}: {root} {address}: said {own:?}, planned {theirs:?}"));
            }
        }
    }

    fn add(&mut self, other: Self) {
        let Self { edits, roots, changes, losses, followed, refused, kinds, disagreements } = other;
        self.edits += edits;
        self.roots += roots;
        self.changes += changes;
        self.losses += losses;
        self.followed += followed;
        self.refused += refused;
        for (kind, count) in kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        self.disagreements.extend(disagreements);
    }
}

struct Round {
    judge: Judge,
    workspace: Workspace,
    sketch: Sketch,
    made: Made,
    score: Score,
}

impl Round {
    /// Applies an estate.
    fn start(seed: u64, vpcs: usize) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        // Two that are pinned to one place make no estate.
        let (sketch, made) = (0..20)
            .find_map(|_| {
                let sketch = Sketch::new(&mut random, vpcs);
                let made = make(&sketch, &Lock::default(), &Consent::default(), &Files::new())?;
                Some((sketch, made))
            })
            .unwrap_or_else(|| panic!("seed {seed} makes no estate"));
        let judge = Judge::start(Lookups::Applied).unwrap().expect("Terraform was there a moment ago");
        let workspace = Workspace::from_files(&made.files).unwrap();
        for root in Reader::new(&made.files).roots().unwrap() {
            workspace.root(&judge, &root).carry_out().unwrap_or_else(|failure| panic!("{failure}"));
        }
        Self { judge, workspace, sketch, made, score: Score::default() }
    }

    /// Makes one edit; one that changes a hub stays made.
    fn edit(&mut self, name: &str, random: &mut Random, with_hub: bool) {
        let mut after = self.sketch.clone();
        let (edits, consent) = after.edit(random, with_hub);
        let name = format!("{name} {}", edits.join(" + "));
        let Some(new) = make(&after, &self.made.lock, &consent, &self.made.files) else {
            self.score.refused += 1;
            return;
        };
        let changed = changed_roots(&self.made.files, &new.files);
        let touches_hub = changed.iter().any(|root| root.starts_with("hub/"));
        if touches_hub && !with_hub {
            self.score.refused += 1;
            return;
        }
        let (old_tree, new_tree) = (read(&self.made.files), read(&new.files));
        let (Ok(old_tree), Ok(new_tree)) = (&old_tree, &new_tree) else {
            panic!("{name}: {old_tree:?} {new_tree:?}")
        };
        let changes = compare(old_tree, new_tree);
        if lookups_hold(old_tree, new_tree) {
            let both = [changed.clone(), changed_roots(&new.files, &self.made.files)].concat();
            let only = |tree: &Observed| some(tree, &both);
            assert_eq!(compare(&only(old_tree), &only(new_tree)), changes, "{name}: roots that stay count");
        }
        let changes = said(&changes);
        self.workspace.replace_files(&new.files).unwrap();
        // What a hub does, its VPCs follow, also those whose files stay the same.
        let wanted = if touches_hub { Reader::new(&new.files).roots().unwrap() } else { changed.clone() };
        let plans = self.plan(&name, &wanted, touches_hub);
        let own = |(root, _): &&(String, String)| changed.contains(root);
        let followed = plans.iter().filter(|(key, word)| is_loss(word) && !own(key));
        self.score.followed += followed.count();
        self.score.edits += 1;
        self.score.roots += wanted.len();
        self.score.compare(&name, &changes, &plans);
        if touches_hub {
            after.settle();
            (self.sketch, self.made) = (after, new);
        } else {
            self.workspace.replace_files(&self.made.files).unwrap();
        }
    }
}

impl Round {
    /// What Terraform plans for some roots, each applied before the next is planned if that is wanted.
    fn plan(&self, name: &str, roots: &[String], and_apply: bool) -> Happening {
        let mut plans = Happening::new();
        for directory in roots {
            let root = self.workspace.root(&self.judge, directory);
            let outline = if and_apply { root.carry_out() } else { root.outline() };
            plans.extend(planned(directory, outline.unwrap_or_else(|failure| panic!("{name}: {failure}"))));
        }
        plans
    }
}

/// Edits of one applied estate.
const PER_ROUND: usize = 20;

fn round(seed: u64, vpcs: usize, edits: usize) -> Score {
    let mut round = Round::start(seed, vpcs);
    let mut random = Random(seed.wrapping_add(77).wrapping_mul(0x2545_f491_4f6c_dd1d) | 1);
    let hubs = edits.div_ceil(8);
    for edit in 0..edits {
        // Refused edits are tried again, so that a round has as many as it should.
        let before = round.score.edits;
        for trial in 0..20 {
            round.edit(&format!("{seed}.{edit}.{trial}"), &mut random, edit + hubs >= edits);
            if round.score.edits > before {
                break;
            }
        }
    }
    round.score
}

#[test]
fn the_witness_says_what_terraform_plans() {
    let Some(_judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let edits = number("TANADA_DIFFERENCES").unwrap_or(8);
    let from = number("TANADA_DIFFERENCES_FROM").unwrap_or(0) as u64;
    let per_round = PER_ROUND.min(edits.div_ceil(2));
    let rounds: Vec<u64> = (0..edits.div_ceil(per_round) as u64).map(|round| from + round).collect();
    let size = |seed: u64| number("TANADA_DIFFERENCES_VPCS").unwrap_or(3 + seed as usize % 6);
    let mut score = Score::default();
    for own in each(&rounds, |seed| round(*seed, if edits <= 8 { 3 } else { size(*seed) }, per_round)) {
        score.add(own);
    }
    let Score { edits, roots, changes, losses, followed, refused, kinds, disagreements } = &score;
    println!(
        "{edits} edits, {roots} roots planned, {changes} changes {kinds:?}, {losses} of them losses, {followed} of those \
         in roots that stay the same; {} disagreements; {refused} edits refused",
        disagreements.len()
    );
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    assert!(*edits > 0 && *changes > 0, "something was compared");
}

/// Teams, tiers, zones, segments, the hub, the pool, the site with its link, what is reserved and the accounts, all at
/// once.
#[test]
fn renames_make_and_destroy_nothing() {
    let Some(_judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let mut round = Round::start(4, 3);
    let mut after = round.sketch.clone();
    after.rename_all();
    let new = make(&after, &round.made.lock, &Consent::default(), &round.made.files).expect("a tree");
    round.workspace.replace_files(&new.files).unwrap();
    let changed = changed_roots(&round.made.files, &new.files);
    assert!(changed.len() >= 4, "{changed:?}");
    let plans = round.plan("renames", &changed, true);
    // Whatever has a name is there.
    for key in [
        "aws_subnet.this[\"privatex-k",
        "route_table_association.this[\"officex-fibrex\"]",
        "labx\"]",
        "aws_nat_gateway.this[\"k\"]",
    ] {
        assert!(plans.keys().any(|(_, address)| address.contains(key)), "{key} in {plans:#?}");
    }
    let lost: Vec<_> = plans.iter().filter(|(_, word)| !matches!(**word, "move" | "update")).collect();
    assert!(lost.is_empty(), "{lost:#?}");
    let changes = compare(&read(&round.made.files).unwrap(), &read(&new.files).unwrap());
    round.score.compare("renames", &said(&changes), &plans);
    assert!(round.score.disagreements.is_empty(), "{}", round.score.disagreements.join("\n"));
    // `renamed_from` may go once it was applied: nothing more happens.
    after.settle();
    let later = make(&after, &new.lock, &Consent::default(), &new.files).expect("a tree");
    let changes = compare(&read(&new.files).unwrap(), &read(&later.files).unwrap());
    assert!(changes.is_empty(), "{changes:#?}");
}

/// The gateway is made anew, and no byte of a VPC's root is another one.
#[test]
fn what_a_hub_loses_is_lost_where_nothing_was_edited() {
    let Some(_judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let mut round = Round::start(5, 3);
    let mut after = round.sketch.clone();
    after.upgrade.replace_gateway();
    let new = make(&after, &round.made.lock, &Consent::default(), &round.made.files).expect("a tree");
    assert_eq!(changed_roots(&round.made.files, &new.files), ["hub/tokyo"]);
    round.workspace.replace_files(&new.files).unwrap();
    let (hubs, vpcs): (Vec<String>, Vec<String>) =
        Reader::new(&new.files).roots().unwrap().into_iter().partition(|root| root.starts_with("hub/"));
    // Before the hub is applied, nothing shows.
    assert_eq!(round.plan("before", &vpcs, false), Happening::new());
    let mut plans = round.plan("hub", &hubs, true);
    plans.extend(round.plan("after", &vpcs, false));
    let changes = compare(&read(&round.made.files).unwrap(), &read(&new.files).unwrap());
    round.score.compare("gateway", &said(&changes), &plans);
    assert!(round.score.disagreements.is_empty(), "{}", round.score.disagreements.join("\n"));
    for vpc in &vpcs {
        let own: Vec<_> = changes.all().filter(|(root, _)| *root.directory == **vpc).collect();
        let lost = own.iter().filter(|(_, change)| change.action == Action::Replace).count();
        assert!(lost >= 3, "{vpc}: attachment, association, propagations: {own:#?}");
        for (_, change) in own {
            let cause = change.follows().unwrap_or_else(|| panic!("{change:#?} has no cause"));
            let key = (cause.directory.to_string(), cause.address.to_string());
            assert_eq!((&*cause.directory, plans.get(&key)), ("hub/tokyo", Some(&"replace")), "{change:#?}");
        }
    }
}

/// A VPC that was forgotten is taken in again, resource by resource, by its ids.
#[test]
fn what_was_forgotten_can_be_taken_in() {
    let Some(_judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let mut round = Round::start(6, 3);
    let vpc = Reader::new(&round.made.files).roots().unwrap().pop().expect("a VPC");
    let root = round.workspace.root(&round.judge, &vpc);
    let state: serde_json::Value = serde_json::from_slice(&root.state().unwrap()).unwrap();
    let imports: Vec<String> = state["values"]["root_module"]["child_modules"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|module| module["resources"].as_array().into_iter().flatten())
        .filter(|resource| resource["mode"] == "managed")
        .map(|resource| {
            let (address, id) = (&resource["address"], &resource["values"]["id"]);
            format!("import {{\n  to = {}\n  id = {id}\n}}\n", address.as_str().expect("an address"))
        })
        .collect();
    assert!(imports.len() > 20, "{}", imports.len());
    let main = format!("{vpc}/main.tf");
    let forgotten = "removed {\n  from = module.vpc\n\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let mut gone = round.made.files.clone();
    gone.insert(main, forgotten.to_owned());
    gone.remove(&format!("{vpc}/outputs.tf"));
    // One that nobody takes in is made a second time.
    let (left, taken) = imports.split_first().expect("many");
    let mut back = round.made.files.clone();
    back.insert(format!("{vpc}/imports.tf"), taken.concat());
    for (name, old, new) in [("forgotten", &round.made.files.clone(), &gone), ("taken in", &gone, &back)] {
        round.workspace.replace_files(new).unwrap();
        let plans = round.plan(name, std::slice::from_ref(&vpc), true);
        let changes = compare(&read(old).unwrap(), &read(new).unwrap());
        round.score.compare(name, &said(&changes), &plans);
    }
    let Score { kinds, disagreements, .. } = &round.score;
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    assert_eq!(kinds.get("forget"), Some(&imports.len()), "{kinds:?}");
    assert_eq!((kinds.get("import"), kinds.get("create")), (Some(&taken.len()), Some(&1)), "{left}");
}
