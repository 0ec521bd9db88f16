//! From [`Observed`] to [`Network`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use tanada_model::net::Block;
use thiserror::Error;

use super::followed::{unfollowed, vpc_of};
use super::gateway::Gateways;
use super::vpcs::read_vpc;
use super::{Acl, AttachmentKind, Network, RouteTable, Subnet, Target};
use crate::{Address, Instance, Map, Observed, Place, Root};

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
#[derive(Clone, Debug, Default)]
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

/// What a network needs of one root, and a comparison of two networks may share: its VPC, as if it were alone, and what it
/// says of gateways. Much smaller than the [`Root`].
#[derive(Clone, Debug)]
pub struct Part {
    /// The root without what only concerns its own VPC.
    root: Root,
    network: Network,
    /// Where its attachments stand in `network`.
    attachments: BTreeMap<Address, usize>,
    errors: Vec<NetworkError>,
}

impl Part {
    /// Of a root that is needed further.
    pub fn new(root: &Root) -> Self {
        let (network, attachments, errors) = own_network(root);
        let wanted = wanted(root);
        let kept = root.instances.iter().filter_map(|(address, instance)| {
            let kept = match wanted(instance) {
                Kept::Whole => instance.clone(),
                Kept::Bare => Instance { attributes: Map::default(), ..instance.clone() },
                Kept::Not => return None,
            };
            Some((address.clone(), kept))
        });
        let root = Root {
            directory: Arc::clone(&root.directory),
            backend: None,
            providers: root.providers.clone(),
            variables: Vec::new(),
            instances: kept.collect(),
            data: root.data.clone(),
            outputs: Map::default(),
            moved: Vec::new(),
            removed: Vec::new(),
            imports: Vec::new(),
            unread: root.unread.clone(),
            added: BTreeMap::new(),
        };
        Self { root, network, attachments, errors }
    }

    /// Of a root that nobody needs any more: what is not kept of it is given back at once.
    pub fn of(mut root: Root) -> Self {
        let (network, attachments, errors) = own_network(&root);
        let kept: Vec<Kept> = root.instances.values().map(wanted(&root)).collect();
        let mut kept = kept.into_iter();
        root.instances.retain(|_, instance| match kept.next() {
            Some(Kept::Whole) => true,
            Some(Kept::Bare) => {
                instance.attributes = Map::default();
                true
            }
            Some(Kept::Not) | None => false,
        });
        root.outputs = Map::default();
        Self { root, network, attachments, errors }
    }

    /// The folder of the root.
    pub fn directory(&self) -> &Arc<str> {
        &self.root.directory
    }

    /// The root, without what only concerns its own VPC.
    pub fn root(&self) -> &Root {
        &self.root
    }
}

/// How much of an instance is kept.
enum Kept {
    Whole,
    /// That there is one, and whose.
    Bare,
    Not,
}

/// What is kept of the instances of a root: all of what speaks of gateways, and of what an account has a quota of in a region
/// or zone that it is there. Which zone a NAT gateway stands in, its subnet says.
fn wanted(root: &Root) -> impl Fn(&Instance) -> Kept + use<> {
    const COUNTED: [&str; 3] = ["aws_eip", "aws_internet_gateway", "aws_vpc"];
    let subnets: BTreeSet<Address> = root
        .of_type("aws_nat_gateway")
        .filter_map(|gateway| gateway.attributes.get("subnet_id")?.refers_to("id").cloned())
        .collect();
    move |instance| match &*instance.type_name {
        "aws_nat_gateway" => Kept::Whole,
        "aws_subnet" if subnets.contains(&instance.address) => Kept::Whole,
        name if name.starts_with("aws_ec2_transit_gateway") => Kept::Whole,
        name if COUNTED.contains(&name) => Kept::Bare,
        _ => Kept::Not,
    }
}

fn own_network(root: &Root) -> (Network, BTreeMap<Address, usize>, Vec<NetworkError>) {
    let sorted = Sorted::new(root);
    let (mut network, mut errors) = (Network::default(), Vec::new());
    let vpc = vpc_of(&sorted);
    let seats = vpc.map(|vpc| read_vpc(&mut network, &sorted, vpc, &mut errors)).unwrap_or_default();
    errors.extend(unfollowed(&sorted, vpc, &network));
    (network, seats.attachments, errors)
}

impl Network {
    /// The network that a tree builds. What leads nowhere or contradicts itself is left out of it and comes as an error.
    pub fn observe(observed: &Observed) -> (Self, Vec<NetworkError>) {
        let roots: Vec<&Root> = observed.roots.values().collect();
        let mut parts: Vec<Part> = roots.into_par_iter().map(Part::new).collect();
        let room = Self::with_room(parts.iter().map(|part| &part.network));
        let networks: Vec<Self> = parts.iter_mut().map(|part| std::mem::take(&mut part.network)).collect();
        Self::assemble(&parts.iter().collect::<Vec<_>>(), room, networks.into_iter())
    }

    /// The network that the parts of a tree build, as [`Network::observe`] makes it; in any order.
    pub fn joined(parts: &[&Part]) -> (Self, Vec<NetworkError>) {
        let mut parts = parts.to_vec();
        parts.sort_by(|a, b| a.root.directory.cmp(&b.root.directory));
        let room = Self::with_room(parts.iter().map(|part| &part.network));
        Self::assemble(&parts, room, parts.iter().map(|part| part.network.clone()))
    }

    /// An empty network with room for some, so that nothing grows while they are joined.
    fn with_room<'n>(networks: impl Iterator<Item = &'n Self> + Clone) -> Self {
        fn room<'n, T>(
            networks: impl Iterator<Item = &'n Network>,
            of: impl Fn(&Network) -> &Vec<T>,
        ) -> Vec<T> {
            Vec::with_capacity(networks.map(|own| of(own).len()).sum())
        }
        Self {
            vpcs: room(networks.clone(), |own| &own.vpcs),
            subnets: room(networks.clone(), |own| &own.subnets),
            acls: room(networks.clone(), |own| &own.acls),
            route_tables: room(networks.clone(), |own| &own.route_tables),
            attachments: room(networks, |own| &own.attachments),
            transit_tables: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// Joins parts in the order of their folders, each with its network, into an empty one with room for all.
    fn assemble(
        parts: &[&Part],
        mut network: Self,
        networks: impl Iterator<Item = Self>,
    ) -> (Self, Vec<NetworkError>) {
        let mut errors = Vec::new();
        let mut attached: Vec<(Sorted<'_>, BTreeMap<&Address, usize>)> = Vec::with_capacity(parts.len());
        for (Part { root, network: _, attachments, errors: own }, part) in parts.iter().zip(networks) {
            let first = network.attachments.len();
            let seats = attachments.iter().map(|(address, at)| (address, first + at));
            attached.push((Sorted::new(root), seats.collect()));
            network.append(part);
            errors.extend(own.iter().cloned());
        }
        let mut gateways =
            Gateways::new(attached.iter().map(|(sorted, _)| sorted), &mut network, &mut errors);
        for one in parts.iter().flat_map(|part| &part.root.unread) {
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
