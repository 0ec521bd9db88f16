use std::collections::BTreeMap;

use super::{Leaving, VpcName};
use crate::net::Block;

/// Facts that a generated tree holds and from which a lost lock can be rebuilt. Filled by the witness, which reads
/// the text; used by the author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Extents of inner pools, in order, by name as a Terraform identifier: `-` written as `_`.
    pub pools: BTreeMap<String, Vec<Block>>,
    /// VPCs, sorted by id.
    pub vpcs: Vec<RecordedVpc>,
    /// Where the states of hubs lie, without suffix, by the hub's name.
    pub hubs: BTreeMap<String, String>,
    /// Roots on their way out, by VPC: where the state lies, and how it leaves.
    pub leaving: BTreeMap<VpcName, (String, Leaving)>,
}

/// A VPC in a generated tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedVpc {
    /// `team-label`.
    pub id: String,
    /// Path of its state, without suffix.
    pub birth: String,
    /// Its blocks, the first one first.
    pub blocks: Vec<Block>,
    /// Its subnets, in the order of the table.
    pub subnets: Vec<RecordedSubnet>,
}

/// A subnet in a generated tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedSubnet {
    /// Its key: `tier-zone…`.
    pub name: String,
    /// Its tier.
    pub tier: String,
    /// Its zone letter.
    pub zone: String,
    /// Its addresses.
    pub cidr: Block,
}
