//! The files to write: the result of [`emit`](crate::emit).

use std::collections::BTreeMap;

/// Relative paths (with `/`, never absolute, never with `..`) and the bytes of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// By path.
    pub files: BTreeMap<String, String>,
}
