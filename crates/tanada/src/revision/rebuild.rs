use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use rayon::prelude::*;
use tanada_model::design::{Design, resolve};
use tanada_model::document::parse;
use tanada_model::lock::{self, Lock};
use tanada_render::allocate::Consent;
use tanada_render::allocation::Allocation;
use tanada_render::derive::derive;
use tanada_render::emit::{OldRoot, leaving, units_in};
use tanada_render::moves::Stages;
use tanada_render::plan::Plan;

use super::side::Side;
use crate::disk::place::LOCK_NAME;
use crate::estate::{Settled, settle};
use crate::report::Findings;
use crate::templates;

/// What follows from the input and lock of one side.
#[derive(Debug, Default)]
pub struct Rebuilt {
    /// Everything that was found on the way.
    pub findings: Findings,
    /// The lock as it stands there.
    pub lock: Lock,
    /// The rest; `None` when there is no input, or an error among the findings.
    pub whole: Option<Whole>,
}

/// An input and lock without error.
#[derive(Debug)]
pub struct Whole {
    /// What the input means.
    pub design: Design,
    /// Where everything lies.
    pub allocation: Allocation,
    /// The lock as the next run writes it.
    pub new_lock: Lock,
    /// The texts of the files that were asked for, as a run writes them.
    pub files: BTreeMap<String, String>,
    /// What a run writes, where somebody asks further.
    pub written: Option<Written>,
}

/// Everything that a run writes. Of a large estate it is most of what there is, so it is not kept without need.
#[derive(Debug, PartialEq, Eq)]
pub struct Written {
    /// What tanada writes by itself.
    pub plan: Plan,
    /// Paths and texts of what people's templates add.
    pub added: Vec<(String, String)>,
}

/// Works out what follows from a side's input, lock and templates: the texts of some files of the tree, and everything that
/// is written, if it `is_kept`.
///
/// # Errors
/// When a template would make a file that cannot be written.
pub fn rebuild(
    side: &Side,
    wanted: &BTreeSet<String>,
    is_kept: impl FnOnce(&Plan) -> bool,
) -> Result<Rebuilt> {
    let Some(input) = side.input.clone() else { return Ok(Rebuilt::default()) };
    let mut rebuilt =
        Rebuilt { findings: Findings { sources: input, ..Findings::default() }, ..Rebuilt::default() };
    let Rebuilt { findings, lock: own_lock, whole } = &mut rebuilt;
    let (document, found) = parse(&findings.sources);
    findings.extend(found);
    if let Some(text) = &side.lock {
        let file = findings.sources.add(LOCK_NAME, text);
        match lock::parse(text) {
            Ok(lock) => *own_lock = lock,
            Err(error) => findings.extend(vec![error.diagnostic(file)]),
        }
    }
    if findings.has_errors() {
        findings.extend(resolve(&document).1);
        return Ok(rebuilt);
    }
    let settled = settle(&document, own_lock, &Stages::default(), &Consent::default(), findings);
    let Some(Settled { changed: _, design, allocation, new_lock }) =
        settled.filter(|_| !findings.has_errors())
    else {
        return Ok(rebuilt);
    };
    let (plan, found) = derive(&design, &allocation);
    findings.extend(found);
    let Some(plan) = plan.filter(|_| !findings.has_errors()) else { return Ok(rebuilt) };
    let added = templates::yields(&side.templates, &plan, findings)?;
    let Some(added) = added else { return Ok(rebuilt) };
    let written = Written { plan, added };
    let files = written.files(side, wanted);
    let written = Some(written).filter(|written| is_kept(&written.plan));
    *whole = Some(Whole { design, allocation, new_lock, files, written });
    Ok(rebuilt)
}

impl Written {
    /// The texts of some files of the tree, as a run writes them. Roots on their way out keep files of `side`.
    pub fn files(&self, side: &Side, wanted: &BTreeSet<String>) -> BTreeMap<String, String> {
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let folders: BTreeSet<String> = wanted.iter().map(|path| folder(path)).collect();
        self.those(side, |folder| folders.contains(folder), |path| wanted.contains(path))
    }

    /// The texts of all Terraform files of the tree.
    pub fn all_files(&self, side: &Side) -> BTreeMap<String, String> {
        self.those(side, |folder| !folder.is_empty(), |path| path.ends_with(".tf"))
    }

    fn those(
        &self,
        side: &Side,
        is_folder: impl Fn(&str) -> bool + Sync,
        is_wanted: impl Fn(&str) -> bool + Sync,
    ) -> BTreeMap<String, String> {
        let files = units_in(&self.plan, &is_folder).flatten_iter().filter(|(path, _)| is_wanted(path));
        let mut files: BTreeMap<String, String> = files.collect::<Vec<_>>().into_iter().collect();
        // A template may take the place of a file.
        files.extend(self.added.iter().filter(|(path, _)| is_wanted(path)).cloned());
        for root in &self.plan.leaving {
            let text = |path: &str| side.read(path).ok().flatten().map(|text| text.to_string());
            let read = |name: &str| text(&format!("{}/{name}", root.directory));
            let old = OldRoot {
                providers: read("providers.tf"),
                addresses: read("addresses.tf"),
                backend: read("backend.tf"),
                variables: read("variables.tf"),
                removed: read("removed.tf"),
                added: side.added_to(&root.directory).filter_map(|path| text(&path)).collect(),
            };
            files.extend(leaving(root, &old).into_iter().filter(|(path, _)| is_wanted(path)));
        }
        files
    }
}
