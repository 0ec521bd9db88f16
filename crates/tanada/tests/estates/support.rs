//! The way from a fixture's text to its tree.

use std::fs;
use std::path::{Path, PathBuf};

use tanada_model::design::{Design, resolve};
use tanada_model::diagnostic::{Diagnostic, Severity, Sources, Style, render};
use tanada_model::document::{Document, parse};
use tanada_model::lock::{self, Lock};
use tanada_render::allocate::{Consent, allocate};
use tanada_render::allocation::Allocation;
use tanada_render::derive::derive;
use tanada_render::emit::emit;
use tanada_render::moves::{self, Stages};
use tanada_render::plan::Plan;
use tanada_render::tree::Tree;

/// Every estate in `fixtures/`.
pub(crate) const ESTATES: [&str; 4] = ["m3", "modernisation-platform", "lza-finance-tax", "aws-asea-pbmm"];

/// What one run of the whole chain gives.
pub(crate) struct Run {
    pub(crate) sources: Sources,
    pub(crate) document: Document,
    pub(crate) design: Design,
    pub(crate) allocation: Allocation,
    pub(crate) lock: Lock,
    pub(crate) plan: Plan,
    pub(crate) tree: Tree,
}

/// `fixtures/<name>`.
pub(crate) fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// The input files of a fixture, sorted: path as a user would name it, and text.
pub(crate) fn input(name: &str) -> Vec<(String, String)> {
    let network = directory(name).join("network");
    let mut files: Vec<(String, String)> = fs::read_dir(&network)
        .unwrap_or_else(|error| panic!("{}: {error}", network.display()))
        .map(|entry| {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            (format!("network/{file}"), fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// The lock that lies in a fixture; an empty one when there is none yet.
pub(crate) fn lock_of(name: &str) -> Lock {
    match fs::read_to_string(directory(name).join("network.lock.hcl")) {
        Ok(text) => lock::parse(&text).unwrap(),
        Err(_) => Lock::default(),
    }
}

/// The whole chain, for files and a lock.
pub(crate) fn run(files: &[(String, String)], lock: &Lock) -> Run {
    run_with(files, lock, &Consent::default())
}

/// The whole chain, with what a person agreed to.
pub(crate) fn run_with(files: &[(String, String)], lock: &Lock, consent: &Consent) -> Run {
    run_staged(files, lock, consent, &Stages::default())
}

/// The same, with moves at the stages that are asked for.
pub(crate) fn run_staged(files: &[(String, String)], lock: &Lock, consent: &Consent, stages: &Stages) -> Run {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add(path.clone(), text.clone());
    }
    let (document, found) = parse(&sources);
    no_error(&found, &sources);
    let (staged, found) = moves::stage(&document, lock, stages, consent);
    no_error(&found, &sources);
    let staged = staged.expect("stages");
    let (design, found) = resolve(&staged.document);
    no_error(&found, &sources);
    let design = design.expect("a design");
    let (allocated, found) = allocate(&design, &staged.lock, consent);
    no_error(&found, &sources);
    let (allocation, lock) = allocated.expect("an allocation");
    let (plan, found) = derive(&design, &allocation);
    no_error(&found, &sources);
    let plan = plan.expect("a plan");
    let tree = emit(&plan);
    Run { sources, document: staged.document.into_owned(), design, allocation, lock, plan, tree }
}

/// A fixture, with the lock that lies in it.
pub(crate) fn estate(name: &str) -> Run {
    run(&input(name), &lock_of(name))
}

fn no_error(found: &[Diagnostic], sources: &Sources) {
    let errors: Vec<Diagnostic> =
        found.iter().filter(|one| one.code.severity == Severity::Error).cloned().collect();
    let text: String = errors.iter().map(|error| render(error, sources, Style::Plain)).collect();
    assert!(errors.is_empty(), "{} errors:\n{text}", errors.len());
}
