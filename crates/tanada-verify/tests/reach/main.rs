//! Reachability against a second reading of the same rules, packet by packet.

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses a part")]
mod support;

mod estates;
mod fixtures;
mod oracle;
mod random;
