//! The real program on a copy of `fixtures/m3`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tanada::disk::place::Place;
use tanada::review::{review, write_markdown};
use tanada::revision::{Side, Spec};
use tempfile::TempDir;

use crate::support::directory;

/// An estate today, and as it was when it was last looked at.
pub(crate) struct Home(TempDir);

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
    pub(crate) fn m3() -> Self {
        // Creating files on a disk takes longer than everything else here.
        let memory = Path::new("/dev/shm");
        let own = memory.is_dir().then(|| tempfile::tempdir_in(memory).ok()).flatten();
        let home = Self(own.unwrap_or_else(|| tempfile::tempdir().unwrap()));
        copy(&directory("m3"), &home.now());
        home.look();
        home
    }

    fn now(&self) -> PathBuf {
        self.0.path().join("now")
    }

    /// What is there now is what the next review compares with.
    pub(crate) fn look(&self) {
        let then = self.0.path().join("then");
        if then.exists() {
            fs::remove_dir_all(&then).unwrap();
        }
        copy(&self.now(), &then);
    }

    /// Replaces what stands in the input.
    pub(crate) fn edit(&self, changes: &[(&str, &str)]) {
        for (from, to) in changes {
            let mut hits = 0;
            for entry in fs::read_dir(self.now().join("network")).unwrap() {
                let path = entry.unwrap().path();
                let text = fs::read_to_string(&path).unwrap();
                hits += text.matches(from).count();
                fs::write(&path, text.replace(from, to)).unwrap();
            }
            assert_eq!(hits, 1, "{from} stands once in the input");
        }
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.now().join(path)).unwrap()
    }

    /// Loses the lock; what was in it.
    pub(crate) fn lose_the_lock(&self) -> String {
        let text = self.read("network.lock.hcl");
        fs::remove_file(self.now().join("network.lock.hcl")).unwrap();
        text
    }

    /// A run of the program: whether it went well, and what it said.
    pub(crate) fn run(&self, arguments: &[&str]) -> (bool, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_tanada"))
            .args(arguments)
            .current_dir(self.now())
            .output()
            .unwrap();
        let said = [run.stdout, run.stderr].concat();
        (run.status.success(), String::from_utf8(said).unwrap())
    }

    /// A run that goes well.
    pub(crate) fn does(&self, arguments: &[&str]) {
        let (well, said) = self.run(arguments);
        assert!(well, "{arguments:?}: {said}");
    }

    /// A run that does not, and what it says.
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        let (well, said) = self.run(arguments);
        assert!(!well, "{arguments:?}: {said}");
        said
    }

    /// What a pull request would be told of what happened since the last look.
    pub(crate) fn markdown(&self) -> String {
        let place = Place::new(&self.now().join("network"), None).unwrap();
        let mut old = Side::open(&place, &Spec::Directory(self.0.path().join("then"))).unwrap();
        let mut new = Side::open(&place, &Spec::WorkingTree).unwrap();
        // Where the copies lie is no part of what is said.
        (old.label, new.label) = ("base".to_owned(), "head".to_owned());
        let mut text = Vec::new();
        write_markdown(&review(&old, &new).unwrap(), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        text.replace(&format!("{}/", self.now().display()), "")
    }
}

/// Compares with `reviews/NAME.md`; `UPDATE=1` writes it.
pub(crate) fn is_told(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/moves/reviews/{name}.md"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "{name} is told otherwise: UPDATE=1");
}
