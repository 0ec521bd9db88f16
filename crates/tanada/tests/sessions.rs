//! Sessions at a shell, as text: what a person types and what the program answers.
//!
//! `sessions/NAME.txt` begins with `# input: DIR`, a directory beside this file that is copied as `network/`. A line
//! that starts with `$ ` is run by `sh`; behind it stands what it writes, standard output first, then standard error,
//! and `? N` when the exit status is not 0. `UPDATE=1` writes what is found.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// The session with the answers that the program gives now.
fn play(session: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_tanada")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), env::var("PATH").unwrap());
    let mut played = String::new();
    let mut in_answer = false;
    for line in session.lines() {
        in_answer = (in_answer || line.starts_with("$ ")) && !line.is_empty();
        if let Some(input) = line.strip_prefix("# input: ") {
            copy(&here().join(input), &home.path().join("network"));
        }
        if !in_answer && (line.starts_with("# ") || line.is_empty()) {
            writeln!(played, "{line}").unwrap();
        }
        let Some(command) = line.strip_prefix("$ ") else { continue };
        let run = Command::new("sh")
            .args(["-c", command])
            .current_dir(home.path())
            .env("PATH", &path)
            .env("COLUMNS", "100")
            .env_remove("NO_COLOR")
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap());
        writeln!(played, "{line}").unwrap();
        // An empty line of an answer is written `.`: empty lines separate commands.
        for answer in out.lines().chain(err.lines()) {
            writeln!(played, "{}", if answer.is_empty() { "." } else { answer }).unwrap();
        }
        match run.status.code() {
            Some(0) => {}
            Some(status) => writeln!(played, "? {status}").unwrap(),
            None => panic!("killed: {command}"),
        }
    }
    played
}

#[test]
fn sessions_go_as_they_are_written() {
    let mut sessions: Vec<PathBuf> =
        fs::read_dir(here()).unwrap().map(|entry| entry.unwrap().path()).collect();
    sessions.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    sessions.sort();
    assert!(sessions.len() >= 5, "{sessions:?}");
    for path in sessions {
        let expected = fs::read_to_string(&path).unwrap();
        let played = play(&expected);
        if env::var_os("UPDATE").is_some() {
            fs::write(&path, &played).unwrap();
        } else {
            snapbox::assert_data_eq!(played, snapbox::Data::text(expected).raw());
        }
    }
}
