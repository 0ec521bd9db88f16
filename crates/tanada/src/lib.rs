//! The command line of tanada: the only part that reads or writes anything.
//!
//! ```text
//! commands/*   one file a command: its arguments are its help text
//! estate       input and lock as values, with every finding
//! guarded/*    what a run may not replace or destroy unasked
//! codes        every code of a finding, what an estate may say of it, and what it rests on (sources)
//! report       findings as text or JSON, and the exit status
//! templates    files that people add to the tree
//! witness      what the tree builds, for the commands that ask the witness
//! why          where emitted values come from
//! review/*     what a change does, for a reviewer
//! revision/*   an estate in a revision of git or a directory
//! disk/*       reading and writing, knowing nothing of what the files mean
//! ```

pub mod codes;
pub mod commands;
pub mod disk;
pub mod estate;
pub mod examples;
pub mod guarded;
mod local;
pub mod report;
pub mod review;
pub mod revision;
pub mod rules;
mod sources;
pub mod starter;
pub mod stop;
pub mod streams;
mod table;
pub mod templates;
pub mod why;
pub mod witness;

pub use commands::main;
