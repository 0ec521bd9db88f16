//! Any bytes as an input: HCL, or JSON when the first byte says so. Read or refused; every finding can be shown; a
//! design that has no error can be given its addresses, derived and printed, and once more with the lock of the first
//! time nothing moves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tanada_model::design::resolve;
use tanada_model::diagnostic::{Diagnostic, Severity, Sources, Style, render};
use tanada_model::document::parse;
use tanada_model::lock::Lock;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;
use tanada_render::emit::emit;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut sources = Sources::default();
    sources.add(if text.starts_with('{') { "network/a.hcl.json" } else { "network/a.hcl" }, text);
    let (document, found) = parse(&sources);
    let syntax = has_error(&found, &sources);
    let (design, found) = resolve(&document);
    if has_error(&found, &sources) || syntax {
        return;
    }
    let design = design.expect("a design when there is no error");
    let (allocated, found) = allocate(&design, &Lock::default(), &Consent::default());
    if has_error(&found, &sources) {
        return;
    }
    let (allocation, lock) = allocated.expect("an allocation when there is no error");
    let (again, _) = allocate(&design, &lock, &Consent::default());
    assert_eq!(again.expect("the same estate again"), (allocation.clone(), lock));
    let (plan, found) = derive(&design, &allocation);
    if has_error(&found, &sources) {
        return;
    }
    emit(&plan.expect("a plan when there is no error"));
});

/// Whether there is an error among the findings; the first few are shown, since showing may fail as well.
fn has_error(found: &[Diagnostic], sources: &Sources) -> bool {
    for finding in found.iter().take(3) {
        render(finding, sources, Style::Plain);
    }
    found.iter().any(|finding| finding.code.severity == Severity::Error)
}
