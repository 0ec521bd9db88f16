//! Every code of lock, plan, templates and of the comparisons with a tree has a file here that shows when the program
//! speaks and when it does not. (Those of the input have theirs in `tanada-model/tests/rejected` and `neighbours`, rules
//! over the tree in `tanada-verify/tests/rules`.)
//!
//! `CODE.txt` begins with a line of what it shows. `before`, `rejects` and `accepts` are steps in a directory with the small
//! estate of two teams (`sessions/shop`); the latter two both begin where `before` ended:
//!
//! * `in FILE`: each `- ` line is a text that stands there once; the `+ ` lines behind it take its place. `+ ` lines
//!   without one are added at the end of the file, which may be new.
//! * `run ARGUMENTS`: the program; it must succeed, except for the last run of `rejects`. Without one: `check`.
//! * `keep DIRECTORY`: what lies there is copied. `drop FILE`: it is removed.
//!
//! What the last run of `rejects` says of the code stands under `says`; `UPDATE=1` writes it. That of `accepts` says
//! nothing of it, though few lines are others.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use support::{Home, SHOP, Said};
use tanada::codes::{self, PARTS};
use tanada_model::diagnostic::{Code, Severity};

/// Lines of steps that `rejects` and `accepts` may not have in common, at most.
const FEW: usize = 6;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes")
}

/// Codes that have a file here.
fn own() -> Vec<Code> {
    let later = PARTS.into_iter().filter(|(part, _)| *part != "input");
    later.flat_map(|(_, codes)| codes).copied().collect()
}

/// A file's parts.
#[derive(Default)]
struct Fixture {
    head: String,
    before: String,
    rejects: String,
    says: String,
    accepts: String,
}

impl Fixture {
    fn read(text: &str) -> Self {
        let mut own = Self::default();
        let mut into = &mut own.head;
        for line in text.lines() {
            match line {
                "before" => into = &mut own.before,
                "rejects" => into = &mut own.rejects,
                "says" => into = &mut own.says,
                "accepts" => into = &mut own.accepts,
                _ => writeln!(into, "{line}").unwrap(),
            }
        }
        own
    }

    fn text(&self) -> String {
        let Self { head, before, rejects, says, accepts } = self;
        let before = if before.is_empty() { String::new() } else { format!("before\n{before}") };
        format!("{head}{before}rejects\n{rejects}says\n{says}accepts\n{accepts}")
    }
}

/// Does the steps; what the last run said.
fn play(home: &Home, steps: &str) -> Result<Option<Said>, String> {
    let mut edits = Edits::default();
    let mut last: Option<(&str, Said)> = None;
    for line in steps.lines().filter(|line| !line.is_empty()) {
        if let Some(old) = line.strip_prefix("- ") {
            edits.apply(home)?;
            edits.old = Some(old.to_owned());
            continue;
        }
        if let Some(new) = line.strip_prefix("+ ").or((line == "+").then_some("")) {
            writeln!(edits.new, "{new}").unwrap();
            continue;
        }
        edits.apply(home)?;
        if let Some((line, said)) = &last
            && said.status != Some(0)
        {
            return Err(format!("{line}: {:?}\n{}{}", said.status, said.out, said.err));
        }
        match line.split_once(' ') {
            Some(("in", file)) => file.clone_into(&mut edits.file),
            Some(("run", arguments)) => {
                last = Some((line, home.run(&arguments.split(' ').collect::<Vec<_>>())));
            }
            Some(("keep", directory)) => {
                for (path, bytes) in home.snapshot() {
                    let path = path.strip_prefix(home.path("")).unwrap();
                    let to = home.path(directory).join(path);
                    fs::create_dir_all(to.parent().unwrap()).unwrap();
                    fs::write(to, bytes).unwrap();
                }
            }
            Some(("drop", file)) => fs::remove_file(home.path(file)).map_err(|_| format!("no {file}"))?,
            _ => return Err(format!("this is no step: {line}")),
        }
    }
    edits.apply(home)?;
    Ok(last.map(|(_, said)| said))
}

/// What `in`, `- ` and `+ ` say so far.
#[derive(Default)]
struct Edits {
    file: String,
    old: Option<String>,
    new: String,
}

impl Edits {
    fn apply(&mut self, home: &Home) -> Result<(), String> {
        let (old, new) = (self.old.take(), std::mem::take(&mut self.new));
        let path = home.path(&self.file);
        let Some(old) = old else {
            if !new.is_empty() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, fs::read_to_string(&path).unwrap_or_default() + &new).unwrap();
            }
            return Ok(());
        };
        let text = fs::read_to_string(&path).map_err(|_| format!("there is no {}", self.file))?;
        let times = text.matches(&old).count();
        fs::write(&path, text.replacen(&old, new.trim_end_matches('\n'), 1)).unwrap();
        if times == 1 { Ok(()) } else { Err(format!("{} has this {times} times: {old}", self.file)) }
    }
}

/// Plays a part behind `before`; what is judged.
fn judged(fixture: &Fixture, part: &str) -> Result<Said, String> {
    let home = Home::new(SHOP);
    if let Some(said) = play(&home, &fixture.before)?
        && said.status != Some(0)
    {
        return Err(format!("before: {}{}", said.out, said.err));
    }
    // A part that ends with an edit is checked.
    let ends_with_run =
        part.lines().rfind(|line| !line.is_empty()).is_some_and(|line| line.starts_with("run "));
    let part = if ends_with_run { part.to_owned() } else { format!("{part}run check\n") };
    play(&home, &part)?.ok_or_else(|| "nothing was run".to_owned())
}

/// Every finding of the code that was written, to whichever stream.
fn said(said: &Said, code: &Code) -> String {
    let mark = format!("[{}]: ", code.name);
    let mut text = String::new();
    // A finding goes to the next one, or to an empty line.
    let mut inside = false;
    for line in said.out.lines().chain([""]).chain(said.err.lines()).chain([""]) {
        let begins = ["error[", "warning[", "note["].iter().any(|level| line.starts_with(level));
        let ends = begins || line.is_empty();
        if inside && ends {
            text.push('\n');
        }
        inside = if begins { line.contains(&mark) } else { inside && !ends };
        if inside {
            writeln!(text, "{line}").unwrap();
        }
    }
    text
}

/// Lines that only one of two parts has.
fn apart(one: &str, other: &str) -> usize {
    let count = |text: &str| {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            *lines.entry(line.to_owned()).or_default() += 1;
        }
        lines
    };
    let (one, other) = (count(one), count(other));
    let lines: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    lines.into_iter().map(|line| one.get(line).unwrap_or(&0).abs_diff(*other.get(line).unwrap_or(&0))).sum()
}

/// What is wrong with a code's file; `update` writes it anew.
fn judge(code: &Code, update: bool) -> Result<(), String> {
    let path = here().join(format!("{}.txt", code.name));
    let text = fs::read_to_string(&path).map_err(|_| "its file is missing".to_owned())?;
    let mut fixture = Fixture::read(&text);
    let rejected = judged(&fixture, &fixture.rejects)?;
    let says = said(&rejected, code);
    if says.is_empty() {
        return Err(format!("nothing of it where it should be:\n{}{}", rejected.out, rejected.err));
    }
    if (rejected.status == Some(0)) != (code.severity < Severity::Error) {
        return Err(format!("the status is {:?}", rejected.status));
    }
    if fixture.accepts.trim().is_empty() {
        return Err("it shows nothing that is accepted".to_owned());
    }
    let accepted = judged(&fixture, &fixture.accepts)?;
    if accepted.status != Some(0) || !said(&accepted, code).is_empty() {
        return Err(format!(
            "what it accepts is not accepted: {:?}\n{}{}",
            accepted.status, accepted.out, accepted.err
        ));
    }
    let apart = apart(&fixture.rejects, &fixture.accepts);
    if apart == 0 || apart > FEW {
        return Err(format!("{apart} lines of steps differ, and 1 to {FEW} may"));
    }
    fixture.says = says;
    let wanted = fixture.text();
    if update {
        fs::write(&path, &wanted).unwrap();
    }
    if text == wanted || update { Ok(()) } else { Err(format!("UPDATE=1 writes\n{wanted}")) }
}

#[test]
fn every_code_is_raised_when_it_should_be_and_only_then() {
    let update = std::env::var_os("UPDATE").is_some();
    let codes = own();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let half = codes.len().div_ceil(2);
        let judge = |code: &Code| judge(code, update).err().map(|why| format!("{}: {why}", code.name));
        let threads: Vec<_> = codes
            .chunks(half)
            .map(|codes| scope.spawn(move || codes.iter().filter_map(judge).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} are wrong\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// A file has a code. (A code without a file is complained of above.)
#[test]
fn no_file_is_left_over() {
    let names: BTreeSet<&str> = own().iter().map(|code| code.name).collect();
    for entry in fs::read_dir(here()).unwrap() {
        let file = entry.unwrap().file_name().to_string_lossy().into_owned();
        let known = file.strip_suffix(".txt").is_some_and(|name| names.contains(name));
        assert!(known || file == "main.rs", "{file} belongs to no code");
    }
}

/// Whatever the program can raise is refused somewhere, and its neighbour taken; what no part has is no code.
#[test]
fn every_code_has_its_two_fixtures_somewhere() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let input: Vec<&Code> =
        PARTS.iter().filter(|(part, _)| *part == "input").flat_map(|(_, codes)| *codes).collect();
    let rejected = crates.join("tanada-model/tests/rejected");
    let texts: String = fs::read_dir(&rejected)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            // Each has a neighbour of the same name (held there, too).
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let forms = [name.clone(), format!("{name}.hcl"), format!("{name}.hcl.json")];
            let beside = crates.join("tanada-model/tests/neighbours");
            assert!(forms.iter().any(|form| beside.join(form).exists()), "{name} has no neighbour");
            fs::read_to_string(path).unwrap()
        })
        .collect();
    for code in codes::all() {
        let name = code.name;
        let has = if input.contains(&&code) {
            texts.contains(&format!("[{name}]: "))
        } else if codes::is_rule(name) {
            crates.join(format!("tanada-verify/tests/rules/{name}.txt")).exists()
        } else {
            here().join(format!("{name}.txt")).exists()
        };
        assert!(has, "{name} has no fixtures");
    }
}
