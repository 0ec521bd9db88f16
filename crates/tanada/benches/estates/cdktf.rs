//! The same networks from cdktf: `cargo bench -p tanada --bench estates -- --cdktf`. Needs Node.js, and once
//! `npm install` in `benches/cdktf`.

use std::path::Path;
use std::process::Command;

use crate::scene::{Scene, remove};
use crate::{PAIRS, child, jinja, median};

/// Prints how long both take for an estate of this size. cdktf runs once: it takes a minute.
pub(crate) fn print(vpcs: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/cdktf");
    if !folder.join("node_modules/cdktf").is_dir() {
        println!("skipped: there is no cdktf; run `npm install --no-package-lock` in {}", folder.display());
        return;
    }
    let scene = Scene::new(vpcs);
    child::generate(scene.home());
    let (values, stacks) = (jinja::values(&scene), scene.home().join("stacks"));
    let cold = |_| {
        scene.forget();
        child::generate(scene.home()).wall
    };
    let ours = median((0..PAIRS).map(cold).collect());
    let theirs = child::run(Command::new("node").arg(folder.join("synth.mjs")).args([&values, &stacks])).wall;
    let made = stacks.join("stacks").read_dir().unwrap().count();
    assert_eq!(made, vpcs, "stacks that cdktf wrote");
    remove(&stacks);
    println!(
        "{vpcs} VPCs, cold: tanada {:.0} ms, cdktf {:.1} s, ratio 1/{:.0}",
        ours.as_secs_f64() * 1e3,
        theirs.as_secs_f64(),
        theirs.as_secs_f64() / ours.as_secs_f64()
    );
}
