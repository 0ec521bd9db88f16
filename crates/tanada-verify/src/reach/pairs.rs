//! Which class reaches which, across VPCs: packets of one direction, then flows of two.

use super::catalog::{Catalog, EVERYTHING, NOTHING, Sid};
use super::chains::{Chain, End, gate_of, nat_address, routes_of};
use super::classes::{Class, ClassId, Classes, Ground, Kind, OWN};
use super::compile::{let_in, let_out};
use super::leaving::Via;
use super::places::{Owner, Piece};
use super::services::{Ports, Services};
use crate::network::Target;

/// What members of a class open to those of another one in another VPC, and which answers come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The other class.
    pub to: ClassId,
    /// Packets that open: their services, by number.
    pub(crate) opening: Sid,
    /// Packets that answer: their services, by number.
    pub(crate) back: Sid,
}

/// How far packets of one direction came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Arrived {
    services: Sid,
    /// The subnet of the NAT gateway whose address they have now; `OWN` for one of the own VPC.
    nat: Option<Changed>,
    /// The site behind which the internet was found.
    site: Option<usize>,
}

/// Which NAT gateway changed the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changed {
    /// One of the own VPC, by number.
    Own(u32),
    /// One of another VPC, by the subnet that it stands in.
    Beyond(usize),
}

pub(crate) struct Pairs<'g, 'n> {
    ground: &'g Ground<'n>,
    pieces: &'g [Piece],
    classes: &'g Classes,
    catalog: &'g mut Catalog,
}

impl<'g, 'n> Pairs<'g, 'n> {
    pub(crate) fn new(
        ground: &'g Ground<'n>,
        pieces: &'g [Piece],
        classes: &'g Classes,
        catalog: &'g mut Catalog,
    ) -> Self {
        Self { ground, pieces, classes, catalog }
    }

    /// All links, by class that opens, sorted.
    pub(crate) fn links(&mut self) -> Vec<Vec<Link>> {
        let classes = self.classes;
        let mut by_address: Vec<(u32, ClassId)> = Vec::with_capacity(classes.list.len());
        let mut internet: Vec<ClassId> = Vec::new();
        for (id, (class, piece)) in (0..).zip(&classes.list) {
            by_address.push((self.pieces[*piece].first, id));
            if class.kind == Kind::Internet {
                internet.push(id);
            }
        }
        by_address.sort_unstable();
        let mut all = Vec::with_capacity(classes.list.len());
        for (from, (class, _)) in (0..).zip(&classes.list) {
            let mut links = Vec::new();
            if class.kind == Kind::Internet {
                // Who is open to the internet sends answers there.
                all.push(links);
                continue;
            }
            let outs = self.ground.leaving.outs.get(class.out).clone();
            for (first, last, out) in outs.iter() {
                if out.via == Via::Nothing {
                    continue;
                }
                let start = by_address.partition_point(|(address, _)| *address < first);
                for &(address, to) in by_address.get(start..).unwrap_or_default() {
                    if address > last {
                        break;
                    }
                    links.extend(self.link(from, to));
                }
            }
            links.sort_unstable();
            all.push(links);
        }
        for to in 0..u32::try_from(classes.list.len()).unwrap_or(u32::MAX) {
            for &from in &internet {
                if let Some(link) = self.link(from, to) {
                    all[from as usize].push(link);
                }
            }
        }
        all
    }

    fn class(&self, id: ClassId) -> (&'g Class, u32) {
        let classes = self.classes;
        let (class, piece) = &classes.list[id as usize];
        (class, self.pieces[*piece].first)
    }

    /// What one class opens to another; `None` when nothing passes.
    fn link(&mut self, from: ClassId, to: ClassId) -> Option<Link> {
        let (a, b) = (self.class(from).0.kind, self.class(to).0.kind);
        if matches!((a, b), (Kind::Internet, Kind::Internet | Kind::Site(_))) || (a == b && a != Kind::Subnet)
        {
            return None;
        }
        let (opening, back) = if a == Kind::Internet {
            self.opened_from_internet(from, to)?
        } else {
            let there = self.packets(from, to)?;
            let back = match there.nat {
                Some(changed) => self.back_through_nat(from, to, changed, there.site),
                None if b == Kind::Internet => match there.site {
                    Some(site) => self.through_site(site, to, from),
                    None => self.lets_in(from, to),
                },
                None => match self.packets(to, from) {
                    Some(Arrived { services, nat: None, site: _ }) => services,
                    // An answer with another source is none.
                    Some(Arrived { services: _, nat: Some(_), site: _ }) | None => NOTHING,
                },
            };
            (there.services, back)
        };
        (opening != NOTHING).then_some(Link { to, opening, back })
    }

    /// Packets from one class to another.
    fn packets(&mut self, from: ClassId, to: ClassId) -> Option<Arrived> {
        let ((a, source), (b, target)) = (self.class(from), self.class(to));
        let out = self.ground.leaving.outs.get(a.out).at(target);
        match out.via {
            Via::Nothing => None,
            Via::Internet | Via::NatInternet(_) if b.kind != Kind::Internet => None,
            Via::Internet => Some(Arrived { services: out.services, nat: None, site: None }),
            Via::NatInternet(nat) => {
                Some(Arrived { services: out.services, nat: Some(Changed::Own(nat)), site: None })
            }
            Via::Gateway => self.through(a, source, to, out.services, None),
            Via::NatGateway(nat) => {
                let subnet = self.ground.leaving.nats.get(nat).seen?;
                let source = nat_address(self.ground.network, subnet);
                self.through(a, source, to, out.services, Some(Changed::Own(nat)))
            }
        }
    }

    /// From the gateway's table of `a` to a class.
    fn through(
        &mut self,
        a: &Class,
        source: u32,
        to: ClassId,
        services: Sid,
        nat: Option<Changed>,
    ) -> Option<Arrived> {
        let (table, zone) = a.gate?;
        let (b, target) = self.class(to);
        let chain = self.chain(b, table, zone);
        let site = match (chain.end, b.kind) {
            (End::At(OWN), Kind::Subnet | Kind::Site(_)) | (End::Internet, Kind::Internet) => None,
            (End::At(site), Kind::Internet) => Some(site),
            (End::Nowhere | End::At(_) | End::Internet, Kind::Subnet | Kind::Site(_) | Kind::Internet) => {
                return None;
            }
        };
        let mut services = self.asked(&chain, source, target, services);
        let source = chain.nat.map_or(source, |nat| nat_address(self.ground.network, nat));
        services = self.arrive(b, zone, source, services);
        let nat = chain.nat.map(Changed::Beyond).or(nat);
        (services != NOTHING).then_some(Arrived { services, nat, site })
    }

    fn chain(&self, to: &Class, table: usize, zone: usize) -> Chain {
        let seen = self.ground.seen.get(to.chains);
        let id = seen[table * self.ground.zones.len() + zone];
        self.ground.chains.list.get(id).clone()
    }

    /// What ACLs on the way leave.
    fn asked(&mut self, chain: &Chain, source: u32, target: u32, services: Sid) -> Sid {
        let network = self.ground.network;
        let mut services = self.catalog.and(services, chain.fixed);
        for &subnet in &chain.sources {
            let passes = let_in(network, subnet, source, self.catalog);
            services = self.catalog.and(services, passes);
        }
        for &subnet in &chain.destinations {
            let passes = let_out(network, subnet, target, self.catalog);
            services = self.catalog.and(services, passes);
        }
        services
    }

    /// What ACLs leave between the gateway and a class, of packets with this source.
    fn arrive(&mut self, b: &Class, zone: usize, source: u32, services: Sid) -> Sid {
        match b.kind {
            Kind::Site(_) | Kind::Internet => services,
            Kind::Subnet if b.carries => services,
            Kind::Subnet => {
                let entry = b.entry.get(zone).copied().unwrap_or(NOTHING);
                let own = self.ground.functions.get(b.into).at(source);
                let passes = self.catalog.and(entry, own);
                self.catalog.and(services, passes)
            }
        }
    }

    /// What a class lets in from the address of another, where nothing else asks.
    fn lets_in(&self, class: ClassId, from: ClassId) -> Sid {
        let (class, _) = self.class(class);
        self.ground.functions.get(class.into).at(self.class(from).1)
    }

    /// Connections that somebody in the internet opens, and the answers: in through an internet gateway, or from a site
    /// that leads there.
    fn opened_from_internet(&mut self, internet: ClassId, to: ClassId) -> Option<(Sid, Sid)> {
        let Arrived { services: back, nat, site } = self.packets(to, internet)?;
        if nat.is_some() {
            return None;
        }
        let opening = match site {
            Some(site) => self.through_site(site, internet, to),
            None => self.lets_in(to, internet),
        };
        Some((opening, back))
    }

    /// Packets from the internet behind a site.
    fn through_site(&mut self, site: usize, internet: ClassId, to: ClassId) -> Sid {
        let source = self.class(internet).1;
        let Some((table, _)) = &self.ground.network.attachments[site].table else { return NOTHING };
        let (b, target) = self.class(to);
        let chain = self.chain(b, *table, 0);
        if chain.end != End::At(OWN) || chain.nat.is_some() {
            return NOTHING;
        }
        let services = self.asked(&chain, source, target, EVERYTHING);
        self.arrive(b, 0, source, services)
    }

    /// Answers to connections of `from` to `to` whose source a NAT gateway has changed.
    fn back_through_nat(&mut self, from: ClassId, to: ClassId, changed: Changed, site: Option<usize>) -> Sid {
        let (a, own) = self.class(from);
        let (_, other) = self.class(to);
        let network = self.ground.network;
        match changed {
            Changed::Own(nat) => {
                let nat = self.ground.leaving.nats.get(nat).clone();
                let reached = match nat.seen {
                    Some(subnet) if site.is_some() || self.class(to).0.kind != Kind::Internet => {
                        self.reaching_nat(to, subnet, site)
                    }
                    Some(_) | None => self.ground.functions.get(nat.into).at(other),
                };
                let passes = self.mask(reached);
                let passes = self.catalog.and(passes, nat.back);
                let into = self.lets_in(from, to);
                self.catalog.and(passes, into)
            }
            Changed::Beyond(subnet) => {
                let reached = match (self.class(to).0.kind, site) {
                    (Kind::Internet, None) => let_in(network, subnet, other, self.catalog),
                    (Kind::Subnet | Kind::Site(_), _) | (Kind::Internet, Some(_)) => {
                        self.reaching_nat(to, subnet, site)
                    }
                };
                let mut passes = self.mask(reached);
                let out = let_out(network, subnet, own, self.catalog);
                passes = self.catalog.and(passes, out);
                let back = self.beyond_nat(subnet, other, a, own);
                self.catalog.and(passes, back)
            }
        }
    }

    /// Packets from a class to the NAT gateway in a subnet; from the internet through a site.
    fn reaching_nat(&mut self, from: ClassId, subnet: usize, site: Option<usize>) -> Sid {
        let address = nat_address(self.ground.network, subnet);
        let holds = |piece: &Piece| {
            piece.owner == Owner::Subnet(subnet) && piece.first <= address && address <= piece.last
        };
        let pieces = self.pieces;
        let Some(piece) = pieces.iter().position(holds) else { return NOTHING };
        let class = self.classes.of[piece];
        if let Some(site) = site {
            return self.through_site(site, from, class);
        }
        match self.packets(from, class) {
            Some(Arrived { services, nat: None, site: _ }) => services,
            Some(Arrived { services: _, nat: Some(_), site: _ }) | None => NOTHING,
        }
    }

    /// From a NAT gateway over the gateway to a class: the source is the other end's.
    fn beyond_nat(&mut self, subnet: usize, source: u32, a: &Class, target: u32) -> Sid {
        let network = self.ground.network;
        let holds = |block: tanada_model::net::Block| block.first() <= target && target <= block.last();
        let routes = routes_of(network, network.subnets[subnet].table);
        let longest = routes.iter().filter(|route| holds(route.to)).max_by_key(|route| route.to.prefix_len());
        if longest.is_none_or(|route| route.target != Target::Transit) {
            return NOTHING;
        }
        let Some(gate) = gate_of(network, subnet) else { return NOTHING };
        let own = network.subnets[subnet].vpc;
        let table = network.vpcs[own].attachment.and_then(|at| network.attachments[at].table.as_ref());
        let Some((table, _)) = table else { return NOTHING };
        let zone =
            self.ground.zones.iter().position(|zone| *zone == network.subnets[subnet].zone).unwrap_or(0);
        let chain = self.chain(a, *table, zone);
        if chain.end != End::At(OWN) || chain.nat.is_some() {
            return NOTHING;
        }
        let mut services =
            if gate == subnet { EVERYTHING } else { let_in(network, gate, source, self.catalog) };
        services = self.asked(&chain, source, target, services);
        self.arrive(a, zone, source, services)
    }

    /// Protocols of which some client port reaches a NAT gateway: it takes one that does.
    fn mask(&mut self, reached: Sid) -> Sid {
        let all = Services::all().answered_by(self.catalog.get(reached));
        debug_assert!(all.tcp == Ports::all() || all.tcp.is_empty());
        self.catalog.number(all)
    }
}
