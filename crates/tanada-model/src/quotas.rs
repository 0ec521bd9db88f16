//! Quotas of AWS, as dated data. `quotas` in the input says which were raised.
//!
//! One table for everybody: the reader of the input knows their names from it, derivation what it must keep, the rules
//! over an emitted tree what to count.

use crate::design::Design;

/// One quota.
#[derive(Debug, PartialEq, Eq)]
pub struct Quota {
    /// Its name in `quotas { }`.
    pub name: &'static str,
    /// The default.
    pub default: u32,
    /// What is counted, in the plural: `routes in a route table`.
    pub things: &'static str,
    /// What counts and what does not.
    pub counts: &'static str,
    /// As far as AWS raises it, where it says a number; the default where it raises nothing.
    pub most: Option<u32>,
    /// Where the default was read, and when; how far it can be raised.
    pub source: &'static str,
}

impl Quota {
    /// Whether AWS raises it as far as that.
    pub fn can_be(&self, value: usize) -> bool {
        self.most.is_none_or(|most| value <= most as usize)
    }

    /// What to type when AWS has raised it.
    pub fn raised(&self, value: usize) -> String {
        format!("write `{} = {value}` into `quotas`, with the reason in `why`", self.name)
    }

    /// The quota in force for an estate.
    pub fn of(&self, design: &Design) -> usize {
        design.quotas.get(self.name).map_or(self.default, |raised| raised.value) as usize
    }
}

/// The quota of a name.
pub fn quota(name: &str) -> Option<&'static Quota> {
    QUOTAS.iter().copied().find(|quota| quota.name == name)
}

macro_rules! quotas {
    ($(
        $constant:ident = $name:literal $default:literal $(to $most:literal)? $things:literal,
        $counts:literal, $source:literal;
    )*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $things, ".")]
            pub static $constant: Quota =
                Quota {
                    name: $name, default: $default, things: $things, counts: $counts, source: $source,
                    most: [$(Some($most),)? None][0],
                };
        )*

        /// Every quota, by name.
        pub static QUOTAS: &[&Quota] = &[$(&$constant),*];
    };
}

quotas! {
    ACL_RULES = "acl_rules" 20 to 40
        "rules a direction", "rules of a network ACL in one direction, the last rule `*` included; IPv4 and IPv6 apart",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; up to 40";
    ATTACHMENTS_PER_HUB = "attachments_per_hub" 5000
        "attachments", "attachments of every kind to one Transit Gateway",
        "AWS Transit Gateway quotas, read 2026-11-22; newer pages say that it can be raised";
    BLOCKS_PER_VPC = "blocks_per_vpc" 5 to 50
        "IPv4 blocks", "IPv4 CIDR blocks of a VPC, the first one included",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; up to 50";
    ELASTIC_IPS_PER_REGION = "elastic_ips_per_region" 5
        "Elastic IP addresses", "Elastic IP addresses of an account in a region; every NAT gateway has one",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-23; can be raised";
    HUBS_PER_REGION = "hubs_per_region" 5
        "Transit Gateways", "Transit Gateways of an account in a region",
        "AWS Transit Gateway quotas, read 2026-11-22; can be raised";
    INTERNET_GATEWAYS_PER_REGION = "internet_gateways_per_region" 5
        "internet gateways", "internet gateways of an account in a region; rises with the quota of VPCs",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; hundreds";
    NAT_GATEWAYS_PER_ZONE = "nat_gateways_per_zone" 5
        "NAT gateways", "NAT gateways of an account in a zone",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; can be raised";
    NETWORK_ACLS_PER_VPC = "network_acls_per_vpc" 200
        "network ACLs", "network ACLs of a VPC, the default one included",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; can be raised";
    PREFIXES_FROM_SITE = "prefixes_from_site" 100 to 100
        "prefixes from a site", "prefixes that a site announces over Direct Connect; one more takes BGP down",
        "AWS Direct Connect user guide, quotas, read 2026-11-22; cannot be raised";
    PREFIXES_TO_SITE = "prefixes_to_site" 200 to 200
        "prefixes to a site", "prefixes that a Transit Gateway announces over Direct Connect",
        "AWS Direct Connect user guide, quotas, read 2026-11-22; cannot be raised";
    ROUTE_TABLES_PER_HUB = "route_tables_per_hub" 20
        "route tables", "route tables of a Transit Gateway",
        "AWS Transit Gateway quotas, read 2026-11-22; can be raised";
    ROUTE_TABLES_PER_VPC = "route_tables_per_vpc" 200
        "route tables", "route tables of a VPC, the main one included",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; can be raised";
    ROUTES_PER_HUB = "routes_per_hub" 10000
        "routes", "routes of all tables of a Transit Gateway together",
        "AWS Transit Gateway quotas, read 2026-11-22; through the account team";
    ROUTES_PER_TABLE = "routes_per_table" 500 to 1000
        "routes", "non-propagated IPv4 routes of a VPC's route table, local ones aside",
        "AWS announcement of June 2025 (50 before), read 2026-11-23 in reports of it; up to 1,000";
    SUBNETS_PER_VPC = "subnets_per_vpc" 200
        "subnets", "subnets of a VPC",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; can be raised";
    VPCS_PER_REGION = "vpcs_per_region" 5
        "VPCs", "VPCs of an account in a region; AWS counts its default one, too, which a tree does not show",
        "Amazon VPC user guide, quotas (amazon-vpc-limits), read 2026-11-22; hundreds";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quota_has_a_dated_source() {
        for quota in QUOTAS {
            assert!(quota.source.contains("read 20"), "{}", quota.name);
            assert!(!quota.counts.is_empty() && quota.default > 0, "{}", quota.name);
            assert!(quota.can_be(quota.default as usize), "{}", quota.name);
            let said = match quota.most {
                Some(most) if most == quota.default => "; cannot be raised".to_owned(),
                Some(1000) => "; up to 1,000".to_owned(),
                Some(most) => format!("; up to {most}"),
                None => String::new(),
            };
            assert!(quota.source.ends_with(&said), "{}: {said}", quota.name);
            assert!(quota.most.is_some() || !quota.source.contains("up to"), "{}", quota.name);
        }
        assert!(QUOTAS.is_sorted_by_key(|quota| quota.name));
    }
}
