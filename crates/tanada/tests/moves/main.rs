//! Moves of VPCs to other addresses, as the witness, the guard and a reviewer see each stage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what failed by failing"
)]

mod preview;
mod program;
mod rebuilt;
mod reviews;
mod roots;
mod stages;
#[expect(dead_code, reason = "the tests of whole estates need more of it")]
#[path = "../estates/support.rs"]
mod support;
