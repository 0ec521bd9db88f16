//! Flows end to end: what has to work works, and what works was asked for.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Endpoint, Id, Internet, WayOut, pairs};
use tanada_model::net::Block;

use super::acls;
use super::asked::Asking;
use super::declared::{Declared, services};
use super::ends::{answers_of, client_of, client_ports, first_of};
use super::meaning::{Meanings, Meant, Opens};
use super::places::{Places, tiers};
use super::{FLOW_BROKEN, FLOW_UNDECLARED, Finding, Inherent, Report};
use crate::reach::{Apart, ClassId, End, Opens as Open, Owner, Reachability, Services, reach_apart};
use crate::trace::follow;

/// Compares ACLs and flows.
pub(super) fn check(places: &Places<'_>, declared: &Declared, report: &mut Report) {
    let (apart, statements) = labels(places, declared);
    let reached = reach_apart(places.network, &apart);
    report.classes = reached.classes();
    let ends = u64::try_from(reached.ends().count()).unwrap_or(u64::MAX);
    report.pairs = ends.saturating_mul(ends);
    report.findings.extend(acls::compare(places, declared, &reached));
    let mut flows = Flows::new(places, declared, &reached, &apart, statements);
    flows.across(report);
    flows.inside(report);
    flows.intents(report);
    flows.internet(report);
}

/// What is said of subnets, told apart by number; 0 is nothing.
fn labels(places: &Places<'_>, declared: &Declared) -> (Apart, Vec<Vec<usize>>) {
    let mut numbers: BTreeMap<Vec<usize>, u32> = BTreeMap::from([(Vec::new(), 0)]);
    let mut statements = vec![Vec::new()];
    let mut apart = Apart::default();
    let mut named: BTreeSet<usize> = BTreeSet::new();
    for (index, subnet) in places.network.subnets.iter().enumerate() {
        let Some(says) = declared.tiers[subnet.vpc].get(&subnet.tier) else { continue };
        let next = u32::try_from(statements.len()).unwrap_or(u32::MAX);
        let number = *numbers.entry(says.outside.clone()).or_insert_with_key(|says| {
            statements.push(says.clone());
            named.extend(says.iter().copied());
            next
        });
        apart.labels.insert(index, number);
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut sets: BTreeSet<u32> = BTreeSet::new();
    for number in named {
        let peers = declared.reading.said(number).peers;
        if sets.insert(peers) {
            blocks.extend(declared.reading.peers.of(peers));
        }
    }
    blocks.extend(&places.estate);
    apart.named = blocks;
    (apart, statements)
}

pub(super) struct Flows<'a> {
    pub(super) places: &'a Places<'a>,
    declared: &'a Declared,
    meanings: Meanings<'a>,
    pub(super) reached: &'a Reachability,
    apart: &'a Apart,
    statements: Vec<Vec<usize>>,
    /// A piece of each class.
    example: Vec<usize>,
    /// Flows that were told of: who needs them, from where, to where.
    told: BTreeSet<(String, End, End)>,
    /// How many VPCs a class has members of: the one, or `None` for several.
    only: Vec<Option<Option<usize>>>,
}

/// What may pass between two places: openings, and every packet in either direction.
struct Between {
    opening: Services,
    there: Services,
    back: Services,
}

impl<'a> Flows<'a> {
    fn new(
        places: &'a Places<'a>,
        declared: &'a Declared,
        reached: &'a Reachability,
        apart: &'a Apart,
        statements: Vec<Vec<usize>>,
    ) -> Self {
        let mut example = vec![usize::MAX; reached.classes()];
        let mut only: Vec<Option<Option<usize>>> = vec![None; reached.classes()];
        for piece in (0..reached.pieces().len()).rev() {
            let class = reached.class(piece) as usize;
            example[class] = piece;
            let vpc = reached.vpc(piece);
            only[class] = match only[class] {
                None => Some(vpc),
                Some(known) if known == vpc => Some(known),
                Some(_) => Some(None),
            };
        }
        let meanings = Meanings::new(&declared.reading);
        Self { places, declared, meanings, reached, apart, statements, told: BTreeSet::new(), example, only }
    }

    fn online(&self, address: u32) -> bool {
        !self.places.estate.contains(Block::containing(address.into(), 32))
    }

    /// What one piece's tier means for packets of one direction with another address; everything, when it is no tier.
    fn meant(&mut self, piece: usize, side: Opens, address: u32, inside: bool) -> Meant {
        let Owner::Subnet(subnet) = self.reached.pieces()[piece].owner else {
            return Meant { opening: Services::all(), passes: Services::all() };
        };
        let online = self.online(address);
        let own = &self.places.network.subnets[subnet];
        if inside {
            let Some(says) = self.declared.tiers[own.vpc].get(&own.tier) else { return Meant::default() };
            self.meanings.at(&says.inside, side, address, online).clone()
        } else {
            let label = self.apart.labels.get(&subnet).copied().unwrap_or(0);
            self.meanings.at(&self.statements[label as usize], side, address, online).clone()
        }
    }

    fn between(&mut self, from: usize, to: usize) -> Between {
        let inside = self.reached.vpc(from).is_some() && self.reached.vpc(from) == self.reached.vpc(to);
        let (a, b) = (self.reached.pieces()[from].first, self.reached.pieces()[to].first);
        let (out, into) =
            (self.meant(from, Opens::Outward, b, inside), self.meant(to, Opens::Inward, a, inside));
        let (back_out, back_in) =
            (self.meant(to, Opens::Outward, a, inside), self.meant(from, Opens::Inward, b, inside));
        Between {
            opening: out.opening.and(&into.opening),
            there: out.passes.and(&into.passes),
            back: back_out.passes.and(&back_in.passes),
        }
    }

    /// Between VPCs, sites and the internet: what works and was not asked for.
    fn across(&mut self, report: &mut Report) {
        let mut inherent: BTreeMap<(Services, Services), BTreeMap<Vec<End>, BTreeSet<End>>> = BTreeMap::new();
        let members = self.members();
        let mut asking = Asking::new(self.reached);
        for from in 0..self.reached.classes() {
            let class = u32::try_from(from).unwrap_or(u32::MAX);
            for link in self.reached.links(class).to_vec() {
                let to = link.to as usize;
                let nobody = matches!((self.only[from], self.only[to]), (Some(Some(one)), Some(Some(two))) if one == two);
                let (a, b) = (self.example[from], self.example[to]);
                let subnets = [a, b]
                    .iter()
                    .any(|piece| matches!(self.reached.pieces()[*piece].owner, Owner::Subnet(_)));
                let open = self.reached.opened(link);
                if nobody || open.is_empty() {
                    continue;
                }
                if !subnets {
                    asking.add_classes(from, to);
                    continue;
                }
                let Between { opening, there, back } = self.between(a, b);
                let all = open.services();
                let extra = all.minus(&opening);
                if extra != all {
                    asking.add_classes(from, to);
                }
                if extra.is_empty() {
                    continue;
                }
                let clients = open.back.and(&client_ports());
                let (undeclared, inherited) = (extra.minus(&there), extra.and(&there));
                if !undeclared.is_empty() || !clients.minus(&back).and(&answers_of(&extra)).is_empty() {
                    asking.add_classes(from, to);
                    report.findings.push(self.undeclared(a, b, &extra, open));
                } else if !inherited.is_empty() {
                    let key = (inherited.clone(), clients.and(&answers_of(&inherited)));
                    let ends = inherent.entry(key).or_default();
                    ends.entry(members[from].clone()).or_default().extend(members[to].iter().cloned());
                }
            }
        }
        // The same of the same others is told once.
        let mut alike: BTreeMap<(Vec<End>, Services, Services), BTreeSet<End>> = BTreeMap::new();
        for ((services, clients), ends) in inherent {
            for (from, to) in ends {
                let key = (to.into_iter().collect(), services.clone(), clients.clone());
                alike.entry(key).or_default().extend(from);
            }
        }
        for ((to, services, clients), from) in alike {
            report.inherent.push(Inherent { from: from.into_iter().collect(), to, services, clients });
        }
        report.inherent.sort();
        report.asked = asking.done();
    }

    /// Ends of every class.
    fn members(&self) -> Vec<Vec<End>> {
        let mut members: Vec<Vec<End>> = vec![Vec::new(); self.reached.classes()];
        for end in self.reached.ends() {
            for class in self.reached.classes_of(end) {
                members[class as usize].push(end.clone());
            }
        }
        members
    }

    /// Inside every VPC: exactly what was asked for.
    fn inside(&mut self, report: &mut Report) {
        let network = self.places.network;
        for vpc in 0..network.vpcs.len() {
            let pieces = self.reached.pieces_of_vpc(vpc);
            let mut seen = BTreeSet::new();
            let cut = pieces.len() != network.subnets_of(vpc).count();
            for from in pieces.clone() {
                for to in pieces.clone() {
                    let (Owner::Subnet(a), Owner::Subnet(b)) =
                        (self.reached.pieces()[from].owner, self.reached.pieces()[to].owner)
                    else {
                        continue;
                    };
                    if a == b {
                        continue;
                    }
                    let (one, two) = (&network.subnets[a], &network.subnets[b]);
                    // Where no piece is cut, subnets of a tier are meant alike; what is found alike need be judged once.
                    let which = cut.then_some((from, to));
                    let found = self.reached.inside_numbers(vpc, from, to);
                    if !seen.insert((one.tier.as_str(), two.tier.as_str(), which, found)) {
                        continue;
                    }
                    let Between { opening, there, back } = &self.between(from, to);
                    let open = self.reached.between(from, to);
                    let needed = opening.answered_by(back);
                    let missing = needed.minus(&open.services());
                    let late = client_ports().and(back).and(&answers_of(&needed)).minus(open.back);
                    let extra = open.services().minus(opening).minus(there);
                    if !missing.is_empty() || !late.is_empty() {
                        let finding =
                            self.broken(from, to, &missing, &late, &needed, "the standard of the VPC");
                        report.findings.push(finding);
                    } else if !extra.is_empty() {
                        report.findings.push(self.undeclared(from, to, &extra, open));
                    }
                }
            }
        }
    }

    /// Top-level intents hold for all their pairs.
    fn intents(&mut self, report: &mut Report) {
        let design = self.places.design;
        for intent in design.intents.values() {
            let (wanted, _) = services(&intent.ports);
            let mut seen: BTreeSet<(ClassId, ClassId)> = BTreeSet::new();
            for group in pairs(design, intent) {
                let (from, to) = (self.landing(&group.from), self.landing(&group.to));
                for &a in &from {
                    for &b in &to {
                        let (vpc, other) = (self.reached.vpc(a), self.reached.vpc(b));
                        if vpc == other || !seen.insert((self.reached.class(a), self.reached.class(b))) {
                            continue;
                        }
                        self.holds(a, b, &wanted, &format!("`allow \"{}\"`", intent.entity.name), report);
                    }
                }
            }
        }
    }

    /// Connections on `wanted` work from one piece to another, as far as no deny takes them back.
    fn holds(&mut self, from: usize, to: usize, wanted: &Services, who: &str, report: &mut Report) {
        let Between { opening, there: _, back } = self.between(from, to);
        let needed = wanted.and(&opening).answered_by(&back);
        let open = self.reached.between(from, to);
        let missing = needed.minus(&open.services());
        let late = client_ports().and(&back).and(&answers_of(&needed)).minus(open.back);
        let ends = || (who.to_owned(), self.reached.end(from).clone(), self.reached.end(to).clone());
        if (!missing.is_empty() || !late.is_empty()) && self.told.insert(ends()) {
            report.findings.push(self.broken(from, to, &missing, &late, &needed, who));
        }
    }

    /// Tiers with a way to the internet have it.
    fn internet(&mut self, report: &mut Report) {
        let design = self.places.design;
        let internet: Vec<usize> = self.landing(&[Endpoint::Internet]);
        for (id, vpc) in design.vpcs.iter() {
            let Some(at) = self.places.vpcs[id.index()] else { continue };
            let default = vpc.attachment.and_then(|attachment| design.segments[attachment.segment].default);
            // What a firewall, or somebody's site, does with the internet is not ours.
            let elsewhere = match default {
                Some(WayOut::Vpc(out)) => out != id && design.vpcs[out].inspects,
                Some(WayOut::Site(_)) => true,
                None => false,
            };
            for (_, tier) in tiers(design, id) {
                let outward = match tier.internet {
                    Internet::None => continue,
                    Internet::Out if elsewhere => continue,
                    Internet::Out => true,
                    Internet::In => false,
                };
                let mut seen: BTreeSet<ClassId> = BTreeSet::new();
                for piece in self.pieces_of(at, id, Some(&tier.entity.name)) {
                    if !seen.insert(self.reached.class(piece)) {
                        continue;
                    }
                    for &online in &internet {
                        let wanted = self.said_of_internet(at, &tier.entity.name, outward);
                        let (from, to) = if outward { (piece, online) } else { (online, piece) };
                        self.holds(
                            from,
                            to,
                            &wanted,
                            &format!("tier `{}`'s way to the internet", tier.entity.name),
                            report,
                        );
                    }
                }
            }
        }
    }

    /// Services that statements about the internet open for a tier in one direction.
    fn said_of_internet(&self, vpc: usize, tier: &str, outward: bool) -> Services {
        let side = if outward { Opens::Outward } else { Opens::Inward };
        let reading = &self.declared.reading;
        let says = self.declared.tiers[vpc].get(tier).map(|says| says.outside.as_slice()).unwrap_or_default();
        let own = says.iter().map(|number| reading.said(*number));
        let own = own.filter(|said| said.internet && said.opens == side && !said.denies);
        own.fold(Services::default(), |all, said| all.or(&said.services))
    }

    fn undeclared(&self, from: usize, to: usize, extra: &Services, open: Open<'_>) -> Finding {
        let network = self.places.network;
        let (a, b) = (self.reached.end(from), self.reached.end(to));
        let (protocol, port) = first_of(extra).unwrap_or((6, 0));
        let client = client_of(&open.back.and(&client_ports()), protocol);
        let address = |piece: usize| (piece, self.reached.pieces()[piece].example());
        let hops = follow(network, self.reached, address(from), address(to), (protocol, port), Some(client));
        let deciding = hops.iter().rev().find(|hop| hop.passes && hop.place.is_some());
        let message = format!("{a} can open {extra} to {b}, which nothing declares");
        let place = deciding.and_then(|hop| hop.place.clone());
        let ends = vec![a.clone(), b.clone()];
        Finding { hops, ends, ..Finding::new(FLOW_UNDECLARED, place, message) }
    }

    /// What stops a flow that has to work. `missing`: what cannot be opened; `late`: client ports that get no answer.
    fn broken(
        &self,
        from: usize,
        to: usize,
        missing: &Services,
        late: &Services,
        needed: &Services,
        who: &str,
    ) -> Finding {
        let network = self.places.network;
        let (a, b) = (self.reached.end(from), self.reached.end(to));
        let (protocol, port) = first_of(missing).or_else(|| first_of(needed)).unwrap_or((6, 0));
        let client = client_of(late, protocol);
        let address = |piece: usize| (piece, self.reached.pieces()[piece].example());
        let hops = follow(network, self.reached, address(from), address(to), (protocol, port), Some(client));
        let stop = hops.iter().find(|hop| !hop.passes);
        let what = if missing.is_empty() { format!("answers to {late}") } else { missing.to_string() };
        let why = stop.map_or_else(String::new, |hop| format!(": {}", hop.what));
        let place = stop.and_then(|hop| hop.place.clone());
        let message = format!("{who} needs {what} from {a} to {b}{why}");
        let ends = vec![a.clone(), b.clone()];
        Finding { hops, ends, ..Finding::new(FLOW_BROKEN, place, message) }
    }
}
