//! The same history by the program itself: what it refuses until somebody agrees, and what a reviewer is told.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tanada_render::allocate::Consent;
use tempfile::TempDir;

use crate::platform::Platform;
use crate::support::directory;
use crate::{commits, leaving};

/// What one commit took.
pub(crate) struct Asked {
    /// Names that a plain run refused to replace, each agreed to by `--accept`.
    pub(crate) accept: BTreeSet<String>,
    /// Names that leave, each agreed to by `--destroy`.
    pub(crate) destroy: BTreeSet<String>,
    /// What `tanada diff` says of the commit once all was agreed to.
    pub(crate) told: String,
}

struct Home(TempDir);

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

impl Home {
    /// The platform as it stands, generated.
    fn new(standing: &Platform) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(home.now().join("network")).unwrap();
        if !standing.vpcs.is_empty() {
            home.put(standing);
            let (well, said) = home.generate(&BTreeSet::new(), &BTreeSet::new());
            assert!(well, "{said}");
        }
        home
    }

    fn now(&self) -> PathBuf {
        self.0.path().join("now")
    }

    /// Whether a run goes well, and what it says.
    fn run(&self, arguments: &[String]) -> (bool, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_tanada"))
            .args(arguments)
            .current_dir(self.now())
            .output()
            .unwrap();
        let said = [run.stdout, run.stderr].concat();
        (run.status.success(), String::from_utf8(said).unwrap())
    }

    fn generate(&self, accept: &BTreeSet<String>, destroy: &BTreeSet<String>) -> (bool, String) {
        let with = |option: &str, names: &BTreeSet<String>| -> Vec<String> {
            names.iter().flat_map(|name| [option.to_owned(), name.clone()]).collect()
        };
        self.run(
            &[vec!["generate".to_owned()], with("--accept", accept), with("--destroy", destroy)].concat(),
        )
    }

    fn put(&self, platform: &Platform) {
        let then = self.0.path().join("then");
        if then.exists() {
            fs::remove_dir_all(&then).unwrap();
        }
        copy(&self.now(), &then);
        for (path, text) in platform.input() {
            fs::write(self.now().join(path), text).unwrap();
        }
    }

    fn told(&self) -> String {
        self.run(&["diff".to_owned(), "../then/".to_owned()]).1
    }

    /// What leaves goes first, by name, and its addresses are released: others may take them in the same commit.
    fn leave(&self, commit: &str, destroy: &BTreeSet<String>, rest: &Platform) -> String {
        self.put(rest);
        let nobody = BTreeSet::new();
        let (well, said) = self.generate(&nobody, &nobody);
        let named = |name: &String| said.contains(&format!("`{name}`"));
        assert!(!well && destroy.iter().all(named), "{commit}: {destroy:?} leave unasked:\n{said}");
        let (well, said) = self.generate(&nobody, destroy);
        assert!(well, "{commit}: {said}");
        let told = self.told();
        for name in destroy {
            let (well, said) = self.run(&["release".to_owned(), name.clone()]);
            assert!(well, "{commit}: {said}");
        }
        told
    }

    /// Takes one commit: every name has to be asked for.
    fn take(&self, commit: &str, destroy: BTreeSet<String>, rest: &Platform, after: &Platform) -> Asked {
        let mut told = if destroy.is_empty() { String::new() } else { self.leave(commit, &destroy, rest) };
        self.put(after);
        let nobody = BTreeSet::new();
        let (well, said) = self.generate(&nobody, &nobody);
        let refused = said.lines().filter_map(|line| line.strip_prefix("refused: `")?.split('`').next());
        let accept: BTreeSet<String> = refused.map(str::to_owned).collect();
        assert_eq!(well, accept.is_empty(), "{commit}: {said}");
        if !well {
            let (well, said) = self.generate(&accept, &nobody);
            assert!(well, "{commit}: {said}");
        }
        told.push_str(&self.told());
        Asked { accept, destroy, told }
    }
}

/// Takes the commits that changed a range, or with `TANADA_HISTORY=all` every commit, one after the other.
pub(crate) fn replay() -> BTreeMap<String, Asked> {
    let everything = std::env::var_os("TANADA_HISTORY").is_some_and(|value| value == "all");
    let mut home = Home::new(&Platform::default());
    let (mut platform, mut standing) = (Platform::default(), Platform::default());
    let mut all = BTreeMap::new();
    for (commit, rows) in commits() {
        rows.iter().for_each(|row| platform.apply(row));
        let refused = platform.overlaps();
        let after = platform.without(refused.keys());
        let is_change = rows.iter().any(|row| row.before.is_some() && row.after.is_some());
        if everything || is_change {
            if !everything {
                home = Home::new(&standing);
            }
            let Consent { accept: _, destroy, forget: _ } = leaving(&standing, &after);
            let rest = standing.after_leaving(&destroy);
            let asked = home.take(&commit, destroy, &rest, &after);
            all.insert(commit, asked);
        }
        standing = after;
    }
    all
}

/// Compares what `tanada diff` says of a commit with the golden text; `UPDATE=1` writes it.
pub(crate) fn is_told(day: &str, told: &str) {
    let path = directory("modernisation-platform").join(format!("history/{day}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, told).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == told, "{} is stale: UPDATE=1", path.display());
}
