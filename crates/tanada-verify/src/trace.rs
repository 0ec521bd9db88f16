//! One packet, hop by hop, with the line that decided about each: what a person asks for, and where a flow breaks.
//!
//! It goes over the tables as they stand. That it agrees with the sets of [`reach`](crate::reach) is a test.

use std::fmt;
use std::net::Ipv4Addr;

use tanada_model::net::Block;

use crate::Place;
use crate::network::{AclRow, AttachmentKind, Network, Route, Target, Traffic};
use crate::reach::{CLIENT_PORTS, Owner, Ports, Reachability};

/// One packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Source address.
    pub source: u32,
    /// Destination address.
    pub target: u32,
    /// Number of the protocol: 6 is TCP, 17 UDP, 1 ICMP.
    pub protocol: u8,
    /// Destination port; not used without ports.
    pub port: u16,
}

/// A decision about a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// What decided, and what it said.
    pub what: String,
    /// Where that is written; `None`: it is a rule of AWS.
    pub place: Option<Place>,
    /// Whether the packet goes on.
    pub passes: bool,
}

/// Where a packet ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nowhere; the last hop says why.
    Dropped,
    /// In a subnet.
    Subnet(usize),
    /// At an attachment that is a site.
    Site(usize),
    /// In the internet, out of this VPC.
    Internet(usize),
}

/// A packet's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What decided, in order.
    pub hops: Vec<Hop>,
    /// Where it ended.
    pub stop: Stop,
    /// Subnets of the NAT gateways that changed its source, in order.
    pub nats: Vec<usize>,
}

/// Follows a packet from where it starts. From the internet it comes in by the internet gateway of `entry`.
pub fn trace(network: &Network, from: Owner, packet: Packet) -> Trace {
    let mut walk = Walk { network, packet, hops: Vec::new(), nats: Vec::new() };
    let stop = match from {
        Owner::Subnet(subnet) => walk.leave(subnet, true),
        Owner::Site(site) => match &network.attachments[site].table {
            Some((table, place)) => {
                walk.goes(
                    format!(
                        "site `{}` is in segment `{}`",
                        network.attachments[site].name,
                        walk.segment(*table)
                    ),
                    place,
                );
                walk.transit(*table, "")
            }
            None => walk.stops(
                format!("`{}` is in no segment", network.attachments[site].name),
                &network.attachments[site].place,
            ),
        },
        Owner::Internet => walk.enter(),
    };
    Trace { hops: walk.hops, stop: stop.unwrap_or(Stop::Dropped), nats: walk.nats }
}

/// Out of a NAT gateway in a subnet, with the packet's addresses as they are: how answers go on to who asked.
pub fn trace_from_nat(network: &Network, subnet: usize, packet: Packet) -> Trace {
    let mut walk = Walk { network, packet, hops: Vec::new(), nats: Vec::new() };
    let stop = walk.leave(subnet, false);
    Trace { hops: walk.hops, stop: stop.unwrap_or(Stop::Dropped), nats: walk.nats }
}

/// A connection there and back: what decides about the packet that opens it from one piece (and an address of it) to
/// another, and then about the answer. `client`: the port that it is opened from; else one that is answered, if any is.
pub fn follow(
    network: &Network,
    reached: &Reachability,
    (from, source): (usize, u32),
    (to, target): (usize, u32),
    (protocol, port): (u8, u16),
    client: Option<u16>,
) -> Vec<Hop> {
    let (Some(a), Some(b)) = (reached.pieces().get(from), reached.pieces().get(to)) else {
        return Vec::new();
    };
    let answered = || {
        let back = reached.between(from, to).back;
        let ports = if protocol == 17 { &back.udp } else { &back.tcp };
        let client = ports.and(&Ports::range(CLIENT_PORTS.0, CLIENT_PORTS.1));
        client.intervals().last().map_or(CLIENT_PORTS.1, |(_, last)| *last)
    };
    let packet = Packet { source, target, protocol, port };
    let answer = Packet { source: target, target: source, protocol, port: client.unwrap_or_else(answered) };
    let Trace { mut hops, stop, nats } = trace(network, a.owner, packet);
    if stop == Stop::Dropped {
        return hops;
    }
    hops.push(Hop { what: "and back:".to_owned(), place: None, passes: true });
    let back = match (b.owner, stop) {
        (Owner::Internet, Stop::Site(site)) => Owner::Site(site),
        (owner, _) => owner,
    };
    let traces = match nats.last() {
        None => vec![trace(network, back, answer)],
        Some(&nat) => {
            let reaching = trace(network, back, Packet { target: nat_address(network, nat), ..answer });
            let on = (reaching.stop != Stop::Dropped).then(|| trace_from_nat(network, nat, answer));
            std::iter::once(reaching).chain(on).collect()
        }
    };
    hops.extend(traces.into_iter().flat_map(|trace| trace.hops));
    hops
}

/// The address that a NAT gateway in a subnet is taken to have.
pub fn nat_address(network: &Network, subnet: usize) -> u32 {
    network.subnets[subnet].cidr.first().saturating_add(4)
}

struct Walk<'n> {
    network: &'n Network,
    packet: Packet,
    hops: Vec<Hop>,
    nats: Vec<usize>,
}

fn holds(block: Block, address: u32) -> bool {
    block.first() <= address && address <= block.last()
}

impl<'n> Walk<'n> {
    fn goes(&mut self, what: impl Into<String>, place: &Place) {
        self.hops.push(Hop { what: what.into(), place: Some(place.clone()), passes: true });
    }

    fn stops(&mut self, what: impl Into<String>, place: &Place) -> Option<Stop> {
        self.hops.push(Hop { what: what.into(), place: Some(place.clone()), passes: false });
        None
    }

    fn segment(&self, table: usize) -> &'n str {
        &self.network.transit_tables[table].segment
    }

    fn named(&self, subnet: usize) -> String {
        let own = &self.network.subnets[subnet];
        format!("{}.{}", self.network.vpcs[own.vpc].id, own.name)
    }

    /// The ACL of a subnet; `out`: the packet leaves it.
    fn asks(&mut self, subnet: usize, out: bool) -> Option<()> {
        let network = self.network;
        let (direction, peer) =
            if out { ("egress", self.packet.target) } else { ("ingress", self.packet.source) };
        let name = self.named(subnet);
        let Some(acl) = network.subnets[subnet].acl.map(|acl| &network.acls[acl]) else {
            let place = network.subnets[subnet].place.clone();
            self.goes(format!("{name} has the VPC's default ACL, which lets everything pass"), &place);
            return Some(());
        };
        let rows = if out { &acl.egress } else { &acl.ingress };
        let packet = self.packet;
        let found = rows.iter().find(|row| speaks(row.traffic, packet) && holds(row.peer, peer));
        match found {
            Some(row) if row.allows => {
                self.goes(
                    format!("{direction} of {name}: rule {} allows {}", row.number, said(row)),
                    &row.place,
                );
                Some(())
            }
            Some(row) => {
                self.stops(
                    format!("{direction} of {name}: rule {} denies {}", row.number, said(row)),
                    &row.place,
                );
                None
            }
            None => {
                let place = rows.first().map_or(&acl.place, |row| &row.place).clone();
                let text = format!("{direction} of {name}: no rule allows {}", self.shown(peer));
                self.stops(text, &place);
                None
            }
        }
    }

    fn shown(&self, peer: u32) -> String {
        let Packet { source: _, target: _, protocol, port } = self.packet;
        let peer = Ipv4Addr::from(peer);
        match protocol {
            6 => format!("tcp/{port} with {peer}"),
            17 => format!("udp/{port} with {peer}"),
            1 => format!("icmp with {peer}"),
            other => format!("protocol {other} with {peer}"),
        }
    }

    /// The longest route of a subnet to the packet's destination, local ones aside.
    fn route(&self, subnet: usize) -> Option<&'n Route> {
        let network = self.network;
        let table = &network.route_tables[network.subnets[subnet].table?];
        let vpc = &network.vpcs[table.vpc];
        let here =
            table.routes.iter().filter(|route| holds(route.to, self.packet.target) && !vpc.holds(route.to));
        // Of two routes to one destination the first counts.
        here.rev().max_by_key(|route| route.to.prefix_len())
    }

    fn table_place(&self, subnet: usize) -> Place {
        let network = self.network;
        let own = &network.subnets[subnet];
        own.table.map_or(&own.place, |table| &network.route_tables[table].place).clone()
    }

    /// Out of a subnet. `fresh`: not out of a NAT gateway.
    fn leave(&mut self, subnet: usize, fresh: bool) -> Option<Stop> {
        let network = self.network;
        let own = &network.subnets[subnet];
        let vpc = &network.vpcs[own.vpc];
        let target = self.packet.target;
        if vpc.blocks.iter().any(|(block, _)| holds(*block, target)) {
            return self.inside(subnet);
        }
        self.asks(subnet, true)?;
        let Some(route) = self.route(subnet) else {
            let place = self.table_place(subnet);
            let text = format!(
                "the route table of {} has no route to {}",
                self.named(subnet),
                Ipv4Addr::from(target)
            );
            return self.stops(text, &place);
        };
        let led = |to: &str| format!("{}: route {} leads to {to}", self.named(subnet), route.to);
        match route.target {
            Target::Internet => {
                let text = led("the internet gateway");
                self.goes(text, &route.place);
                Some(Stop::Internet(own.vpc))
            }
            Target::Nat(nat) => {
                let text = led(&format!("the NAT gateway in {}", self.named(nat)));
                self.goes(text, &route.place);
                if !fresh {
                    return self
                        .stops("a NAT gateway does not send through another one of its VPC", &route.place);
                }
                if nat != subnet {
                    self.asks(nat, false)?;
                }
                self.translate(nat);
                self.leave(nat, false)
            }
            Target::Transit => {
                let text = led("the Transit Gateway");
                self.goes(text, &route.place);
                self.enter_gateway(subnet)
            }
        }
    }

    fn translate(&mut self, nat: usize) {
        self.nats.push(nat);
        self.packet.source = nat_address(self.network, nat);
        let text =
            format!("the NAT gateway sends with its own address, {}", Ipv4Addr::from(self.packet.source));
        self.hops.push(Hop { what: text, place: None, passes: true });
    }

    /// To another address of the VPC.
    fn inside(&mut self, subnet: usize) -> Option<Stop> {
        let network = self.network;
        let own = &network.subnets[subnet];
        let vpc = &network.vpcs[own.vpc];
        let target = self.packet.target;
        let Some((to, _)) = network.subnets_of(own.vpc).find(|(_, other)| holds(other.cidr, target)) else {
            return self
                .stops(format!("{} is in no subnet of {}", Ipv4Addr::from(target), vpc.id), &vpc.place);
        };
        if to == subnet {
            self.hops.push(Hop {
                what: "inside a subnet nothing asks".to_owned(),
                place: None,
                passes: true,
            });
            return Some(Stop::Subnet(to));
        }
        let inner = |route: &&Route| {
            holds(route.to, target)
                && vpc.blocks.iter().any(|(block, _)| block.contains(route.to) && *block != route.to)
        };
        let away = own.table.and_then(|table| network.route_tables[table].routes.iter().find(inner));
        if let Some(route) = away {
            return self
                .stops(format!("route {} leads away from the VPC's own addresses", route.to), &route.place);
        }
        self.asks(subnet, true)?;
        self.asks(to, false)?;
        Some(Stop::Subnet(to))
    }

    /// Through the attachment's subnet into the gateway.
    fn enter_gateway(&mut self, subnet: usize) -> Option<Stop> {
        let network = self.network;
        let own = &network.subnets[subnet];
        let vpc = &network.vpcs[own.vpc];
        let Some(attachment) = vpc.attachment.map(|at| &network.attachments[at]) else {
            return self.stops(format!("{} is not attached", vpc.id), &vpc.place);
        };
        let AttachmentKind::Vpc { vpc: _, subnets, inspects: _ } = &attachment.kind else { return None };
        if !subnets.contains(&subnet) {
            let Some(gate) = subnets.iter().copied().find(|gate| network.subnets[*gate].zone == own.zone)
            else {
                let text = format!(
                    "the attachment of {} has no subnet in zone {}, where {} is",
                    vpc.id, own.zone, own.name
                );
                return self.stops(text, &attachment.place);
            };
            self.asks(gate, false)?;
        }
        let Some((table, place)) = &attachment.table else {
            return self.stops(format!("the attachment of {} is in no segment", vpc.id), &attachment.place);
        };
        self.goes(format!("{} is in segment `{}`", vpc.id, self.segment(*table)), place);
        self.transit(*table, &own.zone)
    }

    /// Longest prefix, static before propagated.
    fn decide(&mut self, table: usize) -> Option<usize> {
        let network = self.network;
        let (segment, own) = (self.segment(table), &network.transit_tables[table]);
        let target = self.packet.target;
        let fixed = own.routes.iter().rev().filter(|route| holds(route.to, target));
        let fixed = fixed.max_by_key(|route| route.to.prefix_len());
        let mut learnt: Option<(Block, usize, &Place)> = None;
        for (attachment, place) in &own.propagations {
            for block in network.blocks_of(*attachment) {
                let longer = learnt.is_none_or(|(known, _, _)| known.prefix_len() < block.prefix_len());
                if holds(block, target) && longer {
                    learnt = Some((block, *attachment, place));
                }
            }
        }
        match (fixed, learnt) {
            (Some(route), learnt)
                if learnt.is_none_or(|(block, _, _)| block.prefix_len() <= route.to.prefix_len()) =>
            {
                match route.attachment {
                    None => {
                        self.stops(format!("segment `{segment}` drops {}", route.to), &route.place);
                        None
                    }
                    Some(attachment) => {
                        let name = &network.attachments[attachment].name;
                        self.goes(
                            format!("segment `{segment}`: static route {} leads to `{name}`", route.to),
                            &route.place,
                        );
                        Some(attachment)
                    }
                }
            }
            (_, Some((block, attachment, place))) => {
                let name = &network.attachments[attachment].name;
                self.goes(format!("segment `{segment}` learnt {block} from `{name}`"), place);
                Some(attachment)
            }
            (Some(_) | None, None) => {
                let text = format!("segment `{segment}` has no route to {}", Ipv4Addr::from(target));
                self.stops(text, &own.place);
                None
            }
        }
    }

    /// From a gateway's table to the end.
    fn transit(&mut self, table: usize, zone: &str) -> Option<Stop> {
        let network = self.network;
        let (mut table, mut seen) = (table, Vec::new());
        loop {
            let attachment = self.decide(table)?;
            let own = &network.attachments[attachment];
            let AttachmentKind::Vpc { vpc, subnets, inspects } = &own.kind else {
                return Some(Stop::Site(attachment));
            };
            let same = subnets.iter().copied().find(|subnet| network.subnets[*subnet].zone == zone);
            let Some(entry) = same.or(subnets.first().copied()) else {
                return self.stops(format!("the attachment of {} has no subnet", own.name), &own.place);
            };
            if network.vpcs[*vpc].blocks.iter().any(|(block, _)| holds(*block, self.packet.target)) {
                return self.arrive(*vpc, subnets, entry);
            }
            if seen.contains(vpc) {
                return self.stops(format!("{} comes back to where it was", own.name), &own.place);
            }
            seen.push(*vpc);
            self.through(entry, *inspects)?;
            if let Some(Hop { passes: true, .. }) = self.hops.last()
                && self.out_of(entry)
            {
                return Some(Stop::Internet(*vpc));
            }
            let Some((next, place)) = &own.table else {
                return self.stops(format!("the attachment of {} is in no segment", own.name), &own.place);
            };
            self.goes(
                format!("back into the gateway: {} is in segment `{}`", own.name, self.segment(*next)),
                place,
            );
            table = *next;
        }
    }

    /// Whether the packet left for the internet through the NAT gateway that the entry leads to.
    fn out_of(&self, entry: usize) -> bool {
        match self.route(entry).map(|route| route.target) {
            Some(Target::Nat(nat)) => self.route(nat).is_some_and(|route| route.target == Target::Internet),
            Some(Target::Transit | Target::Internet) | None => false,
        }
    }

    /// In a VPC that has the address.
    fn arrive(&mut self, vpc: usize, subnets: &[usize], entry: usize) -> Option<Stop> {
        let network = self.network;
        let target = self.packet.target;
        let Some((to, _)) = network.subnets_of(vpc).find(|(_, subnet)| holds(subnet.cidr, target)) else {
            let own = &network.vpcs[vpc];
            return self
                .stops(format!("{} is in no subnet of {}", Ipv4Addr::from(target), own.id), &own.place);
        };
        if !subnets.contains(&to) {
            self.asks(entry, true)?;
            self.asks(to, false)?;
        }
        Some(Stop::Subnet(to))
    }

    /// Through a VPC that does not have the address.
    fn through(&mut self, entry: usize, inspects: bool) -> Option<()> {
        let network = self.network;
        let Some(route) = self.route(entry) else {
            if !inspects {
                let place = self.table_place(entry);
                let text =
                    format!("{} has no route to {}", self.named(entry), Ipv4Addr::from(self.packet.target));
                self.stops(text, &place);
                return None;
            }
            self.asks(entry, true)?;
            self.asks(entry, false)?;
            let vpc = &network.vpcs[network.subnets[entry].vpc];
            self.goes(
                format!("the firewall inside {} decides; it is taken to let this pass", vpc.id),
                &vpc.place,
            );
            return Some(());
        };
        match route.target {
            Target::Internet => {
                let text = format!("{}: no public address for an internet gateway", self.named(entry));
                self.stops(text, &route.place);
                None
            }
            Target::Transit => {
                self.goes(
                    format!("{}: route {} leads back to the gateway", self.named(entry), route.to),
                    &route.place,
                );
                Some(())
            }
            Target::Nat(nat) => {
                let text = format!(
                    "{}: route {} leads to the NAT gateway in {}",
                    self.named(entry),
                    route.to,
                    self.named(nat)
                );
                self.goes(text, &route.place);
                if nat != entry {
                    self.asks(entry, true)?;
                    self.asks(nat, false)?;
                }
                self.translate(nat);
                self.asks(nat, true)?;
                self.beyond_nat(nat)
            }
        }
    }

    fn beyond_nat(&mut self, nat: usize) -> Option<()> {
        let network = self.network;
        let Some(route) = self.route(nat) else {
            let place = self.table_place(nat);
            self.stops(
                format!("{} has no route to {}", self.named(nat), Ipv4Addr::from(self.packet.target)),
                &place,
            );
            return None;
        };
        match route.target {
            Target::Internet => {
                self.goes(
                    format!("{}: route {} leads to the internet gateway", self.named(nat), route.to),
                    &route.place,
                );
                Some(())
            }
            Target::Nat(_) => {
                self.stops("a NAT gateway does not send through another one of its VPC", &route.place);
                None
            }
            Target::Transit => {
                self.goes(
                    format!("{}: route {} leads back to the gateway", self.named(nat), route.to),
                    &route.place,
                );
                let own = &network.subnets[nat];
                let attachment = network.vpcs[own.vpc].attachment.map(|at| &network.attachments[at]);
                let Some(AttachmentKind::Vpc { subnets, .. }) = attachment.map(|attachment| &attachment.kind)
                else {
                    return None;
                };
                if subnets.contains(&nat) {
                    return Some(());
                }
                let Some(gate) = subnets.iter().copied().find(|gate| network.subnets[*gate].zone == own.zone)
                else {
                    let text = format!("the attachment has no subnet in zone {}", own.zone);
                    self.stops(text, &own.place);
                    return None;
                };
                self.asks(gate, false)
            }
        }
    }

    /// From the internet, through the internet gateway of the VPC that has the address.
    fn enter(&mut self) -> Option<Stop> {
        let network = self.network;
        let target = self.packet.target;
        let found = network.subnets.iter().position(|subnet| holds(subnet.cidr, target));
        let Some(to) = found else {
            self.hops.push(Hop {
                what: "nobody in the estate has the address".to_owned(),
                place: None,
                passes: false,
            });
            return None;
        };
        let own = &network.subnets[to];
        let vpc = &network.vpcs[own.vpc];
        let Some(internet) = &vpc.internet else {
            return self.stops(format!("{} has no internet gateway", vpc.id), &vpc.place);
        };
        self.goes(format!("the internet gateway of {}", vpc.id), internet);
        let back = Walk {
            network,
            packet: Packet { target: self.packet.source, ..self.packet },
            hops: Vec::new(),
            nats: Vec::new(),
        };
        match back.route(to).map(|route| (route.target, &route.place)) {
            Some((Target::Internet, _)) => {}
            Some((Target::Nat(_) | Target::Transit, place)) => {
                let text = format!("{} is led out another way, so it has no public address", self.named(to));
                return self.stops(text, place);
            }
            None => {
                let place = self.table_place(to);
                return self.stops(format!("{} has no route to the internet", self.named(to)), &place);
            }
        }
        self.asks(to, false)?;
        Some(Stop::Subnet(to))
    }
}

fn speaks(traffic: Traffic, packet: Packet) -> bool {
    match traffic {
        Traffic::All => true,
        Traffic::Tcp(a, b) => packet.protocol == 6 && (a..=b).contains(&packet.port),
        Traffic::Udp(a, b) => packet.protocol == 17 && (a..=b).contains(&packet.port),
        Traffic::Icmp => packet.protocol == 1,
        Traffic::Other => !matches!(packet.protocol, 1 | 6 | 17),
    }
}

fn said(row: &AclRow) -> String {
    let AclRow { number: _, allows: _, traffic, peer, why, place: _ } = row;
    let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
    format!("{traffic} with {peer}{why}")
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("everything"),
            Self::Tcp(a, b) if a == b => write!(f, "tcp/{a}"),
            Self::Tcp(a, b) => write!(f, "tcp/{a}-{b}"),
            Self::Udp(a, b) if a == b => write!(f, "udp/{a}"),
            Self::Udp(a, b) => write!(f, "udp/{a}-{b}"),
            Self::Icmp => f.write_str("icmp"),
            Self::Other => f.write_str("other protocols"),
        }
    }
}
