//! Two branches change input and lock; git merges the lock. After the documented resolution nothing overlaps and no
//! block of the branch that is merged into moves.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use tanada_model::lock::{Lock, LockErrorKind, parse, print};
use tanada_render::allocate::{Consent, allocate};

use crate::builder::{Estate, VpcSpec, plain};
use crate::edits::{addresses, disjoint_and_inside};
use crate::history::{Edit, History, start};
use crate::random::amount;

/// A branch: the history with some edits more, and what they were about.
struct Branch {
    history: History,
    touched: BTreeSet<String>,
    consent: Consent,
    renamed: BTreeMap<String, String>,
}

fn branch(base: &History, seed: u64, edits: usize) -> Branch {
    let mut history = base.clone();
    history.random.0 = seed;
    history.next += (seed % 1_000_000) as usize * 100;
    let mut branch =
        Branch { history, touched: BTreeSet::new(), consent: Consent::default(), renamed: BTreeMap::new() };
    for _ in 0..edits {
        let edit = match branch.history.random.below(10) {
            0..5 => branch.history.insert(),
            5 => branch.history.remove(),
            6 => branch.history.release(),
            7 => branch.history.rename_vpc(),
            _ => branch.history.grow(),
        };
        // What a branch made it may remove again; nobody else has heard of it.
        branch.history.run(&edit);
        let Edit { what: _, touched, renamed, consent, release: _ } = edit;
        branch.touched.extend(touched);
        branch.touched.extend(renamed.iter().flat_map(|(new, old)| [new.clone(), old.clone()]));
        for (new, old) in renamed {
            let first = branch.renamed.remove(&old).unwrap_or(old);
            branch.renamed.insert(new, first);
        }
        branch.consent.accept.extend(consent.accept);
        branch.consent.destroy.extend(consent.destroy);
        branch.consent.forget.extend(consent.forget);
    }
    branch
}

/// VPCs by team, then label.
fn vpcs(estate: &Estate) -> BTreeMap<(String, String), VpcSpec> {
    let mut all = BTreeMap::new();
    for (team, own) in &estate.teams {
        for spec in own {
            all.insert((plain(team).to_owned(), plain(&spec.label).to_owned()), spec.clone());
        }
    }
    all
}

/// The input of both: what one side alone changed is as that side has it.
fn merge_inputs(base: &Estate, ours: &Estate, theirs: &Estate) -> Estate {
    let (base_vpcs, ours_vpcs, theirs_vpcs) = (vpcs(base), vpcs(ours), vpcs(theirs));
    let keys: BTreeSet<_> = ours_vpcs.keys().chain(theirs_vpcs.keys()).cloned().collect();
    let mut teams: BTreeMap<String, Vec<VpcSpec>> = BTreeMap::new();
    for key in keys {
        let text = |spec: Option<&VpcSpec>| format!("{spec:?}");
        let (before, own, other) = (base_vpcs.get(&key), ours_vpcs.get(&key), theirs_vpcs.get(&key));
        let merged = if text(before) == text(own) { other } else { own };
        if let Some(spec) = merged {
            teams.entry(key.0).or_default().push(spec.clone());
        }
    }
    Estate { teams: teams.into_iter().collect(), ..base.clone() }
}

/// The merged text, and whether git found no conflict. `None` without git.
fn merge_texts(folder: &std::path::Path, base: &str, ours: &str, theirs: &str) -> Option<(String, bool)> {
    for (name, text) in [("base", base), ("ours", ours), ("theirs", theirs)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let mut git = Command::new("git");
    git.args(["merge-file", "-p", "ours", "base", "theirs"]).current_dir(folder);
    let output = git.output().ok()?;
    Some((String::from_utf8(output.stdout).unwrap(), output.status.success()))
}

/// Consent that the other branch gave and that the whole lock of ours has not heard of.
fn repeated(consent: &Consent, lock: &Lock, estate: &Estate) -> Consent {
    let design = estate.design();
    let live: BTreeSet<String> = lock
        .pools
        .values()
        .flatten()
        .filter_map(|claim| match &claim.holder {
            tanada_model::lock::Holder::Vpc { vpc, .. } => Some(vpc.id()),
            tanada_model::lock::Holder::Pool { .. } => None,
        })
        .collect();
    let gone = |name: &&String| live.contains(*name) && design.vpcs.id(name).is_none();
    Consent {
        accept: consent.accept.clone(),
        destroy: consent.destroy.iter().filter(gone).cloned().collect(),
        forget: consent.forget.iter().filter(gone).cloned().collect(),
    }
}

/// `TANADA_MERGES=1000` for the full run.
#[test]
fn merges_move_nothing_of_the_target() {
    let folder = tempfile::tempdir().unwrap();
    let (mut clean, mut conflicts, mut skipped, mut seed) = (0, 0, 0, 0_u64);
    let wanted = amount("TANADA_MERGES", 30);
    while clean + conflicts < wanted {
        seed += 1;
        let mut base = start(seed * 7 + 1, 20 + (seed % 4) as usize * 10);
        base.run(&Edit { what: "start", ..Edit::default() });
        for _ in 0..3 {
            let edit = base.remove();
            base.run(&edit);
        }
        let edits = 1 + (seed % 2) as usize;
        let (ours, theirs) =
            (branch(&base, seed * 2 + 1_000_000, edits), branch(&base, seed * 2 + 1_000_001, edits));
        if !ours.touched.is_disjoint(&theirs.touched) {
            skipped += 1; // Two people changed one VPC: that is a conflict of the input, for people.
            continue;
        }
        let estate = merge_inputs(&base.estate, &ours.history.estate, &theirs.history.estate);
        let texts = [&base, &ours.history, &theirs.history].map(|history| print(&history.lock));
        let Some((text, is_clean)) = merge_texts(folder.path(), &texts[0], &texts[1], &texts[2]) else {
            println!("skipped: there is no `git` to merge with");
            return;
        };
        let (lock, consent) = if is_clean {
            clean += 1;
            (
                parse(&text).unwrap_or_else(|error| panic!("seed {seed}: a clean merge: {error}\n{text}")),
                Consent::default(),
            )
        } else {
            conflicts += 1;
            assert_eq!(parse(&text).unwrap_err().kind, LockErrorKind::Conflict);
            let consent = repeated(&theirs.consent, &ours.history.lock, &estate);
            (ours.history.lock.clone(), consent)
        };
        let estate = Estate { accepts: ours.history.accepts(), ..estate };
        let design = estate.design();
        let (result, findings) = allocate(&design, &lock, &consent);
        let Some((allocation, lock)) = result else { panic!("seed {seed}: {findings:#?}") };
        disjoint_and_inside(&design, &allocation);
        let same = allocate(&design, &lock, &Consent::default())
            .0
            .is_some_and(|again| again == (allocation.clone(), lock));
        assert!(same, "seed {seed}: a second run differs");
        let placed = addresses(&design, &allocation);
        for (id, now) in &placed {
            let old = theirs.renamed.get(id).unwrap_or(id);
            // The target's own are where they were; what the other side grew has more, never something else.
            for (name, before) in ours.history.placed.get(old).into_iter().flatten() {
                assert_eq!(now.get(name), Some(before), "seed {seed}: `{id}` {name}");
            }
            if is_clean && theirs.touched.contains(id) {
                assert_eq!(Some(now), theirs.history.placed.get(id), "seed {seed}: `{id}`");
            }
        }
    }
    println!(
        "{} merges: {clean} clean, {conflicts} in conflict ({skipped} pairs that changed one VPC left out)",
        clean + conflicts
    );
    assert!(clean * 10 > wanted * 3 && conflicts * 10 > wanted * 3, "{clean} clean, {conflicts} in conflict");
}
