//! An estate as it stands in a revision of git, or in a directory: its input, its lock and its tree.

mod differ;
pub mod git;
mod rebuild;
mod side;

pub use differ::{ChangedRoots, Difference, changed_roots, differ, differ_in, survey};
pub use rebuild::{Rebuilt, Whole, rebuild};
pub use side::{Side, Spec};
