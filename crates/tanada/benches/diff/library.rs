//! Two trees in memory, to what Terraform will do and who reaches whom newly.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tanada::revision::{Side, differ, survey};
use tanada_verify::changes::compare;
use tanada_verify::network::{Network, Part};
use tanada_verify::reach::{difference, reach};
use tanada_verify::{Files as _, Observed};

use crate::{RUNS, median};

/// Medians of one size.
pub(crate) struct Figures {
    /// From two trees to everything.
    pub(crate) whole: Duration,
    /// Finding what differs, reading it, and comparing.
    pub(crate) changes: Duration,
    /// Reading what only reachability needs.
    pub(crate) reading: Duration,
    /// Both networks, who reaches whom in them, and what that changes.
    pub(crate) reach: Duration,
    /// The largest resident set of the process in KiB, both trees included.
    pub(crate) peak_kib: u64,
    /// The same before it began: the two trees.
    pub(crate) trees_kib: u64,
}

/// Measures the two trees of a scene in a process of its own.
pub(crate) fn measure(home: &Path) -> Figures {
    let myself = std::env::current_exe().unwrap();
    let output = Command::new(myself).arg(format!("--library={}", home.display())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [whole, changes, reading, reach, peak_kib, trees_kib] = numbers[..] else { panic!("{text}") };
    let [whole, changes, reading, reach] = [whole, changes, reading, reach].map(Duration::from_micros);
    Figures { whole, changes, reading, reach, peak_kib, trees_kib }
}

/// The other end of [`measure`].
pub(crate) fn print(home: &Path) {
    let (base, head) = (load(&home.join("base/generated")), load(&home.join("head/generated")));
    let trees_kib = peak();
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..RUNS {
        let (old, new) = (Side::memory(base.clone()), Side::memory(head.clone()));
        for (all, own) in times.iter_mut().zip(once(&old, &new)) {
            all.push(own);
        }
    }
    let times = times.map(|times| median(times).as_micros().to_string());
    println!("{} {} {trees_kib}", times.join(" "), peak());
}

fn once(old: &Side, new: &Side) -> [Duration; 4] {
    let start = Instant::now();
    let found = differ(old, new).unwrap();
    let changes = compare(&found.old, &found.new);
    let compared = start.elapsed();
    assert_eq!(changes.roots.len(), 1, "one VPC changed");
    let shared = survey(new, &found.new).unwrap();
    let surveyed = start.elapsed();
    let network = |own: &Observed| {
        let own: Vec<Part> = own.roots.values().map(Part::new).collect();
        Network::joined(&shared.iter().chain(&own).collect::<Vec<_>>()).0
    };
    let (before, after) = rayon::join(|| reach(&network(&found.old)), || reach(&network(&found.new)));
    let shifts = difference(&before, &after);
    let whole = start.elapsed();
    drop(shifts);
    [whole, compared, surveyed - compared, whole - surveyed]
}

/// The files of a tree.
fn load(tree: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![tree.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") {
                let name = path.strip_prefix(tree).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(!files.list("teams").unwrap().is_empty());
    files
}

/// The most memory that this process had at once, in KiB, where the kernel tells.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
