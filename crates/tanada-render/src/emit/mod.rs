//! Prints a plan as files. Under construction.

use crate::plan::Plan;
use crate::tree::Tree;

/// Prints every file of the tree.
pub fn emit(_plan: &Plan) -> Tree {
    Tree::default()
}
