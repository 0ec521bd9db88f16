//! What a hundred intents cost: `cargo bench -p tanada --bench estates -- --intents`.
//!
//! The baseline is the main job's cold run on the same estate without them, in the same process, run by run.

use std::fs;
use std::time::Duration;

use crate::child::Cost;
use crate::scene::Scene;
use crate::{PAIRS, child, median, synthetic};

/// Cold runs of one size.
struct Compiled {
    vpcs: usize,
    without: [Duration; 2],
    with: [Duration; 2],
}

/// Prints wall and processor time without and with the intents, and the bars.
pub(crate) fn print(sizes: &[usize]) {
    let all: Vec<Compiled> = sizes.iter().map(|&vpcs| measure(vpcs)).collect();
    println!("| VPCs | cold | with 100 intents | added | CPU | with 100 intents | added |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for Compiled { vpcs, without, with } in &all {
        let cells = [0, 1].map(|i| {
            let (plain, more) = (without[i].as_secs_f64() * 1e3, with[i].as_secs_f64() * 1e3);
            format!("{plain:.1} ms | {more:.1} ms | {:.2}x", (more - plain) / plain)
        });
        println!("| {vpcs} | {} |", cells.join(" | "));
    }
    let [.., middle, large] = all.as_slice() else { return };
    let added =
        (large.with[0].as_secs_f64() - large.without[0].as_secs_f64()) / large.without[0].as_secs_f64();
    let growth = large.with[1].as_secs_f64() / middle.with[1].as_secs_f64();
    println!("\n100 intents on {} VPCs add {added:.2}x of the cold run; the bar is 0.5x", large.vpcs);
    println!("CPU time, {} to {} VPCs: {growth:.2}x; the bar is 12x", middle.vpcs, large.vpcs);
}

fn measure(vpcs: usize) -> Compiled {
    eprintln!("{vpcs} VPCs");
    let scene = Scene::new(vpcs);
    let extra = scene.home().join("network/hundred.hcl");
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        scene.forget();
        without.push(child::generate(scene.home()));
        scene.forget();
        fs::write(&extra, synthetic::hundred_intents(vpcs)).unwrap();
        with.push(child::generate(scene.home()));
        fs::remove_file(&extra).unwrap();
    }
    let medians = |runs: &[Cost]| {
        [median(runs.iter().map(|c| c.wall).collect()), median(runs.iter().map(|c| c.cpu).collect())]
    };
    Compiled { vpcs, without: medians(&without), with: medians(&with) }
}
