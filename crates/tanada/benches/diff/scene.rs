//! Two estates of which one VPC differs, side by side and as two revisions, and the command on them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use crate::{Figures, RUNS, library, median, synthetic};

/// The release binary.
const BINARY: &str = env!("CARGO_BIN_EXE_tanada");

/// What a run takes; medians.
pub(crate) struct Cost {
    /// From `exec` to exit.
    pub(crate) wall: Duration,
    /// Of all threads and of git, in user and kernel.
    pub(crate) cpu: Duration,
    /// The largest resident set in KiB: of tanada, or of git where that is more.
    pub(crate) peak_kib: u64,
}

/// `base/` and `head/`, and `repository/`, which is `base` in its first commit and `head` in its second and on the disk.
struct Scene(PathBuf);

impl Drop for Scene {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// All figures of one size.
pub(crate) fn measure(vpcs: usize) -> Figures {
    eprintln!("{vpcs} VPCs");
    let scene = Scene::new(vpcs);
    let reading = median((0..RUNS).map(|_| scene.reading()).collect());
    let directories = scene.cost(&["base/", "head/", "--dir", "head/network"]);
    let revision = scene.cost(&["HEAD~1", "--dir", "repository/network"]);
    let revisions = scene.cost(&["HEAD~1", "HEAD", "--dir", "repository/network"]);
    let bytes = terraform(&scene.0.join("base/generated"));
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let megabytes = bytes as f64 / 1e6;
    Figures {
        vpcs,
        megabytes,
        library: library::measure(&scene.0),
        reading,
        directories,
        revision,
        revisions,
    }
}

impl Scene {
    fn new(vpcs: usize) -> Self {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        let scene = Self(base.join(format!("tanada-bench-diff-{}-{vpcs}", std::process::id())));
        let home = scene.0.join("base");
        let network = home.join("network");
        fs::create_dir_all(&network).unwrap();
        fs::write(network.join("estate.hcl"), synthetic::estate(vpcs)).unwrap();
        fs::write(network.join("intents.hcl"), synthetic::intents(vpcs)).unwrap();
        fs::write(network.join("teams.hcl"), synthetic::team_blocks(vpcs, 0)).unwrap();
        generate(&home);
        copy(&home, &scene.0.join("repository"));
        let git = |arguments: &[&str]| scene.git(arguments);
        git(&["init", "--quiet", "."]);
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "base"]);
        copy(&home, &scene.0.join("head"));
        for home in ["head", "repository"].map(|name| scene.0.join(name)) {
            fs::write(home.join("network/teams.hcl"), synthetic::team_blocks(vpcs, 1)).unwrap();
            generate(&home);
        }
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "head"]);
        // As a repository is that somebody has cloned.
        git(&["gc", "--quiet"]);
        scene
    }

    fn git(&self, arguments: &[&str]) {
        let settings = ["user.name=m", "user.email=m@example.org", "commit.gpgsign=false", "gc.auto=0"];
        let settings = settings.into_iter().flat_map(|setting| ["-c", setting]);
        let mut git = Command::new("git");
        must(git.args(settings).args(arguments).current_dir(self.0.join("repository")));
    }

    /// What nobody who compares two directories can save.
    fn reading(&self) -> Duration {
        let start = Instant::now();
        let differing = differing(&self.0.join("base/generated"), &self.0.join("head/generated"));
        let took = start.elapsed();
        assert!(differing > 0, "one VPC changed");
        took
    }

    /// `tanada diff` with some arguments; it must say something.
    fn cost(&self, arguments: &[&str]) -> Cost {
        let (mut walls, mut cpus) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let before = cpu();
            let start = Instant::now();
            let output = must(diff(&self.0, arguments).stdout(Stdio::piped()));
            walls.push(start.elapsed());
            cpus.push(cpu() - before);
            assert!(!output.stdout.is_empty(), "one VPC changed");
        }
        // The kernel counts what the parent had resident before `exec`, too, so a small process of its own starts it.
        let order = format!("--peak={}\n{}", self.0.display(), arguments.join("\n"));
        let output = must(Command::new(std::env::current_exe().unwrap()).arg(order));
        let peak_kib = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
        Cost { wall: median(walls), cpu: median(cpus), peak_kib }
    }
}

/// Runs the command once, and says the largest resident set of it and of git.
pub(crate) fn print_peak(order: &str) {
    let mut words = order.split('\n');
    let home = words.next().unwrap_or_default();
    must(&mut diff(Path::new(home), &words.collect::<Vec<_>>()));
    println!("{}", children().max_rss());
}

fn diff(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("diff").args(arguments).current_dir(home);
    command
}

fn generate(home: &Path) {
    must(Command::new(BINARY).arg("generate").current_dir(home));
}

fn must(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Processor time of all children so far.
fn cpu() -> Duration {
    let usage = children();
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Duration::from_micros(u64::try_from(micros).unwrap())
}

fn children() -> Usage {
    getrusage(UsageWho::RUSAGE_CHILDREN).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// How many Terraform files of two trees differ.
fn differing(one: &Path, other: &Path) -> usize {
    let of = |entry: fs::DirEntry| {
        let (path, twin) = (entry.path(), other.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            return differing(&path, &twin);
        }
        let is_terraform = path.extension().is_some_and(|extension| extension == "tf");
        usize::from(is_terraform && fs::read(path).unwrap() != fs::read(twin).unwrap())
    };
    fs::read_dir(one).unwrap().map(|entry| of(entry.unwrap())).sum()
}

/// The bytes of a tree's Terraform files.
fn terraform(folder: &Path) -> u64 {
    let size = |path: PathBuf| {
        if path.is_dir() {
            return terraform(&path);
        }
        let is_terraform = path.extension().is_some_and(|extension| extension == "tf");
        if is_terraform { path.metadata().unwrap().len() } else { 0 }
    };
    fs::read_dir(folder).unwrap().map(|entry| size(entry.unwrap().path())).sum()
}
