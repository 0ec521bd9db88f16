//! Whole estates, end to end: the input of `fixtures/*` through the library and through the binary, compared with
//! facts that were recorded elsewhere and with the committed trees.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what failed by failing"
)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures, and tests that are skipped, are told"
)]

mod acls;
mod addresses;
mod explained;
mod golden;
mod input;
mod order;
mod recorded;
mod segments;
mod support;
mod unreached;
