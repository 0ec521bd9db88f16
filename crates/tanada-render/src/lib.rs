//! The author: from a design to the text of ordinary Terraform.
//!
//! ```text
//! Document + Lock ─moves→ the same at a stage of a move (for most estates: the same)
//! Design + Lock ─allocate→ Allocation + Lock' ─derive→ Plan ─emit→ Tree
//! ```
//!
//! Each stage has one complete, immutable type, and none looks back. Every choice is made before the first
//! character is emitted: [`emit`] is given a [`plan::Plan`] and nothing else. This crate reads no file and no clock.

pub mod allocate;
pub mod allocation;
mod codes;
pub mod derive;
pub mod eject;
pub mod emit;
pub mod hcl;
pub mod moves;
pub mod outlook;
pub mod pages;
pub mod plan;
pub mod survey;
pub mod templates;
pub mod tree;
pub mod why;
