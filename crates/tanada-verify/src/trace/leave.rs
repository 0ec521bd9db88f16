//! A packet inside a VPC: its subnet's ACL, the route table, the way into a gateway or the internet.

use std::fmt;
use std::net::Ipv4Addr;

use tanada_model::net::Block;

use super::{Hop, Packet, Stop, nat_address};
use crate::Place;
use crate::network::{AclRow, AttachmentKind, Network, Route, Target, Traffic};

/// A packet on its way.
pub(super) struct Walk<'n> {
    pub(super) network: &'n Network,
    pub(super) packet: Packet,
    pub(super) hops: Vec<Hop>,
    pub(super) nats: Vec<usize>,
}

pub(super) fn holds(block: Block, address: u32) -> bool {
    block.first() <= address && address <= block.last()
}

impl<'n> Walk<'n> {
    pub(super) fn new(network: &'n Network, packet: Packet) -> Self {
        Self { network, packet, hops: Vec::new(), nats: Vec::new() }
    }

    pub(super) fn goes(&mut self, what: impl Into<String>, place: &Place) {
        self.hops.push(Hop { what: what.into(), place: Some(place.clone()), passes: true });
    }

    pub(super) fn stops(&mut self, what: impl Into<String>, place: &Place) -> Option<Stop> {
        self.hops.push(Hop { what: what.into(), place: Some(place.clone()), passes: false });
        None
    }

    pub(super) fn segment(&self, table: usize) -> &'n str {
        &self.network.transit_tables[table].segment
    }

    pub(super) fn named(&self, subnet: usize) -> String {
        let own = &self.network.subnets[subnet];
        format!("{}.{}", self.network.vpcs[own.vpc].id, own.name)
    }

    /// The ACL of a subnet; `out`: the packet leaves it.
    pub(super) fn asks(&mut self, subnet: usize, out: bool) -> Option<()> {
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

    pub(super) fn shown(&self, peer: u32) -> String {
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
    pub(super) fn route(&self, subnet: usize) -> Option<&'n Route> {
        let network = self.network;
        let table = &network.route_tables[network.subnets[subnet].table?];
        let vpc = &network.vpcs[table.vpc];
        let here =
            table.routes.iter().filter(|route| holds(route.to, self.packet.target) && !vpc.holds(route.to));
        // Of two routes to one destination the first counts.
        here.rev().max_by_key(|route| route.to.prefix_len())
    }

    pub(super) fn table_place(&self, subnet: usize) -> Place {
        let network = self.network;
        let own = &network.subnets[subnet];
        own.table.map_or(&own.place, |table| &network.route_tables[table].place).clone()
    }

    /// Out of a subnet. `fresh`: not out of a NAT gateway.
    pub(super) fn leave(&mut self, subnet: usize, fresh: bool) -> Option<Stop> {
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

    pub(super) fn translate(&mut self, nat: usize) {
        self.nats.push(nat);
        self.packet.source = nat_address(self.network, nat);
        let text =
            format!("the NAT gateway sends with its own address, {}", Ipv4Addr::from(self.packet.source));
        self.hops.push(Hop { what: text, place: None, passes: true });
    }

    /// To another address of the VPC.
    pub(super) fn inside(&mut self, subnet: usize) -> Option<Stop> {
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
    pub(super) fn enter_gateway(&mut self, subnet: usize) -> Option<Stop> {
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

    /// From the internet, through the internet gateway of the VPC that has the address.
    pub(super) fn enter(&mut self) -> Option<Stop> {
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
