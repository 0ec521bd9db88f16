//! What an estate's input *means*: every reference resolved, every default filled in, every inherited value decided.
//!
//! A [`Design`] depends on the set of statements in the input only, never on their order or on the files they stand
//! in: its tables are sorted by name, and an id is an index into one. The exception is the order of a layout's tiers
//! and zones, which is kept as written for their first placement.
//!
//! Nothing here has an address yet except what a person wrote (`range`); addresses are the allocation's.

mod intent;
mod layout;
mod pairs;
mod place;
mod places;
mod resolve;
mod table;
mod vpc;
mod way;

use std::collections::BTreeMap;

pub use crate::diagnostic::Spanned;
use crate::diagnostic::{Severity, Span};

pub use intent::{Action, Intent, Peer, Ports, Protocol, Rule};
pub use layout::{Accepts, Internet, Layout, Nat, Tier, TierIndex, TierSize, Zone};
pub use pairs::{Endpoint, Pairs, endpoints, pairs, rule_endpoints};
pub use place::{
    Hub, Link, LinkKind, Pool, PoolPlace, Region, Reserved, RouteTarget, Segment, SegmentRoute, Site,
    SiteRange, WayOut,
};
pub use resolve::*;
pub use table::{
    AccountId, EnvironmentId, HubId, Id, IntentId, LayoutId, PoolId, RegionId, ReservedId, SegmentId, SiteId,
    Table, TeamId, VpcId,
};
pub use vpc::{Attachment, Environment, NamePart, NamePattern, Placement, Team, Vpc, VpcBlock};
pub use way::Attached;

/// What every named block of the input has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its label, as written: `[A-Za-z][A-Za-z0-9_-]{0,62}`.
    pub name: String,
    /// The reason, when one was given.
    pub why: Option<String>,
    /// The name that it had before, when the input says so.
    pub renamed_from: Option<Spanned<String>>,
    /// Its label in the source.
    pub span: Span,
}

/// The whole estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// How a VPC's Name is made.
    pub names: NamePattern,
    /// Tags of everything (provider `default_tags`), without the derived ones.
    pub tags: BTreeMap<String, String>,
    /// Where Terraform keeps its states; `None`: Terraform's default, a local file.
    pub backend: Option<Backend>,
    /// Bucket for flow logs; `None`: no flow logs are emitted.
    pub flow_log_bucket: Option<Spanned<String>>,
    /// Raised quotas by name, for example `acl_rules`.
    pub quotas: BTreeMap<String, Spanned<u32>>,
    /// Findings that are a choice.
    pub accepts: Vec<Accept>,
    /// Findings that weigh more or less here, by code.
    pub severities: BTreeMap<String, Weight>,
    /// AWS accounts.
    pub accounts: Table<AccountId, Account>,
    /// Roots and inner pools together; names are global.
    pub pools: Table<PoolId, Pool>,
    /// Addresses that belong to others, without the ones that are reserved out of the box.
    pub reserved: Table<ReservedId, Reserved>,
    /// Regions.
    pub regions: Table<RegionId, Region>,
    /// Transit Gateways.
    pub hubs: Table<HubId, Hub>,
    /// Networks outside the clouds' VPCs: on premises, another cloud, somebody else's VPC.
    pub sites: Table<SiteId, Site>,
    /// Transit Gateway route tables, those of sites' own segments included.
    pub segments: Table<SegmentId, Segment>,
    /// Ways to cut a block into tiers.
    pub layouts: Table<LayoutId, Layout>,
    /// Environments.
    pub environments: Table<EnvironmentId, Environment>,
    /// Teams.
    pub teams: Table<TeamId, Team>,
    /// Every VPC of every team; the table's name of a VPC is [`Vpc::id`], `team-vpc`.
    pub vpcs: Table<VpcId, Vpc>,
    /// Top-level `allow` blocks.
    pub intents: Table<IntentId, Intent>,
}

/// A Terraform backend, passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Its type, for example `s3`.
    pub kind: String,
    /// Its settings as Terraform expressions of literals (text as it is to be emitted), sorted by name, without the key.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// Where the block stands.
    pub span: Span,
}

/// An AWS account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name and reason.
    pub entity: Entity,
    /// Twelve digits; `None`: a variable of the roots that need it.
    pub id: Option<String>,
    /// Name of the role that Terraform assumes there; `None`: whatever credentials Terraform runs with.
    pub role: Option<String>,
}

/// `accept "CODE" { on, why }`: a finding that somebody decided to live with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Code of the finding.
    pub code: Spanned<String>,
    /// The objects, as references are written (`team.payments.production`, `pool.m3`); empty: wherever it occurs.
    pub on: Vec<Spanned<String>>,
    /// The reason; required.
    pub why: String,
}

/// `severity "CODE" { level, why }`: what a finding weighs in this estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Where the code stands.
    pub span: Span,
    /// The weight.
    pub severity: Severity,
    /// The reason; required.
    pub why: String,
}

impl Design {
    /// Whether a finding of this code on this object (written as a reference) was accepted.
    pub fn accepted(&self, code: &str, object: &str) -> bool {
        let names = |accept: &Accept| accept.on.is_empty() || accept.on.iter().any(|on| on.value == object);
        self.accepts.iter().any(|accept| accept.code.value == code && names(accept))
    }

    /// The label that a VPC had before, where its block says so; that of an environment goes with its environment's.
    pub fn old_label<'d>(&'d self, vpc: &'d Vpc) -> Option<&'d str> {
        let environment = &self.environments[vpc.environment].entity;
        // A VPC without a block of its own carries its team's place, and with it its team's old name.
        let is_own = vpc.entity.span != self.teams[vpc.team].entity.span;
        let own = vpc.entity.renamed_from.as_ref().filter(|_| is_own);
        let with_environment =
            || environment.renamed_from.as_ref().filter(|_| vpc.entity.name == environment.name);
        own.or_else(with_environment).map(|old| old.value.as_str())
    }
}
