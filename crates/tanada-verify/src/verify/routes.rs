//! Route tables of VPCs against ways of tiers: what the segment reaches leads to the gateway, the internet where the tier says.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{HubId, Id, Internet, SegmentId, WayOut};

use super::places::{Places, tiers};
use super::segments::{Led, declared_tables};
use crate::Place;
use crate::network::{Network, Route, Target};
use crate::reach::RangeMap;

/// Where packets of a tier have to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// Into the gateway.
    Transit,
    /// Into the gateway or into the internet: as the intents of the tier need it.
    Out,
    /// Into the internet, with an address of its own.
    Internet,
    /// Through a NAT gateway.
    Nat,
    /// Nowhere.
    Nowhere,
}

/// Addresses that stand for the internet: some that nobody's pool holds (TEST-NET-3).
const ONLINE: [u8; 4] = [203, 0, 113, 77];

/// Routes that lead elsewhere: where, and how.
pub(super) fn compare(places: &Places<'_>) -> Vec<(Place, String)> {
    let (design, network) = (places.design, places.network);
    let tables = declared_tables(places);
    let reached: BTreeMap<_, _> = tables.iter().map(|(key, table)| (*key, reached(table))).collect();
    let mut wrong = BTreeSet::new();
    for (id, vpc) in design.vpcs.iter() {
        let Some(at) = places.vpcs[id.index()] else { continue };
        let key = vpc.attachment.map(|attachment| (attachment.segment, attachment.hub));
        let own = network.vpcs[at].attachment;
        let reached = key.and_then(|key| reached.get(&key)).map(Vec::as_slice).unwrap_or_default();
        let default = key.and_then(|(segment, _)| design.segments[segment].default);
        let elsewhere = default.is_some_and(|out| out != WayOut::Vpc(id));
        for (_, tier) in tiers(design, id).into_iter().filter(|(_, tier)| !tier.attach) {
            let (inside, online) = match tier.internet {
                Internet::In => (Way::Out, Way::Internet),
                Internet::Out => (Way::Transit, if elsewhere { Way::Transit } else { Way::Nat }),
                Internet::None => (Way::Transit, if elsewhere { Way::Transit } else { Way::Nowhere }),
            };
            for (_, subnet) in network.subnets_of(at).filter(|(_, subnet)| subnet.tier == tier.entity.name) {
                let mut check = |address: u32, way: Way| {
                    wrong.extend(astray(network, at, subnet.table, &subnet.name, address, way));
                };
                // What one route leads to is led alike: an address of it stands for all.
                for address in of_each_route(network, subnet.table, reached, own) {
                    check(address, inside);
                }
                check(u32::from_be_bytes(ONLINE), online);
            }
        }
    }
    // A row of the table stands in each of the tier's route tables: one line, one finding.
    let mut seen: BTreeMap<Place, String> = BTreeMap::new();
    for (place, text) in wrong {
        seen.entry(place).or_insert(text);
    }
    seen.into_iter().collect()
}

/// One address of everything that a segment's table leads to, 0.0.0.0/0 aside, with the attachment; sorted.
fn reached(table: &RangeMap<Led>) -> Vec<(u32, usize)> {
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut addresses = Vec::new();
    let everywhere = table.at(u32::from_be_bytes(ONLINE));
    for (first, _, led) in table.iter() {
        if let Led::To(attachment) = led
            && led != everywhere
            && seen.insert(attachment)
        {
            addresses.push((first, attachment));
        }
    }
    addresses
}

/// Of all that a segment reaches, one address for each stretch that a route table leads the same way; not the VPC's own.
fn of_each_route(
    network: &Network,
    table: Option<usize>,
    reached: &[(u32, usize)],
    own: Option<usize>,
) -> Vec<u32> {
    let routes = table.map(|table| network.route_tables[table].routes.as_slice()).unwrap_or_default();
    let targets = routes.iter().zip(0_usize..).map(|(route, at)| (route.to, Some(at))).collect();
    let map = RangeMap::longest_prefix(targets, None);
    let mut addresses = Vec::new();
    for (first, last, _) in map.iter() {
        let from = reached.partition_point(|(address, _)| *address < first);
        let here = reached.get(from..).unwrap_or_default().iter().take_while(|(address, _)| *address <= last);
        addresses.extend(
            here.filter(|(_, attachment)| Some(*attachment) != own).map(|(address, _)| *address).next(),
        );
    }
    addresses
}

fn astray(
    network: &Network,
    vpc: usize,
    table: Option<usize>,
    name: &str,
    address: u32,
    way: Way,
) -> Option<(Place, String)> {
    let table = table.map(|table| &network.route_tables[table])?;
    let own = &network.vpcs[vpc];
    if own.blocks.iter().any(|(block, _)| block.first() <= address && address <= block.last()) {
        return None;
    }
    let here = |route: &&Route| route.to.first() <= address && address <= route.to.last();
    let route = table.routes.iter().filter(here).max_by_key(|route| route.to.prefix_len());
    let right = match (way, route.map(|route| route.target)) {
        (Way::Transit, Some(Target::Transit))
        | (Way::Out, Some(Target::Transit | Target::Internet))
        | (Way::Internet, Some(Target::Internet))
        | (Way::Nat, Some(Target::Nat(_)))
        | (Way::Nowhere, None) => true,
        (Way::Transit | Way::Out | Way::Internet | Way::Nat | Way::Nowhere, _) => false,
    };
    if right {
        return None;
    }
    let found = match route.map(|route| route.target) {
        None => "nowhere",
        Some(Target::Transit) => "to the Transit Gateway",
        Some(Target::Internet) => "to the internet gateway",
        Some(Target::Nat(_)) => "to a NAT gateway",
    };
    let declared = match way {
        Way::Transit => "to the Transit Gateway",
        Way::Out => "to the Transit Gateway or the internet gateway",
        Way::Internet => "to the internet gateway",
        Way::Nat => "to a NAT gateway",
        Way::Nowhere => "nowhere",
    };
    let place = route.map_or(&table.place, |route| &route.place).clone();
    let address = std::net::Ipv4Addr::from(address);
    Some((
        place,
        format!("the routes of `{}.{name}` lead {address} {found}; the input says {declared}", own.id),
    ))
}

/// Tables by segment and hub.
pub(super) type Tables = BTreeMap<(SegmentId, HubId), RangeMap<Led>>;
