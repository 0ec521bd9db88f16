//! One estate on a memory file system, measured.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Figures, PAIRS, Pair, baseline, child, synthetic};

/// A directory that leaves with it.
pub(crate) struct Scene {
    home: PathBuf,
    vpcs: usize,
}

impl Scene {
    /// The input of an estate, on a memory file system where there is one.
    pub(crate) fn new(vpcs: usize) -> Self {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        let home = base.join(format!("tanada-bench-{}-{vpcs}", std::process::id()));
        fs::create_dir_all(home.join("network")).unwrap();
        fs::write(home.join("network/estate.hcl"), synthetic::estate(vpcs)).unwrap();
        fs::write(home.join("network/intents.hcl"), synthetic::intents(vpcs)).unwrap();
        let scene = Self { home, vpcs };
        scene.grow(0);
        scene
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    pub(crate) fn tree(&self) -> PathBuf {
        self.home.join("generated")
    }

    /// The production networks of the first teams use the room that they have.
    fn grow(&self, teams: usize) {
        fs::write(self.home.join("network/teams.hcl"), synthetic::team_blocks(self.vpcs, teams)).unwrap();
    }

    /// As if tanada had never run.
    pub(crate) fn forget(&self) {
        remove(&self.tree());
        let lock = self.home.join("network.lock.hcl");
        if lock.exists() {
            fs::remove_file(lock).unwrap();
        }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        remove(&self.home);
    }
}

/// Removes a directory, if there is one.
pub(crate) fn remove(directory: &Path) {
    if directory.exists() {
        fs::remove_dir_all(directory).unwrap();
    }
}

/// All figures of one size.
pub(crate) fn measure(vpcs: usize) -> Figures {
    eprintln!("{vpcs} VPCs");
    let scene = Scene::new(vpcs);
    let peak_kib = child::peak_kib(scene.home());
    let files = baseline::load(&scene.tree());
    let cold = cold(&scene, &files);
    let (unchanged, changed, rewritten) = again(&scene, &files);
    Figures {
        vpcs,
        files: files.len(),
        bytes: files.values().map(Vec::len).sum(),
        cold,
        unchanged,
        changed,
        rewritten,
        peak_kib,
    }
}

/// An estate of any size, generated once, and again.
pub(crate) fn once(vpcs: usize) {
    let scene = Scene::new(vpcs);
    let peak = child::peak_kib(scene.home());
    let files = baseline::load(&scene.tree());
    let bytes: usize = files.values().map(Vec::len).sum();
    scene.forget();
    let [cold, again] = [(); 2].map(|()| child::generate(scene.home()));
    println!(
        "{vpcs} VPCs: {} files, {:.1} MB; cold {:.0} ms, CPU {:.0} ms; nothing changed {:.0} ms; peak {:.1} MiB",
        files.len(),
        bytes as f64 / 1e6,
        cold.wall.as_secs_f64() * 1e3,
        cold.cpu.as_secs_f64() * 1e3,
        again.wall.as_secs_f64() * 1e3,
        peak as f64 / 1024.0
    );
}

fn cold(scene: &Scene, files: &baseline::Files) -> Pair {
    let copy = scene.home().join("copy");
    let (mut runs, mut creating) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        scene.forget();
        runs.push(child::generate(scene.home()));
        remove(&copy);
        creating.push(baseline::create(&copy, files));
    }
    remove(&copy);
    Pair::of(&runs, creating)
}

/// Nothing changed, and then one VPC grown, each time another one.
fn again(scene: &Scene, files: &baseline::Files) -> (Pair, Pair, usize) {
    let (mut unchanged, mut changed, mut comparing, mut rewritten) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut files = files.clone();
    for pair in 1..=PAIRS {
        let before = baseline::stamps(&scene.tree(), &files);
        unchanged.push(child::generate(scene.home()));
        let after = baseline::stamps(&scene.tree(), &files);
        rewritten += before.iter().zip(&after).filter(|(before, after)| before != after).count();
        comparing.push(baseline::compare(&scene.tree(), &files));
        scene.grow(pair);
        changed.push(child::generate(scene.home()));
        files = baseline::load(&scene.tree());
    }
    let nothing: Vec<_> = unchanged.iter().map(|cost: &child::Cost| cost.wall).collect();
    (Pair::of(&unchanged, comparing), Pair::of(&changed, nothing), rewritten)
}
