//! The table of the language against the parser, the schema and docs/language.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "a test fails by panicking"
)]

mod document;
mod schema;
mod table;
