//! Two branches change the input and are generated; git merges input, lock and tree. After the documented resolution
//! (the lock of the branch that is merged into, whole, and `generate` again) nothing overlaps, no block of that branch
//! has moved, the tree is the one that a run into an empty directory writes, and `generate --check` agrees.
//!
//! `TANADA_BRANCHES=1000 cargo test -p tanada --test branches -- --nocapture` makes a thousand merges.
//! `TANADA_BRANCHES_FROM=501` begins at another seed than 1, so that they can be made in pieces.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "figures are told")]

mod company;
mod git;
mod left;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::num::NonZero;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use company::{Branch, Company, Random, edit};
use git::{commit, conflicts, git, init, must};
use support::Home;
use tanada_model::net::Block;

fn put(home: &Home, company: &Company) {
    for (path, text) in company.files() {
        home.put(&path, text);
    }
}

/// Blocks by VPC, as `list` says.
fn blocks(home: &Home) -> BTreeMap<String, Vec<Block>> {
    let rows: serde_json::Value = serde_json::from_str(&home.run(&["list", "--format", "json"]).out).unwrap();
    let row = |row: &serde_json::Value| {
        let blocks = row["blocks"].as_array().unwrap();
        (
            row["name"].as_str().unwrap().to_owned(),
            blocks.iter().map(|b| b.as_str().unwrap().parse().unwrap()).collect(),
        )
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

/// Generates what a branch has made of the input, and commits.
fn develop(home: &Home, company: &Company, branch: &Branch) {
    put(home, company);
    assert!(!generate(home, &branch.destroyed, "", "a branch"), "only a merge mixes files");
    commit(home, "a branch");
}

/// Generates; whether files that git had mixed stood in the way.
fn generate(home: &Home, destroyed: &BTreeSet<String>, overwrite: &str, story: &str) -> bool {
    let mut arguments = vec!["generate"];
    arguments.extend(destroyed.iter().flat_map(|name| ["--destroy", name]));
    if !overwrite.is_empty() {
        arguments.extend(["--overwrite", overwrite]);
    }
    let said = home.run(&arguments);
    if overwrite.is_empty() && said.status == Some(1) && said.err.contains("is not as it was generated") {
        generate(home, destroyed, "all", story);
        return true;
    }
    assert_eq!(said.status, Some(0), "{story}: {}", said.err);
    false
}

/// The files below a directory.
fn files(root: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut directories = vec![root.to_path_buf()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                files.insert(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    files
}

/// The files that the manifest lists.
fn listed(home: &Home) -> BTreeSet<String> {
    let text = fs::read_to_string(home.path("generated/.tanada")).unwrap();
    text.lines().map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

/// What git made of a merge.
#[derive(Debug, Default)]
struct Merge {
    seed: u64,
    /// Paths in conflict.
    conflicts: BTreeSet<String>,
    /// Whether git had mixed files of the tree without saying so.
    mixed: bool,
    /// Whether the merge was already what a run would write.
    complete: bool,
}

impl Merge {
    fn of(&self, kind: fn(&str) -> bool) -> bool {
        self.conflicts.iter().any(|path| kind(path))
    }
}

fn is_lock(path: &str) -> bool {
    path == "network.lock.hcl"
}

fn is_input(path: &str) -> bool {
    path.starts_with("network/")
}

fn is_generated(path: &str) -> bool {
    path.starts_with("generated/")
}

/// An estate and what two branches made of it. What both branches edited people have to settle: such a pair is drawn
/// again.
fn draw(random: &mut Random) -> (Company, [(Company, Branch); 2]) {
    loop {
        let base = Company::new(random);
        let [ours, theirs] = ["other", "new"].map(|side| {
            let mut company = base.clone();
            let branch = edit(&mut company, side, random);
            (company, branch)
        });
        if ours.1.touched.is_disjoint(&theirs.1.touched) {
            return (base, [ours, theirs]);
        }
    }
}

/// Merges two branches that are drawn by `seed`.
fn merge(seed: u64) -> Merge {
    let (base, [(ours, our_branch), (theirs, their_branch)]) = draw(&mut Random::new(seed));
    let story = format!("seed {seed}: {:?} and {:?}", our_branch.edits, their_branch.edits);
    let home = Home::new([]);
    put(&home, &base);
    init(&home);
    generate(&home, &BTreeSet::new(), "", "the base");
    commit(&home, "base");
    must(&home, &["checkout", "-qb", "theirs"]);
    develop(&home, &theirs, &their_branch);
    must(&home, &["checkout", "-q", "main"]);
    develop(&home, &ours, &our_branch);
    let before = blocks(&home);

    git(&home, &["merge", "-q", "--no-edit", "theirs"]);
    let mut merge = Merge { seed, conflicts: conflicts(&home), mixed: false, complete: false };
    merge.complete = merge.conflicts.is_empty() && home.run(&["generate", "--check"]).status == Some(0);
    if merge.of(is_input) {
        put(&home, &Company::merged(&base, &ours, &theirs));
    }
    let mut again = BTreeSet::new();
    if merge.of(is_lock) {
        let said = home.run(&["generate"]);
        assert_eq!(said.status, Some(2), "a lock in conflict is no lock");
        assert!(said.err.contains("take the lock of the branch you merge into, whole"), "{}", said.err);
        must(&home, &["checkout", "--ours", "network.lock.hcl"]);
        // What the other branch removed has to be said again, since its lock was not taken.
        again = their_branch.destroyed;
    }
    merge.mixed = generate(&home, &again, "", &story);

    let after = blocks(&home);
    for (name, blocks) in &after {
        let old = before.get(name).or_else(|| before.get(their_branch.renamed.get(name)?));
        // What the other branch made larger has more, and what it had is where it was.
        let stays = |old: &Vec<Block>| old.iter().all(|old| blocks.iter().any(|new| new.contains(*old)));
        assert!(old.is_none_or(stays), "{story}: {name} moved from {old:?} to {blocks:?}");
    }
    let mut all: Vec<Block> = after.into_values().flatten().collect();
    all.sort();
    assert!(all.windows(2).all(|pair| !pair[0].overlaps(pair[1])), "{story}: {all:?}");
    assert_eq!(home.run(&["generate", "--check"]).status, Some(0), "{story}");
    let mut lying = files(&home.path("generated"));
    lying.remove(".tanada");
    assert_eq!(lying, listed(&home), "{story}: nothing lies there that nobody wrote");
    merge
}

/// Works on two or more at once. Results come in no order.
fn each<R: Send>(seeds: impl Iterator<Item = u64> + Send, work: impl Fn(u64) -> R + Sync) -> Vec<R> {
    let (seeds, results) = (Mutex::new(seeds), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                loop {
                    let next = seeds.lock().unwrap().next();
                    let Some(seed) = next else { break };
                    let result = work(seed);
                    results.lock().unwrap().push(result);
                }
            });
        }
    });
    results.into_inner().unwrap()
}

/// What a merge came to, or what failed of it.
fn attempt(seed: u64) -> Result<Merge, u64> {
    catch_unwind(|| merge(seed)).map_err(|_| seed)
}

/// What the normal test merges: a few of every kind that ever went wrong. Growth of a lock that was not taken (25, 39);
/// a root in conflict (17, 59), whose other files were merged (126, 136); files that git took for a rename (121, 210).
const SAMPLE: [u64; 10] = [1, 2, 17, 25, 39, 59, 121, 126, 136, 210];

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|n| n.parse().unwrap())
}

#[test]
fn merges_keep_the_target_branch_where_it_is() {
    let from = number("TANADA_BRANCHES_FROM").unwrap_or(1);
    let seeds: Vec<u64> =
        number("TANADA_BRANCHES").map_or(SAMPLE.to_vec(), |wanted| (from..from + wanted).collect());
    let wanted = seeds.len();
    let (merges, failed): (Vec<_>, Vec<_>) =
        each(seeds.into_iter(), attempt).into_iter().partition(Result::is_ok);
    let merges: Vec<Merge> = merges.into_iter().flatten().collect();
    let failed: BTreeSet<u64> = failed.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} of {wanted} failed, the seeds {failed:?}", failed.len());
    let count = |which: &dyn Fn(&Merge) -> bool| merges.iter().filter(|merge| which(merge)).count();
    let conflicts = count(&|merge| merge.of(is_lock));
    let clean = merges.len() - conflicts;
    println!("{wanted} merges: {clean} with a clean lock, {conflicts} with one in conflict");
    println!(
        "nothing in conflict: {}, {} of these as a run would write it; input in conflict: {}; generated files in \
         conflict: {}; mixed without a mark: {}",
        count(&|merge| merge.conflicts.is_empty()),
        count(&|merge| merge.complete),
        count(&|merge| merge.of(is_input)),
        count(&|merge| merge.of(is_generated)),
        count(&|merge| merge.mixed),
    );
    let mixed: BTreeSet<u64> = merges.iter().filter(|merge| merge.mixed).map(|merge| merge.seed).collect();
    println!("the seeds of those: {mixed:?}");
    // Few merges say that both kinds occur, many how often.
    let least = if wanted < 100 { 1 } else { merges.len() * 3 / 10 };
    assert!(clean >= least && conflicts >= least, "{clean} clean, {conflicts} in conflict");
    assert!(count(&|merge| merge.complete) > 0, "a merge without a conflict mostly needs no run");
}
