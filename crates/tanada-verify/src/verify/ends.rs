//! Ends of intents as pieces, and packets among services.

use std::collections::BTreeMap;

use tanada_model::design::{Endpoint, Id, VpcId};

use super::flows::Flows;
use super::places::tiers;
use crate::reach::{CLIENT_PORTS, ClassId, Owner, Ports, Services};

impl Flows<'_> {
    /// One piece a class of each end: its subnets, what lies at a site, the internet. Ranges of others are nobody's end.
    pub(super) fn landing(&self, ends: &[Endpoint]) -> Vec<usize> {
        let mut pieces: BTreeMap<(ClassId, Option<usize>), usize> = BTreeMap::new();
        let mut add = |piece: usize| {
            pieces.entry((self.reached.class(piece), self.reached.vpc(piece))).or_insert(piece);
        };
        for end in ends {
            match end {
                Endpoint::Vpc(_) | Endpoint::Tier(..) => {
                    let Some(id) = end.vpc() else { continue };
                    let Some(vpc) = self.places.vpcs[id.index()] else { continue };
                    let named = if let Endpoint::Tier(_, name) = end { Some(name.as_str()) } else { None };
                    self.pieces_of(vpc, id, named).into_iter().for_each(&mut add);
                }
                Endpoint::Site(id) => {
                    let site = &self.places.design.sites[*id];
                    let names: Vec<String> = site
                        .links
                        .iter()
                        .map(|link| format!("{}-{}", site.entity.name, link.entity.name))
                        .collect();
                    // Of several links any one will do; the first is followed.
                    let attachments = &self.places.network.attachments;
                    let first = attachments.iter().position(|attachment| names.contains(&attachment.name));
                    let own = |piece: &usize| {
                        first.is_some_and(|at| self.reached.pieces()[*piece].owner == Owner::Site(at))
                    };
                    (0..self.reached.pieces().len()).filter(own).for_each(&mut add);
                }
                Endpoint::Internet => {
                    let own = |piece: &usize| self.reached.pieces()[*piece].owner == Owner::Internet;
                    (0..self.reached.pieces().len()).rev().filter(own).for_each(&mut add);
                }
                Endpoint::Pool(_) | Endpoint::Reserved(_) | Endpoint::Private | Endpoint::Any => {}
            }
        }
        pieces.into_values().collect()
    }

    /// Pieces of the tiers of a VPC that are meant: the one that is named, else those that are neither guarded nor the
    /// attachment's.
    pub(super) fn pieces_of(&self, vpc: usize, id: VpcId, named: Option<&str>) -> Vec<usize> {
        let all = tiers(self.places.design, id);
        let meant = |tier: &str| match named {
            Some(name) => name == tier,
            None => all.iter().any(|(_, own)| own.entity.name == tier && !own.attach && !own.guarded()),
        };
        let pieces = self.reached.pieces_of_vpc(vpc);
        let own = |piece: &usize| match self.reached.pieces()[*piece].owner {
            Owner::Subnet(subnet) => meant(&self.places.network.subnets[subnet].tier),
            Owner::Site(_) | Owner::Internet => false,
        };
        pieces.filter(own).collect()
    }
}

/// Every packet that can answer a client.
pub(super) fn client_ports() -> Services {
    Services::all().answers()
}

/// Answers to services: client ports of their protocols.
pub(super) fn answers_of(services: &Services) -> Services {
    services.answers()
}

/// A packet among services.
pub(super) fn first_of(services: &Services) -> Option<(u8, u16)> {
    let Services { tcp, udp, icmp, other } = services;
    let port = |ports: &Ports| ports.intervals().first().map(|(first, _)| *first);
    let ported = port(tcp).map(|port| (6, port)).or_else(|| port(udp).map(|port| (17, port)));
    ported.or_else(|| icmp.then_some((1, 0))).or_else(|| other.then_some((47, 0)))
}

/// A client port among services of a protocol; a usual one when there is none.
pub(super) fn client_of(services: &Services, protocol: u8) -> u16 {
    let ports = match protocol {
        6 => &services.tcp,
        17 => &services.udp,
        _ => return 0,
    };
    ports.intervals().first().map_or(CLIENT_PORTS.0, |(first, _)| *first)
}
