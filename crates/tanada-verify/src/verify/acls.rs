//! ACLs against what is meant: for every place that a packet can come from or go to.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use tanada_model::net::Block;

use super::declared::Declared;
use super::meaning::{Meanings, Meant, Opens};
use super::places::Places;
use super::{ACL_CLOSED, ACL_OPEN, Finding};
use crate::Place;
use crate::network::{Acl, AclRow, Network, Traffic};
use crate::reach::{End, Owner, RangeMap, Reachability, Services};

const SIDES: [Opens; 2] = [Opens::Inward, Opens::Outward];

/// Compares every ACL with what is meant for its tier.
pub(super) struct Judge<'a> {
    places: &'a Places<'a>,
    declared: &'a Declared,
    meanings: Meanings<'a>,
    reached: &'a Reachability,
    /// Pieces by address.
    by_address: &'a [(u32, u32, usize)],
    wrong: BTreeSet<Wrong>,
    known: BTreeMap<Shape, Vec<(u32, u32)>>,
}

/// All that decides whether an ACL is right about addresses outside its VPC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    inward: bool,
    rows: Vec<(bool, Traffic, Block)>,
    statements: Vec<usize>,
}

/// A difference, so that what is wrong of many addresses in the same line is told once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wrong {
    place: Place,
    acl: (String, String, String),
    inward: bool,
    open: bool,
    services: Services,
    whose: String,
}

fn rows(acl: &Acl, side: Opens) -> &[AclRow] {
    match side {
        Opens::Inward => &acl.ingress,
        Opens::Outward => &acl.egress,
    }
}

fn speaks(row: &AclRow, address: u32) -> bool {
    row.peer.first() <= address && address <= row.peer.last()
}

/// What rows let pass at an address.
fn lets_pass(rows: &[AclRow], address: u32) -> Services {
    let (mut passes, mut seen) = (Services::default(), Services::default());
    for row in rows.iter().filter(|row| speaks(row, address)) {
        let own = Services::from(row.traffic);
        if row.allows {
            passes = passes.or(&own.minus(&seen));
        }
        seen = seen.or(&own);
    }
    passes
}

/// Everything that differs.
pub(super) fn compare(places: &Places<'_>, declared: &Declared, reached: &Reachability) -> Vec<Finding> {
    let pieces = reached.pieces().iter().enumerate();
    let mut by_address: Vec<(u32, u32, usize)> =
        pieces.map(|(at, piece)| (piece.first, piece.last, at)).collect();
    by_address.sort_unstable();
    let vpcs: Vec<usize> = (0..places.network.vpcs.len()).collect();
    // Whoever judges remembers what it has judged, so that few judges judge less in all.
    let share = vpcs.len().div_ceil(rayon::current_num_threads()).max(1);
    let wrong = vpcs.par_chunks(share).map(|vpcs| {
        let mut judge = Judge {
            places,
            declared,
            meanings: Meanings::new(&declared.reading),
            reached,
            by_address: &by_address,
            wrong: BTreeSet::new(),
            known: BTreeMap::new(),
        };
        vpcs.iter().for_each(|vpc| judge.vpc(*vpc));
        judge.wrong
    });
    told(wrong.reduce(BTreeSet::new, |mut all, mut more| {
        all.append(&mut more);
        all
    }))
}

impl Judge<'_> {
    fn vpc(&mut self, vpc: usize) {
        let declared = self.declared;
        // One ACL of a tier once, whatever number of subnets has it.
        let own: BTreeSet<(&str, usize)> = self
            .places
            .network
            .subnets_of(vpc)
            .filter_map(|(_, subnet)| Some((subnet.tier.as_str(), subnet.acl?)))
            .collect();
        for (tier, acl) in own {
            let Some(says) = declared.tiers[vpc].get(tier) else { continue };
            for side in SIDES {
                self.outside(vpc, acl, side, &says.outside);
                self.inside(vpc, acl, side, &says.inside);
            }
        }
    }

    fn online(&self, address: u32) -> bool {
        !self.places.estate.contains(Block::containing(address.into(), 32))
    }

    /// Addresses outside the VPC: interval by interval, where somebody is.
    fn outside(&mut self, vpc: usize, acl: usize, side: Opens, statements: &[usize]) {
        let network = self.places.network;
        let all = rows(&network.acls[acl], side);
        let foreign = all.iter().filter(|row| !network.vpcs[vpc].holds(row.peer));
        let rows = foreign.map(|row| (row.allows, row.traffic, row.peer)).collect();
        let shape = Shape { inward: side == Opens::Inward, rows, statements: statements.to_vec() };
        let differing = match self.known.get(&shape) {
            Some(known) => known.clone(),
            None => {
                let differing = self.differing(all, side, statements, network, vpc);
                self.known.insert(shape, differing.clone());
                differing
            }
        };
        for (first, last) in differing {
            let from = self.by_address.partition_point(|(_, end, _)| *end < first);
            let here: Vec<usize> = self.by_address[from.saturating_sub(1)..]
                .iter()
                .skip_while(|(_, end, _)| *end < first)
                .take_while(|(start, _, _)| *start <= last)
                .map(|(_, _, piece)| *piece)
                .filter(|piece| self.reached.vpc(*piece) != Some(vpc))
                .collect();
            for piece in here {
                let address = self.reached.pieces()[piece].first.max(first);
                self.compare(acl, side, statements, address, &self.reached.end(piece).to_string());
            }
        }
    }

    /// Intervals in which rows and meaning differ, whoever is there.
    fn differing(
        &mut self,
        rows: &[AclRow],
        side: Opens,
        statements: &[usize],
        network: &Network,
        vpc: usize,
    ) -> Vec<(u32, u32)> {
        let foreign: Vec<AclRow> =
            rows.iter().filter(|row| !network.vpcs[vpc].holds(row.peer)).cloned().collect();
        let mut blocks: Vec<Block> = foreign.iter().map(|row| row.peer).collect();
        let reading = &self.declared.reading;
        for &statement in statements {
            blocks.extend(reading.peers.of(reading.said(statement).peers));
        }
        blocks.extend(&self.places.estate);
        let cuts = blocks.iter().flat_map(|block| [Some(block.first()), block.last().checked_add(1)]);
        let map = RangeMap::from_cuts(cuts.flatten().collect(), |address| {
            let online = self.online(address);
            lets_pass(&foreign, address) != self.meanings.at(statements, side, address, online).passes
        });
        map.iter().filter(|(_, _, differ)| *differ).map(|(first, last, _)| (first, last)).collect()
    }

    /// Addresses of the VPC itself.
    fn inside(&mut self, vpc: usize, acl: usize, side: Opens, statements: &[usize]) {
        let network = self.places.network;
        let rows = rows(&network.acls[acl], side);
        let mut seen: BTreeSet<(&str, u64)> = BTreeSet::new();
        for piece in self.reached.pieces_of_vpc(vpc) {
            let own = self.reached.pieces()[piece];
            let Owner::Subnet(subnet) = own.owner else { continue };
            // Addresses of one tier of which the same rows speak are alike.
            let bits = rows.iter().take(63).enumerate().filter(|(_, row)| speaks(row, own.first));
            let bits = bits.fold(0_u64, |bits, (at, _)| bits | 1 << at);
            if seen.insert((network.subnets[subnet].tier.as_str(), bits)) {
                self.compare(acl, side, statements, own.first, &self.reached.end(piece).to_string());
            }
        }
    }

    fn compare(&mut self, acl: usize, side: Opens, statements: &[usize], address: u32, whose: &str) {
        let network = self.places.network;
        let acl = &network.acls[acl];
        let online = self.online(address);
        let Meant { opening: _, passes: meant } = self.meanings.at(statements, side, address, online);
        let found = lets_pass(rows(acl, side), address);
        if found != *meant {
            let at = At { network, acl, side, address, whose };
            let (open, closed) = (found.minus(meant), meant.minus(&found));
            at.tell(&open, true, &mut self.wrong);
            at.tell(&closed, false, &mut self.wrong);
        }
    }
}

/// One direction of one ACL at one address.
struct At<'a> {
    network: &'a Network,
    acl: &'a Acl,
    side: Opens,
    address: u32,
    whose: &'a str,
}

impl At<'_> {
    fn tell(&self, services: &Services, open: bool, wrong: &mut BTreeSet<Wrong>) {
        if services.is_empty() {
            return;
        }
        let Self { network, acl, side, address, whose } = self;
        let here = rows(acl, *side).iter().filter(|row| speaks(row, *address));
        // The first line that speaks of one of these packets decides; one that is missing is missing in the list.
        let decides = here
            .filter(|row| row.allows == open)
            .find(|row| !Services::from(row.traffic).and(services).is_empty());
        // What is missing beside the ports of a line was probably meant to be in it.
        let beside = || {
            let near = rows(acl, *side).iter().filter(|row| speaks(row, *address) && row.allows);
            near.into_iter().find(|row| !open && touches(row.traffic, services))
        };
        let list = || rows(acl, *side).first().map_or(&acl.place, |row| &row.place);
        wrong.insert(Wrong {
            place: beside().or(decides).map_or_else(list, |row| &row.place).clone(),
            acl: (network.vpcs[acl.vpc].id.clone(), network.vpcs[acl.vpc].team.clone(), acl.name.clone()),
            inward: *side == Opens::Inward,
            open,
            services: services.clone(),
            whose: (*whose).to_owned(),
        });
    }
}

/// Whether ports of a line and of services lie side by side.
fn touches(traffic: Traffic, services: &Services) -> bool {
    let (ports, first, last) = match traffic {
        Traffic::Tcp(first, last) => (&services.tcp, first, last),
        Traffic::Udp(first, last) => (&services.udp, first, last),
        Traffic::All | Traffic::Icmp | Traffic::Other => return false,
    };
    let beside =
        |&(from, to): &(u16, u16)| last.checked_add(1) == Some(from) || to.checked_add(1) == Some(first);
    ports.intervals().iter().any(beside)
}

/// As findings: one for each line, direction and set of services.
fn told(wrong: BTreeSet<Wrong>) -> Vec<Finding> {
    let mut all: BTreeMap<Wrong, BTreeSet<String>> = BTreeMap::new();
    for mut one in wrong {
        let whose = std::mem::take(&mut one.whose);
        all.entry(one).or_default().insert(whose);
    }
    let finding = |(wrong, whose): (Wrong, BTreeSet<String>)| {
        let Wrong { place, acl: (vpc, team, name), inward, open, services, whose: _ } = wrong;
        let shown: Vec<String> = whose.iter().take(3).cloned().collect();
        let more = whose.len().saturating_sub(shown.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (direction, with) = if inward { ("ingress", "from") } else { ("egress", "to") };
        let peers = format!("{with} {}{more}", shown.join(", "));
        let (code, text) = if open {
            (
                ACL_OPEN,
                format!(
                    "the {direction} rules of `{vpc}.{name}` let {services} pass {peers}, which nothing declares"
                ),
            )
        } else {
            (
                ACL_CLOSED,
                format!(
                    "the {direction} rules of `{vpc}.{name}` stop {services} {peers}, which the input lets pass"
                ),
            )
        };
        let ends = vec![End::Tier { vpc, team, tier: name }];
        Finding { ends, ..Finding::new(code, Some(place), text) }
    };
    all.into_iter().map(finding).collect()
}
