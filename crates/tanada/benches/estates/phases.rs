//! Where the time goes, in this process: `cargo bench -p tanada --bench estates -- --phases`.

use std::time::Instant;

use rayon::prelude::*;
use tanada_model::design::resolve;
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::Lock;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;
use tanada_render::emit::units;

use crate::synthetic;

/// Prints milliseconds by phase, the best of three.
pub(crate) fn print(sizes: &[usize]) {
    println!("| VPCs | parse | resolve | allocate | derive | emit |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    for &vpcs in sizes {
        let best = (0..3).map(|_| once(vpcs)).reduce(smaller).unwrap();
        let cells: Vec<String> = best.iter().map(|millis| format!("{millis:.1}")).collect();
        println!("| {vpcs} | {} |", cells.join(" | "));
    }
}

fn smaller(one: [f64; 5], other: [f64; 5]) -> [f64; 5] {
    std::array::from_fn(|i| one[i].min(other[i]))
}

fn once(vpcs: usize) -> [f64; 5] {
    let mut sources = Sources::default();
    sources.add("network/estate.hcl", synthetic::estate(vpcs));
    sources.add("network/teams.hcl", synthetic::team_blocks(vpcs, 0));
    sources.add("network/intents.hcl", synthetic::intents(vpcs));
    let mut start = Instant::now();
    let mut lap = || {
        let millis = start.elapsed().as_secs_f64() * 1e3;
        start = Instant::now();
        millis
    };
    let (document, found) = parse(&sources);
    let parsed = lap();
    let (design, more) = resolve(&document);
    let design = design.unwrap_or_else(|| panic!("{found:?} {more:?}"));
    let resolved = lap();
    let (allocated, found) = allocate(&design, &Lock::default(), &Consent::default());
    let (allocation, _) = allocated.unwrap_or_else(|| panic!("{found:?}"));
    let placed = lap();
    let (plan, found) = derive(&design, &allocation);
    let plan = plan.unwrap_or_else(|| panic!("{found:?}"));
    let derived = lap();
    let bytes: usize = units(&plan).flatten_iter().map(|(_, text)| text.len()).sum();
    let emitted = lap();
    assert!(bytes > vpcs);
    [parsed, resolved, placed, derived, emitted]
}
