//! What stands in `addresses/`: the modules that hold every shared value once.

use std::collections::BTreeMap;

use super::Cidr;

/// A named address of `addresses/estate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name in the input.
    pub name: String,
    /// Its values, each with the comment that says where it comes from (`cidrsubnet(m3, 2, 0)`), may be empty.
    pub values: Vec<(Cidr, String)>,
    /// The reason, if one was given.
    pub why: Option<String>,
}

/// `addresses/estate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstateAddresses {
    /// Root pools, one value each, sorted by name.
    pub ranges: Vec<Named>,
    /// Inner pools, one value an extent, sorted by name.
    pub pools: Vec<Named>,
    /// Reservations, one value each, sorted by name.
    pub reserved: Vec<Named>,
    /// Sites with ranges of their own, sorted by name.
    pub sites: Vec<Named>,
    /// RFC 1918 in order (10/8, 172.16/12, 192.168/16) when something refers to it, else empty.
    pub private: Vec<(Cidr, String)>,
    /// Bucket for flow logs.
    pub flow_log_bucket: Option<String>,
}

/// `addresses/region-<name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionAddresses {
    /// The cloud's name of the region.
    pub name: String,
    /// Zone ids by letter.
    pub zones: BTreeMap<String, String>,
}

/// `addresses/hub-<name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubAddresses {
    /// The hub's label.
    pub name: String,
    /// Name tag of the gateway, by which VPCs find it.
    pub gateway: String,
}

/// `addresses/account-<name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountAddresses {
    /// The account's label.
    pub name: String,
    /// Twelve digits.
    pub id: String,
    /// The reason, if one was given.
    pub why: Option<String>,
}
