//! Real Terraform judges what is emitted: it plans what the plan of the author says, and changes what a change needs.
//!
//! The normal run takes a sample; `TANADA_JUDGE=all cargo test -p tanada --test judge` plans every root of every
//! fixture. Without `terraform` on `PATH` each test says in one line that it was skipped; with
//! `TANADA_REQUIRE_TERRAFORM` set that is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what failed by failing"
)]
#![allow(clippy::print_stdout, reason = "figures are told")]

mod changes;
mod differences;
mod ejected;
mod estate;
mod expected;
mod life;
mod modules;
mod moves;
mod observed;
mod ranges;
mod roots;
mod shown;
mod shrinking;
mod sketch;
#[expect(dead_code, reason = "the tests of whole estates need more of it")]
#[path = "../estates/support.rs"]
mod support;
mod templates;
mod witness;
