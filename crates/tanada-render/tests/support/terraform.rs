//! Real Terraform as a judge.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `terraform` in `directory`; `None`, and one line that says so, where there is none.
pub(crate) fn terraform(directory: &Path, arguments: &[&str]) -> Option<Output> {
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .output();
    match output {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: there is no terraform on PATH to judge what is emitted");
            None
        }
        Err(error) => panic!("terraform: {error}"),
    }
}

/// Asserts that `terraform fmt` would change nothing below `directory`.
pub(crate) fn assert_canonical(directory: &Path) {
    if let Some(output) = terraform(directory, &["fmt", "-check", "-diff", "-recursive"]) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "not canonical:\n{}{}", text(&output.stdout), text(&output.stderr));
    }
}
