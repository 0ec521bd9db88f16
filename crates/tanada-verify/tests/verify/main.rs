//! Trees against what their input says.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses a part")]
mod support;

#[path = "../reach/oracle.rs"]
#[allow(dead_code, reason = "each test binary uses a part")]
mod oracle;

mod added;
mod changes;
mod clean;
mod estate;
mod faults;
mod mutants;
mod recorded;
