//! Trees that are none of ours, and revisions that do not exist: said clearly, exit 2, and nothing on standard output.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What a run says; it must not answer.
fn refused(home: &Path, arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_tanada"))
        .arg("diff")
        .args(arguments)
        .current_dir(home)
        .output()
        .unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(run.stdout.is_empty(), "{arguments:?}");
    assert!(said.starts_with("error: "), "{said}");
    said
}

fn put(home: &Path, path: &str, text: &str) {
    let path = home.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn trees_that_are_none_of_ours() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let root = "module \"vpc\" {\n  source = \"../../../modules/vpc\"\n}\n";
    put(home, "a/teams/web/live/main.tf", root);
    put(home, "b/teams/web/live/main.tf", &format!("{root}# other\n"));
    // The module that the root calls is not there.
    let half = refused(home, &["a/", "b/"]);
    assert!(half.contains("cannot read the tree of a/") && half.contains("modules/vpc"), "{half}");
    // Terraform that nobody of us has written.
    for side in ["a", "b"] {
        put(home, &format!("{side}/modules/vpc/main.tf"), "resource \"azurerm_subnet\" \"this\" {\n}\n");
    }
    let other = refused(home, &["a/", "b/"]);
    assert!(other.contains("modules/vpc/main.tf:1: the provider `azurerm` is not known"), "{other}");
    // No Terraform at all.
    fs::create_dir(home.join("empty")).unwrap();
    let empty = refused(home, &["empty/", "empty/"]);
    assert!(empty.contains("`empty/` holds no estate and no generated tree"), "{empty}");
    // Terraform that is no tree of ours: that everything is new would be a lie.
    put(home, "theirs/main.tf", "resource \"aws_vpc\" \"this\" {}\n");
    put(home, "theirs/envs/live/main.tf", "module \"vpc\" {\n  source = \"../..\"\n}\n");
    for sides in [["theirs/", "a/"], ["a/", "theirs/"]] {
        let theirs = refused(home, &sides);
        assert!(theirs.contains("`theirs/` holds no estate and no generated tree"), "{theirs}");
    }
    assert!(refused(home, &["nowhere/", "a/"]).contains("there is no directory `nowhere/`"));
    assert!(refused(home, &["HEAD"]).contains("lies in no git repository"));
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    put(home, "a/teams/web/live/main.tf", "");
    put(home, "b/teams/web/live/main.tf", "");
    fs::File::options()
        .write(true)
        .open(home.join("b/teams/web/live/main.tf"))
        .unwrap()
        .set_len(100 << 20)
        .unwrap();
    let said = refused(home, &["a/", "b/"]);
    assert!(said.contains("is larger than 64 MiB"), "{said}");
}

#[test]
fn revisions_that_do_not_exist() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let git = |arguments: &[&str]| {
        let run = Command::new("git").args(arguments).current_dir(home).output().unwrap();
        assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    };
    put(home, "network/estate.hcl", "names = \"{team}-{vpc}\"\n");
    put(home, "generated/teams/web/live/main.tf", "");
    git(&["init", "--quiet", "."]);
    assert!(refused(home, &[]).contains("there is no revision `HEAD`"), "a repository without a commit");
    git(&["add", "."]);
    git(&["-c", "user.name=m", "-c", "user.email=m@m3", "commit", "--quiet", "--message", "one"]);
    for name in ["nowhere", "HEAD~3", "--upload-pack=touch x", "-p", "HEAD:network", "a...b"] {
        let run = refused(home, &["--", name]);
        assert!(run.contains("no revision") || run.contains("no common history"), "{name}: {run}");
    }
    assert!(!home.join("x").exists(), "a name is never an option");
}
