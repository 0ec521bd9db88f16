//! Five years of an estate, commit by commit: what every edit of a range does to the networks that stand.
//!
//! `fixtures/modernisation-platform/history/ranges.csv` has the 37 commits that changed a range. Each becomes an edit of
//! an input; the trees before and after are compared as Terraform would plan the step. `verdicts.csv` beside it is what
//! comes out, row by row; `UPDATE=1` writes it. The program itself takes the commits that changed a range, and with
//! `TANADA_HISTORY=all` all of them: what it refuses unless somebody names it is the last column.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod platform;
mod program;
#[expect(dead_code, reason = "the tests of whole estates need more of it")]
#[path = "../estates/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use tanada_model::design::resolve;
use tanada_model::diagnostic::{Severity, Sources};
use tanada_model::document::parse;
use tanada_model::lock::{BlockLabel, Holder, Lock, VpcName};
use tanada_render::allocate::{Consent, allocate};
use tanada_verify::changes::{Action, Changes, RootChanges, RootFate, compare};
use tanada_verify::{Observed, read};

use platform::{Platform, Row};
use program::is_told;
use support::{Run, directory, run_with};

/// A step that was taken.
struct Step {
    commit: String,
    rows: Vec<Row>,
    changes: Changes,
    /// VPCs that the program refuses beside the others, with whom they overlap.
    refused: BTreeMap<String, String>,
}

fn csv(name: &str) -> Vec<Vec<String>> {
    let path = directory("modernisation-platform").join("history").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// The commits in order, each with its rows.
fn commits() -> Vec<(String, Vec<Row>)> {
    let mut commits: Vec<(String, Vec<Row>)> = Vec::new();
    for fields in csv("ranges.csv") {
        let row = Row::new(&fields);
        match commits.last_mut() {
            Some((commit, rows)) if *commit == fields[1] => rows.push(row),
            _ => commits.push((fields[1].clone(), vec![row])),
        }
    }
    commits
}

fn observe(run: &Run) -> Observed {
    read(&run.tree.files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// What leaves between two states, as a person has to name it.
fn leaving(before: &Platform, after: &Platform) -> Consent {
    let mut destroy = BTreeSet::new();
    for (vpc, sets) in &before.vpcs {
        match after.vpcs.get(vpc) {
            None => drop(destroy.insert(vpc.clone())),
            Some(now) => {
                let further = |sets: &BTreeMap<String, String>| platform::further(sets).cloned().collect();
                let (old, new): (BTreeSet<String>, BTreeSet<String>) = (further(sets), further(now));
                destroy.extend(old.difference(&new).map(|set| format!("{vpc}/{set}")));
            }
        }
    }
    Consent { destroy, ..Consent::default() }
}

/// The lock once everything that leaves has been destroyed, applied and released.
fn settled(lock: &Lock, consent: &Consent) -> Lock {
    let mut lock = lock.clone();
    let left = |vpc: &VpcName, block: &BlockLabel| {
        let named = match block {
            BlockLabel::Named(name) => format!("{}/{name}", vpc.id()),
            BlockLabel::First | BlockLabel::Grown(_) => vpc.id(),
        };
        consent.destroy.contains(&vpc.id()) || consent.destroy.contains(&named)
    };
    for claims in lock.pools.values_mut() {
        claims.retain(|claim| !matches!(&claim.holder, Holder::Vpc { vpc, block, .. } if left(vpc, block)));
    }
    lock
}

/// What allocation complains of.
fn complaints(platform: &Platform, lock: &Lock, consent: &Consent) -> Vec<String> {
    let mut sources = Sources::default();
    for (path, text) in platform.input() {
        sources.add(path, text);
    }
    let (document, _) = parse(&sources);
    let design = resolve(&document).0.expect("a design");
    let (_, found) = allocate(&design, lock, consent);
    let errors = found.into_iter().filter(|finding| finding.code.severity == Severity::Error);
    errors.map(|finding| finding.to_string()).collect()
}

/// Replays all commits. Where two VPCs overlap, the program refuses; the older one is then left aside, as the team
/// itself did in the end.
fn replay() -> (Vec<Step>, Platform) {
    let mut platform = Platform::default();
    let mut standing = Platform::default();
    let mut run: Option<Run> = None;
    let mut steps = Vec::new();
    for (commit, rows) in commits() {
        rows.iter().for_each(|row| platform.apply(row));
        let refused = platform.overlaps();
        let lock = run.as_ref().map(|run| run.lock.clone()).unwrap_or_default();
        if !refused.is_empty() {
            let found = complaints(&platform, &lock, &leaving(&standing, &platform));
            assert!(!found.is_empty(), "{commit}: {refused:?}");
            for (vpc, other) in &refused {
                let named = |said: &String| {
                    said.starts_with("blocks-overlap") && said.contains(vpc) && said.contains(other)
                };
                assert!(found.iter().any(named), "{commit}: {vpc} and {other}: {found:?}");
            }
        }
        let after = platform.without(refused.keys());
        let consent = leaving(&standing, &after);
        for name in &consent.destroy {
            let found = complaints(&after, &lock, &Consent::default());
            let named = |said: &String| said.starts_with("vanished-") && said.contains(&format!("`{name}`"));
            assert!(found.iter().any(named), "{commit}: {name} leaves unnoticed: {found:?}");
        }
        let next = run_with(&after.input(), &settled(&lock, &consent), &Consent::default());
        let old = run.as_ref().map(observe).unwrap_or_default();
        let changes = compare(&old, &observe(&next));
        run = Some(next);
        steps.push(Step { commit, rows, changes, refused });
        standing = after;
    }
    (steps, platform)
}

/// What Terraform does to what stands in a root: how much is replaced, how much destroyed.
fn harm(root: &RootChanges) -> (usize, usize) {
    let count = |action| root.resources.iter().filter(|change| change.action == action).count();
    (count(Action::Replace), count(Action::Destroy))
}

/// In some words what an edit does to its VPC, and how much of it is replaced and destroyed.
fn verdict(row: &Row, step: &Step) -> (String, usize, usize) {
    let directory = platform::root(&row.vpc);
    if let Some(other) = step.refused.get(&row.vpc) {
        return (format!("refused: it overlaps {other}"), 0, 0);
    }
    let Some(root) = step.changes.roots.iter().find(|root| *root.directory == directory) else {
        return ("it stood aside, since it overlapped".to_owned(), 0, 0);
    };
    if let RootFate::Gone { left } = root.fate {
        return ("the VPC leaves".to_owned(), 0, left);
    }
    let (replaced, destroyed) = harm(root);
    let is = |type_name: &str| {
        root.resources
            .iter()
            .any(|change| &*change.type_name == type_name && change.action == Action::Replace)
    };
    let word = if is("aws_vpc") {
        "the VPC is replaced"
    } else if is("aws_subnet") {
        "its subnets are replaced"
    } else if destroyed > 0 {
        "its subnets are destroyed"
    } else {
        "nothing that stands is touched"
    };
    (word.to_owned(), replaced, destroyed)
}

/// What a person has to type before the program does what an edit asks for; empty when nothing is lost.
fn unless(vpc: &str, set: &str, asked: &program::Asked) -> String {
    let block = format!("{vpc}/{set}");
    if asked.accept.contains(vpc) {
        format!("--accept {vpc}")
    } else if asked.destroy.contains(vpc) {
        format!("--destroy {vpc}")
    } else if asked.destroy.contains(&block) {
        format!("--destroy {block}")
    } else {
        String::new()
    }
}

/// The replay stands at the recorded ranges on the days that were recorded apart.
#[test]
fn the_replay_passes_through_the_recorded_days() {
    let mut recorded: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
    for fields in csv("days.csv") {
        let [day, vpc, set, range] = fields.as_slice() else { panic!("{fields:?}") };
        let sets = recorded.entry(day.clone()).or_default().entry(vpc.clone()).or_default();
        sets.insert(set.clone(), range.clone());
    }
    assert_eq!(recorded.len(), 6);
    for (day, expected) in recorded {
        let mut platform = Platform::default();
        csv("ranges.csv")
            .iter()
            .filter(|fields| fields[0] <= day)
            .for_each(|fields| platform.apply(&Row::new(fields)));
        assert_eq!(platform.vpcs, expected, "{day}");
    }
}

#[test]
fn every_edit_of_five_years_is_told() {
    let (steps, platform) = replay();
    assert_eq!(steps.len(), 37);
    assert_eq!(platform.vpcs.len(), 38);
    let asked = program::replay();
    let row = |fields: Vec<String>| {
        let [commit, vpc, set, .., unless] = fields.as_slice() else { panic!("{fields:?}") };
        ([commit.clone(), vpc.clone(), set.clone()], unless.clone())
    };
    let recorded: BTreeMap<[String; 3], String> = csv("verdicts.csv").into_iter().map(row).collect();
    let mut table = String::from("commit,vpc,set,before,after,verdict,replaced,destroyed,refused unless\n");
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for step in &steps {
        let Step { commit, rows, changes, refused: _ } = step;
        for row in rows.iter().filter(|row| row.before.is_some()) {
            let (word, replaced, destroyed) = verdict(row, step);
            let Row { vpc, set, before, after } = row;
            let (before, after) = (before.clone().unwrap_or_default(), after.clone().unwrap_or_default());
            let key = [commit.clone(), vpc.clone(), set.clone()];
            let harmed = replaced + destroyed > 0;
            let unless = match asked.get(commit) {
                Some(asked) => {
                    let told = &asked.told;
                    assert!(!harmed || told.contains(&format!("`{vpc}`")), "{commit}: {vpc} in {told}");
                    unless(vpc, set, asked)
                }
                None => recorded.get(&key).cloned().unwrap_or_default(),
            };
            assert_eq!(harmed, !unless.is_empty(), "{commit}: {vpc} {set}: {word}");
            writeln!(table, "{commit},{vpc},{set},{before},{after},{word},{replaced},{destroyed},{unless}")
                .unwrap();
            let kind = if after.is_empty() { "removed" } else { "changed" };
            *words.entry(format!("{kind}: {word}")).or_default() += 1;
        }
        // Who did not edit is not touched.
        let edited: BTreeSet<String> = rows.iter().map(|row| platform::root(&row.vpc)).collect();
        for root in changes.roots.iter().filter(|root| root.directory.starts_with("teams/")) {
            let (replaced, destroyed) = harm(root);
            let own = edited.contains(&*root.directory);
            let aside = step.refused.keys().any(|vpc| platform::root(vpc) == *root.directory);
            assert!(own || aside || replaced + destroyed == 0, "{commit}: {} is collateral", root.directory);
        }
    }
    for (word, number) in &words {
        println!("{number:3} {word}");
    }
    // The root move: every address of one set of eleven VPCs.
    is_told("2021-12-09", &asked["a1a322a65ffe"].told);
    let changed: usize = words.iter().filter(|(word, _)| word.starts_with("changed")).map(|(_, n)| n).sum();
    assert_eq!(changed, 23);
    let path = directory("modernisation-platform").join("history/verdicts.csv");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &table).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == table, "{} is stale: UPDATE=1", path.display());
}
