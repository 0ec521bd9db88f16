//! How fast a generated tree is read back: `cargo bench -p tanada-verify --bench reading`.
//!
//! The tree of `fixtures/m3` is copied until it has 30, 300 and 3,000 VPCs, each copy with addresses of its own, and read
//! from memory on one thread and on all. The megabytes are those of all its Terraform files. With a number as argument
//! only that many VPCs are read, once: for the peak of memory and for profilers.
#![allow(clippy::print_stdout, reason = "a benchmark reports")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tanada_verify::{Observed, Reader, read};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Tree = BTreeMap<String, Arc<str>>;

/// The estate of `m3`, so many times.
fn estate(copies: usize) -> Tree {
    let one = support::generated("m3");
    let vpcs: Vec<String> = one
        .keys()
        .filter_map(|path| path.strip_prefix("teams/")?.strip_suffix("/main.tf"))
        .map(|path| path.replace('/', "-"))
        .collect();
    let mut tree = Tree::new();
    for copy in 0..copies {
        for (path, text) in &one {
            let mut text = text.clone();
            if path.ends_with("/addresses.tf") {
                for vpc in &vpcs {
                    text = text.replace(&format!("addresses/{vpc}\""), &format!("addresses/{vpc}-{copy}\""));
                }
            }
            let own = vpcs.iter().find(|vpc| path.starts_with(&format!("addresses/{vpc}/")));
            let path = match own {
                Some(vpc) => path.replace(vpc, &format!("{vpc}-{copy}")),
                None => match path.strip_prefix("teams/").and_then(|rest| rest.split_once('/')) {
                    Some((team, rest)) => format!("teams/{team}-{copy}/{rest}"),
                    None => path.clone(),
                },
            };
            tree.insert(path, text.into());
        }
    }
    tree
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn timed(work: impl Fn() -> Observed) -> Duration {
    median(
        (0..7)
            .map(|_| {
                let start = Instant::now();
                let observed = work();
                let time = start.elapsed();
                drop(observed);
                time
            })
            .collect(),
    )
}

fn alone(tree: &Tree) -> Observed {
    let reader = Reader::new(tree);
    let roots = reader.roots().expect("a tree in memory");
    let roots = roots.iter().map(|directory| reader.root(directory).expect("a generated root"));
    Observed { roots: roots.map(|root| (root.directory.clone(), root)).collect() }
}

/// The largest resident set of this process in KiB, where the kernel tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}

#[expect(clippy::cast_precision_loss, reason = "megabytes with one digit")]
fn main() {
    if let Some(vpcs) = std::env::args().find_map(|argument| argument.parse::<usize>().ok()) {
        let tree = estate(vpcs.div_ceil(30));
        let before = peak().unwrap_or_default();
        let start = Instant::now();
        let observed = read(&tree).expect("a generated tree");
        println!("{} roots in {:.1?}", observed.roots.len(), start.elapsed());
        println!("peak {} KiB, of which {before} KiB before reading", peak().unwrap_or_default());
        return;
    }
    println!("| VPCs | files | MB | one thread | MB/s | all threads | MB/s |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for copies in [1, 10, 100] {
        let tree = estate(copies);
        let megabytes = tree.values().map(|text| text.len()).sum::<usize>() as f64 / 1e6;
        let one = timed(|| alone(&tree));
        let all = timed(|| read(&tree).expect("a generated tree"));
        println!(
            "| {} | {} | {megabytes:.1} | {one:.1?} | {:.1} | {all:.1?} | {:.1} |",
            copies * 30,
            tree.len(),
            megabytes / one.as_secs_f64(),
            megabytes / all.as_secs_f64(),
        );
    }
}
