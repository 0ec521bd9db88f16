//! Where things are: pools, reservations, regions, hubs, sites, segments.

use std::collections::BTreeMap;

use super::{AccountId, Entity, HubId, PoolId, RegionId, ReservedId, SegmentId, SiteId, Spanned, VpcId};
use crate::net::Block;

/// A part of the address space that VPCs (or inner pools) are cut from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Name and reason.
    pub entity: Entity,
    /// A root's range, or an inner pool's size and parent.
    pub place: PoolPlace,
}

/// Where a pool lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolPlace {
    /// `range` of a top-level pool: an address that a person wrote.
    Root(Spanned<Block>),
    /// `size` of an inner pool, placed by the allocator in its parent.
    Inner {
        /// Prefix length, 8 to 28.
        size: Spanned<u8>,
        /// The pool that it is nested in.
        parent: PoolId,
    },
}

/// Addresses of others: never handed out, and a name for routes and rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// Name and reason.
    pub entity: Entity,
    /// The block.
    pub range: Spanned<Block>,
}

/// A cloud region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The cloud's name of the region, and the reason.
    pub entity: Entity,
    /// Availability Zone ids (never names: a name means another zone in another account) by zone letter.
    pub zones: BTreeMap<String, Spanned<String>>,
    /// Letters that zones had before, by the letter of today.
    pub zones_renamed_from: BTreeMap<String, Spanned<String>>,
}

impl Region {
    /// The letter that a zone had before; `None` when the input says nothing of it, or something else has that letter
    /// today.
    pub fn old_letter(&self, letter: &str) -> Option<&str> {
        let old = self.zones_renamed_from.get(letter)?.value.as_str();
        (!self.zones.contains_key(old)).then_some(old)
    }
}

/// A Transit Gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// Name and reason.
    pub entity: Entity,
    /// Where it is.
    pub region: RegionId,
    /// Private AS number of the gateway's side of BGP: 64512 to 65534 or 4200000000 to 4294967294.
    pub asn: Spanned<u32>,
    /// The account that owns it; `None`: the one that Terraform runs in.
    pub account: Option<AccountId>,
}

/// A network that is attached but not made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Name and reason.
    pub entity: Entity,
    /// What lies there; empty: learnt by BGP.
    pub ranges: Vec<SiteRange>,
    /// Association of its attachments.
    pub segment: SegmentId,
    /// Its attachments.
    pub links: Vec<Link>,
}

/// One entry of a site's `ranges`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteRange {
    /// A block that stands there.
    Block(Spanned<Block>),
    /// A reservation.
    Reserved(ReservedId),
    /// A pool.
    Pool(PoolId),
    /// The internet: 0.0.0.0/0.
    Internet,
}

/// A way to a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Name and reason.
    pub entity: Entity,
    /// What it is.
    pub kind: LinkKind,
    /// The gateway it ends at.
    pub hub: HubId,
    /// AS number of the other side, as information: an attachment that exists speaks BGP already.
    pub asn: Option<u32>,
}

/// Kinds of links. Those that would first have to be made are refused by the resolver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// An attachment that exists; `id` (`tgw-attach-…`), or `None`: a variable of the hub's root.
    Attachment {
        /// The attachment's id.
        id: Option<String>,
    },
}

/// A Transit Gateway route table, one on every hub that has members of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Name and reason.
    pub entity: Entity,
    /// Segments whose members' routes are exchanged with this one's; symmetric, so each pair stands on both sides. Sorted.
    /// Sites of `reaches` are resolved to exactly the site, see [`Segment::reaches_sites`].
    pub reaches: Vec<SegmentId>,
    /// Sites that this segment reaches by name, whatever segment they are in. Sorted.
    pub reaches_sites: Vec<SiteId>,
    /// Where 0.0.0.0/0 leads.
    pub default: Option<WayOut>,
    /// More specific static routes, sorted by name.
    pub routes: Vec<SegmentRoute>,
    /// Segments whose blocks are dropped here; `None`: derived.
    pub drops: Option<Vec<SegmentId>>,
}

/// A target of a static route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WayOut {
    /// The attachment of a VPC.
    Vpc(VpcId),
    /// The attachment of a site.
    Site(SiteId),
}

/// A named static route of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRoute {
    /// Name and reason.
    pub entity: Entity,
    /// Destinations.
    pub to: Vec<RouteTarget>,
    /// Next hop.
    pub via: WayOut,
}

/// A destination of a static route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RouteTarget {
    /// A pool.
    Pool(PoolId),
    /// A reservation.
    Reserved(ReservedId),
    /// A site's ranges.
    Site(SiteId),
    /// A VPC's blocks.
    Vpc(VpcId),
    /// The three ranges of RFC 1918.
    Private,
}
