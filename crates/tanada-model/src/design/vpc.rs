//! Who has a VPC: environments, teams, VPCs, with everything inherited decided.

use std::collections::BTreeMap;

use super::{
    AccountId, Entity, EnvironmentId, HubId, LayoutId, PoolId, RegionId, SegmentId, Spanned, TeamId,
};
use crate::net::Block;

/// An environment: the standard VPC of a team in it.
///
/// What VPCs inherit from it is already in [`Vpc`]; kept here is what is asked of the environment itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Name and reason.
    pub entity: Entity,
    /// Where its blocks come from.
    pub pool: Option<PoolId>,
    /// Whether only teams that write a `vpc` have one.
    pub optional: bool,
    /// Its VPCs, sorted.
    pub vpcs: Vec<super::VpcId>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Name and reason.
    pub entity: Entity,
    /// Whom to ask, for example `@m3/payments`.
    pub owner: Option<String>,
    /// Its VPCs, sorted.
    pub vpcs: Vec<super::VpcId>,
}

/// One VPC, with every inherited value decided (vpc before team before environment).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// Label, reason and place: of its `vpc` block, else of its team's block (then `name` is the environment's).
    pub entity: Entity,
    /// `team-label`: its name in the lock, on the command line and of its folder in `addresses/`. Unique.
    pub id: String,
    /// The Name tag, made from [`NamePattern`] or `name`. A pattern with `{range}` is filled in by the derivation:
    /// here the part stands as written.
    pub name: String,
    /// Its team.
    pub team: TeamId,
    /// Its environment.
    pub environment: EnvironmentId,
    /// Where its first block comes from.
    pub placement: Placement,
    /// Bits of every subnet's node kept free for growth.
    pub headroom: u8,
    /// Where `headroom` stands when it is on this very VPC: then it may differ from the lock, and the difference is growth.
    pub headroom_written: Option<crate::diagnostic::Span>,
    /// How its first block (and those that grow it) is cut.
    pub layout: LayoutId,
    /// Its gateway and segment; `None`: not attached.
    pub attachment: Option<Attachment>,
    /// Where it is.
    pub region: RegionId,
    /// The account that owns it; `None`: the one that Terraform runs in.
    pub account: Option<AccountId>,
    /// Tags, merged with those of environment and team; the nearest wins. Without the estate's and the derived ones.
    pub tags: BTreeMap<String, String>,
    /// Whether a firewall stands inside.
    pub inspects: bool,
    /// Further CIDR blocks, sorted by name.
    pub blocks: Vec<VpcBlock>,
}

/// A VPC's gateway and segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The gateway.
    pub hub: HubId,
    /// The association.
    pub segment: SegmentId,
}

/// Where a block comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Handed out by the allocator.
    Pool {
        /// From this pool.
        pool: PoolId,
        /// Prefix length, 16 to 28 (AWS).
        size: Spanned<u8>,
    },
    /// Written by a person. `pool` and `size` are not used for it.
    Pinned(Spanned<Block>),
}

/// `block "y"`: a further CIDR block of a VPC, with a layout of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcBlock {
    /// Name and reason.
    pub entity: Entity,
    /// Where it comes from.
    pub placement: Placement,
    /// Bits of every subnet's node kept free for growth.
    pub headroom: u8,
    /// Where `headroom` stands when it is on this very block.
    pub headroom_written: Option<crate::diagnostic::Span>,
    /// How it is cut.
    pub layout: LayoutId,
}

/// How a VPC's Name is made, for example `m3-{team}-{vpc}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(pub Vec<NamePart>);

/// A part of a [`NamePattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// Text as it stands.
    Text(String),
    /// `{team}`.
    Team,
    /// `{vpc}`: the label.
    Vpc,
    /// `{environment}`.
    Environment,
    /// `{region}`.
    Region,
    /// `{range}`: the first block, as 10-0-0-0-16.
    Range,
}
