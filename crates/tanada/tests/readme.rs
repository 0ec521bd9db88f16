//! The README's tour is run as it stands: every `console` block, in one scratch directory, in order.
//!
//! `$ ` starts a command, `? N` its exit status when that is not 0, and a line `...` stands for any lines.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::Command;

/// A command with what the README says it prints.
struct Step {
    command: String,
    status: i32,
    printed: Vec<String>,
}

#[test]
fn the_tour_is_what_happens() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let steps = steps(&readme);
    assert!(steps.len() > 10, "the README has lost its tour");
    let scratch = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("fixtures"), scratch.path().join("fixtures")).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_tanada")).parent().unwrap().display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
    let terraform = Command::new("terraform").arg("version").output().is_ok();
    for Step { command, status, printed } in steps {
        if command.starts_with("terraform") && !terraform {
            println!("SKIPPED: no `terraform` on PATH, so `{command}` was not run");
            continue;
        }
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {command}")])
            .current_dir(scratch.path())
            .env("PATH", &path)
            .env("NO_COLOR", "1")
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(output.status.code(), Some(status), "$ {command}\n{text}");
        assert!(
            matches(&printed, &lines),
            "$ {command}\n{text}\n-- the README says --\n{}",
            printed.join("\n")
        );
    }
}

fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (false, _) => {}
            (true, line) => match (line.strip_prefix("$ "), line.strip_prefix("? "), steps.last_mut()) {
                (Some(command), _, _) => {
                    steps.push(Step { command: command.to_owned(), status: 0, printed: Vec::new() });
                }
                (None, Some(status), Some(step)) => step.status = status.parse().unwrap(),
                (None, _, Some(step)) => step.printed.push(line.to_owned()),
                (None, _, None) => panic!("a console block begins with a command, not with `{line}`"),
            },
        }
    }
    steps
}

/// Whether lines are as expected, where `...` stands for any number of them.
fn matches(expected: &[String], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => (0..=lines.len()).any(|skip| matches(rest, &lines[skip..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, lines)| line == first && matches(rest, lines))
        }
    }
}
