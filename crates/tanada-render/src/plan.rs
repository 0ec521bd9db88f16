//! What will be written: the result of [`derive`](crate::derive), complete and immutable.
//!
//! Nothing after a [`Plan`] decides anything. Whoever prints it needs neither the design nor the allocation.

use std::collections::BTreeMap;

use tanada_model::design::{Action, Protocol};
use tanada_model::net::Block;

/// The whole tree, as values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What every root shares: `addresses/estate`.
    pub estate: EstateAddresses,
    /// `addresses/region-<name>`, sorted by name: every AWS region of the input.
    pub regions: Vec<RegionAddresses>,
    /// `addresses/hub-<name>`, sorted by name.
    pub hub_addresses: Vec<HubAddresses>,
    /// `addresses/account-<name>`, sorted by name. Only accounts with an id.
    pub accounts: Vec<AccountAddresses>,
    /// `addresses/aggregates`, one output a row: sums of several blocks that more than one root needs, by name, so that
    /// they too stand once as a literal. Empty: the module is not written. What one root needs alone stands in its own
    /// `aggregates`.
    pub aggregates: BTreeMap<String, Block>,
    /// `hub/<name>`, sorted by name.
    pub hubs: Vec<HubRoot>,
    /// `teams/<team>/<label>` with its `addresses/<team>-<label>`, sorted by id.
    pub vpcs: Vec<VpcRoot>,
    /// Roots that are on their way out, sorted by id.
    pub leaving: Vec<LeavingRoot>,
    /// Settings of the state's backend that all roots share; `None`: local state.
    pub backend: Option<BackendPlan>,
    /// `index.md`.
    pub index: Index,
}

/// An address value where a root uses it. Every block stands once as a literal in the whole tree; whoever else needs
/// it refers to that place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cidr {
    /// This is the one place where the block is written.
    Literal(Block),
    /// 0.0.0.0/0, which is no address of anybody.
    Everywhere,
    /// An output of a module in `addresses/`.
    Shared(Shared),
    /// An entry of `locals.aggregates` of the same root, by name: a sum of others' blocks that only this root needs.
    Aggregate(String),
}

/// An output of a module in `addresses/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shared {
    /// `module.estate.ranges.<name>`: a root pool's range.
    Root(String),
    /// `module.estate.pools.<name>[i]`: an extent of an inner pool.
    Pool(String, usize),
    /// `module.estate.reserved.<name>`.
    Reserved(String),
    /// `module.estate.sites.<name>[i]`: a range that stands at a site.
    Site(String, usize),
    /// `module.estate.private[i]`: the three ranges of RFC 1918, in order.
    Private(usize),
    /// `module.<team>_<vpc>.blocks[i]`, by VPC id.
    Block(String, usize),
    /// `module.<team>_<vpc>.tiers.<tier>[i]`, by VPC id.
    Tier(String, String, usize),
    /// `module.aggregates.<name>`: a sum of blocks in [`Plan::aggregates`]. The name is an identifier of HCL.
    Aggregate(String),
}

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

/// A `provider "aws"` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderPlan {
    /// Region's label; its value is `module.region_<name>.name`.
    pub region: String,
    /// The account to work in; `None`: whatever credentials Terraform runs with.
    pub account: Option<AccountUse>,
    /// `default_tags`, sorted.
    pub tags: BTreeMap<String, String>,
}

/// How a root names an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountUse {
    /// The account's label.
    pub name: String,
    /// Whether the id is known (`module.account_<name>.id`); else it is `var.account_<name>` of the root.
    pub known: bool,
    /// Name of the role to assume.
    pub role: Option<String>,
}

/// `hub/<name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubRoot {
    /// The hub's label.
    pub name: String,
    /// Path of its state, without suffix: `hub/<name>`.
    pub birth: String,
    /// Name tag of the gateway.
    pub gateway: String,
    /// AS number.
    pub asn: u32,
    /// Its provider.
    pub provider: ProviderPlan,
    /// Route tables on this gateway, sorted by name.
    pub segments: Vec<SegmentPlan>,
    /// Attachments that exist already, sorted by name.
    pub attachments: Vec<ExistingAttachment>,
    /// Accounts (not the gateway's own) that attach VPCs, sorted by name.
    pub share_with: Vec<AccountUse>,
    /// `locals.aggregates`: blocks that only this root needs and that no other place holds, by name.
    pub aggregates: BTreeMap<String, Block>,
    /// Facts for its README.
    pub page: HubPage,
}

/// A Transit Gateway route table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentPlan {
    /// Its label.
    pub name: String,
    /// Blackhole routes: name of the row (unique in the segment) and destination.
    pub blackholes: Vec<(String, Cidr)>,
}

/// An attachment that something else made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingAttachment {
    /// `site` or `site-link`, unique on the hub.
    pub name: String,
    /// `tgw-attach-…`; `None`: `var.attachment_<name>` of the root.
    pub id: Option<String>,
    /// Association.
    pub segment: String,
    /// Segments that learn its routes, sorted.
    pub propagate_to: Vec<String>,
    /// Static routes that lead to it.
    pub routes: Vec<StaticRoute>,
}

/// A static Transit Gateway route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticRoute {
    /// In which table.
    pub segment: String,
    /// Name of the row, unique in the segment.
    pub to: String,
    /// Destination.
    pub cidr: Cidr,
}

/// `teams/<team>/<label>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcRoot {
    /// `team-label`: folder in `addresses/`; with `_` for `-` the module's name.
    pub id: String,
    /// `teams/<team>/<label>`: its folder today.
    pub directory: String,
    /// Path of its state, without suffix, under the name it was born with.
    pub birth: String,
    /// Name tag.
    pub name: String,
    /// Team's label.
    pub team: String,
    /// Environment's label.
    pub environment: String,
    /// Whom to ask.
    pub owner: Option<String>,
    /// The reason.
    pub why: Option<String>,
    /// Provider of the VPC.
    pub provider: ProviderPlan,
    /// Provider of the gateway, when its account is another one; `None`: `aws.hub = aws`.
    pub hub_provider: Option<ProviderPlan>,
    /// The first block, then the others, each with the comment that says where it comes from (`cidrsubnet(production, 9, 10)`).
    pub blocks: Vec<(Cidr, String)>,
    /// Tiers with everything they may ever use, for `addresses/<id>`, in layout order: name, values with comments.
    /// Only tiers that are not the attachment's.
    pub tiers: Vec<TierPlan>,
    /// Subnets in the order of the table.
    pub subnets: Vec<SubnetPlan>,
    /// Routes of tiers.
    pub routes: Vec<RoutePlan>,
    /// Whether there is an internet gateway.
    pub internet_gateway: bool,
    /// NAT gateways: zone letter and the name of the subnet that holds it.
    pub nat_gateways: Vec<(String, String)>,
    /// Gateway endpoints: service (`s3`, `dynamodb`) and tiers.
    pub gateway_endpoints: Vec<(String, Vec<String>)>,
    /// ACLs by tier, in layout order.
    pub acls: Vec<AclPlan>,
    /// Whether there is a flow log (to the bucket in `addresses/estate`).
    pub flow_log: bool,
    /// The attachment.
    pub transit: Option<TransitPlan>,
    /// `moved` blocks for renamed tiers.
    pub moved: Vec<Moved>,
    /// `locals.aggregates`: blocks that only this root needs and that no other place holds, by name.
    pub aggregates: BTreeMap<String, Block>,
    /// Facts for its README.
    pub page: VpcPage,
}

/// A tier with everything it may ever use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierPlan {
    /// Its label.
    pub name: String,
    /// Its blocks with comments.
    pub values: Vec<(Cidr, String)>,
}

/// One row of the subnets' table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubnetPlan {
    /// Key in the state: `private-a`, `private-a-2`.
    pub name: String,
    /// Tier's label.
    pub tier: String,
    /// Zone letter.
    pub zone: String,
    /// Zone id.
    pub zone_id: String,
    /// Its addresses.
    pub block: Block,
    /// How they are written.
    pub cidr: Cidr,
}

/// Where a route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RouteVia {
    /// The Transit Gateway.
    Transit,
    /// The internet gateway.
    Internet,
    /// The NAT gateway of the zone (or the only one).
    Nat,
}

/// One row of the routes' table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutePlan {
    /// Tier's label; the route stands in each of its route tables.
    pub tier: String,
    /// Name of the row, unique in the tier.
    pub to: String,
    /// Next hop.
    pub via: RouteVia,
    /// Destination.
    pub cidr: Cidr,
}

/// One tier's network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclPlan {
    /// Tier's label.
    pub tier: String,
    /// Into the subnets, by number.
    pub ingress: Vec<AclRule>,
    /// Out of them, by number.
    pub egress: Vec<AclRule>,
}

/// One row of an ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclRule {
    /// 1 to 32766, unique in its direction.
    pub number: u32,
    /// Allow or deny.
    pub action: Action,
    /// `None`: every protocol (then `ports` is `None`, too).
    pub protocol: Option<Protocol>,
    /// Destination ports, both ends included; `None` for every port, and for ICMP (type and code -1).
    pub ports: Option<(u16, u16)>,
    /// The peer.
    pub block: Block,
    /// How the peer is written.
    pub cidr: Cidr,
    /// The reason, for the reader.
    pub why: String,
}

/// A `moved` block: an instance of a resource in `module.vpc` gets another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The resource.
    pub resource: KeyedResource,
    /// Its key in the state today.
    pub from: String,
    /// Its key from now on.
    pub to: String,
}

/// Resources of `modules/vpc` whose keys hold a tier's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyedResource {
    /// `aws_subnet.this`, by subnet name: `private-a`.
    Subnet,
    /// `aws_route_table.this`, by tier and zone: `private-a`.
    RouteTable,
    /// `aws_route_table_association.this`, by subnet name.
    RouteTableAssociation,
    /// `aws_route.this`, by tier, zone and row: `private-a/internet`.
    Route,
    /// `aws_network_acl.this`, by tier.
    NetworkAcl,
}

/// A Transit Gateway attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitPlan {
    /// The hub's label; the gateway's Name is `module.hub_<name>.gateway`.
    pub hub: String,
    /// The tier whose subnets carry it.
    pub tier: String,
    /// Association.
    pub segment: String,
    /// Segments that learn its blocks, sorted.
    pub propagate_to: Vec<String>,
    /// Static routes of segments that lead here.
    pub routes: Vec<StaticRoute>,
    /// Whether the gateway belongs to another account and so has to accept.
    pub accept: bool,
    /// Whether both directions of a flow must pass the same zone: a firewall stands inside.
    pub appliance_mode: bool,
}

/// A root on its way out. The input knows its providers no more, so its `providers.tf`, `backend.tf` and what of its
/// `addresses.tf` they refer to are kept from the tree on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeavingRoot {
    /// `team-label`.
    pub id: String,
    /// Its folder.
    pub directory: String,
    /// Path of its state, without suffix.
    pub birth: String,
    /// Whether the network stays (`removed { destroy = false }`) or Terraform is to destroy it.
    pub keeps_network: bool,
}

/// The backend of all roots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendPlan {
    /// Its type, for example `s3`.
    pub kind: String,
    /// Name of the attribute that tells states apart: `key`, for some types `prefix`.
    pub key: String,
    /// What is written after the birth name, for example `.tfstate`.
    pub suffix: String,
    /// The settings that all roots share.
    pub settings: BTreeMap<String, serde_json::Value>,
}

/// Facts for a VPC's README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcPage {
    /// Segment's label.
    pub segment: Option<String>,
    /// Headroom of the first block.
    pub headroom: u8,
    /// Who may open connections: from, to, ports, why.
    pub flows: Vec<[String; 4]>,
    /// Blocks as text, in order.
    pub blocks: Vec<Block>,
    /// Tiers' blocks as text: name, way to the internet in words, blocks.
    pub tiers: Vec<(String, String, Vec<Block>)>,
    /// Its part in a move to other addresses.
    pub movement: Option<Movement>,
}

/// The part that a network has in a VPC's move to other addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// `team-label`: the name that the VPC has before and after.
    pub id: String,
    /// Which part.
    pub part: MovePart,
}

/// A part in a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MovePart {
    /// The network that goes, while the other one stands beside it.
    Goes {
        /// The label of the one that comes: the name of its folder.
        label: String,
        /// Its blocks.
        blocks: Vec<Block>,
    },
    /// The network that comes, while the other one still stands.
    Comes {
        /// The label of the one that goes.
        label: String,
        /// Its blocks.
        blocks: Vec<Block>,
    },
    /// The network that comes, while the other one is being destroyed.
    Stays,
}

/// Facts for a hub's README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubPage {
    /// The reason of the hub.
    pub why: Option<String>,
    /// One row a segment.
    pub segments: Vec<SegmentRow>,
}

/// A segment in a hub's README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// Its label.
    pub name: String,
    /// Ids of the VPCs in it, sorted.
    pub vpcs: Vec<String>,
    /// Names of the sites in it, as `site.NAME`.
    pub sites: Vec<String>,
    /// Segments and sites whose routes it learns.
    pub learns: Vec<String>,
    /// What it drops, in words.
    pub drops: Vec<String>,
}

/// Facts for `index.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Root pools: name and range.
    pub roots: Vec<(String, Block)>,
    /// One row a VPC, sorted by id: Name, directory, owner, blocks, headroom, segment, why.
    pub vpcs: Vec<IndexRow>,
    /// Reservations: name, range, why.
    pub reserved: Vec<(String, Block, String)>,
}

/// A VPC in `index.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRow {
    /// Name tag.
    pub name: String,
    /// Folder of its root.
    pub directory: String,
    /// Whom to ask.
    pub owner: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Headroom of the first block.
    pub headroom: u8,
    /// Segment's label, or empty.
    pub segment: String,
    /// The reason, or empty.
    pub why: String,
}
