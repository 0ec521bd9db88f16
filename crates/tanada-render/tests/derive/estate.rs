//! Estates as text, taken as far as the plan.

use std::path::Path;

use tanada_model::design::{Design, resolve};
use tanada_model::diagnostic::{Diagnostic, Sources};
use tanada_model::document::parse;
use tanada_model::lock::Lock;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::allocation::Allocation;
use tanada_render::derive::derive;
use tanada_render::plan::Plan;

/// What comes before the plan.
pub(crate) fn allocated(sources: &Sources, lock: &Lock) -> (Design, Allocation, Lock) {
    let (document, found) = parse(sources);
    assert!(found.is_empty(), "{found:?}");
    let (design, found) = resolve(&document);
    assert!(design.is_some(), "{found:#?}");
    let design = design.unwrap();
    let (placed, found) = allocate(&design, lock, &Consent::default());
    assert!(placed.is_some(), "{found:#?}");
    let (allocation, lock) = placed.unwrap();
    (design, allocation, lock)
}

/// One text as an estate's only file.
pub(crate) fn text(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add("network/estate.hcl", text);
    sources
}

/// The input of a fixture.
pub(crate) fn fixture(name: &str) -> Sources {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name).join("network");
    let mut paths: Vec<_> = std::fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hcl"))
        .filter(|path| !path.to_string_lossy().contains(".lock."))
        .collect();
    paths.sort();
    let mut sources = Sources::default();
    for path in paths {
        sources.add(path.to_string_lossy(), std::fs::read_to_string(&path).unwrap());
    }
    sources
}

/// The plan of an estate without errors.
pub(crate) fn plan(sources: &Sources) -> Plan {
    let (design, allocation, _) = allocated(sources, &Lock::default());
    let (plan, found) = derive(&design, &allocation);
    assert!(plan.is_some(), "{}", list(&found));
    plan.unwrap()
}

/// Findings of derivation.
pub(crate) fn findings(sources: &Sources) -> Vec<Diagnostic> {
    let (design, allocation, _) = allocated(sources, &Lock::default());
    derive(&design, &allocation).1
}

/// Findings as text, one a line.
pub(crate) fn list(found: &[Diagnostic]) -> String {
    found.iter().map(|d| format!("{d}\n")).collect()
}
