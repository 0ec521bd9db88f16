//! Git, in the directory of an estate.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use crate::support::Home;

/// What `tanada init` writes.
const ATTRIBUTES: &str = include_str!("../../src/starter/gitattributes");

/// A repository with the attributes that `tanada init` writes.
pub(crate) fn init(home: &Home) {
    home.put(".gitattributes", ATTRIBUTES);
    must(home, &["init", "-q"]);
}

/// Paths in conflict.
pub(crate) fn conflicts(home: &Home) -> BTreeSet<String> {
    let unmerged = git(home, &["diff", "--name-only", "--diff-filter=U"]).stdout;
    String::from_utf8(unmerged).unwrap().lines().map(str::to_owned).collect()
}

pub(crate) fn git(home: &Home, arguments: &[&str]) -> Output {
    let name = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    Command::new("git").args(name).args(arguments).current_dir(home.path("")).output().unwrap()
}

pub(crate) fn must(home: &Home, arguments: &[&str]) {
    let output = git(home, arguments);
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

pub(crate) fn commit(home: &Home, message: &str) {
    must(home, &["add", "-A"]);
    must(home, &["commit", "-q", "--allow-empty", "-m", message]);
}
