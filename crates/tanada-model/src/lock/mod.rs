//! `network.lock.hcl`: what earlier runs promised and what cannot be derived from the input.

mod recorded;
mod text;

use std::collections::BTreeMap;

use crate::net::Position;

pub use recorded::{Recorded, RecordedSubnet, RecordedVpc};
pub use text::{LockError, parse, print};

/// Everything that is kept. Names are those of the input; no address stands here, only positions.
///
/// INVARIANT (kept by the allocator, checked on reading): no two claims of one extent overlap; at most one claim a
/// (VPC, block label); names and labels are valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Claims by the pool (root or inner) that they were cut from.
    pub pools: BTreeMap<String, Vec<Claim>>,
    /// What is fixed of layouts, by name.
    pub layouts: BTreeMap<String, LayoutLock>,
    /// Birth names of roots by VPC id, only where they differ from `teams/<team>/<label>`.
    pub births: BTreeMap<String, String>,
    /// VPCs whose root must still be emitted although the input has them no more, by VPC id.
    pub leaving: BTreeMap<String, Leaving>,
    /// Birth ordinals of intents by name, from 0: ACL rules of an older intent keep their numbers when a younger one
    /// comes. Given once.
    pub intents: BTreeMap<String, u32>,
}

/// One block of addresses and who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which extent of the pool, from 0. A pool that has grown has several; indexes count inside one extent.
    pub extent: u32,
    /// Position in that extent.
    pub at: Position,
    /// Who has it.
    pub holder: Holder,
    /// Whether it is in use.
    pub state: ClaimState,
}

/// Who has a block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// An inner pool; the `extent`-th extent of it, from 0.
    Pool {
        /// The pool's name.
        name: String,
        /// Which extent of it this is.
        extent: u32,
    },
    /// A block of a VPC.
    Vpc {
        /// The VPC's id.
        vpc: String,
        /// Which of its blocks.
        block: BlockLabel,
        /// Bits of every subnet's node kept free for growth.
        headroom: u8,
    },
}

/// Which block of a VPC. The order is the order of the blocks in the emitted list, except that the allocation keeps
/// growth in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockLabel {
    /// The first one. AWS can never remove it.
    First,
    /// The n-th by growth of `size`, from 2.
    Grown(u32),
    /// `block "y"`.
    Named(String),
}

/// State of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClaimState {
    /// In the input.
    Live,
    /// No longer in the input; not handed out until `tanada release`. The same name gets it back.
    Retired,
}

/// How a VPC leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leaving {
    /// `--destroy`: its root keeps provider and backend only, so that Terraform plans the destruction.
    Destroyed,
    /// `--forget`: its root says `removed { destroy = false }`, so that the network stays and leaves the state.
    Forgotten,
}

/// What is fixed of a layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayoutLock {
    /// Zone letters by index.
    pub zones: Vec<ZoneLock>,
    /// Places of tiers, sorted by (prefix length of the block, offset).
    pub tiers: Vec<TierLock>,
}

/// Index of a zone letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneLock {
    /// The letter.
    pub letter: String,
    /// Its index, unique in the layout.
    pub index: u32,
    /// Whether the layout still has it.
    pub state: ClaimState,
}

/// Place of a tier in blocks of one prefix length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierLock {
    /// Prefix length of the blocks.
    pub block: u8,
    /// The tier's name.
    pub tier: String,
    /// Prefix length of one zone's node.
    pub node: u8,
    /// Index of zone 0's node among the block's nodes of that length.
    pub netnum: u32,
    /// Zone slots kept from there on.
    pub slots: u32,
    /// Nodes of zones beyond the slots: zone index to index among the block's nodes of that length.
    pub extra: BTreeMap<u32, u32>,
    /// Whether the layout still has it.
    pub state: ClaimState,
}
