//! A part of the tree as plain Terraform of its own: what a team takes along when it leaves.
//!
//! The folders keep their places relative to each other, so that every `source` and every backend setting stays valid
//! as it is, and a plan against the same state changes nothing. Only what says "written by tanada" goes.

mod page;

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::structure::Body;

use crate::emit::HEAD;
use crate::plan::{HubRoot, Plan, VpcRoot};

/// The settings of the backend, at the top of a tree.
const BACKEND: &str = "backend.hcl";

/// What a page says to whom reads the tree as generated.
const PAGE_HEAD: &str = "Written by tanada; change `network/`, not this file.";

/// Which roots are taken along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Those of one team.
    Team(&'a str),
    /// Every root, the hubs' too.
    All,
}

/// A part of a tree that stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ejected {
    /// The folders of its roots, in the order in which they are applied first.
    pub roots: Vec<String>,
    /// Files of the tree that it is made from, sorted: what must lie on the disk for it to be true.
    pub sources: Vec<String>,
    /// Its own files, by relative path.
    pub files: BTreeMap<String, String>,
}

/// Takes roots out of a tree, with the modules and addresses that they use and nothing else. `files` are all files of
/// the tree, by path. `None` when the scope has no root.
pub fn eject(plan: &Plan, files: &BTreeMap<String, String>, scope: Scope<'_>) -> Option<Ejected> {
    let (hubs, vpcs) = roots_of(plan, scope);
    let hub_roots = hubs.iter().map(|hub| format!("hub/{}", hub.name));
    let roots: Vec<String> = hub_roots.chain(vpcs.iter().map(|vpc| vpc.directory.clone())).collect();
    if roots.is_empty() {
        return None;
    }
    let folders = with_modules(files, &roots);
    let mut sources: Vec<String> = Vec::new();
    for folder in &folders {
        sources.extend(below(files, folder).map(|(path, _)| path.clone()));
    }
    sources.extend(files.contains_key(BACKEND).then(|| BACKEND.to_owned()));
    sources.extend(team_files(files, scope));
    sources.sort();
    sources.dedup();
    let taken = sources.iter().filter_map(|path| Some((path.clone(), own(path, files.get(path)?))));
    let mut ejected: BTreeMap<String, String> = taken.collect();
    let modules: Vec<&String> = folders.iter().filter(|folder| !roots.contains(folder)).collect();
    ejected
        .insert("README.md".to_owned(), page::page(&page::Facts { plan, scope, hubs, vpcs, modules, files }));
    Some(Ejected { roots, sources, files: ejected })
}

fn roots_of<'a>(plan: &'a Plan, scope: Scope<'_>) -> (Vec<&'a HubRoot>, Vec<&'a VpcRoot>) {
    match scope {
        Scope::All => (plan.hubs.iter().collect(), plan.vpcs.iter().collect()),
        Scope::Team(team) => (Vec::new(), plan.vpcs.iter().filter(|vpc| vpc.team == team).collect()),
    }
}

/// Files that stand beside a team's roots: what templates add for it.
fn team_files<'a>(
    files: &'a BTreeMap<String, String>,
    scope: Scope<'a>,
) -> impl Iterator<Item = String> + use<'a> {
    let belongs = move |path: &&String| match (path.split('/').collect::<Vec<_>>().as_slice(), scope) {
        (["teams", _, _], Scope::All) => true,
        (["teams", team, _], Scope::Team(own)) => *team == own,
        (_, Scope::All | Scope::Team(_)) => false,
    };
    files.keys().filter(belongs).cloned()
}

/// Folders of roots and, from call to call, of the modules that they use.
fn with_modules(files: &BTreeMap<String, String>, roots: &[String]) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut todo: Vec<String> = roots.to_vec();
    while let Some(folder) = todo.pop() {
        let texts = below(files, &folder).filter(|(path, _)| path.ends_with(".tf"));
        let called = texts.flat_map(|(_, text)| sources(text)).filter_map(|source| join(&folder, &source));
        todo.extend(called.filter(|called| !known.contains(called)).collect::<Vec<_>>());
        known.insert(folder);
    }
    known
}

fn below<'a>(
    files: &'a BTreeMap<String, String>,
    folder: &str,
) -> impl Iterator<Item = (&'a String, &'a String)> + use<'a> {
    let prefix = format!("{folder}/");
    files.range(prefix.clone()..).take_while(move |(path, _)| path.starts_with(&prefix))
}

/// The relative sources of the modules that a file calls.
fn sources(text: &str) -> Vec<String> {
    let Ok(body) = text.parse::<Body>() else { return Vec::new() };
    let calls = body.get_blocks("module");
    let source = |block: &hcl_edit::structure::Block| {
        let source = block.body.get_attribute("source")?.value.as_str()?;
        source.starts_with('.').then(|| source.to_owned())
    };
    calls.filter_map(source).collect()
}

/// `folder` followed by a relative `path`; `None` when that leaves the tree.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// A file as its new owner has it.
fn own(path: &str, text: &str) -> String {
    let head = format!("# {HEAD}\n");
    if path.ends_with(".md") {
        text.replacen(PAGE_HEAD, "Made by tanada, and yours to change.", 1)
    } else {
        text.strip_prefix(&head).unwrap_or(text).to_owned()
    }
}
