//! A VPC's root: tiers, subnets, routes, ACLs and the attachment.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use tanada_model::design::{Action, Protocol};
use tanada_model::net::Block;

use super::{Cidr, ProviderPlan, StaticRoute, VpcPage};

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
    /// `moved` blocks for what was renamed.
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
    pub why: Reason,
}

/// Why a row of an ACL is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What was said.
    pub said: Said,
    /// Whether the row lets answers to it through, and not the opening.
    pub is_return: bool,
}

impl Reason {
    /// As the row has it: `web to data, return`.
    pub fn text(&self) -> Cow<'_, str> {
        let Self { said, is_return } = self;
        if *is_return { format!("{said}, return").into() } else { Cow::Borrowed(said) }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// A name or a reason that many rows have.
#[derive(Clone, Debug)]
pub enum Said {
    /// By the standard, in words that do not depend on the input.
    Always(&'static str),
    /// By the input, or with names of it.
    Here(Arc<str>),
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Always(text) => text,
            Self::Here(text) => text,
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Said {}

impl PartialOrd for Said {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Said {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl From<&'static str> for Said {
    fn from(text: &'static str) -> Self {
        Self::Always(text)
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::Here(text.into())
    }
}

/// A `moved` block: an instance of a resource in `module.vpc`, or in `module.hub`, gets another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The resource.
    pub resource: KeyedResource,
    /// Its key in the state today.
    pub from: String,
    /// Its key from now on.
    pub to: String,
}

/// Resources of the modules whose keys hold the name of something.
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
    /// `aws_eip.nat`, by zone.
    Eip,
    /// `aws_nat_gateway.this`, by zone.
    NatGateway,
    /// `aws_ec2_transit_gateway_route_table_propagation.this`: of a VPC by segment, of a hub by segment and attachment.
    Propagation,
    /// `aws_ec2_transit_gateway_route.this` of a VPC, by segment and row.
    TransitRoute,
    /// `aws_ec2_transit_gateway_route_table.this` of a hub, by segment.
    Segment,
    /// `aws_ec2_transit_gateway_route_table_association.this` of a hub, by attachment.
    Association,
    /// `aws_ec2_transit_gateway_route.static` of a hub, by segment and row.
    StaticRoute,
    /// `aws_ec2_transit_gateway_route.blackhole` of a hub, by segment and row.
    Blackhole,
    /// `aws_ram_principal_association.this` of a hub, by account.
    Principal,
}

impl KeyedResource {
    /// Its type, and the name of its block.
    pub fn block(self) -> (&'static str, &'static str) {
        match self {
            Self::Subnet => ("aws_subnet", "this"),
            Self::RouteTable => ("aws_route_table", "this"),
            Self::RouteTableAssociation => ("aws_route_table_association", "this"),
            Self::Route => ("aws_route", "this"),
            Self::NetworkAcl => ("aws_network_acl", "this"),
            Self::Eip => ("aws_eip", "nat"),
            Self::NatGateway => ("aws_nat_gateway", "this"),
            Self::Propagation => ("aws_ec2_transit_gateway_route_table_propagation", "this"),
            Self::TransitRoute => ("aws_ec2_transit_gateway_route", "this"),
            Self::Segment => ("aws_ec2_transit_gateway_route_table", "this"),
            Self::Association => ("aws_ec2_transit_gateway_route_table_association", "this"),
            Self::StaticRoute => ("aws_ec2_transit_gateway_route", "static"),
            Self::Blackhole => ("aws_ec2_transit_gateway_route", "blackhole"),
            Self::Principal => ("aws_ram_principal_association", "this"),
        }
    }
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
