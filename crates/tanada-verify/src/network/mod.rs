//! What a tree builds, as a network: who stands where, and what decides about a packet. References are joined here, across
//! roots too, so that whoever follows a packet needs nothing else.
//!
//! Everything is a list, and things name each other by index into these lists. A [`Network`] is complete and immutable;
//! [`Network::observe`] makes one of an [`Observed`](crate::Observed) tree.

mod acls;
mod followed;
mod gateway;
mod observe;
mod routes;
mod rows;
mod vpcs;

use std::sync::Arc;

use tanada_model::net::Block;

use crate::Place;
use crate::Unread;

pub(crate) use gateway::filtered;
pub use observe::{NetworkError, NetworkErrorKind, Part};

/// A whole estate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// VPCs, sorted by the folder of their root.
    pub vpcs: Vec<Vpc>,
    /// Subnets of all VPCs, those of one VPC together and sorted by name.
    pub subnets: Vec<Subnet>,
    /// Network ACLs, those of one VPC together.
    pub acls: Vec<Acl>,
    /// Route tables of VPCs, those of one VPC together.
    pub route_tables: Vec<RouteTable>,
    /// What is attached to a gateway: VPCs and sites.
    pub attachments: Vec<Attachment>,
    /// Route tables of gateways: the segments.
    pub transit_tables: Vec<TransitTable>,
    /// What people added to roots and is not understood, which may build anything; sorted by place. What would decide who
    /// reaches whom is an error instead.
    pub unread: Vec<Unread>,
}

/// A VPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// `team-label`, after the folder of its root: `teams/payments/production` is `payments-production`.
    pub id: String,
    /// Tag `Team`; empty when there is none.
    pub team: String,
    /// Tag `Environment`; empty when there is none.
    pub environment: String,
    /// Tag `Name`; empty when there is none.
    pub name: String,
    /// Its blocks, the first one first, each with the place of its literal.
    pub blocks: Vec<(Block, Place)>,
    /// Its internet gateway.
    pub internet: Option<Place>,
    /// Its attachment, an index into [`Network::attachments`].
    pub attachment: Option<usize>,
    /// Gateway endpoints: the service, and the route tables that lead to it.
    pub endpoints: Vec<(String, Vec<usize>)>,
    /// Where it is written.
    pub place: Place,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// Index of its VPC.
    pub vpc: usize,
    /// Its key in the state: `private-a`.
    pub name: String,
    /// Tag `Tier`; the name when there is none.
    pub tier: String,
    /// Zone id.
    pub zone: String,
    /// Its addresses.
    pub cidr: Block,
    /// Its ACL. `None`: the VPC's default ACL, which lets everything pass.
    pub acl: Option<usize>,
    /// Its route table. `None`: the VPC's main table, which has the local route alone.
    pub table: Option<usize>,
    /// Where its addresses are written.
    pub place: Place,
}

/// A network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acl {
    /// Index of its VPC.
    pub vpc: usize,
    /// Its key in the state, which is its tier.
    pub name: String,
    /// Rows for packets into its subnets, by number. Most of what a network holds is rows, so copies of it share them.
    pub ingress: Arc<[AclRow]>,
    /// Rows for packets out of its subnets, by number.
    pub egress: Arc<[AclRow]>,
    /// Where it is written.
    pub place: Place,
}

/// One row of an ACL. The first that matches decides; what none matches is stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclRow {
    /// 1 to 32766.
    pub number: u32,
    /// Whether it lets pass.
    pub allows: bool,
    /// What it speaks about.
    pub traffic: Traffic,
    /// The peer.
    pub peer: Block,
    /// The reason that stands beside it, for the reader.
    pub why: String,
    /// Where it is written.
    pub place: Place,
}

/// Packets that a row of an ACL speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Traffic {
    /// Every protocol.
    All,
    /// TCP to these destination ports, both ends included.
    Tcp(u16, u16),
    /// UDP to these destination ports, both ends included.
    Udp(u16, u16),
    /// ICMP, every type and code.
    Icmp,
    /// Every packet of the protocols that are none of the three.
    Other,
}

/// A route table of a VPC, without its local routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTable {
    /// Index of its VPC.
    pub vpc: usize,
    /// Its key in the state: `private-a`.
    pub name: String,
    /// Its routes, sorted by destination.
    pub routes: Vec<Route>,
    /// Where it is written.
    pub place: Place,
}

/// A route of a VPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The destination.
    pub to: Block,
    /// Where it leads.
    pub target: Target,
    /// Where it is written.
    pub place: Place,
}

/// Where a route of a VPC leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// To the VPC's attachment.
    Transit,
    /// To its internet gateway.
    Internet,
    /// To the NAT gateway in a subnet, an index into [`Network::subnets`].
    Nat(usize),
}

/// Something attached to a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// A VPC's id, or the site and its link: `tokyo-dc-dx`.
    pub name: String,
    /// What is attached.
    pub kind: AttachmentKind,
    /// The table that decides about packets from it, an index into [`Network::transit_tables`], and the place of the
    /// association.
    pub table: Option<(usize, Place)>,
    /// Where it is written.
    pub place: Place,
}

/// What is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachmentKind {
    /// A VPC.
    Vpc {
        /// Its index.
        vpc: usize,
        /// The subnets that carry it, one a zone, sorted.
        subnets: Vec<usize>,
        /// Whether both directions of a flow pass the same zone, as a firewall inside needs it: then packets that come
        /// from the gateway and lead nowhere inside the VPC are taken to pass the firewall.
        inspects: bool,
    },
    /// Something outside: a data centre, another cloud.
    Site {
        /// What is known to lie there, sorted.
        ranges: Vec<Block>,
    },
}

/// A route table of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitTable {
    /// Name of its gateway.
    pub gateway: String,
    /// Its segment.
    pub segment: String,
    /// Static routes and blackholes, sorted by destination.
    pub routes: Vec<TransitRoute>,
    /// Attachments whose routes it learns, sorted, with the place of the propagation.
    pub propagations: Vec<(usize, Place)>,
    /// Where it is written.
    pub place: Place,
}

/// A static route of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitRoute {
    /// The destination.
    pub to: Block,
    /// The attachment that it leads to; `None`: a blackhole.
    pub attachment: Option<usize>,
    /// Where it is written.
    pub place: Place,
}

impl Network {
    /// The subnets of a VPC with their indexes.
    pub fn subnets_of(&self, vpc: usize) -> impl Iterator<Item = (usize, &Subnet)> {
        let first = self.subnets.partition_point(|subnet| subnet.vpc < vpc);
        let own = self.subnets.iter().enumerate().skip(first);
        own.take_while(move |(_, subnet)| subnet.vpc == vpc)
    }

    /// The route tables of a VPC.
    pub fn route_tables_of(&self, vpc: usize) -> impl Iterator<Item = &RouteTable> {
        let first = self.route_tables.partition_point(|table| table.vpc < vpc);
        self.route_tables.iter().skip(first).take_while(move |table| table.vpc == vpc)
    }

    /// The ACLs of a VPC.
    pub fn acls_of(&self, vpc: usize) -> impl Iterator<Item = &Acl> {
        let first = self.acls.partition_point(|acl| acl.vpc < vpc);
        self.acls.iter().skip(first).take_while(move |acl| acl.vpc == vpc)
    }

    /// The blocks that an attachment's routes are about: of a VPC its own, of a site what lies there.
    pub fn blocks_of(&self, attachment: usize) -> Vec<Block> {
        match self.attachments.get(attachment).map(|attachment| &attachment.kind) {
            Some(AttachmentKind::Vpc { vpc, subnets: _, inspects: _ }) => {
                self.vpcs.get(*vpc).map(Vpc::cidrs).unwrap_or_default()
            }
            Some(AttachmentKind::Site { ranges }) => ranges.clone(),
            None => Vec::new(),
        }
    }

    /// Sites of which nobody says what lies there, since they announce it themselves: whom they reach is not known.
    pub fn announcing(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.iter().filter(|attachment| match &attachment.kind {
            AttachmentKind::Site { ranges } => ranges.iter().all(|range| range.is_everything()),
            AttachmentKind::Vpc { .. } => false,
        })
    }

    /// VPCs with a firewall that has a way to the internet of its own. What it sends there is not followed: it is taken to
    /// send everything back to the gateway.
    pub fn firewalls(&self) -> impl Iterator<Item = &Vpc> {
        self.attachments.iter().filter_map(|attachment| match &attachment.kind {
            AttachmentKind::Vpc { vpc, subnets: _, inspects: true } => {
                self.vpcs.get(*vpc).filter(|vpc| vpc.internet.is_some())
            }
            AttachmentKind::Vpc { .. } | AttachmentKind::Site { .. } => None,
        })
    }

    /// Says what lies at a site, by the name of one of its attachments, where the tree does not.
    pub fn set_ranges(&mut self, name: &str, known: &[Block]) {
        for attachment in self.attachments.iter_mut().filter(|attachment| attachment.name == name) {
            if let AttachmentKind::Site { ranges } = &mut attachment.kind {
                *ranges = known.to_vec();
                ranges.sort_unstable();
            }
        }
    }
}

impl Vpc {
    /// Its blocks.
    pub fn cidrs(&self) -> Vec<Block> {
        self.blocks.iter().map(|(block, _)| *block).collect()
    }

    /// Whether a block lies in one of its own.
    pub fn holds(&self, block: Block) -> bool {
        self.blocks.iter().any(|(own, _)| own.contains(block))
    }
}
