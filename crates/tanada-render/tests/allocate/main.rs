//! Allocation against its rules, an independent allocator, and long histories of edits and merges.
//!
//! The normal run takes a sample. The full runs, whose figures the project quotes:
//!
//! ```text
//! TANADA_EDITS=10000 cargo test --release -p tanada-render --test allocate edits -- --nocapture
//! TANADA_MERGES=1000 cargo test --release -p tanada-render --test allocate merges -- --nocapture
//! ```

mod builder;
mod complaints;
mod edits;
mod merges;
mod oracle;
mod random;
mod rules;
mod surveys;
