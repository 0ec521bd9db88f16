//! `tanada eject` and `tanada man`: what is written, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use support::Home;

/// Paths below a directory of a home, relative to it.
fn below(home: &Home, directory: &str) -> BTreeSet<String> {
    let root = home.path(directory);
    let inside =
        |path: std::path::PathBuf| Some(path.strip_prefix(&root).ok()?.to_string_lossy().into_owned());
    home.snapshot().into_keys().filter_map(inside).collect()
}

#[test]
fn a_team_takes_its_roots_and_what_they_use() {
    let home = Home::generated();
    let before = home.snapshot();
    let said = home.run(&["eject", "web"]);
    assert_eq!((said.status, said.out.as_str()), (Some(0), ""), "{}", said.err);
    let found = below(&home, "ejected/web");
    assert!(found.contains("README.md") && found.contains("modules/vpc/main.tf"), "{found:?}");
    assert!(found.iter().any(|path| path.starts_with("teams/web/")), "{found:?}");
    assert!(
        !found.iter().any(|path| path.starts_with("modules/hub") || path.starts_with("hub/")),
        "{found:?}"
    );
    let strangers = found.iter().filter(|path| path.starts_with("teams/") && !path.starts_with("teams/web/"));
    assert_eq!(strangers.count(), 0);

    // Every relative source leads to a module that came along, and every module is used by something.
    let text = |path: &str| fs::read_to_string(home.path("ejected/web").join(path)).unwrap();
    let mut called = BTreeSet::new();
    for path in found.iter().filter(|path| path.ends_with(".tf")) {
        assert!(!text(path).contains("Written by tanada"), "{path}");
        for line in text(path).lines().filter_map(|line| line.trim().strip_prefix("source")) {
            let Some(source) = line.split('"').nth(1).filter(|source| source.starts_with('.')) else {
                continue;
            };
            let folder = home.path("ejected/web").join(Path::new(path).parent().unwrap()).join(source);
            let folder = folder.canonicalize().unwrap();
            assert!(folder.join("main.tf").is_file(), "{path}: {source}");
            called.insert(folder);
        }
    }
    for path in found.iter().filter(|path| path.starts_with("addresses/") || path.starts_with("modules/")) {
        let file = home.path("ejected/web").join(path).canonicalize().unwrap();
        let folder = file.parent().unwrap();
        // A module brings its own tests.
        let module = if folder.ends_with("tests") { folder.parent().unwrap() } else { folder };
        assert!(called.contains(module), "{path} is used by nothing");
    }

    // Nothing else was touched.
    let after = home.snapshot();
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
    let said = home.run(&["generate", "--check"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
}

#[test]
fn the_page_says_who_owns_what_and_how_the_platform_goes_on() {
    let home = Home::generated();
    assert_eq!(home.run(&["eject", "web", "--to", "out"]).status, Some(0));
    let page = fs::read_to_string(home.path("out/README.md")).unwrap();
    for part in [
        "## What you own",
        "## What follows nobody any more",
        "--forget web-",
        "reserved \"web-",
        "tanada release web-",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn nothing_is_overwritten_and_nothing_stale_leaves() {
    let home = Home::generated();
    fs::create_dir(home.path("full")).unwrap();
    home.put("full/mine", "x");
    home.put("file", "x");
    let before = home.snapshot();
    for (target, words) in [
        ("full", "`full` is not empty"),
        ("file", "is no directory"),
        ("generated/web", "must lie apart"),
        ("network", "must lie apart"),
    ] {
        let said = home.run(&["eject", "web", "--to", target]);
        assert_eq!(said.status, Some(2), "{target}");
        assert!(said.err.contains(words), "{}", said.err);
    }
    let said = home.run(&["eject", "wbe"]);
    assert!(said.status == Some(2) && said.err.contains("did you mean `web`?"), "{}", said.err);
    assert_eq!(home.run(&["eject"]).status, Some(2));
    assert_eq!(home.run(&["eject", "web", "--all"]).status, Some(2));
    assert_eq!(home.snapshot(), before);

    let path = below(&home, "generated")
        .into_iter()
        .find(|path| path.starts_with("teams/web/") && path.ends_with("main.tf"));
    home.put(&format!("generated/{}", path.unwrap()), "# by hand\n");
    let said = home.run(&["eject", "web"]);
    assert_eq!(said.status, Some(1), "{}", said.err);
    assert!(said.err.contains("`tanada generate` first"), "{}", said.err);
    assert!(!home.path("ejected/web").exists());
    // Of a file that says nothing any more nobody can see what a run would replace.
    let said = home.run(&["generate", "--overwrite", "all"]);
    assert_eq!(said.status, Some(1), "{}", said.err);
    assert!(said.err.contains("`--accept web-production` writes the root"), "{}", said.err);
    let accepted = ["generate", "--overwrite", "all", "--accept", "web-production"];
    assert_eq!(home.run(&accepted).status, Some(0));
    fs::create_dir(home.path("empty")).unwrap();
    assert_eq!(home.run(&["eject", "web", "--to", "empty"]).status, Some(0));
}

#[test]
fn the_whole_estate_can_leave() {
    let home = Home::generated();
    let said = home.run(&["eject", "--all"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
    let (ejected, generated) = (below(&home, "ejected/all"), below(&home, "generated"));
    let roots = |paths: &BTreeSet<String>| {
        paths.iter().filter(|path| path.contains("/providers.tf")).cloned().collect::<BTreeSet<_>>()
    };
    assert_eq!(roots(&ejected), roots(&generated));
    // What no root calls stays behind.
    let left: Vec<&String> = generated.difference(&ejected).filter(|path| path.ends_with(".tf")).collect();
    assert_eq!(left, ["addresses/account-a/main.tf"]);
}

/// The commands that the program's help names.
fn commands(home: &Home) -> Vec<String> {
    let help = home.run(&["--help"]).out;
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_a_manual_page() {
    let home = Home::new([]);
    assert_eq!(home.run(&["man", "--to", "man1"]).status, Some(0));
    let pages = below(&home, "man1");
    let commands = commands(&home);
    assert!(commands.len() > 12, "{commands:?}");
    assert!(pages.contains("tanada.1") && pages.contains("tanada-lock-rebuild.1"), "{pages:?}");
    for command in &commands {
        assert!(pages.contains(&format!("tanada-{command}.1")), "{command}");
    }
    for page in &pages {
        let text = fs::read_to_string(home.path("man1").join(page)).unwrap();
        for part in [".TH TANADA", ".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS"] {
            assert!(text.contains(part), "{page}: {part}");
        }
    }
    let said = home.run(&["man", "lock", "rebuild"]);
    assert_eq!(said.out, fs::read_to_string(home.path("man1/tanada-lock-rebuild.1")).unwrap());
    assert_eq!(home.run(&["man", "nothing"]).status, Some(2));
}

#[test]
fn a_manual_page_is_one_that_man_can_read() {
    let home = Home::new([]);
    assert_eq!(home.run(&["man", "--to", "man1"]).status, Some(0));
    let mandoc = Command::new("groff")
        .args(["-man", "-Tutf8", "-ww", "-z"])
        .arg(home.path("man1/tanada-generate.1"))
        .output();
    match mandoc {
        Ok(run) => {
            assert!(run.status.success() && run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr))
        }
        Err(_) => eprintln!("skipped: there is no groff"),
    }
}

#[test]
fn completions_know_every_command_and_its_arguments() {
    let home = Home::new([]);
    let commands = commands(&home);
    for shell in ["bash", "zsh", "fish"] {
        let text = home.run(&["completions", shell]).out;
        for command in &commands {
            assert!(text.contains(command.as_str()), "{shell}: {command}");
        }
        for argument in ["overwrite", "forget", "to", "all", "format"] {
            assert!(text.contains(argument), "{shell}: {argument}");
        }
    }
}
