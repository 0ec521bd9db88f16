//! From [`Observed`] to [`Network`].

use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;

use super::Network;
use super::gateway::Gateways;
use super::vpcs::read_vpc;
use crate::{Address, Observed, Place};

/// Something in a tree that cannot be part of a network, as AWS would say at apply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[error("{place}: {message}")]
pub struct NetworkError {
    /// Where it is written.
    pub place: Place,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

impl NetworkError {
    pub(super) fn new(place: impl Into<PlaceOf>, message: impl Into<String>) -> Self {
        Self { place: place.into().0, message: message.into() }
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

/// Where things of one root ended up in the network: by address.
#[derive(Debug, Default)]
pub(super) struct Seats {
    pub(super) subnets: BTreeMap<Address, usize>,
    pub(super) tables: BTreeMap<Address, usize>,
    pub(super) nats: BTreeMap<Address, usize>,
    pub(super) attachments: BTreeMap<Address, usize>,
}

impl Network {
    /// The network that a tree builds. What leads nowhere or contradicts itself is left out of it and comes as an error.
    pub fn observe(observed: &Observed) -> (Self, Vec<NetworkError>) {
        let mut network = Self::default();
        let mut errors = Vec::new();
        let mut seats: BTreeMap<Arc<str>, Seats> = BTreeMap::new();
        for root in observed.roots.values() {
            if let Some(vpc) = root.of_type("aws_vpc").next() {
                let own = read_vpc(&mut network, root, vpc, &mut errors);
                seats.insert(root.directory.clone(), own);
            }
        }
        let mut gateways = Gateways::new(observed, &mut network, &mut errors);
        for one in observed.roots.values().flat_map(|root| &root.unread) {
            if one.decides {
                let message =
                    format!("`{}` is not understood, and may decide who reaches whom: {}", one.what, one.why);
                errors.push(NetworkError { place: one.place.clone(), message });
            } else {
                network.unread.push(one.clone());
            }
        }
        for root in observed.roots.values() {
            let none = Seats::default();
            gateways.join(root, seats.get(&root.directory).unwrap_or(&none), &mut network, &mut errors);
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
}
