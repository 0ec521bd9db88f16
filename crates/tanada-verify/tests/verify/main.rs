//! Trees against what their input says.

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses a part")]
mod support;

mod clean;
mod estate;
mod faults;
