//! Where emitted values come from, for people: what was asked, what was found, how it is shown.

mod show;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;
use tanada_model::diagnostic::did_you_mean;
use tanada_model::lock;
use tanada_render::derive::derive;
use tanada_render::emit::units;
use tanada_render::why::written::{Emitted, Leaf, leaves_of, unit_of};
use tanada_render::why::{Answers, Case, explain};

use crate::disk::place::{Place, shown};
use crate::disk::tree::read_file;
use crate::estate::{self, Estate};
use crate::report::{Answer, Findings};
use crate::stop::Stop;
use crate::streams::Streams;
use crate::templates;
use show::{Shown, show};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Every value on a line of a file, both relative to the output.
    Line(String, usize),
    /// The values of a unit whose paths are, begin with or end in this one.
    Path(String, String),
    /// Which values a unit has.
    Unit(String),
}

impl Asked {
    /// From the command line: a file with a line, or a folder, written from the working directory or from the output.
    pub fn new(what: &str, path: Option<&str>, place: &Place) -> Self {
        if let Some(path) = path {
            return Self::Path(inside(what, place), path.to_owned());
        }
        // `file:line`, and `file:line:column` as compilers write it.
        let mut numbers = Vec::new();
        let mut file = what;
        while let Some((rest, Ok(number))) =
            file.rsplit_once(':').map(|(rest, end)| (rest, end.parse::<usize>()))
        {
            numbers.push(number);
            file = rest;
        }
        match numbers.last() {
            Some(&line) => Self::Line(inside(file, place), line),
            None => Self::Unit(inside(what, place)),
        }
    }
}

fn inside(path: &str, place: &Place) -> String {
    let path = Path::new(path);
    let path = path.strip_prefix(&place.out).unwrap_or(path);
    let path = path.to_string_lossy().replace('\\', "/");
    let path = path.trim_start_matches("./").trim_end_matches('/');
    path.strip_prefix("generated/").unwrap_or(path).to_owned()
}

/// Answers a question. The tree is that of the next `generate`; where the disk has another one, that is said.
///
/// # Errors
/// When something cannot be read, or nothing is there to explain.
pub fn answer(asked: &Asked, place: &Place, json: bool, streams: &mut Streams) -> Result<Answer> {
    let mut findings = Findings::default();
    let loaded = Estate::load_with_document(place, &estate::Asked::default(), None, &mut findings)?;
    let made = loaded.and_then(|(document, estate)| {
        let (plan, found) = derive(&estate.design, &estate.allocation);
        findings.extend(found);
        plan.filter(|_| !findings.has_errors()).map(|plan| (document, estate, plan))
    });
    let Some((document, estate, plan)) = made else {
        findings.write_text(&mut std::io::stderr().lock(), streams.err_style)?;
        streams.tell(findings.summary());
        return Ok(findings.answer());
    };
    let files: BTreeMap<String, String> = units(&plan).flatten_iter().collect();
    let emitted = Emitted::new(&files);
    let case = Case {
        document: &document,
        design: &estate.design,
        lock: &estate.new_lock,
        allocation: &estate.allocation,
        plan: &plan,
    };
    if let Asked::Line(file, line) = asked
        && let Some(template) =
            templates::load(place, &mut findings)?.and_then(|all| all.maker(&plan, file).map(str::to_owned))
    {
        return show::made_by(&place.out.join(file), *line, &place.templates.join(template), json, streams);
    }
    let (unit, leaves) = find(asked, place, &emitted)?;
    let answers = explain(case, &unit).ok_or_else(|| no_unit(&unit, &emitted))?;
    tell_stale(place, &files, &leaves, streams)?;
    if let Asked::Unit(_) = asked {
        return show::list(&leaves, &emitted, place, json, streams);
    }
    let lock = lock::print(&estate.new_lock);
    let list = group(&leaves, &answers, &emitted);
    show(&show::Scene { list: &list, sources: &findings.sources, lock: &lock, place }, json, streams)?;
    Ok(Answer::Yes)
}

/// The values that are asked for, and their unit.
fn find(asked: &Asked, place: &Place, emitted: &Emitted<'_>) -> Result<(String, Vec<Leaf>)> {
    match asked {
        Asked::Unit(unit) => {
            let leaves = emitted.leaves(unit);
            if leaves.is_empty() {
                Err(no_unit(unit, emitted).into())
            } else {
                Ok((unit.clone(), leaves.to_vec()))
            }
        }
        Asked::Path(unit, path) => {
            let leaves = emitted.leaves(unit);
            if leaves.is_empty() {
                return Err(no_unit(unit, emitted).into());
            }
            let found = matching(&leaves, path);
            if found.is_empty() {
                Err(no_path(unit, path, &leaves).into())
            } else {
                Ok((unit.clone(), found))
            }
        }
        Asked::Line(file, line) => on_line(file, *line, place, emitted),
    }
}

/// Values whose path is the one that is asked for; else those below it; else those that end in it.
fn matching(leaves: &[Leaf], path: &str) -> Vec<Leaf> {
    let (below, end) = (format!("{path}."), format!(".{path}"));
    let tests: [&dyn Fn(&Leaf) -> bool; 4] = [
        &|leaf| leaf.path == path,
        &|leaf| leaf.path.starts_with(&below),
        &|leaf| leaf.path.ends_with(&end),
        &|leaf| leaf.path.contains(&format!(".{below}")),
    ];
    let found = tests.iter().map(|test| leaves.iter().filter(|leaf| test(leaf)).cloned().collect::<Vec<_>>());
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// Values on a line of a file as it lies on the disk, as the next run writes them.
fn on_line(file: &str, line: usize, place: &Place, emitted: &Emitted<'_>) -> Result<(String, Vec<Leaf>)> {
    let full = shown(&place.out.join(file));
    let Some(unit) = unit_of(file) else {
        let stop = Stop::new(format!("`{full}` holds no value of the estate"));
        return Err(stop.help("values stand in `*.tf` below `addresses/`, `hub/` and `teams/`").into());
    };
    let leaves = emitted.leaves(unit);
    let mut here: Vec<Leaf> = match read_file(&place.out, file)? {
        Some(text) => leaves_of(file, &text),
        None => leaves.iter().filter(|leaf| leaf.file == *file).cloned().collect(),
    };
    if here.is_empty() {
        return Err(Stop::new(format!("there is no `{full}` with values"))
            .help("`tanada explain FOLDER` lists the values of a folder")
            .into());
    }
    here.sort_by_key(|leaf| leaf.line.abs_diff(line));
    let nearest = here.first().map_or(line, |leaf| leaf.line);
    if nearest != line {
        return Err(Stop::new(format!("no value stands in `{full}` at line {line}"))
            .help(format!("the nearest one stands at line {nearest}"))
            .into());
    }
    here.retain(|leaf| leaf.line == line);
    let now: Vec<Leaf> =
        leaves.iter().filter(|leaf| here.iter().any(|old| old.path == leaf.path)).cloned().collect();
    if now.is_empty() {
        return Err(Stop::new(format!("the input no longer makes what stands in `{full}` at line {line}"))
            .help("`tanada generate` removes it")
            .into());
    }
    Ok((unit.to_owned(), now))
}

fn no_unit(unit: &str, emitted: &Emitted<'_>) -> Stop {
    let stop = Stop::new(format!("the output has no folder `{unit}` with values"));
    match did_you_mean(unit, emitted.units()) {
        Some(meant) => stop.help(format!("did you mean `{meant}`?")),
        None => stop
            .help("folders are `teams/TEAM/VPC`, `hub/NAME`, `addresses/NAME`; `tanada list` names the VPCs"),
    }
}

fn no_path(unit: &str, path: &str, leaves: &[Leaf]) -> Stop {
    let stop = Stop::new(format!("`{unit}` has no value `{path}`"));
    match did_you_mean(path, leaves.iter().map(|leaf| leaf.path.as_str())) {
        Some(meant) => stop.help(format!("did you mean `{meant}`?")),
        None => stop.help(format!("`tanada explain {unit}` lists its values")),
    }
}

/// Values that stand in one line for the same reasons are shown together.
fn group(leaves: &[Leaf], answers: &Answers, emitted: &Emitted<'_>) -> Vec<Shown> {
    let mut list: Vec<Shown> = Vec::new();
    for leaf in leaves {
        let Some(answer) = answers.get(&leaf.path) else { continue };
        let (value, holder) = emitted.resolve(leaf);
        match list.last_mut() {
            Some(last) if last.steps == answer.steps && last.line() == leaf.line && last.holder == holder => {
                last.values.push((leaf.clone(), value));
            }
            Some(_) | None => {
                list.push(Shown { values: vec![(leaf.clone(), value)], steps: answer.steps, holder })
            }
        }
    }
    list
}

fn tell_stale(
    place: &Place,
    files: &BTreeMap<String, String>,
    leaves: &[Leaf],
    streams: &mut Streams,
) -> Result<()> {
    let mut named: Vec<&str> = leaves.iter().map(|leaf| leaf.file.as_str()).collect();
    named.sort_unstable();
    named.dedup();
    for file in named {
        if read_file(&place.out, file)?.as_ref() != files.get(file) {
            let file = shown(&place.out.join(file));
            streams.tell(format_args!(
                "`{file}` is not up to date; the answer is about what `tanada generate` writes"
            ));
        }
    }
    Ok(())
}
