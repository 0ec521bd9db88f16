//! A packet in a gateway: its tables, and VPCs that it is led through or to.

use std::net::Ipv4Addr;

use tanada_model::net::Block;

use super::leave::{Walk, holds};
use super::{Hop, Stop};
use crate::Place;
use crate::network::{AttachmentKind, Target};

impl Walk<'_> {
    /// Longest prefix, static before propagated.
    pub(super) fn decide(&mut self, table: usize) -> Option<usize> {
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
    pub(super) fn transit(&mut self, table: usize, zone: &str) -> Option<Stop> {
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
    pub(super) fn out_of(&self, entry: usize) -> bool {
        match self.route(entry).map(|route| route.target) {
            Some(Target::Nat(nat)) => self.route(nat).is_some_and(|route| route.target == Target::Internet),
            Some(Target::Transit | Target::Internet) | None => false,
        }
    }

    /// In a VPC that has the address.
    pub(super) fn arrive(&mut self, vpc: usize, subnets: &[usize], entry: usize) -> Option<Stop> {
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
    pub(super) fn through(&mut self, entry: usize, inspects: bool) -> Option<()> {
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
            let online =
                if vpc.internet.is_some() { "; its own way to the internet is not followed" } else { "" };
            self.goes(
                format!("the firewall inside {} decides; it is taken to let this pass{online}", vpc.id),
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

    pub(super) fn beyond_nat(&mut self, nat: usize) -> Option<()> {
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
}
