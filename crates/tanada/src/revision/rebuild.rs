use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use tanada_model::design::{Design, resolve};
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::{self, Lock};
use tanada_render::allocate::{Consent, allocate};
use tanada_render::allocation::Allocation;
use tanada_render::derive::derive;
use tanada_render::emit::{OldRoot, leaving, units};
use tanada_render::plan::Plan;

use super::side::Side;
use crate::disk::place::LOCK_NAME;
use crate::report::Findings;

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
    /// What will be written.
    pub plan: Plan,
}

/// Works out what follows from a side's input and lock.
pub fn rebuild(side: &Side) -> Rebuilt {
    let Some(input) = &side.input else { return Rebuilt::default() };
    rebuild_from(input.clone(), side.lock.as_deref())
}

/// Works out what follows from an input and a lock.
pub(crate) fn rebuild_from(input: Sources, lock: Option<&str>) -> Rebuilt {
    let mut rebuilt =
        Rebuilt { findings: Findings { sources: input, ..Findings::default() }, ..Rebuilt::default() };
    let Rebuilt { findings, lock: own_lock, whole } = &mut rebuilt;
    let (document, found) = parse(&findings.sources);
    findings.extend(found);
    let (design, found) = resolve(&document);
    findings.extend(found);
    if let Some(text) = lock {
        let file = findings.sources.add(LOCK_NAME, text);
        match lock::parse(text) {
            Ok(lock) => *own_lock = lock,
            Err(error) => findings.extend(vec![error.diagnostic(file)]),
        }
    }
    let Some(design) = design.filter(|_| !findings.has_errors()) else { return rebuilt };
    let (allocated, found) = allocate(&design, own_lock, &Consent::default());
    findings.extend(found);
    let Some((allocation, new_lock)) = allocated.filter(|_| !findings.has_errors()) else { return rebuilt };
    let (plan, found) = derive(&design, &allocation);
    findings.extend(found);
    *whole = plan.filter(|_| !findings.has_errors()).map(|plan| Whole { design, allocation, new_lock, plan });
    rebuilt
}

impl Whole {
    /// The texts of some files of the tree, as a run writes them. Roots on their way out keep files of `side`.
    pub fn files(&self, side: &Side, wanted: &BTreeSet<String>) -> BTreeMap<String, String> {
        self.those(side, |path| wanted.contains(path))
    }

    /// The texts of all Terraform files of the tree.
    pub fn all_files(&self, side: &Side) -> BTreeMap<String, String> {
        self.those(side, |path| path.ends_with(".tf"))
    }

    fn those(&self, side: &Side, is_wanted: impl Fn(&str) -> bool + Sync) -> BTreeMap<String, String> {
        let files = units(&self.plan).flatten_iter().filter(|(path, _)| is_wanted(path));
        let mut files: BTreeMap<String, String> = files.collect::<Vec<_>>().into_iter().collect();
        for root in &self.plan.leaving {
            let read = |name: &str| {
                let text = side.read(&format!("{}/{name}", root.directory)).ok().flatten();
                text.map(|text| text.to_string())
            };
            let old = OldRoot {
                providers: read("providers.tf"),
                addresses: read("addresses.tf"),
                backend: read("backend.tf"),
                variables: read("variables.tf"),
                removed: read("removed.tf"),
                added: Vec::new(),
            };
            files.extend(leaving(root, &old).into_iter().filter(|(path, _)| is_wanted(path)));
        }
        files
    }
}
