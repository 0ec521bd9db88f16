//! An estate as it stands in a revision of git, or in a directory: its input, its lock and its tree.

mod differ;
pub mod git;
mod rebuild;
mod roots;
mod side;

pub use differ::{Difference, differ, differ_in, survey};
pub use rebuild::{Rebuilt, Whole, Written, rebuild};
pub use roots::{ChangedRoots, Held, changed_roots, is_hub};
pub use side::{Side, Spec};
