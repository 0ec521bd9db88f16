//! Places that nothing in the estate tells apart, together: what holds for one of a class holds for all of it.

use std::collections::BTreeMap;

use tanada_model::net::Block;

use super::catalog::{Catalog, EVERYTHING, Numbered, Sid};
use super::chains::{ChainId, Chains, End, entry_of};
use super::compile::{Functions, MapId, OPEN, let_out};
use super::leaving::{Leaving, OutId};
use super::places::{Owner, Piece};
use super::ranges::RangeMap;
use crate::network::{AttachmentKind, Network};

/// Number of a class.
pub type ClassId = u32;

/// What is common to all members of a class, and tells it from the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Class {
    /// What its members are.
    pub(crate) kind: Kind,
    /// The table that decides about packets from it, and the zone that they come from (0 when zones are all alike).
    pub(crate) gate: Option<(usize, usize)>,
    /// How packets leave.
    pub(crate) out: OutId,
    /// What its ACL lets in from outside the VPC.
    pub(crate) into: MapId,
    /// What the attachment's ACL lets out to it, by the zone that packets come from.
    pub(crate) entry: Vec<Sid>,
    /// Whether its subnet carries the attachment: then nothing asks between the gateway and it.
    pub(crate) carries: bool,
    /// The innermost block that something in the estate names and that holds it.
    pub(crate) location: u32,
    /// What tables decide about packets to it, by table and zone.
    pub(crate) chains: u32,
    /// What the asker tells apart.
    pub(crate) label: u32,
}

/// What members of a class are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Subnets.
    Subnet,
    /// Addresses behind an attachment that is no VPC.
    Site(usize),
    /// The internet.
    Internet,
}

/// What decides, worked out once.
pub(crate) struct Ground<'a> {
    pub(crate) network: &'a Network,
    pub(crate) functions: Functions,
    pub(crate) chains: Chains,
    pub(crate) leaving: Leaving,
    /// Zones that are told apart; one empty text when none are.
    pub(crate) zones: Vec<&'a str>,
    /// Innermost named blocks by address.
    pub(crate) locations: RangeMap<u32>,
    /// Chains as seen by members of a class, by table and zone.
    pub(crate) seen: Numbered<Vec<ChainId>>,
}

impl<'a> Ground<'a> {
    /// `named`: blocks that the asker tells apart besides.
    pub(crate) fn new(network: &'a Network, named: &[Block], catalog: &mut Catalog) -> Self {
        let functions = Functions::new(network, catalog);
        let zones = zones(network);
        let chains = Chains::new(network, &zones, catalog);
        let locations = locations(network, &functions, named);
        Self { network, functions, chains, leaving: Leaving::new(), zones, locations, seen: Numbered::new() }
    }

    /// Addresses at which something changes, sorted.
    pub(crate) fn cuts(&self) -> Vec<u32> {
        let chains = self.chains.by_table.iter().flatten().flat_map(RangeMap::cuts);
        let mut cuts: Vec<u32> = self.functions.cuts().chain(self.locations.cuts()).chain(chains).collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }

    /// The class of a piece.
    pub(crate) fn class(&mut self, piece: &Piece, label: u32, catalog: &mut Catalog) -> Class {
        let network = self.network;
        let mut class = Class {
            kind: Kind::Internet,
            gate: None,
            out: 0,
            into: OPEN,
            entry: Vec::new(),
            carries: false,
            location: self.locations.at(piece.first),
            chains: 0,
            label,
        };
        let mut own = None;
        match piece.owner {
            Owner::Internet => class.out = self.leaving.of_site(false),
            Owner::Site(attachment) => {
                own = Some(attachment);
                class.kind = Kind::Site(attachment);
                class.gate = network.attachments[attachment].table.as_ref().map(|(table, _)| (*table, 0));
                class.out = self.leaving.of_site(class.gate.is_some());
            }
            Owner::Subnet(id) => {
                let subnet = &network.subnets[id];
                class.kind = Kind::Subnet;
                class.out = self.leaving.of(network, &self.functions, id, piece.first, catalog);
                own = network.vpcs[subnet.vpc].attachment;
                let zone = self.zones.iter().position(|zone| *zone == subnet.zone).unwrap_or(0);
                let table = own.and_then(|own| network.attachments[own].table.as_ref());
                class.gate = table.map(|(table, _)| (*table, zone));
                (class.into, class.entry, class.carries) = self.arriving(id, own, piece.first, catalog);
            }
        }
        class.chains = self.chains_to(piece.first, own);
        class
    }

    /// What asks on the way from the gateway into a subnet: its own ACL, and the attachment's by zone. In a subnet that
    /// carries the attachment nothing does.
    fn arriving(
        &self,
        subnet: usize,
        attachment: Option<usize>,
        address: u32,
        catalog: &mut Catalog,
    ) -> (MapId, Vec<Sid>, bool) {
        let network = self.network;
        let into = self.functions.ingress(network.subnets[subnet].acl);
        let kind = attachment.map(|attachment| &network.attachments[attachment].kind);
        let Some(AttachmentKind::Vpc { vpc: _, subnets, inspects: _ }) = kind else {
            return (into, Vec::new(), false);
        };
        if subnets.contains(&subnet) {
            return (into, vec![EVERYTHING; self.zones.len()], true);
        }
        let mut entry = |zone: &&str| {
            entry_of(network, subnets, zone).map_or(0, |entry| let_out(network, entry, address, catalog))
        };
        let entries = self.zones.iter().map(&mut entry).collect();
        (into, entries, false)
    }

    /// Chains of every table and zone to an address; to whoever is not its owner they lead nowhere.
    fn chains_to(&mut self, address: u32, own: Option<usize>) -> u32 {
        let mut all = Vec::with_capacity(self.chains.by_table.len() * self.zones.len());
        for map in self.chains.by_table.iter().flatten() {
            all.push(map.at(address));
        }
        for id in &mut all {
            let chain = self.chains.list.get(*id);
            if let End::At(attachment) = chain.end {
                let mut seen = chain.clone();
                // Which attachment it is does not matter to its owner; index 0 stands for the own one.
                seen.end = match own {
                    Some(own) if own == attachment => End::At(OWN),
                    Some(_) => End::Nowhere,
                    // The internet is behind every site that is led to.
                    None => End::At(attachment),
                };
                *id = self.chains.list.number(seen);
            }
        }
        self.seen.number(all)
    }
}

/// Stands for the attachment of whoever looks.
pub(crate) const OWN: usize = usize::MAX;

/// Zones by id, when it matters in which zone a packet enters a VPC; else one for all.
fn zones(network: &Network) -> Vec<&str> {
    let differ = network.attachments.iter().any(|attachment| match &attachment.kind {
        AttachmentKind::Site { ranges: _ } => false,
        AttachmentKind::Vpc { vpc: _, subnets, inspects: _ } => {
            let first = subnets.first().copied();
            subnets.iter().any(|subnet| first.is_some_and(|first| !alike(network, first, *subnet)))
        }
    });
    if !differ {
        return vec![""];
    }
    let mut zones: Vec<&str> = network.subnets.iter().map(|subnet| subnet.zone.as_str()).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

/// Whether two subnets of an attachment have the same ACL and lead the same way.
fn alike(network: &Network, one: usize, two: usize) -> bool {
    use crate::network::Target;
    let (a, b) = (&network.subnets[one], &network.subnets[two]);
    let (routes_a, routes_b) =
        (super::chains::routes_of(network, a.table), super::chains::routes_of(network, b.table));
    let same = |x: Target, y: Target| match (x, y) {
        (Target::Nat(x), Target::Nat(y)) => {
            let (x, y) = (&network.subnets[x], &network.subnets[y]);
            let plain =
                |table| super::chains::routes_of(network, table).into_iter().map(|r| (r.to, r.target));
            let seen = plain(x.table).any(|(_, target)| target == Target::Transit);
            x.acl == y.acl && plain(x.table).eq(plain(y.table)) && !seen
        }
        (x, y) => x == y,
    };
    a.acl == b.acl
        && routes_a.len() == routes_b.len()
        && routes_a.iter().zip(&routes_b).all(|(x, y)| x.to == y.to && same(x.target, y.target))
}

/// For every address the innermost block that holds it, of all that decide about packets between places.
fn locations(network: &Network, functions: &Functions, named: &[Block]) -> RangeMap<u32> {
    let mut blocks: Vec<Block> = functions.peers().chain(named.iter().copied()).collect();
    for table in &network.route_tables {
        let foreign = table.routes.iter().filter(|route| !network.vpcs[table.vpc].holds(route.to));
        blocks.extend(foreign.map(|route| route.to));
    }
    let mut passed: Vec<usize> = Vec::new();
    for route in network.transit_tables.iter().flat_map(|table| &table.routes) {
        blocks.push(route.to);
        let kind = route.attachment.map(|attachment| &network.attachments[attachment].kind);
        if let Some(AttachmentKind::Vpc { vpc, subnets: _, inspects: _ }) = kind {
            passed.push(*vpc);
        }
    }
    passed.sort_unstable();
    passed.dedup();
    // A VPC that others pass through asks for all addresses, its own included.
    for acl in network.acls.iter().filter(|acl| passed.binary_search(&acl.vpc).is_ok()) {
        blocks.extend(acl.ingress.iter().chain(&*acl.egress).map(|row| row.peer));
    }
    blocks.sort_unstable();
    blocks.dedup();
    let numbered = blocks.into_iter().zip(1..).collect();
    RangeMap::longest_prefix(numbered, 0)
}

/// Pieces by class.
pub(crate) struct Classes {
    /// Every class, with the index of a piece that stands for it.
    pub(crate) list: Vec<(Class, usize)>,
    /// By piece.
    pub(crate) of: Vec<ClassId>,
}

impl Classes {
    pub(crate) fn new(
        ground: &mut Ground<'_>,
        pieces: &[Piece],
        label: impl Fn(Owner) -> u32,
        catalog: &mut Catalog,
    ) -> Self {
        let mut numbers: BTreeMap<Class, ClassId> = BTreeMap::new();
        let mut classes = Self { list: Vec::new(), of: Vec::with_capacity(pieces.len()) };
        for (at, piece) in pieces.iter().enumerate() {
            let class = ground.class(piece, label(piece.owner), catalog);
            let next = u32::try_from(classes.list.len()).unwrap_or(u32::MAX);
            let id = *numbers.entry(class).or_insert_with_key(|class| {
                classes.list.push((class.clone(), at));
                next
            });
            classes.of.push(id);
        }
        classes
    }
}
