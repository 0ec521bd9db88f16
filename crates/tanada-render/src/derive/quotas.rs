//! Quotas of AWS that derived values must keep, as dated data. `quotas { name = n }` raises them.

use tanada_model::design::Design;

/// One quota.
pub struct Quota {
    /// Its name in `quotas { }`.
    pub name: &'static str,
    /// The default.
    pub default: u32,
    /// What is counted.
    pub counts: &'static str,
    /// Where the default was read, and when.
    pub source: &'static str,
}

/// Rules of a network ACL.
pub const ACL_RULES: Quota = Quota {
    name: "acl_rules",
    default: 20,
    counts: "rules per network ACL and direction, the last rule `*` included; IPv4 and IPv6 apart",
    source: "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; adjustable to 40",
};

/// Routes of a VPC's route table.
pub const ROUTES: Quota = Quota {
    name: "routes_per_table",
    default: 500,
    counts: "non-propagated IPv4 routes per VPC route table, local ones aside",
    source: "AWS announcement of June 2025 (50 before), read 2026-11-23 in reports of it; adjustable to 1,000",
};

/// Every quota that derivation checks.
pub const QUOTAS: &[Quota] = &[ACL_RULES, ROUTES];

impl Quota {
    /// The quota in force for an estate.
    pub fn of(&self, design: &Design) -> usize {
        design.quotas.get(self.name).map_or(self.default, |raised| raised.value) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quota_has_a_dated_source() {
        for quota in QUOTAS {
            assert!(quota.source.contains("read 20"), "{}", quota.name);
            assert!(!quota.counts.is_empty() && quota.default > 0, "{}", quota.name);
        }
    }
}
