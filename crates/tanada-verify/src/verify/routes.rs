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
    let mut wrong = BTreeSet::new();
    for (id, vpc) in design.vpcs.iter() {
        let Some(at) = places.vpcs[id.index()] else { continue };
        let key = vpc.attachment.map(|attachment| (attachment.segment, attachment.hub));
        let own = network.vpcs[at].attachment;
        let reached =
            key.and_then(|key| tables.get(&key)).map(|table| reached(table, own)).unwrap_or_default();
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
                reached.iter().for_each(|address| check(*address, inside));
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

/// One address of everything that a segment's table leads to, its own VPC and 0.0.0.0/0 aside.
fn reached(table: &RangeMap<Led>, own: Option<usize>) -> Vec<u32> {
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut addresses = Vec::new();
    let everywhere = table.at(u32::from_be_bytes(ONLINE));
    for (first, _, led) in table.iter() {
        if let Led::To(attachment) = led
            && led != everywhere
            && Some(attachment) != own
            && seen.insert(attachment)
        {
            addresses.push(first);
        }
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
