//! Whatever the input, the lock and the disk hold: a clear answer, and nothing lost.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop where it stands, and says when it is skipped"
)]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use support::{Home, SHOP, Said};

/// Runs `generate`, which must refuse: this status, these words, every byte as it was, and nothing that a program says
/// when it breaks.
fn refuses(home: &Home, arguments: &[&str], status: i32, words: &str) {
    let before = home.snapshot();
    let Said { status: found, out, err } = home.run(arguments);
    assert_eq!(found, Some(status), "{arguments:?}: {err}");
    assert_eq!(out, "", "talk on standard output");
    assert!(err.contains(words), "{arguments:?}: {err}");
    assert!(!err.contains("panicked") && err.len() < 100_000, "{err}");
    assert!(
        err.chars().all(|c| c == '\n' || !c.is_control()),
        "control characters reach the terminal: {err:?}"
    );
    assert!(home.snapshot() == before, "something was written");
}

fn refuses_input(text: impl AsRef<[u8]>, words: &str) {
    let home = Home::generated();
    home.put("network/bad.hcl", text);
    refuses(&home, &["generate"], 2, words);
}

#[test]
fn names_stay_names() {
    for name in [
        "../x",
        "/etc/x",
        "a/b",
        "a\\\\b",
        "${x}",
        "%{if true}",
        "",
        ".",
        "a b",
        "é",
        "a\\nb",
        "a\\u001bb",
        "con.",
    ] {
        refuses_input(format!("team \"{name}\" {{}}\n"), "error[");
    }
    let long = "a".repeat(64);
    refuses_input(format!("team \"{long}\" {{}}\n"), "is not a name");
}

#[test]
fn a_reason_is_text() {
    let whys = [
        r#"say \"hi\" $${path.module} %%{if} \\ <b> | `x` --- 棚田"#,
        r#"${path.module} ${file("/etc/passwd")}"#,
        r"first\nterraform { # path.module",
    ];
    for why in whys {
        let home = Home::new(SHOP);
        home.put("network/reason.hcl", format!("team \"reason\" {{\n  why = \"{why}\"\n}}\n"));
        let said = home.run(&["generate"]);
        assert_eq!(said.status, Some(0), "{}", said.err);
        for (path, text) in home.snapshot() {
            let text = String::from_utf8(text).unwrap();
            let mut code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            let is_live = |line: &str| {
                let line = line.replace("$${", "");
                ["${path.module}", "${file", "terraform { #"].iter().any(|words| line.contains(words))
            };
            let terraform = path.extension().is_some_and(|extension| extension == "tf");
            assert!(!terraform || !code.any(is_live), "{}", path.display());
        }
    }
    let owner = "team \"reason\" {\n  owner = \"${file(\"/etc/passwd\")}\"\n}\n";
    refuses_input(owner, "`${` in a text is not data");
}

#[test]
fn depth_has_an_end() {
    let (open, close) = ("[".repeat(4_000), "]".repeat(4_000));
    refuses_input(format!("tags = {{ x = {open}{close} }}\n"), "error[");
    refuses_input(format!("x = {}\n", "(".repeat(4_000)), "error[");
    refuses_input("pool \"a\" {\n".repeat(4_000) + &"}\n".repeat(4_000), "error[");
    refuses_input(format!("x = {}1\n", "-".repeat(4_000)), "error[");
    refuses_input(format!("x = \"{}\"\n", "${\"".repeat(4_000)), "error[");
    let home = Home::generated();
    home.put("network/bad.hcl.json", format!("{{\"tags\": {open}{close}}}"));
    refuses(&home, &["generate"], 2, "error[");
}

#[test]
fn size_has_an_end() {
    refuses_input(vec![b'#'; 50 << 20], "`network/bad.hcl` is larger than 8 MiB");
    let home = Home::generated();
    home.put("network.lock.hcl", vec![b'#'; 50 << 20]);
    refuses(&home, &["generate"], 2, "`network.lock.hcl` is larger than 32 MiB");
    let home = Home::generated();
    for i in 0..5 {
        home.put(&format!("network/{i}.hcl"), vec![b'#'; 8 << 20]);
    }
    refuses(&home, &["generate"], 2, "the input in `network` is larger than 32 MiB");
}

#[test]
fn bytes_that_are_no_text() {
    refuses_input(b"team \"a\" {}\n\xff\xfe", "is not UTF-8 text (line 2)");
    refuses_input(b"team \"a\x00b\" {}\n", "error[");
    refuses_input(b"team \"a\" {}\x1b[2J\n", "error[");
    refuses_input(b"\x1b]0;x\x07 = 1\n", "error[");
    let home = Home::generated();
    home.put("network.lock.hcl", b"\xff");
    refuses(&home, &["generate"], 2, "`network.lock.hcl` is not UTF-8 text");
}

#[test]
fn a_pipe_is_no_file() {
    let home = Home::generated();
    let made = Command::new("mkfifo").arg(home.path("network/pipe.hcl")).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no mkfifo");
        return;
    }
    let said = home.run(&["generate"]);
    assert_eq!(said.status, Some(2));
    assert!(said.err.contains("`network/pipe.hcl` is not an ordinary file"), "{}", said.err);
}

#[test]
fn a_manifest_that_is_none() {
    for text in ["nonsense\n", "../../etc/passwd 00\n", "\u{1b}[2J x\n"] {
        let home = Home::generated();
        home.put("generated/.tanada", text);
        refuses(&home, &["generate"], 2, "`generated/.tanada` is damaged: line 1");
    }
}

#[test]
fn nothing_is_written_through_a_link() {
    for link in ["generated/teams/web", "generated/index.md", "generated/modules"] {
        let home = Home::generated();
        fs::rename(home.path(link), home.path("moved")).unwrap();
        symlink(home.path("moved"), home.path(link)).unwrap();
        refuses(&home, &["generate"], 2, "is a symbolic link");
    }
}

#[test]
fn a_place_that_cannot_be_written() {
    let home = Home::new(SHOP);
    home.put("file", "");
    refuses(
        &home,
        &["generate", "--out", "file"],
        2,
        "`file` is no directory, and a directory is needed there",
    );
    refuses(&home, &["generate", "--out", "file/out"], 2, "nothing was changed");
    // No permission keeps a superuser from writing; the kernel's own directories do.
    refuses(&home, &["generate", "--out", "/proc/tanada"], 2, "nothing was changed");
    let home = Home::generated();
    fs::remove_file(home.path("generated/index.md")).unwrap();
    fs::create_dir(home.path("generated/index.md")).unwrap();
    refuses(&home, &["generate"], 2, "`generated/index.md` is a directory, and a file is needed there");
}

/// A file system of its own at `home/disk`, gone at the end; `None` where this user may not mount.
struct Disk<'a>(&'a Home);

impl<'a> Disk<'a> {
    fn new(home: &'a Home, options: &str) -> Option<Self> {
        let disk = home.path("disk");
        fs::create_dir_all(&disk).unwrap();
        let mount = |options: &str| {
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&disk).output()
        };
        if mount(options).is_ok_and(|run| run.status.success()) {
            return Some(Self(home));
        }
        eprintln!("skipped: this user may not mount a file system");
        None
    }

    fn remount(&self, options: &str) {
        let run = Command::new("mount").args(["-o", options]).arg(self.0.path("disk")).status();
        assert!(run.unwrap().success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path("disk")).status();
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    let home = Home::new(SHOP);
    let Some(disk) = Disk::new(&home, "size=2m") else { return };
    assert_eq!(home.run(&["generate", "--out", "disk/generated"]).status, Some(0));
    let teams = SHOP[1].1.to_owned();
    let many: String = (0..40).map(|i| format!("team \"new-{i}\" {{}}\n")).collect();
    home.put("network/teams.hcl", teams + &many);
    disk.remount("remount,size=600k");
    refuses(&home, &["generate", "--out", "disk/generated"], 2, "nothing was changed");
    disk.remount("remount,size=64m");
    assert_eq!(home.run(&["generate", "--out", "disk/generated"]).status, Some(0));
}

#[test]
fn a_read_only_disk_loses_nothing() {
    let home = Home::new(SHOP);
    let Some(disk) = Disk::new(&home, "size=8m") else { return };
    assert_eq!(home.run(&["generate", "--out", "disk/generated"]).status, Some(0));
    home.put("network/more.hcl", "team \"more\" {}\n");
    disk.remount("remount,ro");
    refuses(&home, &["generate", "--out", "disk/generated"], 2, "nothing was changed");
}

#[test]
fn many_errors_are_all_named_and_few_are_shown() {
    let home = Home::new(SHOP);
    let many: String = (0..3_000).map(|i| format!("team \"t{i}\" {{ onwer = 1 }}\n")).collect();
    home.put("network/bad.hcl", many);
    let said = home.run(&["generate"]);
    assert_eq!(said.status, Some(2));
    assert_eq!(said.err.matches("error[").count(), 100);
    assert!(said.err.contains("2900 further findings are not shown"), "{}", said.err);
    let said = home.run(&["check", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.status, list.as_array().unwrap().len()), (Some(1), 3_000));
}
