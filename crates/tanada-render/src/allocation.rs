//! Where everything lies: the result of [`allocate`](crate::allocate).

use tanada_model::design::{LayoutId, PoolId, TierIndex, VpcId};
use tanada_model::lock::{BlockLabel, Leaving};
use tanada_model::net::{Block, Position};

/// Addresses of everything in a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// By [`PoolId`].
    pub pools: Vec<PoolAllocation>,
    /// By [`VpcId`].
    pub vpcs: Vec<VpcAllocation>,
    /// Roots that are still emitted although the input has their VPC no more, sorted by id.
    pub leaving: Vec<LeavingVpc>,
    /// Where the states of hubs lie, without suffix, by [`HubId`](tanada_model::design::HubId): `hub/<name>` under the name
    /// that it was born with.
    pub hub_births: Vec<String>,
    /// Birth ordinals by [`IntentId`](tanada_model::design::IntentId): an older intent's ACL rules keep their numbers
    /// when a younger one comes.
    pub intent_births: Vec<u32>,
    /// `moved` blocks that renamed tiers need, by VPC: (old tier, new tier).
    pub renamed_tiers: Vec<(VpcId, String, String)>,
    /// VPCs that move, while their second network does not have the name yet, by name.
    pub moving: Vec<Moving>,
    /// Claims that are retired, sorted by block: for `tree`, `free` and `whois`.
    pub retired: Vec<Retired>,
}

/// A VPC that moves to other addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    /// `team-label`: the name that it has today and will have.
    pub id: String,
    /// The network that goes; `None`: it is being destroyed.
    pub old: Option<VpcId>,
    /// The one that takes its place.
    pub next: VpcId,
}

/// A pool's addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolAllocation {
    /// The pool.
    pub pool: PoolId,
    /// Its extents, in order; a root has one.
    pub extents: Vec<Block>,
    /// What can be handed out from it, as the largest nodes, sorted: neither claimed, reserved, nor an inner pool's.
    pub free: Vec<Block>,
}

/// A VPC's addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcAllocation {
    /// The VPC.
    pub vpc: VpcId,
    /// Where its root's state lies, without suffix: `teams/<team>/<label>` under the names it was born with.
    pub birth: String,
    /// Its blocks: the first, those of growth in order, then named ones by name. Never empty.
    pub blocks: Vec<BlockAllocation>,
}

/// One CIDR block of a VPC, cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockAllocation {
    /// Which of the VPC's blocks.
    pub label: BlockLabel,
    /// The block.
    pub block: Block,
    /// The pool it was cut from (or lies in, for a pin), the extent of it, and the position there; `None` outside every root.
    pub source: Option<(PoolId, u32, Position)>,
    /// How it is cut.
    pub layout: LayoutId,
    /// Bits of every subnet's node kept free for growth.
    pub headroom: u8,
    /// Tiers that are cut in it, in layout order (the attachment's only in the first block of an attached VPC).
    pub tiers: Vec<TierAllocation>,
}

/// A tier in one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierAllocation {
    /// The tier, in the block's layout.
    pub tier: TierIndex,
    /// Everything that the tier may ever use here: what others write in rules. One block when `slots` is a power of two.
    /// Sorted, the fewest blocks.
    pub ranges: Vec<Block>,
    /// Subnets, by zone in layout order, then by part.
    pub subnets: Vec<SubnetAllocation>,
}

/// One subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubnetAllocation {
    /// `tier-zone`, `tier-zone-2` for what growth adds, `tier-zone-block2` in a block by growth. Unique in the VPC.
    pub name: String,
    /// Zone letter.
    pub zone: String,
    /// Which part of the zone's node, from 1.
    pub part: u32,
    /// Its addresses.
    pub cidr: Block,
}

/// A root that is still emitted although the input has its VPC no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeavingVpc {
    /// The VPC's id when it left, `team-label`.
    pub id: String,
    /// Folder of its root, `teams/<team>/<label>` under the name that it had last.
    pub directory: String,
    /// Where its root's state lies.
    pub birth: String,
    /// How it leaves.
    pub how: Leaving,
}

/// A block that is kept from being handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// The block.
    pub block: Block,
    /// The pool it was cut from; `None` when the pool is gone from the input, too.
    pub pool: Option<PoolId>,
    /// Whose it was: a VPC's id, with `/label` for a block that is not the first, or `pool.name`.
    pub holder: String,
}
