//! How long it takes to say who reaches whom: `cargo bench -p tanada --bench reach`.
//!
//! Each size runs in a process of its own, so that the peak of its memory is its own. Reading the tree is measured apart:
//! the bars speak of what comes after it. `docs/benchmark.md` has the figures.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops where it cannot go on"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is the result")]

#[path = "../estates/synthetic.rs"]
#[allow(dead_code, reason = "each benchmark uses a part")]
mod synthetic;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

use rayon::prelude::*;
use tanada_model::design::resolve;
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::Lock;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;
use tanada_render::emit::units;
use tanada_verify::network::Network;
use tanada_verify::reach::{Matrix, difference, reach};
use tanada_verify::read;
use tanada_verify::verify::verify;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 5] = [30, 300, 1_000, 3_000, 5_000];

/// Runs of which the middle one counts.
const RUNS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(size) = arguments.iter().find_map(|argument| argument.strip_prefix("--size=")) {
        measure(size.parse().unwrap());
        return;
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        eprintln!("skipped: run `cargo bench -p tanada --bench reach`");
        return;
    }
    println!(
        "Milliseconds, the median of {RUNS}; `verify` and `matrix` each from what was read to the answer.\n"
    );
    println!(
        "| VPCs | classes | read | network | reach | matrix | verify | difference | pairs of VPCs a second | peak MiB |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for size in SIZES {
        let myself = std::env::current_exe().unwrap();
        let run = Command::new(myself).arg(format!("--size={size}")).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        print!("{}", String::from_utf8(run.stdout).unwrap());
    }
}

/// The middle of several runs, in milliseconds, and what the last one returned.
fn timed<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut last = None;
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            last = None;
            let start = Instant::now();
            last = Some(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[RUNS / 2], last.unwrap())
}

fn measure(vpcs: usize) {
    let mut sources = Sources::default();
    sources.add("network/estate.hcl", synthetic::estate(vpcs));
    sources.add("network/teams.hcl", synthetic::team_blocks(vpcs, 0));
    sources.add("network/intents.hcl", synthetic::intents(vpcs));
    let (document, _) = parse(&sources);
    let (design, found) = resolve(&document);
    let design = design.unwrap_or_else(|| panic!("{found:?}"));
    let (allocated, found) = allocate(&design, &Lock::default(), &Consent::default());
    let (allocation, lock) = allocated.unwrap_or_else(|| panic!("{found:?}"));
    let (plan, found) = derive(&design, &allocation);
    let plan = plan.unwrap_or_else(|| panic!("{found:?}"));
    let files: BTreeMap<String, String> =
        units(&plan).flatten_iter().filter(|(path, _)| path.ends_with(".tf")).collect();
    drop((plan, allocation));
    let start = Instant::now();
    let observed = read(&files).unwrap_or_else(|errors| panic!("{errors:?}"));
    let reading = start.elapsed().as_secs_f64() * 1e3;
    drop(files);
    let (joining, (network, errors)) = timed(|| Network::observe(&observed));
    assert!(errors.is_empty(), "{errors:?}");
    let (reaching, reached) = timed(|| reach(&network));
    let (drawing, matrix) = timed(|| Matrix::new(&reached));
    assert_eq!(matrix.parties().len(), synthetic::teams(vpcs) + 2);
    let (verifying, report) = timed(|| {
        let (network, errors) = Network::observe(&observed);
        verify(network, errors, &design, &lock)
    });
    assert!(report.findings.is_empty(), "{:?}", &report.findings[0]);
    let (comparing, shifts) = timed(|| difference(&reached, &reached));
    assert!(shifts.is_empty());
    let millions = (vpcs * vpcs) as f64 / reaching / 1e3;
    println!(
        "| {vpcs} | {} | {reading:.0} | {joining:.1} | {reaching:.1} | {:.1} | {verifying:.1} | {comparing:.1} | {millions:.1} million | {} |",
        report.classes,
        joining + reaching + drawing,
        peak() / 1024,
    );
}

/// The most memory that this process had at once, in KiB: tree, design and all.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
