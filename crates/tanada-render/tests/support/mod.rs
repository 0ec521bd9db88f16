//! What several tests share.
#![allow(dead_code, reason = "no test uses all of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]
#![allow(clippy::print_stderr, reason = "a skipped judge is told, once and visibly")]

pub(crate) mod golden;
pub(crate) mod random;
pub(crate) mod sample;
pub(crate) mod terraform;
