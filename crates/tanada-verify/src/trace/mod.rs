//! One packet, hop by hop, with the line that decided about each: what a person asks for, and where a flow breaks.
//!
//! It goes over the tables as they stand. That it agrees with the sets of [`reach`](crate::reach) is a test.

mod leave;
mod transit;

use crate::Place;
use crate::network::Network;
use crate::reach::{CLIENT_PORTS, Owner, Ports, Reachability};
use leave::Walk;

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
    let mut walk = Walk::new(network, packet);
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
    let mut walk = Walk::new(network, packet);
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
    let to = if matches!(protocol, 6 | 17) { format!(" to port {}", answer.port) } else { String::new() };
    hops.push(Hop { what: format!("and back{to}:"), place: None, passes: true });
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
