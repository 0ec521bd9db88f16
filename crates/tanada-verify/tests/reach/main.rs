//! Reachability against a second reading of the same rules, packet by packet.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses a part")]
mod support;

mod estates;
mod fixtures;
mod oracle;
mod random;
