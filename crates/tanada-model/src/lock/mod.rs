//! `network.lock.hcl`: what earlier runs promised and what cannot be derived from the input.
//!
//! # How the text may change
//! The lock lies in other people's repositories and is merged by git, so its text is a promise. The rules, for which
//! the encoding of `Cargo.lock` is the model:
//!
//! 1. **Read long before write.** A new format is first understood by a release that still writes the old one. Only a
//!    later release writes it, so that two people with neighbouring releases can work on one branch.
//! 2. **A format is never read by half.** A larger `format`, an attribute or a section that this code does not know is
//!    an error, never skipped: what is skipped on reading is lost on writing, and a lost claim is an address that is
//!    handed out twice. Adding an attribute is therefore a new format, too.
//! 3. **One canonical text.** `print(parse(text)) == text` for every text that this code has written; a lock that did
//!    not change is not touched. `terraform fmt` changes no byte of it.
//! 4. **The fewest lines per edit.** One claim, tier, zone or birth is one line; the items of a list are never aligned,
//!    so a longer name touches no other line; what has its usual value (extent 0, the first block, `live`, headroom 0,
//!    `cut` equal to `headroom`) is left out, so a new attribute with a usual value touches no line either.
//! 5. **Sorted by position, so that git sees a collision.** Claims of one pool are sorted by extent, then position. Two
//!    claims that two branches made for the same addresses then stand between the same two lines, and git stops;
//!    sorted by name they would merge without a conflict.
//! 6. **No address and no clock.** Positions only, so that a range can change; no dates, which would conflict.
//! 7. **An end mark.** The last line says that it is the last one. Without it a text that was cut off between two
//!    sections would be a valid, shorter lock.
//!
//! 8. **What was agreed to is one line a name.** An acceptance says which change it allows by two digests, so it allows no
//!    other, needs no clock, and two branches that accept different things for one name conflict.
//!
//! Formats so far: 1, the first.

mod name;
mod recorded;
mod text;

use std::collections::BTreeMap;

use crate::net::Position;

pub use name::VpcName;
pub use recorded::{Recorded, RecordedSubnet, RecordedVpc};
pub use text::{CODES, FORMAT, LockError, LockErrorKind, parse, print};

/// Everything that is kept. Names are those of the input; no address stands here, only positions.
///
/// INVARIANT (kept by the allocator, checked on reading): claims of a pool are sorted by extent and position, and no
/// two of one extent overlap; no pool is without claims; at most one claim a (VPC, block label) and a (pool, extent);
/// places of tiers are sorted and disjoint; births are unique; ordinals of intents are 0, 1, 2, …
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Claims by the pool (root or inner) that they were cut from.
    pub pools: BTreeMap<String, Vec<Claim>>,
    /// What is fixed of layouts, by name.
    pub layouts: BTreeMap<String, LayoutLock>,
    /// Where the states of roots lie, under the names they were born with: of VPCs that are called otherwise today
    /// (see [`VpcName::directory`]), and of those that have no claim (every block lies outside all roots).
    pub births: BTreeMap<VpcName, String>,
    /// Where the states of hubs lie, under the names they were born with: of hubs that are called otherwise today, or
    /// whose input says that they were.
    pub hubs: BTreeMap<String, String>,
    /// VPCs whose root must still be emitted although the input has them no more.
    pub leaving: BTreeMap<VpcName, Leaving>,
    /// How far VPCs are that move to other addresses; one that has not begun is not listed.
    pub moves: BTreeMap<VpcName, MoveStage>,
    /// Birth ordinals of intents by name, from 0 without gaps: ACL rules of an older intent keep their numbers when a
    /// younger one comes. Only their order means something.
    pub intents: BTreeMap<String, u32>,
    /// Replacements and destructions that a person agreed to, by the name that was given: `web-production`, `hub.tokyo`.
    /// One a name; the next one takes its place, a rename takes it along, and it goes with what has the name.
    pub accepted: BTreeMap<String, Acceptance>,
}

/// What was agreed to: exactly one change, from what was to what will be. Both are digests, since a lock holds no address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acceptance {
    /// Of what was lost, 16 hexadecimal digits.
    pub before: String,
    /// Of what came instead, 16 hexadecimal digits.
    pub after: String,
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
        /// The VPC.
        vpc: VpcName,
        /// Which of its blocks.
        block: BlockLabel,
        /// Bits of every subnet's node that are kept free for growth today.
        headroom: u8,
        /// Headroom when the block was cut, at least `headroom`: the size of each node's first part. What lies between
        /// the two has become further parts.
        cut: u8,
    },
}

/// Which block of a VPC. The order is the order of the blocks in the emitted list.
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

/// How far a VPC is that moves to other addresses (`moves_from`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MoveStage {
    /// 1: a second network stands beside the old one, with routes and rules for both.
    Beside,
    /// 2: the old network is being destroyed.
    Leaving,
    /// 3: the second network has the name. The entry stays for as long as the input says `moves_from`, so that the
    /// move does not begin again.
    Arrived,
}

impl MoveStage {
    /// Its number, from 1, as people write it.
    pub fn number(self) -> u8 {
        match self {
            Self::Beside => 1,
            Self::Leaving => 2,
            Self::Arrived => 3,
        }
    }

    /// The stage of a number; `None` outside 1 to 3.
    pub fn of(number: u8) -> Option<Self> {
        [Self::Beside, Self::Leaving, Self::Arrived].into_iter().find(|stage| stage.number() == number)
    }
}

/// What is fixed of a layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayoutLock {
    /// Zone letters, sorted by index.
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

impl Claim {
    /// The order of a pool's lines.
    pub fn order(&self) -> (u32, Position) {
        (self.extent, self.at)
    }
}

impl TierLock {
    /// Addresses in one zone's node; 0 for a node that no block can hold.
    pub fn unit(&self) -> u64 {
        1_u64.checked_shl(32_u32.saturating_sub(u32::from(self.node))).unwrap_or(0)
    }

    /// The stretches that it keeps, as (offset from the start of the block, addresses): its slots, then one for each
    /// zone beyond them.
    pub fn stretches(&self) -> impl Iterator<Item = (u64, u64)> {
        let unit = self.unit();
        let slots = (u64::from(self.netnum) * unit, u64::from(self.slots) * unit);
        std::iter::once(slots).chain(self.extra.values().map(move |&netnum| (u64::from(netnum) * unit, unit)))
    }

    /// The order of a layout's lines.
    pub fn order(&self) -> (u8, u64) {
        (self.block, u64::from(self.netnum) * self.unit())
    }
}
