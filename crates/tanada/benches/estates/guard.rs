//! What the guard adds to a run, in this process: a part of `--phases`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use tanada::disk::compare::{Overwrite, compare};
use tanada::disk::known::Known;
use tanada::guarded::Guard;
use tanada_model::design::resolve;
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::{self, Lock};
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;
use tanada_render::emit::units;

use crate::scene::Scene;
use crate::{PAIRS, child, median, synthetic};

/// Prints what the guard takes: where nothing lies, where nothing changed, and where one VPC did.
pub(crate) fn print(sizes: &[usize]) {
    println!("| VPCs | guard, cold | unchanged | one VPC changed |");
    println!("| ---: | ---: | ---: | ---: |");
    for &vpcs in sizes {
        let scene = Scene::new(vpcs);
        child::generate(scene.home());
        let (home, tree) = (scene.home(), scene.tree());
        let times = [
            judge(home, &home.join("nowhere"), vpcs, 0),
            judge(home, &tree, vpcs, 0),
            judge(home, &tree, vpcs, 1),
        ];
        let cells: Vec<String> = times.iter().map(|millis| format!("{millis:.2} ms")).collect();
        println!("| {vpcs} | {} |", cells.join(" | "));
    }
}

/// Milliseconds that the guard takes when the production networks of the first teams use their room.
fn judge(home: &Path, out: &Path, vpcs: usize, teams: usize) -> f64 {
    let mut sources = Sources::default();
    sources.add("network/estate.hcl", synthetic::estate(vpcs));
    sources.add("network/teams.hcl", synthetic::team_blocks(vpcs, teams));
    sources.add("network/intents.hcl", synthetic::intents(vpcs));
    let design = resolve(&parse(&sources).0).0.unwrap();
    let lock = if out.exists() {
        lock::parse(&fs::read_to_string(home.join("network.lock.hcl")).unwrap()).unwrap()
    } else {
        Lock::default()
    };
    let (allocation, new_lock) = allocate(&design, &lock, &Consent::default()).0.unwrap();
    let plan = derive(&design, &allocation).0.unwrap();
    let known = Known::read(out).unwrap();
    let comparison = compare(out, known, units(&plan).flatten_iter(), &Overwrite::new(&[], out)).unwrap();
    let guard = Guard {
        out,
        comparison: &comparison,
        lock: &lock,
        new_lock: &new_lock,
        design: &design,
        allocation: &allocation,
        names: BTreeSet::new(),
    };
    let times = (0..PAIRS).map(|_| {
        let start = Instant::now();
        let verdict = guard.judge().unwrap();
        let time = start.elapsed();
        assert!(verdict.refused.is_empty(), "{:?}", verdict.refused);
        time
    });
    median(times.collect()).as_secs_f64() * 1e3
}
