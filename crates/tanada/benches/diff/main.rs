//! How long it takes to say what a change does: `cargo bench -p tanada --bench diff`.
//!
//! Two trees of which one VPC differs, in which the production network of the first team uses the room that it has. The
//! library is measured in a process of its own, with both trees in its memory; the command as a child, from `exec` to exit,
//! with both trees on a memory file system or in git. Figures are medians. `docs/benchmark.md` says how to read the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops where it cannot go on"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is the result")]

mod library;
mod report;
mod scene;
#[path = "../estates/synthetic.rs"]
#[allow(dead_code, reason = "each benchmark uses a part")]
mod synthetic;

use std::time::Duration;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs of which the middle one counts.
const RUNS: usize = 7;

/// Estates by their number of VPCs.
const SIZES: [usize; 4] = [30, 300, 1_000, 3_000];

/// The figures of one size.
pub(crate) struct Figures {
    pub(crate) vpcs: usize,
    /// Megabytes of Terraform in one of the trees.
    pub(crate) megabytes: f64,
    pub(crate) library: library::Figures,
    /// Reading every Terraform file of both trees and comparing the two, one thread: the baseline.
    pub(crate) reading: Duration,
    /// `tanada diff DIR/ DIR/`
    pub(crate) directories: scene::Cost,
    /// `tanada diff REV`
    pub(crate) revision: scene::Cost,
    /// `tanada diff REV REV`
    pub(crate) revisions: scene::Cost,
}

/// The one in the middle.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name));
    if let Some(home) = value("--library=") {
        library::print(home.as_ref());
        return;
    }
    if let Some(home) = value("--peak=") {
        scene::print_peak(home);
        return;
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        eprintln!("skipped: run `cargo bench -p tanada --bench diff`");
        return;
    }
    let sizes: Vec<usize> = match value("--size=") {
        Some(size) => vec![size.parse().expect("a number of VPCs")],
        None => SIZES.to_vec(),
    };
    let figures: Vec<Figures> = sizes.into_iter().map(scene::measure).collect();
    report::print(&figures);
}
