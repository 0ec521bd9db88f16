//! Runs of the program: twice, at once, killed, into a pipe that closes.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use support::{Home, SHOP};

/// The small estate with more teams, so that a run takes a while.
fn teams(names: std::ops::Range<usize>) -> String {
    SHOP[1].1.to_owned() + &names.map(|i| format!("team \"t{i}\" {{}}\n")).collect::<String>()
}

/// By the path in the estate.
fn relative(home: &Home) -> BTreeMap<PathBuf, Vec<u8>> {
    let base = home.path("");
    home.snapshot()
        .into_iter()
        .map(|(path, text)| (path.strip_prefix(&base).unwrap().to_owned(), text))
        .collect()
}

#[test]
fn the_second_run_touches_nothing() {
    let home = Home::generated();
    let times = || {
        let all = home.snapshot().into_keys();
        all.map(|path| (fs::metadata(&path).unwrap().modified().unwrap(), path)).collect::<Vec<_>>()
    };
    let before = times();
    let said = home.run(&["generate"]);
    assert_eq!(said.status, Some(0));
    assert!(said.err.starts_with("0 files written, "), "{}", said.err);
    assert_eq!(times(), before);
}

#[test]
fn a_changed_input_changes_the_files_it_must() {
    let home = Home::generated();
    let before = home.snapshot();
    home.put("network/teams.hcl", teams(0..1));
    assert_eq!(home.run(&["generate"]).status, Some(0));
    let after = home.snapshot();
    let moved = |path: &PathBuf| {
        path.starts_with(home.path("generated/addresses")) && after.get(path) != before.get(path)
    };
    assert_eq!(
        before.keys().filter(|path| moved(path)).count(),
        0,
        "a new team moved the addresses of another"
    );
    home.put("network/teams.hcl", SHOP[1].1);
    assert_eq!(home.run(&["generate"]).status, Some(1), "a team that vanishes is asked about");
}

#[test]
fn a_killed_run_is_finished_by_the_next() {
    let fresh = Home::generated();
    fresh.put("network/teams.hcl", teams(0..24));
    assert_eq!(fresh.run(&["generate"]).status, Some(0));
    let expected = relative(&fresh);
    let mut kills = 0;
    for delay in (0..12).map(|n| n * n * 2) {
        let home = Home::generated();
        home.put("network/teams.hcl", teams(0..24));
        let mut run = home.command(&["generate"]).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(delay));
        kills += u32::from(run.try_wait().unwrap().is_none());
        run.kill().unwrap();
        run.wait().unwrap();
        let said = home.run(&["generate"]);
        assert_eq!(said.status, Some(0), "killed after {delay} ms: {}", said.err);
        assert!(relative(&home) == expected, "killed after {delay} ms");
    }
    assert!(kills > 0, "every run was faster than its kill");
}

/// Between the new lock and the first new root.
#[test]
fn a_run_that_was_killed_behind_its_lock_is_finished_by_the_next() {
    let whole = Home::generated();
    whole.put("network/teams.hcl", teams(0..4));
    assert_eq!(whole.run(&["generate"]).status, Some(0));
    let text = |path: &str| fs::read_to_string(whole.path(path)).unwrap();
    let killed = Home::generated();
    killed.put("network/teams.hcl", teams(0..4));
    killed.put("network.lock.hcl", text("network.lock.hcl"));
    killed.put("generated/.tanada.journal", text("generated/.tanada"));
    let said = killed.run(&["generate"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
    assert!(relative(&killed) == relative(&whole));
    // A root that was there and is gone is no unfinished work.
    fs::remove_dir_all(killed.path("generated/teams/t0")).unwrap();
    assert_eq!(killed.run(&["generate"]).status, Some(1));
}

#[test]
fn runs_at_once_take_turns() {
    let home = Home::new(SHOP);
    home.put("network/teams.hcl", teams(0..20));
    let start = || home.command(&["generate"]).stderr(Stdio::piped()).spawn().unwrap();
    let runs: Vec<_> = (0..6).map(|_| start()).collect();
    let mut writers = 0;
    for run in runs {
        let run = run.wait_with_output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.success(), "{said}");
        writers += u32::from(said.contains(" 0 unchanged"));
    }
    assert_eq!(writers, 1, "one run writes everything, the others find it done");
    assert_eq!(home.run(&["generate", "--check"]).status, Some(0));
}

#[test]
fn a_reader_that_goes_away_is_not_talked_about() {
    let home = Home::generated();
    for arguments in
        [&["tree"][..], &["list", "--format", "json"], &["completions", "bash"], &["--help"], &["explain"]]
    {
        let mut run = home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(run.stdout.take());
        let mut said = String::new();
        run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((run.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
    // An answer is an answer, whoever hears it.
    home.put("generated/index.md", "mine");
    let mut run =
        home.command(&["generate", "--check"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(run.stdout.take());
    assert_eq!(run.wait().unwrap().code(), Some(1));
}

#[test]
fn the_order_and_the_files_of_the_input_mean_nothing() {
    let [(_, estate), (_, teams)] = SHOP;
    let mut blocks: Vec<String> = Vec::new();
    for line in (estate.to_owned() + teams).lines() {
        let continues = line.starts_with([' ', '}']) || line.is_empty();
        match blocks.last_mut() {
            Some(last) if continues => *last += &format!("{line}\n"),
            _ => blocks.push(format!("{line}\n")),
        }
    }
    assert!(blocks.len() > 10, "{blocks:?}");
    let expected = relative(&Home::generated());
    for turn in 0..6 {
        let home = Home::new([]);
        blocks.rotate_left(3);
        blocks.reverse();
        for (i, block) in blocks.iter().enumerate() {
            let path = home.path(&format!("network/{}.hcl", i % (turn + 1)));
            let text = fs::read_to_string(&path).unwrap_or_default();
            fs::write(path, text + block).unwrap();
        }
        let said = home.run(&["generate"]);
        assert_eq!(said.status, Some(0), "{}", said.err);
        let mut found = relative(&home);
        found.retain(|path, _| !path.starts_with("network"));
        let own = expected.iter().filter(|(path, _)| !path.starts_with("network"));
        assert!(own.eq(found.iter()), "turn {turn}");
    }
}
