//! What a gateway's route tables decide about every destination, through firewalls and NAT of other VPCs, to the end.

use std::collections::BTreeMap;

use super::catalog::{Catalog, EVERYTHING, Numbered, Sid};
use super::compile::let_in;
use super::ranges::RangeMap;
use crate::network::{AttachmentKind, Network, Route, Target};

/// Number of a [`Chain`].
pub(crate) type ChainId = u32;

/// Where packets end that entered a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// Nowhere: no route, a blackhole, a loop.
    Nowhere,
    /// At an attachment: a VPC that has the address, or a site.
    At(usize),
    /// In the internet, through the NAT gateway of a VPC.
    Internet,
}

/// What happens to packets on the way to a destination.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Chain {
    /// Where they end.
    pub(crate) end: End,
    /// Subnets whose ACL asks for the source on the way in, before a NAT gateway changes it.
    pub(crate) sources: Vec<usize>,
    /// Subnets whose ACL asks for the destination on the way out.
    pub(crate) destinations: Vec<usize>,
    /// What passes where the source is the address of the NAT gateway.
    pub(crate) fixed: Sid,
    /// The subnet of the NAT gateway that changes the source; the last one, if several do.
    pub(crate) nat: Option<usize>,
    /// VPCs whose firewall is passed.
    pub(crate) firewalls: Vec<usize>,
}

impl Chain {
    fn new() -> Self {
        Self {
            end: End::Nowhere,
            sources: Vec::new(),
            destinations: Vec::new(),
            fixed: EVERYTHING,
            nat: None,
            firewalls: Vec::new(),
        }
    }
}

/// What a NAT gateway in a subnet sends with: the first address that AWS leaves free there.
pub(crate) fn nat_address(network: &Network, subnet: usize) -> u32 {
    network.subnets[subnet].cidr.first().saturating_add(4)
}

/// The decisions of every table.
pub(crate) struct Chains {
    /// Every chain.
    pub(crate) list: Numbered<Chain>,
    /// By table, then by the zone in which packets come from; one zone when it makes no difference.
    pub(crate) by_table: Vec<Vec<RangeMap<ChainId>>>,
}

/// What one table alone decides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hop {
    None,
    Blackhole,
    To(usize),
}

impl Chains {
    /// Follows every table. `zones`: ids of zones, or one empty text.
    pub(crate) fn new(network: &Network, zones: &[&str], catalog: &mut Catalog) -> Self {
        let tables: Vec<RangeMap<Hop>> =
            (0..network.transit_tables.len()).map(|t| hops(network, t)).collect();
        let mut walk = Walk { network, tables: &tables, routes: BTreeMap::new(), catalog };
        let cuts = walk.cuts();
        let mut list = Numbered::new();
        let mut by_table = Vec::with_capacity(tables.len());
        for (table, own) in tables.iter().enumerate() {
            let starts: Vec<u32> = own.cuts().chain(cuts.iter().copied()).collect();
            let of_zone = |zone: &&str| {
                RangeMap::from_cuts(starts.clone(), |address| list.number(walk.chain(table, zone, address)))
            };
            by_table.push(zones.iter().map(of_zone).collect());
        }
        Self { list, by_table }
    }
}

/// Longest prefix first, static before propagated.
fn hops(network: &Network, table: usize) -> RangeMap<Hop> {
    let table = &network.transit_tables[table];
    let fixed = table.routes.iter().map(|route| (route.to, route.attachment.map_or(Hop::Blackhole, Hop::To)));
    let learnt = table.propagations.iter().flat_map(|&(attachment, _)| {
        network.blocks_of(attachment).into_iter().map(move |block| (block, Hop::To(attachment)))
    });
    RangeMap::longest_prefix(fixed.chain(learnt).collect(), Hop::None)
}

/// What a route table of a VPC decides about addresses outside the VPC.
pub(crate) fn routes_of(network: &Network, table: Option<usize>) -> Vec<&Route> {
    let Some(table) = table.map(|table| &network.route_tables[table]) else { return Vec::new() };
    let vpc = &network.vpcs[table.vpc];
    table.routes.iter().filter(|route| !vpc.holds(route.to)).collect()
}

struct Walk<'a> {
    network: &'a Network,
    tables: &'a [RangeMap<Hop>],
    /// Route tables of VPCs that packets pass through, as functions.
    routes: BTreeMap<usize, RangeMap<Option<Target>>>,
    catalog: &'a mut Catalog,
}

impl Walk<'_> {
    /// Where decisions of VPCs that others may pass through, and of their tables, change.
    fn cuts(&mut self) -> Vec<u32> {
        let network = self.network;
        let mut cuts = Vec::new();
        let mut seen = Vec::new();
        let targets = network.transit_tables.iter().flat_map(|table| &table.routes);
        for attachment in targets.filter_map(|route| route.attachment) {
            let AttachmentKind::Vpc { vpc, .. } = network.attachments[attachment].kind else { continue };
            if seen.contains(&vpc) {
                continue;
            }
            seen.push(vpc);
            for (_, subnet) in network.subnets_of(vpc) {
                let routes = self.routes_at(subnet.table);
                cuts.extend(routes.into_iter().flat_map(|map| map.cuts().collect::<Vec<_>>()));
            }
            for (block, _) in &network.vpcs[vpc].blocks {
                cuts.extend(super::ranges::cuts_of(*block));
            }
            if let Some((table, _)) = &network.attachments[attachment].table {
                cuts.extend(self.tables[*table].cuts());
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }

    fn routes_at(&mut self, table: Option<usize>) -> Option<&RangeMap<Option<Target>>> {
        let network = self.network;
        let table = table?;
        Some(self.routes.entry(table).or_insert_with(|| {
            let routes = routes_of(network, Some(table));
            let targets = routes.into_iter().map(|route| (route.to, Some(route.target)));
            RangeMap::longest_prefix(targets.collect(), None)
        }))
    }

    /// What happens to packets to `to` that enter a table from a zone.
    fn chain(&mut self, table: usize, zone: &str, to: u32) -> Chain {
        let network = self.network;
        let mut chain = Chain::new();
        let mut table = table;
        let mut passed: Vec<usize> = Vec::new();
        loop {
            let Hop::To(attachment) = self.tables[table].at(to) else { return chain };
            let AttachmentKind::Vpc { vpc, subnets, inspects } = &network.attachments[attachment].kind else {
                chain.end = End::At(attachment);
                return chain;
            };
            let own = |(block, _): &(tanada_model::net::Block, _)| block.first() <= to && to <= block.last();
            if network.vpcs[*vpc].blocks.iter().any(own) {
                chain.end = End::At(attachment);
                return chain;
            }
            if passed.contains(vpc) {
                return chain;
            }
            passed.push(*vpc);
            let Some(entry) = entry_of(network, subnets, zone) else { return chain };
            if !self.through(&mut chain, entry, *inspects, to) {
                return chain;
            }
            let Some((next, _)) = &network.attachments[attachment].table else { return chain };
            table = *next;
        }
    }

    /// Through a VPC that does not have the address; whether the packets come back to the gateway.
    fn through(&mut self, chain: &mut Chain, entry: usize, inspects: bool, to: u32) -> bool {
        let network = self.network;
        let target = self.routes_at(network.subnets[entry].table).and_then(|routes| routes.at(to));
        match target {
            Some(Target::Transit) => true,
            Some(Target::Internet) => false,
            None => {
                if inspects {
                    chain.firewalls.push(network.subnets[entry].vpc);
                    chain.destinations.push(entry);
                    self.ask_source(chain, entry);
                }
                inspects
            }
            Some(Target::Nat(nat)) => {
                if nat != entry {
                    chain.destinations.push(entry);
                    self.ask_source(chain, nat);
                }
                chain.nat = Some(nat);
                chain.destinations.push(nat);
                match self.routes_at(network.subnets[nat].table).and_then(|routes| routes.at(to)) {
                    Some(Target::Internet) => {
                        chain.end = End::Internet;
                        false
                    }
                    Some(Target::Transit) => {
                        let Some(back) = gate_of(network, nat) else { return false };
                        if back != nat {
                            self.ask_source(chain, back);
                        }
                        true
                    }
                    Some(Target::Nat(_)) | None => false,
                }
            }
        }
    }

    /// The ACL of a subnet asks for the source.
    fn ask_source(&mut self, chain: &mut Chain, subnet: usize) {
        match chain.nat {
            None => chain.sources.push(subnet),
            Some(nat) => {
                let from = nat_address(self.network, nat);
                let passes = let_in(self.network, subnet, from, self.catalog);
                chain.fixed = self.catalog.and(chain.fixed, passes);
            }
        }
    }
}

/// The attachment's subnet through which packets from a zone come in: that of the zone, else the first.
pub(crate) fn entry_of(network: &Network, subnets: &[usize], zone: &str) -> Option<usize> {
    let same = subnets.iter().find(|subnet| network.subnets[**subnet].zone == zone);
    same.or(subnets.first()).copied()
}

/// The attachment's subnet through which packets of a subnet leave: the one in its zone.
pub(crate) fn gate_of(network: &Network, subnet: usize) -> Option<usize> {
    let own = &network.subnets[subnet];
    let attachment = network.vpcs[own.vpc].attachment?;
    match &network.attachments[attachment].kind {
        AttachmentKind::Vpc { vpc: _, subnets, inspects: _ } => {
            if subnets.contains(&subnet) {
                return Some(subnet);
            }
            subnets.iter().copied().find(|gate| network.subnets[*gate].zone == own.zone)
        }
        AttachmentKind::Site { ranges: _ } => None,
    }
}
