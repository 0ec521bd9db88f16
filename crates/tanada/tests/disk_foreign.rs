//! Files of the output directory that are not, or no longer, the program's own.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use tanada::disk::compare::{self, Comparison, Overwrite};
use tanada::disk::known::Known;
use tanada::disk::manifest::Digest;
use tanada::disk::write::{open_gate, write};
use tanada_render::tree::Tree;

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree { files: files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect() }
}

fn compare(out: &Path, tree: &Tree, overwrite: &Overwrite) -> anyhow::Result<Comparison> {
    compare::compare(out, Known::read(out)?, tree.files.clone().into_par_iter(), overwrite)
}

fn generate(out: &Path, tree: &Tree) {
    write(out, &compare(out, tree, &Overwrite::default()).unwrap(), None, &open_gate).unwrap();
}

fn overwriting(out: &Path, tree: &Tree, given: &[&str]) -> anyhow::Result<Comparison> {
    let given: Vec<String> = given.iter().map(|&given| given.to_owned()).collect();
    compare(out, tree, &Overwrite::new(&given, out))
}

fn put(out: &Path, path: &str, text: &str) {
    fs::create_dir_all(out.join(path).parent().unwrap()).unwrap();
    fs::write(out.join(path), text).unwrap();
}

fn list(out: &Path, path: &str, texts: &[&str]) {
    let lines: String =
        texts.iter().map(|text| format!("{path} {}\n", Digest::of(text.as_bytes()))).collect();
    let manifest = fs::read_to_string(out.join(".tanada")).unwrap_or_default();
    fs::write(out.join(".tanada"), manifest + &lines).unwrap();
}

#[test]
fn an_edited_file_is_named_and_kept() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path();
    generate(out, &tree(&[("a/main.tf", "1"), ("b/main.tf", "1"), ("c/main.tf", "1")]));
    put(out, "a/main.tf", "mine");
    put(out, "b/main.tf", "mine");
    let next = tree(&[("a/main.tf", "2"), ("c/main.tf", "2")]);
    let comparison = compare(out, &next, &Overwrite::default()).unwrap();
    assert_eq!(comparison.edited, ["a/main.tf", "b/main.tf"], "one changed in the input, one gone from it");
    assert!(write(out, &comparison, None, &open_gate).is_err());
    assert_eq!(fs::read_to_string(out.join("c/main.tf")).unwrap(), "1");

    assert_eq!(overwriting(out, &next, &["a/main.tf"]).unwrap().edited, ["b/main.tf"]);
    assert_eq!(overwriting(out, &next, &["a", out.join("b/").to_str().unwrap()]).unwrap().edited, [""; 0]);
    let comparison = overwriting(out, &next, &["all"]).unwrap();
    write(out, &comparison, None, &open_gate).unwrap();
    assert_eq!(fs::read_to_string(out.join("a/main.tf")).unwrap(), "2");
    assert!(!out.join("b").exists());
    let error = overwriting(out, &next, &["a/mian.tf"]).unwrap_err().to_string();
    assert_eq!(error, "`--overwrite a/mian.tf` names no file that is generated");
}

#[test]
fn an_edit_that_says_what_we_would_write_is_none() {
    let home = tempfile::tempdir().unwrap();
    generate(home.path(), &tree(&[("a", "1")]));
    put(home.path(), "a", "2");
    put(home.path(), "b", "new");
    let next = tree(&[("a", "2"), ("b", "new")]);
    let comparison = compare(home.path(), &next, &Overwrite::default()).unwrap();
    assert!(comparison.edited.is_empty() && comparison.write.is_empty() && comparison.manifest_differs);
}

#[test]
fn a_file_of_somebody_else_is_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    put(home.path(), "a/main.tf", "theirs");
    let wanted = tree(&[("a/main.tf", "ours")]);
    assert_eq!(compare(home.path(), &wanted, &Overwrite::default()).unwrap().edited, ["a/main.tf"]);
}

#[test]
fn a_deleted_file_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let wanted = tree(&[("a/main.tf", "1"), ("b/main.tf", "1")]);
    generate(home.path(), &wanted);
    fs::remove_dir_all(home.path().join("a")).unwrap();
    generate(home.path(), &wanted);
    assert_eq!(fs::read_to_string(home.path().join("a/main.tf")).unwrap(), "1");
}

#[test]
fn a_merged_file_is_regenerated() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path();
    generate(out, &tree(&[("clean", "base"), ("gone", "base"), ("mine", "base")]));
    for (path, text) in [("clean", "half ours, half theirs"), ("gone", "<<<<<<< HEAD"), ("mine", "by hand")] {
        put(out, path, text);
    }
    list(out, "clean", &["theirs"]);
    list(out, "gone", &["theirs"]);
    let next = tree(&[("clean", "new"), ("mine", "new")]);
    let comparison = compare(out, &next, &Overwrite::default()).unwrap();
    assert_eq!(comparison.edited, ["mine"], "an edit of a file that was not merged is still one");
    assert_eq!(comparison.remove, ["gone"]);
}

#[test]
fn a_merge_that_git_finished_needs_no_run() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path();
    generate(out, &tree(&[("index.md", "ours"), ("b", "1")]));
    // Git kept the lines of both branches, in the page as in the manifest.
    list(out, "index.md", &["theirs"]);
    put(out, "index.md", "ours, theirs");
    let next = tree(&[("index.md", "ours, theirs"), ("b", "1")]);
    let comparison = compare(out, &next, &Overwrite::default()).unwrap();
    assert!(comparison.write.is_empty() && comparison.manifest_differs && comparison.manifest_merged);
    assert!(!comparison.is_up_to_date(), "the next run writes the manifest in one");
    generate(out, &next);
    assert!(compare(out, &next, &Overwrite::default()).unwrap().is_up_to_date());
    // One page more than the manifest knows is no merge.
    let comparison = compare(out, &tree(&[("index.md", "ours, theirs")]), &Overwrite::default()).unwrap();
    assert!(comparison.manifest_differs && !comparison.manifest_merged);
}

#[test]
fn what_is_terraforms_or_anybodys_stays_in_a_removed_root() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path();
    generate(
        out,
        &tree(&[("teams/a/x/main.tf", "1"), ("teams/b/y/main.tf", "1"), ("teams/c/z/main.tf", "1")]),
    );
    let kept = [
        "teams/a/x/.terraform/providers/p",
        "teams/a/x/.terraform.lock.hcl",
        "teams/b/y/terraform.tfstate",
        "teams/b/note.txt",
    ];
    for path in kept {
        put(out, path, "theirs");
    }
    generate(out, &tree(&[]));
    for path in kept {
        assert!(out.join(path).is_file(), "{path}");
    }
    assert!(!out.join("teams/c").exists() && !out.join("teams/a/x/main.tf").exists());
}

#[test]
fn a_manifest_cannot_lead_outside() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("generated");
    generate(&out, &tree(&[("a", "1")]));
    put(home.path(), "precious", "x");
    list(&out, "../precious", &["x"]);
    let error = compare(&out, &tree(&[]), &Overwrite::default()).unwrap_err().to_string();
    assert!(
        error.contains("is damaged: line 2: `../precious` is not a path inside the output directory"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn nothing_goes_through_a_link() {
    let wanted = tree(&[("teams/a/main.tf", "1")]);
    for link in ["teams/a/main.tf", "teams/a", "teams", ".tanada", ".tanada.journal"] {
        let home = tempfile::tempdir().unwrap();
        let (out, outside) = (home.path().join("generated"), home.path().join("outside"));
        generate(&out, &wanted);
        let place = out.join(link);
        if place.exists() {
            fs::rename(&place, &outside).unwrap();
        }
        std::os::unix::fs::symlink(&outside, &place).unwrap();
        for next in [&tree(&[("teams/a/main.tf", "2")]), &tree(&[])] {
            let error = compare(&out, next, &Overwrite::default()).unwrap_err().to_string();
            assert!(error.contains("is a symbolic link"), "{link}: {error}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_not_removed_through_a_link() {
    let wanted = tree(&[("teams/a/main.tf", "1")]);
    for link in ["teams.tanada-new", "teams/a.tanada-new"] {
        let home = tempfile::tempdir().unwrap();
        let (out, outside) = (home.path().join("generated"), home.path().join("outside"));
        generate(&out, &wanted);
        fs::copy(out.join(".tanada"), out.join(".tanada.journal")).unwrap();
        for path in ["a/main.tf", "main.tf"] {
            put(&outside, path, "theirs");
        }
        std::os::unix::fs::symlink(&outside, out.join(link)).unwrap();
        let error = compare(&out, &wanted, &Overwrite::default()).unwrap_err().to_string();
        assert!(error.contains(&format!("{link}` is a symbolic link")), "{error}");
    }
}

#[test]
fn a_tree_cannot_leave_the_directory() {
    let home = tempfile::tempdir().unwrap();
    for path in ["../a", "/a", "a/../../b", "a/.terraform/b", ".tanada", "a\nb"] {
        assert!(compare(home.path(), &tree(&[(path, "")]), &Overwrite::default()).is_err(), "{path}");
    }
}
