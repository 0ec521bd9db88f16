//! The same tree from a script: `cargo bench -p tanada --bench estates -- --jinja`. Needs `python3` with Jinja2.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::baseline::{self, Files};
use crate::scene::Scene;
use crate::{PAIRS, child, median};

/// Prints how long both take for an estate of this size.
pub(crate) fn print(vpcs: usize) {
    if !Command::new("python3").args(["-c", "import jinja2"]).output().is_ok_and(|it| it.status.success()) {
        println!("skipped: there is no python3 with Jinja2");
        return;
    }
    let scene = Scene::new(vpcs);
    child::generate(scene.home());
    let (values, copy) = (values(&scene), scene.home().join("copy"));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        scene.forget();
        ours.push(child::generate(scene.home()).wall);
        crate::scene::remove(&copy);
        theirs.push(child::run(script("render.py").args([&values, &copy])).wall);
    }
    assert!(files(&scene.tree()) == files(&copy), "the script writes other bytes");
    let (ours, theirs) = (median(ours), median(theirs));
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{vpcs} VPCs, cold: tanada {:.0} ms, the script {:.0} ms, ratio {:.3}",
        millis(ours),
        millis(theirs),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

/// What a tree says as values, for whoever would write it in another way.
pub(crate) fn values(scene: &Scene) -> PathBuf {
    let values = scene.home().join("values.json");
    let read = script("values.py").arg(scene.tree()).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    std::fs::write(&values, read.stdout).unwrap();
    values
}

/// One of the scripts, to be run.
fn script(name: &str) -> Command {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/jinja").join(name);
    let mut command = Command::new("python3");
    command.arg(path);
    command
}

/// A tree without its manifest, which the script does not write.
fn files(tree: &Path) -> Files {
    let mut files = baseline::load(tree);
    files.remove(&PathBuf::from(".tanada"));
    files
}
