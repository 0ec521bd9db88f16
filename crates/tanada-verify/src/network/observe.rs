//! From [`Observed`] to [`Network`].

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use tanada_model::net::Block;
use thiserror::Error;

use super::followed::{unfollowed, vpc_of};
use super::gateway::Gateways;
use super::vpcs::read_vpc;
use super::{Acl, AttachmentKind, Network, RouteTable, Subnet, Target};
use crate::{Address, Instance, Observed, Place, Root};

/// Something in a tree that is not part of its network, so that nothing that is said of the network holds for certain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[error("{place}: {message}")]
pub struct NetworkError {
    /// Where it is written.
    pub place: Place,
    /// Why it is none.
    pub kind: NetworkErrorKind,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

/// Why something is no part of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetworkErrorKind {
    /// It leads nowhere or contradicts something else, as AWS would say at apply.
    Contradiction,
    /// It decides, or may decide, about packets, and is not followed.
    Unfollowed,
}

impl NetworkError {
    /// A contradiction.
    pub(super) fn new(place: impl Into<PlaceOf>, message: impl Into<String>) -> Self {
        Self { place: place.into().0, kind: NetworkErrorKind::Contradiction, message: message.into() }
    }

    /// What is not followed.
    pub(super) fn unfollowed(place: impl Into<PlaceOf>, what: impl Into<String>) -> Self {
        let message = format!("{}; that is not followed", what.into());
        Self { place: place.into().0, kind: NetworkErrorKind::Unfollowed, message }
    }
}

/// A place, given away or lent.
pub(super) struct PlaceOf(Place);

impl From<&Place> for PlaceOf {
    fn from(place: &Place) -> Self {
        Self(place.clone())
    }
}

impl From<Place> for PlaceOf {
    fn from(place: Place) -> Self {
        Self(place)
    }
}

/// Where things of one root stand in its part of the network: by address.
#[derive(Debug, Default)]
pub(super) struct Seats {
    pub(super) subnets: BTreeMap<Address, usize>,
    pub(super) tables: BTreeMap<Address, usize>,
    pub(super) nats: BTreeMap<Address, usize>,
    pub(super) attachments: BTreeMap<Address, usize>,
    pub(super) acls: BTreeMap<Address, usize>,
    pub(super) internet: BTreeSet<Address>,
    /// Routes that lead to a firewall: the table, the destination, and the place.
    pub(super) firewalls: Vec<(usize, Block, Place)>,
}

/// The instances of a root by type.
pub(super) struct Sorted<'r> {
    pub(super) root: &'r Root,
    /// By type, then by address.
    instances: Vec<&'r Instance>,
}

impl<'r> Sorted<'r> {
    fn new(root: &'r Root) -> Self {
        let mut instances: Vec<&Instance> = root.instances.values().collect();
        // Sorting is stable: those of a type stay in the order of their addresses.
        instances.sort_by(|a, b| a.type_name.cmp(&b.type_name));
        Self { root, instances }
    }

    /// All of them by type.
    pub(super) fn types(&self) -> impl Iterator<Item = (&'r str, &[&'r Instance])> {
        let same = |one: &&Instance, other: &&Instance| one.type_name == other.type_name;
        self.instances.chunk_by(same).filter_map(|own| Some((&*own.first()?.type_name, own)))
    }

    /// The instances of a type, in the order of their addresses.
    pub(super) fn of_type(&self, name: &str) -> impl Iterator<Item = &'r Instance> + use<'r> {
        let first = self.instances.partition_point(|instance| &*instance.type_name < name);
        let rest = self.instances.get(first..).unwrap_or_default();
        let count = rest.iter().take_while(|instance| &*instance.type_name == name).count();
        let own: Vec<&'r Instance> = rest.get(..count).unwrap_or_default().to_vec();
        own.into_iter()
    }
}

/// What one root holds.
struct Part<'r> {
    sorted: Sorted<'r>,
    /// Its VPC, as if it were alone.
    network: Network,
    seats: Seats,
    errors: Vec<NetworkError>,
}

impl<'r> Part<'r> {
    fn new(root: &'r Root) -> Self {
        let sorted = Sorted::new(root);
        let (mut network, mut errors) = (Network::default(), Vec::new());
        let vpc = vpc_of(&sorted);
        let seats = vpc.map(|vpc| read_vpc(&mut network, &sorted, vpc, &mut errors)).unwrap_or_default();
        errors.extend(unfollowed(&sorted, vpc, &network));
        Self { sorted, network, seats, errors }
    }
}

impl Network {
    /// The network that a tree builds. What leads nowhere or contradicts itself is left out of it and comes as an error.
    pub fn observe(observed: &Observed) -> (Self, Vec<NetworkError>) {
        let mut network = Self::default();
        let mut errors = Vec::new();
        let roots: Vec<&Root> = observed.roots.values().collect();
        let parts: Vec<Part<'_>> = roots.into_par_iter().map(Part::new).collect();
        let mut attached: Vec<(Sorted<'_>, BTreeMap<Address, usize>)> = Vec::with_capacity(parts.len());
        for Part { sorted, network: part, seats, errors: own } in parts {
            let first = network.attachments.len();
            let seats = seats.attachments.into_iter().map(|(address, at)| (address, first + at));
            attached.push((sorted, seats.collect()));
            network.append(part);
            errors.extend(own);
        }
        let mut gateways =
            Gateways::new(attached.iter().map(|(sorted, _)| sorted), &mut network, &mut errors);
        for one in observed.roots.values().flat_map(|root| &root.unread) {
            if one.decides {
                let message =
                    format!("`{}` is not understood, and may decide who reaches whom: {}", one.what, one.why);
                let kind = NetworkErrorKind::Unfollowed;
                errors.push(NetworkError { place: one.place.clone(), kind, message });
            } else {
                network.unread.push(one.clone());
            }
        }
        for (sorted, seats) in &attached {
            gateways.join(sorted, seats, &mut network, &mut errors);
        }
        for table in &mut network.transit_tables {
            table.routes.sort_by_key(|route| (route.to, route.attachment));
            table.propagations.sort();
        }
        gateways.settle(&mut network);
        errors.sort();
        errors.dedup();
        (network, errors)
    }

    /// Adds VPCs that were read by themselves; their numbers follow those that are here.
    fn append(&mut self, part: Self) {
        let Self { vpcs, subnets, acls, route_tables, attachments, transit_tables, unread } = part;
        let (vpc, subnet, acl) = (self.vpcs.len(), self.subnets.len(), self.acls.len());
        let (table, attachment) = (self.route_tables.len(), self.attachments.len());
        self.vpcs.extend(vpcs.into_iter().map(|mut own| {
            own.attachment = own.attachment.map(|at| attachment + at);
            own.endpoints.iter_mut().flat_map(|(_, tables)| tables).for_each(|at| *at += table);
            own
        }));
        self.subnets.extend(subnets.into_iter().map(|own| Subnet {
            vpc: vpc + own.vpc,
            acl: own.acl.map(|at| acl + at),
            table: own.table.map(|at| table + at),
            ..own
        }));
        self.acls.extend(acls.into_iter().map(|own| Acl { vpc: vpc + own.vpc, ..own }));
        self.route_tables.extend(route_tables.into_iter().map(|mut own| {
            for route in &mut own.routes {
                route.target = match route.target {
                    Target::Nat(at) => Target::Nat(subnet + at),
                    target @ (Target::Transit | Target::Internet) => target,
                };
            }
            RouteTable { vpc: vpc + own.vpc, ..own }
        }));
        self.attachments.extend(attachments.into_iter().map(|mut own| {
            if let AttachmentKind::Vpc { vpc: at, subnets, inspects: _ } = &mut own.kind {
                *at += vpc;
                subnets.iter_mut().for_each(|at| *at += subnet);
            }
            own
        }));
        self.transit_tables.extend(transit_tables);
        self.unread.extend(unread);
    }
}
