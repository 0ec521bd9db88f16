use std::fs;
use std::path::Path;
use std::process::Command;

use tanada::disk::place::Place;
use tanada::review::{Review, review, write_json, write_markdown};
use tanada::revision::{Side, Spec};
use tempfile::TempDir;

use crate::cases::{Case, Step};

/// A copy of `fixtures/m3` before an edit, and one after it.
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

/// A directory in memory, where there is such a place: most of the time that these tests took, a file system on a disk spent
/// on creating three hundred files for each case.
fn in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let own = memory.is_dir().then(|| tempfile::tempdir_in(memory).ok()).flatten();
    own.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

impl Home {
    /// The Markdown of a case.
    pub(crate) fn play(case: &Case) -> Result<String, String> {
        Self::play_as(case, |review, text| write_markdown(review, text).unwrap())
    }

    /// As JSON.
    pub(crate) fn json(review: &Review, text: &mut Vec<u8>) {
        write_json(review, text).unwrap();
    }

    /// A case in some form.
    pub(crate) fn play_as(case: &Case, form: fn(&Review, &mut Vec<u8>)) -> Result<String, String> {
        let home = Self(in_memory());
        let estate = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/m3");
        let (mut base, head) = (home.0.path().join("base"), home.0.path().join("head"));
        if case.before.is_empty() {
            // Nobody writes into it, and what is not copied is not created.
            base = estate;
        } else {
            copy(&estate, &base);
        }
        for step in case.before {
            take(step, &base)?;
        }
        copy(&base, &head);
        for step in case.steps {
            take(step, &head)?;
        }
        let place = Place::new(&head.join("network"), None).unwrap();
        let mut old = Side::open(&place, &Spec::Directory(base.clone())).unwrap();
        let mut new = Side::open(&place, &Spec::WorkingTree).unwrap();
        // Where the copies lie is no part of what is said.
        (old.label, new.label) = ("base".to_owned(), "head".to_owned());
        let mut text = Vec::new();
        form(&review(&old, &new).unwrap(), &mut text);
        let text = String::from_utf8(text).unwrap();
        Ok(text.replace(&format!("{}/", head.display()), "").replace(&format!("{}/", base.display()), ""))
    }
}

/// Takes a step; what went wrong.
fn take(step: &Step, home: &Path) -> Result<(), String> {
    match step {
        Step::Input(from, to) => {
            let mut hits = 0;
            for entry in fs::read_dir(home.join("network")).unwrap() {
                let path = entry.unwrap().path();
                let text = fs::read_to_string(&path).unwrap();
                hits += text.matches(from).count();
                fs::write(&path, text.replace(from, to)).unwrap();
            }
            if hits != 1 {
                return Err(format!("{from} stands {hits} times in the input"));
            }
        }
        Step::File(path, from, to) => {
            let path = home.join(path);
            let text = fs::read_to_string(&path).unwrap();
            if text.matches(from).count() != 1 {
                return Err(format!("{from} does not stand once in {}", path.display()));
            }
            fs::write(&path, text.replace(from, to)).unwrap();
        }
        Step::Put(path, text) => {
            let path = home.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Step::Remove(path) => fs::remove_file(home.join(path)).unwrap(),
        Step::Generate(arguments) => {
            let run = Command::new(env!("CARGO_BIN_EXE_tanada"))
                .arg("generate")
                .args(*arguments)
                .current_dir(home)
                .output()
                .unwrap();
            if !run.status.success() {
                return Err(String::from_utf8_lossy(&run.stderr).into_owned());
            }
        }
    }
    Ok(())
}
