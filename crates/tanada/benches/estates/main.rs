//! How long `tanada generate` takes, beside what the file system alone takes: `cargo bench -p tanada`.
//!
//! Every run of tanada is a child process of the release binary, from `exec` to exit. The baseline runs in this
//! process, on one thread: it creates the same files with the same bytes from memory, or reads and compares them.
//! Pairs are interleaved; figures are medians. `docs/benchmark.md` says how to read the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops where it cannot go on"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is the result")]

mod baseline;
mod cdktf;
mod child;
mod compile;
mod guard;
mod jinja;
mod phases;
mod report;
mod scene;
mod synthetic;
mod whois;

use std::time::Duration;

use crate::child::Cost;

/// As in the binary, so that phases take here what they take there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Interleaved pairs of tanada and baseline.
const PAIRS: usize = 7;

/// Estates by their number of VPCs.
const SIZES: [usize; 3] = [30, 300, 3_000];

/// The figures of one size.
pub(crate) struct Figures {
    pub(crate) vpcs: usize,
    pub(crate) files: usize,
    pub(crate) bytes: usize,
    pub(crate) cold: Pair,
    pub(crate) unchanged: Pair,
    /// One VPC changed; its baseline is the unchanged run of tanada.
    pub(crate) changed: Pair,
    /// Files that the unchanged runs wrote: all of them together.
    pub(crate) rewritten: usize,
    /// Of a cold run, in a process that did nothing else.
    pub(crate) peak_kib: u64,
}

/// Medians of one measurement and of its baseline.
pub(crate) struct Pair {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    pub(crate) baseline: Duration,
}

impl Pair {
    fn of(runs: &[Cost], baseline: Vec<Duration>) -> Self {
        Self {
            wall: median(runs.iter().map(|cost| cost.wall).collect()),
            cpu: median(runs.iter().map(|cost| cost.cpu).collect()),
            baseline: median(baseline),
        }
    }

    pub(crate) fn ratio(&self) -> f64 {
        self.wall.as_secs_f64() / self.baseline.as_secs_f64()
    }
}

/// The one in the middle.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if let Some(directory) = arguments.iter().find_map(|argument| argument.strip_prefix("--peak=")) {
        child::print_peak(directory);
        return;
    }
    if !has("--bench") {
        eprintln!("skipped: run `cargo bench -p tanada`");
        return;
    }
    if let Some(vpcs) = arguments.iter().find_map(|argument| argument.strip_prefix("--once=")) {
        scene::once(vpcs.parse().expect("a number of VPCs"));
        return;
    }
    if has("--phases") {
        phases::print(&SIZES);
        println!();
        guard::print(&SIZES);
        return;
    }
    if has("--jinja") {
        jinja::print(*SIZES.last().unwrap());
        return;
    }
    if has("--cdktf") {
        cdktf::print(*SIZES.last().unwrap());
        return;
    }
    if has("--intents") {
        compile::print(&SIZES[1..]);
        return;
    }
    let figures: Vec<Figures> = SIZES.iter().map(|&vpcs| scene::measure(vpcs)).collect();
    let throughput = whois::addresses_per_second(*SIZES.last().unwrap());
    report::print(&figures, throughput);
}
