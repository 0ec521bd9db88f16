//! Allocation against its rules, an independent allocator, and long histories of edits and merges.
//!
//! The normal run takes a sample. The full runs, whose figures the project quotes:
//!
//! ```text
//! TANADA_EDITS=10000 cargo test --release -p tanada-render --test allocate edits -- --nocapture
//! TANADA_MERGES=1000 cargo test --release -p tanada-render --test allocate merges -- --nocapture
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail as tests do")]
#![allow(clippy::too_many_lines, reason = "lists of cases and of an estate's parts")]

mod builder;
mod complaints;
mod edits;
mod history;
mod merges;
mod oracle;
mod random;
mod rules;
mod surveys;
