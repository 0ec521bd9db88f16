//! Quotas of AWS, counted over what a tree builds.

mod counts;
mod quota_exceeded;
mod quota_near;
mod site_prefixes;

use std::collections::BTreeMap;

use tanada_model::quotas::{Quota, quota};

use super::Rule;

pub use counts::{Count, counts};

pub(super) static RULES: &[&Rule] = &[&quota_exceeded::RULE, &quota_near::RULE, &site_prefixes::RULE];

/// Where quotas come from, as a rule says it.
macro_rules! source {
    () => {
        "each quota has its own source, with its date: the table in docs/rules.md"
    };
}
use source;

/// Quotas in force: the defaults, and what was raised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotas(BTreeMap<&'static str, u32>);

impl Quotas {
    /// The defaults, with these raised.
    pub fn raised<'q>(raised: impl IntoIterator<Item = (&'q str, u32)>) -> Self {
        let known = |(name, value)| Some((quota(name)?.name, value));
        Self(raised.into_iter().filter_map(known).collect())
    }

    /// The quota in force.
    pub fn of(&self, quota: &Quota) -> u32 {
        self.0.get(quota.name).copied().unwrap_or(quota.default)
    }
}
