//! What rules of a network ACL speak of, as exact sets: no packet is sampled.
//!
//! [`Interval`], [`Cell`] and [`CellSet`] are plain geometry, in any number of coordinates. [`Match`] is what one rule
//! speaks of: a cell of (peer address, protocol, port). [`decided`] reads rules as a router does, the first that
//! matches decides; [`never_matching`] finds rules that no packet reaches, [`idle`] one that could as well be missing.
//!
//! Rules are slices in the order in which they are read; how they are numbered is the caller's business.

mod cell;
mod rules;
mod set;

pub use cell::{Cell, Interval};
pub use rules::{Decided, Match, Never, Packets, decided, idle, never_matching, protocol};
pub use set::CellSet;
