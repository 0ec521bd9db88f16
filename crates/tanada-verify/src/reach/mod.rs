//! Who reaches whom, computed: exact sets of services between all places of a [`Network`], in both directions of a flow.
//!
//! Nothing is sampled. Rows of ACLs and routes are laid over the address space (`ranges`), which is then cut into
//! pieces that nothing tells apart inside (`places`); pieces that everything treats alike are one class (`classes`),
//! and only pairs of classes are looked at (`pairs`). A class holds thousands of subnets as easily as one, so the work
//! grows with how many different things an estate says, and not with the square of its size.
//!
//! What a packet meets, in order: the ACL of its subnet (out), the route table (longest prefix; the local route wins for the
//! VPC's own addresses), the ACL of the attachment's subnet in its zone (in, by source), the route table that the attachment is
//! associated with (longest prefix, static before propagated), other VPCs that it is led through (a firewall is taken to
//! let everything pass; a NAT gateway changes the source), the ACL of the attachment's subnet on the other side (out, by
//! destination), and the ACL of the destination's subnet (in). Inside a subnet nothing asks, and nothing asks between a
//! gateway and an address in the very subnet that carries the attachment.

mod catalog;
mod chains;
mod classes;
mod compile;
mod difference;
mod ends;
mod leaving;
mod matrix;
mod near;
mod pairs;
mod places;
mod ranges;
mod services;

use std::collections::BTreeMap;

use tanada_model::net::Block;

use crate::network::Network;
use catalog::{Catalog, Sid};
use classes::{Classes, Ground};
use near::Near;

pub use classes::ClassId;
pub use difference::{Shift, difference};
pub use ends::End;
pub use matrix::Matrix;
pub use pairs::Link;
pub use places::{Owner, Piece};
pub(crate) use ranges::RangeMap;
pub use services::{CLIENT_PORTS, Ports, Services};

/// Who reaches whom in an estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachability {
    /// Every set of services that occurs.
    services: Vec<Services>,
    pieces: Vec<Piece>,
    class_of: Vec<ClassId>,
    links: Vec<Vec<Link>>,
    near: Near,
    ends: ends::Ends,
    /// The VPC of each subnet.
    vpc_of: Vec<usize>,
}

/// What one place opens to another: services of the packets that open connections, and of those that answer.
///
/// A flow of service `p` from client port `c` exists when `p` is in `opening` and `c` in `back`, of the same protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opens<'a> {
    /// Packets from the one that opens: protocols and destination ports.
    pub opening: &'a Services,
    /// Packets from the other: protocols, and the client ports that they are sent to.
    pub back: &'a Services,
}

impl Opens<'_> {
    /// Services that connections can be opened on: their packets arrive, and answers to some client port come back.
    pub fn services(&self) -> Services {
        self.opening.answered_by(self.back)
    }

    /// Whether there is no flow.
    pub fn is_empty(&self) -> bool {
        self.services().is_empty()
    }
}

/// What an asker tells apart besides what the network itself does: see [`reach_apart`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Apart {
    /// Blocks whose addresses are told apart from others.
    pub(crate) named: Vec<Block>,
    /// Labels of subnets; subnets of different labels are in different classes.
    pub(crate) labels: BTreeMap<usize, u32>,
}

/// Who reaches whom.
pub fn reach(network: &Network) -> Reachability {
    reach_apart(network, &Apart::default())
}

/// Who reaches whom, with more things told apart, so that a class has one label and lies on one side of every named block.
pub(crate) fn reach_apart(network: &Network, apart: &Apart) -> Reachability {
    let mut catalog = Catalog::new();
    let mut ground = Ground::new(network, &apart.named, &mut catalog);
    let pieces = places::pieces(network, &ground.cuts());
    let label = |owner| match owner {
        Owner::Subnet(subnet) => apart.labels.get(&subnet).copied().unwrap_or(0),
        Owner::Site(_) | Owner::Internet => 0,
    };
    let classes = Classes::new(&mut ground, &pieces, label, &mut catalog);
    let links = pairs::Pairs::new(&ground, &pieces, &classes, &mut catalog).links();
    let near = Near::new(network, &pieces, &mut catalog);
    Reachability {
        ends: ends::Ends::new(network, &pieces, &classes.of),
        services: catalog.into_list(),
        class_of: classes.of,
        links,
        near,
        vpc_of: network.subnets.iter().map(|subnet| subnet.vpc).collect(),
        pieces,
    }
}

impl Reachability {
    /// Every place, cut so finely that all addresses of a piece are treated alike; sorted by owner.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The class of a piece: pieces of one class are treated alike by everything outside their VPC.
    pub fn class(&self, piece: usize) -> ClassId {
        self.class_of[piece]
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.links.len()
    }

    /// What members of a class open to members of others in other VPCs, sorted by class.
    pub fn links(&self, from: ClassId) -> &[Link] {
        self.links.get(from as usize).map_or(&[], Vec::as_slice)
    }

    /// What a link opens.
    pub fn opened(&self, link: Link) -> Opens<'_> {
        self.opens(link.opening, link.back)
    }

    /// The piece of an owner that holds an address.
    pub fn piece_of(&self, owner: Owner, address: u32) -> Option<usize> {
        let first = self.pieces.partition_point(|piece| piece.owner < owner);
        let own = self.pieces.iter().enumerate().skip(first).take_while(|(_, piece)| piece.owner == owner);
        own.filter(|(_, piece)| piece.first <= address && address <= piece.last).map(|(at, _)| at).next()
    }

    /// Every end of a flow by name, sorted.
    pub fn ends(&self) -> impl Iterator<Item = &End> {
        self.ends.iter()
    }

    /// The end that a piece belongs to.
    pub fn end(&self, piece: usize) -> &End {
        self.ends.of(piece)
    }

    /// Classes of an end's pieces, sorted.
    pub fn classes_of(&self, end: &End) -> Vec<ClassId> {
        self.ends.classes_of(end).to_vec()
    }

    /// The index of a VPC by its id.
    pub fn vpc_named(&self, id: &str) -> Option<usize> {
        self.ends.vpc(id)
    }

    /// Pieces of a VPC.
    pub fn pieces_of_vpc(&self, vpc: usize) -> std::ops::Range<usize> {
        self.near.pieces(vpc)
    }

    /// Number of what is inside a VPC: VPCs of one number, cut alike, let the same pass between their pieces.
    pub fn inside(&self, vpc: usize) -> u32 {
        self.near.table(vpc)
    }

    /// Numbers of what passes between two pieces of a VPC, there and back: equal numbers are equal sets.
    pub(crate) fn inside_numbers(&self, vpc: usize, from: usize, to: usize) -> (u32, u32) {
        (self.near.between(vpc, from, to), self.near.between(vpc, to, from))
    }

    /// The VPC of a piece.
    pub fn vpc(&self, piece: usize) -> Option<usize> {
        match self.pieces.get(piece)?.owner {
            Owner::Subnet(subnet) => self.vpc_of.get(subnet).copied(),
            Owner::Site(_) | Owner::Internet => None,
        }
    }

    /// What one piece opens to another.
    pub fn between(&self, from: usize, to: usize) -> Opens<'_> {
        match (self.vpc(from), self.vpc(to)) {
            (Some(one), Some(two)) if one == two => {
                self.opens(self.near.between(one, from, to), self.near.between(one, to, from))
            }
            (Some(_) | None, Some(_) | None) => self.between_classes(self.class(from), self.class(to)),
        }
    }

    /// What members of one class open to those of another, in different VPCs.
    pub fn between_classes(&self, from: ClassId, to: ClassId) -> Opens<'_> {
        let links = self.links(from);
        let found = links.binary_search_by_key(&to, |link| link.to).ok().and_then(|at| links.get(at));
        found.map_or_else(|| self.opens(catalog::NOTHING, catalog::NOTHING), |link| self.opened(*link))
    }

    fn opens(&self, opening: Sid, back: Sid) -> Opens<'_> {
        Opens { opening: &self.services[opening as usize], back: &self.services[back as usize] }
    }
}
