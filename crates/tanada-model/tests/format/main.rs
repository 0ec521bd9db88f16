//! The formatter of the input against real Terraform and against its own promises.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "a test fails by panicking"
)]

mod generate;
mod mangle;
mod promises;
mod random;
mod terraform;
