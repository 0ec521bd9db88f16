//! What happens to packets that leave a subnet for addresses outside its VPC, until they are in a gateway or the internet.

use std::collections::BTreeMap;

use tanada_model::net::Block;

use super::catalog::{Catalog, EVERYTHING, NOTHING, Numbered, Sid};
use super::chains::{gate_of, nat_address, routes_of};
use super::compile::{Functions, MapId, let_in, let_out};
use super::ranges::RangeMap;
use crate::network::{Network, Target};

/// Number of a function from destinations to [`Out`].
pub(crate) type OutId = u32;

/// Number of a [`Nat`].
pub(crate) type NatId = u32;

/// How packets leave a VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Via {
    /// Not at all.
    Nothing,
    /// Into the gateway.
    Gateway,
    /// Into the internet, with an address of their own.
    Internet,
    /// Through a NAT gateway of the VPC into the internet.
    NatInternet(NatId),
    /// Through a NAT gateway of the VPC into the gateway.
    NatGateway(NatId),
}

/// How packets to one destination leave, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Out {
    pub(crate) via: Via,
    pub(crate) services: Sid,
}

const DROPPED: Out = Out { via: Via::Nothing, services: NOTHING };

/// A NAT gateway, as those see it that go out through it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nat {
    /// What its subnet lets in from outside the VPC.
    pub(crate) into: MapId,
    /// What its subnet lets out to those behind it.
    pub(crate) back: Sid,
    /// What its subnet lets in from those behind it.
    pub(crate) passes: Sid,
    /// How packets leave it.
    pub(crate) out: OutId,
    /// Its subnet, when somebody inside the estate sees its address.
    pub(crate) seen: Option<usize>,
}

/// Where a route leads, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    None,
    Gateway,
    Internet,
    Nat(NatId),
}

/// Ways out of subnets.
pub(crate) struct Leaving {
    pub(crate) outs: Numbered<RangeMap<Out>>,
    pub(crate) nats: Numbered<Nat>,
    routes: BTreeMap<Vec<(Block, Way)>, u32>,
    ways: Vec<RangeMap<Way>>,
    known: BTreeMap<(MapId, u32, Sid), OutId>,
}

impl Leaving {
    pub(crate) fn new() -> Self {
        Self {
            outs: Numbered::new(),
            nats: Numbered::new(),
            routes: BTreeMap::new(),
            ways: Vec::new(),
            known: BTreeMap::new(),
        }
    }

    /// Everything of a site leaves into the gateway.
    pub(crate) fn of_site(&mut self, attached: bool) -> OutId {
        let out = Out { via: Via::Gateway, services: EVERYTHING };
        self.outs.number(RangeMap::constant(if attached { out } else { DROPPED }))
    }

    /// How packets from an address of a subnet leave.
    pub(crate) fn of(
        &mut self,
        network: &Network,
        functions: &Functions,
        subnet: usize,
        address: u32,
        catalog: &mut Catalog,
    ) -> OutId {
        let mut routes: Vec<(Block, Way)> = Vec::new();
        for route in routes_of(network, network.subnets[subnet].table) {
            let way = match route.target {
                Target::Transit => Way::Gateway,
                Target::Internet => Way::Internet,
                Target::Nat(nat) => Way::Nat(self.nat(network, functions, subnet, nat, address, catalog)),
            };
            routes.push((route.to, way));
        }
        self.plain(network, functions, subnet, address, routes, catalog)
    }

    /// With these routes.
    fn plain(
        &mut self,
        network: &Network,
        functions: &Functions,
        subnet: usize,
        address: u32,
        routes: Vec<(Block, Way)>,
        catalog: &mut Catalog,
    ) -> OutId {
        let gate = gate_of(network, subnet);
        let gate = match gate {
            None => NOTHING,
            Some(gate) if gate == subnet => EVERYTHING,
            Some(gate) => let_in(network, gate, address, catalog),
        };
        let egress = functions.egress(network.subnets[subnet].acl);
        let next = u32::try_from(self.ways.len()).unwrap_or(u32::MAX);
        let ways = match self.routes.get(&routes) {
            Some(&known) => known,
            None => {
                self.ways.push(RangeMap::longest_prefix(routes.clone(), Way::None));
                self.routes.insert(routes, next);
                next
            }
        };
        if let Some(&known) = self.known.get(&(egress, ways, gate)) {
            return known;
        }
        let (outs, nats) = (&self.outs, &self.nats);
        let services = functions.get(egress);
        let both = self.ways[ways as usize].with(services, |way, services| (way, services));
        // NAT gateways have functions of their own, so each is laid over the rest by itself.
        let all: Vec<NatId> = {
            let mut all: Vec<NatId> = both
                .iter()
                .filter_map(|(_, _, (way, _))| if let Way::Nat(nat) = way { Some(nat) } else { None })
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let mut map = both.map(|(way, services)| match way {
            Way::Gateway => out(Via::Gateway, catalog.and(services, gate)),
            Way::Internet => out(Via::Internet, services),
            Way::None | Way::Nat(_) => DROPPED,
        });
        for nat in all {
            let Nat { into: _, back: _, passes, out: beyond, seen: _ } = nats.get(nat).clone();
            let through = both.with(outs.get(beyond), |(way, services), beyond| {
                if way != Way::Nat(nat) {
                    return DROPPED;
                }
                let services = catalog.and(services, passes);
                let services = catalog.and(services, beyond.services);
                match beyond.via {
                    Via::Internet => out(Via::NatInternet(nat), services),
                    Via::Gateway => out(Via::NatGateway(nat), services),
                    Via::Nothing | Via::NatInternet(_) | Via::NatGateway(_) => DROPPED,
                }
            });
            map = map.with(&through, |one, two| if one == DROPPED { two } else { one });
        }
        let id = self.outs.number(map);
        self.known.insert((egress, ways, gate), id);
        id
    }

    /// A NAT gateway in a subnet, as it is for one address of another (or the same) subnet.
    fn nat(
        &mut self,
        network: &Network,
        functions: &Functions,
        subnet: usize,
        nat: usize,
        address: u32,
        catalog: &mut Catalog,
    ) -> NatId {
        // A NAT gateway whose own route leads to a NAT gateway leads nowhere.
        let routes = routes_of(network, network.subnets[nat].table).into_iter().map(|route| {
            let way = match route.target {
                Target::Transit => Way::Gateway,
                Target::Internet => Way::Internet,
                Target::Nat(_) => Way::None,
            };
            (route.to, way)
        });
        let routes: Vec<(Block, Way)> = routes.collect();
        let seen = routes.iter().any(|(_, way)| *way == Way::Gateway);
        let out = self.plain(network, functions, nat, nat_address(network, nat), routes, catalog);
        let same = subnet == nat;
        let passes = if same { EVERYTHING } else { let_in(network, nat, address, catalog) };
        let back = if same { EVERYTHING } else { let_out(network, nat, address, catalog) };
        let into = functions.ingress(network.subnets[nat].acl);
        let reaches = functions.get(functions.egress(network.subnets[subnet].acl)).with(
            self.outs.get(out),
            |own, beyond| {
                let into_gateway = seen && beyond.via == Via::Gateway;
                if into_gateway && own != NOTHING && beyond.services != NOTHING {
                    EVERYTHING
                } else {
                    NOTHING
                }
            },
        );
        let seen = (reaches != RangeMap::constant(NOTHING)).then_some(nat);
        self.nats.number(Nat { into, back, passes, out, seen })
    }
}

fn out(via: Via, services: Sid) -> Out {
    if services == NOTHING { DROPPED } else { Out { via, services } }
}
