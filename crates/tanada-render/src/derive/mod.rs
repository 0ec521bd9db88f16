//! Derives every correlated value, once: routes, segments, ACL rules, names, tags. Under construction.

use tanada_model::design::Design;
use tanada_model::diagnostic::{Code, Diagnostic};

use crate::allocation::Allocation;
use crate::plan::Plan;

/// Every code that derivation can raise.
pub const CODES: &[Code] = &[];

/// Makes the plan.
pub fn derive(_design: &Design, _allocation: &Allocation) -> (Option<Plan>, Vec<Diagnostic>) {
    (None, Vec::new())
}
