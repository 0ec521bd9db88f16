//! What `tanada diff` says about scripted edits of `fixtures/m3`, as the Markdown that a pull request gets.
//!
//! `reviews/NAME.md` is what each edit must give; `UPDATE=1 cargo test -p tanada --test diff` writes them anew. What means
//! nothing gives nothing. The dangerous ones say so within their first five lines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what failed by failing"
)]

mod cases;
mod home;
mod json;
mod wrong;

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use tanada::review::MARKER;

use crate::cases::{Case, Look, cases};
use crate::home::Home;

fn reviews() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/reviews")
}

/// The Markdown of each case, some at a time.
fn play_all() -> Vec<(&'static Case, Result<String, String>)> {
    let next = Mutex::new(cases());
    let played = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                loop {
                    let Some(case) = next.lock().unwrap().next() else { break };
                    let text = Home::play(case);
                    played.lock().unwrap().push((case, text));
                }
            });
        }
    });
    let mut played = played.into_inner().unwrap();
    played.sort_by_key(|(case, _)| case.name);
    played
}

/// Lines that are seen without unfolding.
fn visible(markdown: &str) -> usize {
    let mut depth = 0;
    let mut count = 0;
    for line in markdown.lines() {
        count += usize::from(depth == 0 || line.starts_with("<details>"));
        depth += line.matches("<details>").count();
        depth -= line.matches("</details>").count();
    }
    count
}

#[test]
fn every_edit_is_told_as_it_must_be() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for (case, played) in play_all() {
        let text = match played {
            Ok(text) => text,
            Err(why) => {
                wrong.push(format!("-- {} cannot be played: {why}", case.name));
                continue;
            }
        };
        let path = reviews().join(format!("{}.md", case.name));
        if update {
            fs::create_dir_all(reviews()).unwrap();
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("-- {}\n{text}", case.name));
        }
        let lines: Vec<&str> = text.lines().collect();
        match case.look {
            Look::Nothing if text.is_empty() => {}
            Look::Ordinary if lines.first() == Some(&MARKER) && visible(&text) <= 40 => {}
            Look::Danger(words) if lines.iter().take(5).any(|line| line.contains(words)) => {}
            Look::Nothing => wrong.push(format!("-- {} says something:\n{text}", case.name)),
            Look::Ordinary => wrong.push(format!("-- {} has {} lines", case.name, visible(&text))),
            Look::Danger(words) => {
                wrong.push(format!(
                    "-- {} does not begin with `{words}`:\n{}",
                    case.name,
                    lines.iter().take(6).map(|line| format!("{line}\n")).collect::<String>()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are told otherwise\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_is_a_review_for_each_case_and_no_other() {
    let names: BTreeSet<String> = cases().map(|case| format!("{}.md", case.name)).collect();
    assert_eq!(names.len(), cases().count(), "no name stands twice");
    let there: BTreeSet<String> = fs::read_dir(reviews())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(there, names);
    let dangers = cases().filter(|case| matches!(case.look, Look::Danger(_))).count();
    assert!(cases().count() - dangers >= 50 && dangers >= 10, "{} and {dangers}", cases().count());
}

#[test]
fn json_is_as_its_schema_says() {
    let mut seen = BTreeSet::new();
    let names =
        ["danger-replaced", "danger-gateway-replaced", "tier-renamed", "three-edits", "danger-root-gone"];
    for name in names.into_iter().chain(["segment-reaches-less", "quota-near"]) {
        let case = cases().find(|case| case.name == name).expect("a case");
        seen.extend(json::holds(&Home::play_as(case, Home::json).unwrap()));
    }
    let every = [
        ".dangers[].accepted",
        ".causes[].resources.*",
        ".ranges[].note",
        ".reach[].services",
        ".rules[].places",
        ".quotas[].limit_after",
    ];
    let every =
        every.into_iter().chain([".owners[].owner", ".roots[].left", ".roots[].resources[].moved_from"]);
    let every = every.chain([".roots[].resources[].attributes[].forces_replacement.source", ".routes[].row"]);
    let every = every.chain([".roots[].resources[].attributes[].follows_from.address"]);
    for property in every {
        assert!(seen.contains(property), "{property} is never written");
    }
}
