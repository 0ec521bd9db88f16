//! One packet at a time, without sets, intervals or classes: what a person would do with the tables in hand.

use std::net::Ipv4Addr;

use tanada_model::net::Block;
use tanada_verify::network::{AclRow, AttachmentKind, Network, Route, Target, Traffic};

/// One packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(crate) source: u32,
    pub(crate) target: u32,
    pub(crate) protocol: u8,
    /// Destination port.
    pub(crate) port: u16,
}

/// Where a packet is when nobody in the estate has to do with it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Dropped,
    /// Delivered in a subnet.
    Subnet(usize),
    /// Left at an attachment that is a site.
    Site(usize),
    /// In the internet, from this VPC.
    Internet(usize),
}

/// Where a packet comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Subnet(usize),
    Site(usize),
    Internet,
}

/// Where a packet ended and the NAT gateways (subnets) that changed its source, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) stop: Stop,
    pub(crate) nats: Vec<usize>,
}

fn holds(block: Block, address: u32) -> bool {
    let address = Ipv4Addr::from(address);
    block.contains(Block::containing(address, 32))
}

/// First match decides.
fn passes(rows: Option<&[AclRow]>, peer: u32, packet: &Packet) -> bool {
    let Some(rows) = rows else { return true };
    for row in rows {
        let speaks = match row.traffic {
            Traffic::All => true,
            Traffic::Tcp(a, b) => packet.protocol == 6 && a <= packet.port && packet.port <= b,
            Traffic::Udp(a, b) => packet.protocol == 17 && a <= packet.port && packet.port <= b,
            Traffic::Icmp => packet.protocol == 1,
            Traffic::Other => ![1, 6, 17].contains(&packet.protocol),
        };
        if speaks && holds(row.peer, peer) {
            return row.allows;
        }
    }
    false
}

fn out(network: &Network, subnet: usize, packet: &Packet) -> bool {
    let rows = network.subnets[subnet].acl.map(|acl| network.acls[acl].egress.as_ref());
    passes(rows, packet.target, packet)
}

fn within(network: &Network, subnet: usize, packet: &Packet) -> bool {
    let rows = network.subnets[subnet].acl.map(|acl| network.acls[acl].ingress.as_ref());
    passes(rows, packet.source, packet)
}

fn has(network: &Network, vpc: usize, address: u32) -> bool {
    network.vpcs[vpc].blocks.iter().any(|(block, _)| holds(*block, address))
}

fn subnet_with(network: &Network, vpc: usize, address: u32) -> Option<usize> {
    network.subnets.iter().position(|subnet| subnet.vpc == vpc && holds(subnet.cidr, address))
}

/// The longest route outside the VPC's own blocks.
fn route(network: &Network, subnet: usize, target: u32) -> Option<&Route> {
    let table = &network.route_tables[network.subnets[subnet].table?];
    let vpc = &network.vpcs[table.vpc];
    let mut best: Option<&Route> = None;
    for route in &table.routes {
        let inside = vpc.blocks.iter().any(|(block, _)| block.contains(route.to));
        if !inside
            && holds(route.to, target)
            && best.is_none_or(|known| known.to.prefix_len() < route.to.prefix_len())
        {
            best = Some(route);
        }
    }
    best
}

fn gate(network: &Network, subnet: usize) -> Option<usize> {
    let own = &network.subnets[subnet];
    let attachment = &network.attachments[network.vpcs[own.vpc].attachment?];
    let AttachmentKind::Vpc { subnets, .. } = &attachment.kind else { return None };
    if subnets.contains(&subnet) {
        return Some(subnet);
    }
    subnets.iter().copied().find(|gate| network.subnets[*gate].zone == own.zone)
}

fn nat_address(network: &Network, subnet: usize) -> u32 {
    u32::from(network.subnets[subnet].cidr.address()) + 4
}

/// Follows a packet to its end. `answering`: the packet is an answer on its way to an address that a NAT gateway has, so
/// internet gateways let it in.
pub(crate) fn follow(network: &Network, from: From, packet: Packet) -> Way {
    let mut way = Way { stop: Stop::Dropped, nats: Vec::new() };
    let mut packet = packet;
    match from {
        From::Subnet(subnet) => way.stop = leave(network, subnet, &mut packet, &mut way.nats, true),
        From::Site(site) => {
            if let Some((table, _)) = &network.attachments[site].table {
                way.stop = transit(network, *table, "", &mut packet, &mut way.nats);
            }
        }
        From::Internet => {}
    }
    way
}

/// Out of a subnet. `fresh`: it does not come out of a NAT gateway.
fn leave(network: &Network, subnet: usize, packet: &mut Packet, nats: &mut Vec<usize>, fresh: bool) -> Stop {
    let own = &network.subnets[subnet];
    if has(network, own.vpc, packet.target) {
        let Some(target) = subnet_with(network, own.vpc, packet.target) else { return Stop::Dropped };
        if target == subnet {
            return Stop::Subnet(target);
        }
        if let Some(table) = own.table {
            let vpc = &network.vpcs[own.vpc];
            let away = network.route_tables[table].routes.iter().any(|route| {
                let inner =
                    vpc.blocks.iter().any(|(block, _)| block.contains(route.to) && *block != route.to);
                inner && holds(route.to, packet.target)
            });
            if away {
                return Stop::Dropped;
            }
        }
        let open = out(network, subnet, packet) && within(network, target, packet);
        return if open { Stop::Subnet(target) } else { Stop::Dropped };
    }
    if !out(network, subnet, packet) {
        return Stop::Dropped;
    }
    match route(network, subnet, packet.target).map(|route| route.target) {
        None => Stop::Dropped,
        Some(Target::Internet) => Stop::Internet(own.vpc),
        Some(Target::Nat(nat)) => {
            if !fresh || (nat != subnet && !within(network, nat, packet)) {
                return Stop::Dropped;
            }
            nats.push(nat);
            packet.source = nat_address(network, nat);
            leave(network, nat, packet, nats, false)
        }
        Some(Target::Transit) => {
            let Some(gate) = gate(network, subnet) else { return Stop::Dropped };
            if gate != subnet && !within(network, gate, packet) {
                return Stop::Dropped;
            }
            let Some(attachment) = network.vpcs[own.vpc].attachment else { return Stop::Dropped };
            let Some((table, _)) = &network.attachments[attachment].table else { return Stop::Dropped };
            transit(network, *table, &own.zone, packet, nats)
        }
    }
}

/// What a gateway's table does with a packet that comes from a zone, and everything after it.
fn transit(network: &Network, table: usize, zone: &str, packet: &mut Packet, nats: &mut Vec<usize>) -> Stop {
    let mut table = table;
    let mut seen = Vec::new();
    loop {
        let Some(attachment) = decide(network, table, packet.target) else { return Stop::Dropped };
        let AttachmentKind::Vpc { vpc, subnets, inspects } = &network.attachments[attachment].kind else {
            return Stop::Site(attachment);
        };
        let same = subnets.iter().copied().find(|subnet| network.subnets[*subnet].zone == zone);
        let Some(entry) = same.or(subnets.first().copied()) else { return Stop::Dropped };
        if has(network, *vpc, packet.target) {
            let Some(target) = subnet_with(network, *vpc, packet.target) else { return Stop::Dropped };
            if subnets.contains(&target) {
                return Stop::Subnet(target);
            }
            let open = out(network, entry, packet) && within(network, target, packet);
            return if open { Stop::Subnet(target) } else { Stop::Dropped };
        }
        if seen.contains(vpc) {
            return Stop::Dropped;
        }
        seen.push(*vpc);
        match route(network, entry, packet.target).map(|route| route.target) {
            Some(Target::Internet) => return Stop::Dropped,
            Some(Target::Transit) => {}
            None => {
                if !inspects || !out(network, entry, packet) || !within(network, entry, packet) {
                    return Stop::Dropped;
                }
            }
            Some(Target::Nat(nat)) => {
                if nat != entry && !(out(network, entry, packet) && within(network, nat, packet)) {
                    return Stop::Dropped;
                }
                nats.push(nat);
                packet.source = nat_address(network, nat);
                if !out(network, nat, packet) {
                    return Stop::Dropped;
                }
                match route(network, nat, packet.target).map(|route| route.target) {
                    Some(Target::Internet) => return Stop::Internet(*vpc),
                    Some(Target::Nat(_)) | None => return Stop::Dropped,
                    Some(Target::Transit) => {
                        let Some(back) = gate(network, nat) else { return Stop::Dropped };
                        if back != nat && !within(network, back, packet) {
                            return Stop::Dropped;
                        }
                    }
                }
            }
        }
        let Some((next, _)) = &network.attachments[attachment].table else { return Stop::Dropped };
        table = *next;
    }
}

/// Longest prefix, then static before propagated; the attachment, unless it is a blackhole or nothing.
fn decide(network: &Network, table: usize, target: u32) -> Option<usize> {
    let table = &network.transit_tables[table];
    let mut best: Option<(u8, Option<usize>)> = None;
    for route in &table.routes {
        if holds(route.to, target) && best.is_none_or(|(len, _)| len < route.to.prefix_len()) {
            best = Some((route.to.prefix_len(), route.attachment));
        }
    }
    for (attachment, _) in &table.propagations {
        for block in network.blocks_of(*attachment) {
            if holds(block, target) && best.is_none_or(|(len, _)| len < block.prefix_len()) {
                best = Some((block.prefix_len(), Some(*attachment)));
            }
        }
    }
    best.and_then(|(_, attachment)| attachment)
}

/// Whether a connection works: the packet that opens it arrives at `to`, and an answer to `client` comes back.
pub(crate) fn flow(network: &Network, from: From, to: From, packet: Packet, client: u16) -> bool {
    let answer = Packet { source: packet.target, target: packet.source, port: client, ..packet };
    if from == From::Internet {
        // In by the way that packets to it go out.
        let back = follow(network, to, answer);
        if !back.nats.is_empty() {
            return false;
        }
        return match (back.stop, to) {
            (Stop::Internet(_), From::Subnet(target)) => within(network, target, &packet),
            (Stop::Site(site), From::Subnet(_) | From::Site(_)) => {
                let there = follow(network, From::Site(site), packet);
                there.nats.is_empty() && arrived(there.stop, to)
            }
            _ => false,
        };
    }
    let there = follow(network, from, packet);
    let Some(&nat) = there.nats.last() else {
        return match (there.stop, to) {
            (Stop::Internet(_), From::Internet) => match from {
                From::Subnet(subnet) => within(network, subnet, &answer),
                From::Site(_) | From::Internet => false,
            },
            (Stop::Site(site), From::Internet) => {
                let back = follow(network, From::Site(site), answer);
                back.nats.is_empty() && arrived(back.stop, from)
            }
            (stop, to) => {
                let back = follow(network, to, answer);
                arrived(stop, to) && back.nats.is_empty() && arrived(back.stop, from)
            }
        };
    };
    let beyond = matches!((there.stop, to), (Stop::Internet(_) | Stop::Site(_), From::Internet));
    if !beyond && !arrived(there.stop, to) {
        return false;
    }
    // To the NAT gateway on some client port, then on with the old addresses.
    let reaches_nat = |port: u16| {
        let packet = Packet { target: nat_address(network, nat), port, ..answer };
        let from = match (to, there.stop) {
            (From::Internet, Stop::Site(site)) => From::Site(site),
            (From::Internet, _) => return within(network, nat, &packet),
            (From::Subnet(_) | From::Site(_), _) => to,
        };
        let way = follow(network, from, packet);
        way.nats.is_empty() && way.stop == Stop::Subnet(nat)
    };
    if !client_ports(network).into_iter().any(reaches_nat) {
        return false;
    }
    if matches!(from, From::Subnet(subnet) if network.subnets[subnet].vpc == network.subnets[nat].vpc) {
        let From::Subnet(subnet) = from else { return false };
        return (subnet == nat || out(network, nat, &answer)) && within(network, subnet, &answer);
    }
    let mut answer = answer;
    let mut nats = Vec::new();
    if route(network, nat, answer.target).map(|route| route.target) != Some(Target::Transit) {
        return false;
    }
    let stop = leave(network, nat, &mut answer, &mut nats, true);
    nats.is_empty() && arrived(stop, from)
}

/// Client ports at which something can change.
fn client_ports(network: &Network) -> Vec<u16> {
    let rows = network.acls.iter().flat_map(|acl| acl.ingress.iter().chain(&*acl.egress));
    let mut ports: Vec<u16> = rows
        .flat_map(|row| match row.traffic {
            Traffic::Tcp(a, b) | Traffic::Udp(a, b) => vec![a, b.saturating_add(1)],
            Traffic::All | Traffic::Icmp | Traffic::Other => Vec::new(),
        })
        .filter(|port| *port >= 1024)
        .collect();
    ports.push(1024);
    ports.sort_unstable();
    ports.dedup();
    ports
}

fn arrived(stop: Stop, to: From) -> bool {
    match (stop, to) {
        (Stop::Subnet(one), From::Subnet(two)) | (Stop::Site(one), From::Site(two)) => one == two,
        _ => false,
    }
}
