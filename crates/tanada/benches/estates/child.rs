//! Runs of the binary, and what they cost.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The release binary.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_tanada");

/// What one run took.
pub(crate) struct Cost {
    /// From `exec` to exit.
    pub(crate) wall: Duration,
    /// On all cores together, in user and kernel.
    pub(crate) cpu: Duration,
}

/// `tanada generate network`, in a directory.
pub(crate) fn generate(home: &Path) -> Cost {
    run(Command::new(BINARY).args(["generate", "network"]).current_dir(home))
}

/// One run that must succeed. What it says goes nowhere, unless it fails.
pub(crate) fn run(command: &mut Command) -> Cost {
    let before = cpu();
    let start = Instant::now();
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let wall = start.elapsed();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Cost { wall, cpu: cpu() - before }
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

/// Peak memory of a cold run in `home`, in KiB.
///
/// The kernel counts what the parent had resident before `exec`, too, so a small process of its own starts it.
pub(crate) fn peak_kib(home: &Path) -> u64 {
    let myself = std::env::current_exe().unwrap();
    let output = Command::new(myself).arg(format!("--peak={}", home.display())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

/// The other end of [`peak_kib`].
pub(crate) fn print_peak(home: &str) {
    generate(Path::new(home));
    println!("{}", children().max_rss());
}
