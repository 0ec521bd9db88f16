//! Gives every pool, VPC block, tier and subnet its addresses. Under construction.

use std::collections::BTreeSet;

use tanada_model::design::Design;
use tanada_model::diagnostic::{Code, Diagnostic};
use tanada_model::lock::{Lock, Recorded};

use crate::allocation::Allocation;

/// Every code that allocation can raise.
pub const CODES: &[Code] = &[];

/// What a person agreed to on the command line, by name (`team-label`, `team-label/block`, `layout.x.tier`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// `--accept`: replacements.
    pub accept: BTreeSet<String>,
    /// `--destroy`: what leaves and is to be destroyed.
    pub destroy: BTreeSet<String>,
    /// `--forget`: what leaves and stays in the account.
    pub forget: BTreeSet<String>,
}

/// Places everything. `lock' = f(lock, set of the input)`; `f(f(l, i), i) = f(l, i)`; what the lock has never moves.
pub fn allocate(
    _design: &Design,
    _lock: &Lock,
    _consent: &Consent,
) -> (Option<(Allocation, Lock)>, Vec<Diagnostic>) {
    (None, Vec::new())
}

/// A lock that gives every recorded block, tier and zone the place it has in the tree.
pub fn rebuild(_design: &Design, _recorded: &Recorded) -> (Option<Lock>, Vec<Diagnostic>) {
    (None, Vec::new())
}
