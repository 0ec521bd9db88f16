//! A run that is stopped at every single change of the disk, as by a kill or a full disk.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use rayon::prelude::*;
use tanada::disk::compare::{Overwrite, compare};
use tanada::disk::known::Known;
use tanada::disk::lock;
use tanada::disk::write::{NewLock, Step, open_gate, write};
use tanada_render::tree::Tree;

/// A lock text and a tree, as one run would write them.
struct State(&'static str, Tree);

fn state(lock: &'static str, files: &[(&str, &str)]) -> State {
    State(
        lock,
        Tree { files: files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect() },
    )
}

fn states() -> [State; 4] {
    [
        state("", &[]),
        state(
            "1",
            &[
                ("index.md", "1"),
                ("teams/a/x/main.tf", "a1"),
                ("teams/b/x/main.tf", "b"),
                ("hub/h/main.tf", "h"),
            ],
        ),
        state(
            "2",
            &[
                ("index.md", "2"),
                ("teams/a/x/main.tf", "a2"),
                ("teams/b/x/main.tf", "b"),
                ("teams/c/x/main.tf", "c"),
            ],
        ),
        state(
            "3",
            &[
                ("index.md", "3"),
                ("teams/a/x/main.tf", "a1"),
                ("teams/c/x/main.tf", "c3"),
                ("teams/d/y/z/main.tf", "d"),
            ],
        ),
    ]
}

fn run(home: &Path, state: &State, gate: &(dyn Fn(Step, &Path) -> io::Result<()> + Sync)) -> Result<()> {
    let (out, path) = (home.join("generated"), home.join("network.lock.hcl"));
    let old = lock::read(&path)?;
    let comparison =
        compare(&out, Known::read(&out)?, state.1.files.clone().into_par_iter(), &Overwrite::default())?;
    assert_eq!(
        comparison.edited,
        Vec::<String>::new(),
        "an interrupted run's own files are taken for edited ones"
    );
    write(&out, &comparison, Some(NewLock { path: &path, old: old.as_deref(), new: state.0 }), gate)
}

/// Every file and directory below, with its bytes.
fn snapshot(home: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    fn walk(home: &Path, directory: &Path, found: &mut BTreeMap<String, Option<Vec<u8>>>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(home).unwrap().to_string_lossy().into_owned();
            found.insert(name, path.is_file().then(|| fs::read(&path).unwrap()));
            if path.is_dir() {
                walk(home, &path, found);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(home, home, &mut found);
    found
}

fn fresh(state: &State) -> BTreeMap<String, Option<Vec<u8>>> {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), state, &open_gate).unwrap();
    snapshot(home.path())
}

/// Runs and stops before change number `at` for which `counts`; says whether it got to the end.
fn run_until(home: &Path, state: &State, at: usize, counts: fn(Step) -> bool) -> Result<()> {
    let left = AtomicUsize::new(at);
    run(home, state, &|step, _| {
        let go_on = !counts(step)
            || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
        if go_on { Ok(()) } else { Err(io::Error::other("killed")) }
    })
}

#[test]
fn what_a_killed_run_leaves_the_next_one_finishes() {
    let states = states();
    let mut kills = 0;
    for (from, to, then) in [(0, 1, 1), (1, 2, 2), (1, 2, 3), (2, 3, 1), (3, 0, 0)] {
        for at in 0.. {
            let home = tempfile::tempdir().unwrap();
            run(home.path(), &states[from], &open_gate).unwrap();
            let finished = run_until(home.path(), &states[to], at, |_| true).is_ok();
            run(home.path(), &states[then], &open_gate).unwrap();
            assert_eq!(
                snapshot(home.path()),
                fresh(&states[then]),
                "{from} to {to}, killed at {at}, then {then}"
            );
            if finished {
                break;
            }
            kills += 1;
        }
    }
    assert!(kills > 100, "{kills}");
}

#[test]
fn what_two_killed_runs_leave_the_next_one_finishes() {
    let states = states();
    for first in (0..40).step_by(6) {
        for second in (0..40).step_by(7) {
            let home = tempfile::tempdir().unwrap();
            run(home.path(), &states[1], &open_gate).unwrap();
            let _ = run_until(home.path(), &states[2], first, |_| true);
            let _ = run_until(home.path(), &states[3], second, |_| true);
            run(home.path(), &states[1], &open_gate).unwrap();
            assert_eq!(snapshot(home.path()), fresh(&states[1]), "killed at {first} and {second}");
        }
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let states = states();
    for (from, to) in [(0, 1), (1, 2), (2, 3)] {
        for at in 0.. {
            let home = tempfile::tempdir().unwrap();
            run(home.path(), &states[from], &open_gate).unwrap();
            let before = snapshot(home.path());
            // A full disk refuses what takes room; renaming and removing go on.
            let takes_room = |step| matches!(step, Step::Directory | Step::Create | Step::Fill);
            match run_until(home.path(), &states[to], at, takes_room) {
                Ok(()) => break,
                Err(error) => assert!(error.to_string().ends_with("nothing was changed"), "{error}"),
            }
            assert_eq!(snapshot(home.path()), before, "{from} to {to}, full at {at}");
        }
    }
}

#[test]
fn an_unchanged_run_changes_nothing() {
    for state in states() {
        let home = tempfile::tempdir().unwrap();
        run(home.path(), &state, &open_gate).unwrap();
        run(home.path(), &state, &|step, path| panic!("{step:?} {}", path.display())).unwrap();
    }
}
