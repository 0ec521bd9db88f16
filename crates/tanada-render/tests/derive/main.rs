//! Derivation, judged from outside: what the plan of a small or a real estate says.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

mod codes;
mod estate;
mod excess;
mod literals;
mod numbers;
mod outlook;
mod renames;
mod roots;
mod said;
mod tables;
