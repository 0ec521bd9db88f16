use std::io::Write;

use crate::provider::Lookups;
use crate::terraform::{Failure, Judge};

/// Set where the judge must be present, so that a missing Terraform fails instead of skipping.
const REQUIRED: &str = "TANADA_REQUIRE_TERRAFORM";

/// A judge for a test, or `None` and one visible line where there is no Terraform.
///
/// With `TANADA_REQUIRE_TERRAFORM` set its absence is a failure.
///
/// # Errors
///
/// The stand-in cannot be started, or Terraform is required and absent.
pub fn judge_or_skip(lookups: Lookups) -> Result<Option<Judge>, Failure> {
    let judge = Judge::start(lookups)?;
    if judge.is_none() {
        let current = std::thread::current();
        let test = current.name().unwrap_or("a test");
        if std::env::var_os(REQUIRED).is_some() {
            let reason = format!("`terraform` is not on PATH, and {REQUIRED} is set");
            return Err(std::io::Error::other(reason).into());
        }
        // Written past the capture of the test harness, which would hide the line of a test that passes. If even
        // that fails there is nobody to read it.
        let _ = writeln!(std::io::stderr(), "skipped {test}: `terraform` is not on PATH");
    }
    Ok(judge)
}
