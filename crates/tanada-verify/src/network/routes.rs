//! Routes of a VPC: those that stand alone, and those that stand in a table.

use tanada_model::net::Block;

use super::rows::{given, parse};
use super::vpcs::Reader;
use super::{AttachmentKind, Route, Target};
use crate::{Instance, Place, Value};

/// What a route leads to besides what is followed, by its arguments.
const ELSEWHERE: [&str; 9] = [
    "carrier_gateway_id",
    "core_network_arn",
    "egress_only_gateway_id",
    "instance_id",
    "local_gateway_id",
    "network_interface_id",
    "odb_network_arn",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
];

/// Targets that a firewall stands behind.
const FIREWALLS: [&str; 2] = ["vpc_endpoint_id", "network_interface_id"];

/// Destinations of routes that are no IPv4 block.
const DESTINATIONS: [&str; 4] =
    ["destination_ipv6_cidr_block", "destination_prefix_list_id", "ipv6_cidr_block", "prefix_list_id"];

/// A route as it is written: its argument by name.
struct Written<'a> {
    /// How it is called in messages.
    name: String,
    /// The table, an index.
    table: usize,
    /// Which argument is its IPv4 destination.
    destination: &'static str,
    place: &'a Place,
    get: &'a dyn Fn(&str) -> Option<&'a Value>,
}

impl<'r> Reader<'r> {
    pub(super) fn nat_gateways(&mut self) {
        for instance in self.sorted.of_type("aws_nat_gateway") {
            if let Some(subnet) = self.seat(instance, "subnet_id", |seats| &seats.subnets) {
                self.seats.nats.insert(instance.address.clone(), subnet);
            }
        }
    }

    pub(super) fn routes(&mut self) {
        for instance in self.sorted.of_type("aws_route") {
            if let Some(table) = self.seat(instance, "route_table_id", |seats| &seats.tables) {
                self.route(&Written {
                    name: instance.address.to_string(),
                    table,
                    destination: "destination_cidr_block",
                    place: &instance.place,
                    get: &|name| given(instance, name),
                });
            }
        }
        for instance in self.sorted.of_type("aws_route_table") {
            if let Some(table) = self.seats.tables.get(&instance.address).copied() {
                self.table_routes(instance, table);
            }
        }
        for table in self.seats.tables.values() {
            self.network.route_tables[*table].routes.sort_by_key(|route| route.to);
        }
        self.firewalls();
    }

    /// Routes to a firewall are left out, since what a table leads nowhere passes the firewall. That holds only for what the
    /// table really leads nowhere then.
    fn firewalls(&mut self) {
        for (table, to, place) in std::mem::take(&mut self.seats.firewalls) {
            let table = &self.network.route_tables[table];
            if let Some(wider) =
                table.routes.iter().find(|route| route.to.contains(to) || to.contains(route.to))
            {
                let message = format!(
                    "route table `{}` leads {to} to a firewall and {} elsewhere, which are not told apart",
                    table.name, wider.to
                );
                self.unfollowed(&place, message);
            }
        }
    }

    /// What a table says itself.
    fn table_routes(&mut self, instance: &'r Instance, table: usize) {
        let learns = instance.attributes.get("propagating_vgws");
        if let Some(learns) = learns.filter(|learns| !learns.items().is_empty()) {
            let message = format!("`{}` learns routes from a VPN gateway", instance.address);
            self.unfollowed(&learns.place, message);
        }
        let routes = instance.attributes.get("route").map(Value::items).unwrap_or_default();
        let inside: Vec<Block> =
            routes.iter().filter_map(|route| parse(route.get("cidr_block")?).ok()).collect();
        // A state lists in a table what stands alone, too.
        let fought = self.network.route_tables[table].routes.iter();
        let fought = fought.filter(|route| !inside.is_empty() && !inside.contains(&route.to));
        for place in fought.map(|route| route.place.clone()).collect::<Vec<_>>() {
            let message = format!(
                "a route stands beside `{}`, whose own routes take it away at the next apply",
                instance.address
            );
            self.wrong(&place, message);
        }
        for (at, route) in routes.iter().enumerate() {
            self.route(&Written {
                name: format!("{}.route[{at}]", instance.address),
                table,
                destination: "cidr_block",
                place: &route.place,
                get: &|name| route.get(name).filter(|value| value.is_given()),
            });
        }
    }

    fn route(&mut self, written: &Written<'_>) {
        let Written { name, table, destination, place, get } = written;
        let to = match get(destination) {
            Some(to) => match parse(to) {
                Ok(to) => to,
                Err(error) => return self.errors.push(error),
            },
            None => {
                return match DESTINATIONS.into_iter().find(|other| get(other).is_some()) {
                    Some(other) => {
                        self.unfollowed(place, format!("route `{name}` has its destination in `{other}`"));
                    }
                    None => self.wrong(place, format!("route `{name}` has no `{destination}`")),
                };
            }
        };
        let Some(target) = self.target(written, to) else { return };
        let route = Route { to, target, place: (*place).clone() };
        let table = &mut self.network.route_tables[*table];
        let known = table.routes.iter().find(|known| known.to == to);
        // A state lists in a table what stands alone, too.
        if *destination == "cidr_block" && known.is_some_and(|known| known.target == target) {
            return;
        }
        let twice = known.is_some();
        table.routes.push(route);
        if twice {
            let message = format!("route table `{}` has two routes to {to}", table.name);
            self.wrong(place, message);
        }
    }

    /// Where a route leads; `None`: nowhere, and that is said, or it does not matter.
    fn target(&mut self, written: &Written<'_>, to: Block) -> Option<Target> {
        let Written { name, table, destination: _, place, get } = written;
        let refers = |attribute: &str| get(attribute).and_then(|value| value.refers_to("id"));
        let vpc = &self.network.vpcs[self.vpc];
        if get("nat_gateway_id").is_some() {
            let nat = refers("nat_gateway_id").and_then(|nat| self.seats.nats.get(nat)).copied();
            if nat.is_none() {
                self.wrong(place, format!("route `{name}` leads to no NAT gateway of this root"));
            }
            return nat.map(Target::Nat);
        }
        if let Some(gateway) = get("gateway_id") {
            if gateway.text() == Some("local") {
                return None;
            }
            let own = refers("gateway_id").is_some_and(|address| self.seats.internet.contains(address));
            if !own {
                self.unfollowed(place, format!("route `{name}` leads to no internet gateway of this root"));
            }
            return own.then_some(Target::Internet);
        }
        if get("transit_gateway_id").is_some() {
            let attached = vpc.attachment.is_some();
            if !attached {
                self.wrong(
                    place,
                    format!("route `{name}` leads to a gateway that the VPC is not attached to"),
                );
            }
            return attached.then_some(Target::Transit);
        }
        let known = |attribute: &&&str| {
            get(attribute).is_some_and(|value| value.is_known() || value.reference().is_some())
        };
        match ELSEWHERE.iter().find(known) {
            Some(target) if FIREWALLS.contains(target) && self.is_before_firewall(*table) => {
                self.seats.firewalls.push((*table, to, (*place).clone()));
            }
            Some(target) => self.unfollowed(place, format!("route `{name}` leads elsewhere, by `{target}`")),
            None => self.wrong(place, format!("route `{name}` leads nowhere")),
        }
        None
    }

    /// Whether a table is only of subnets that carry the attachment of a VPC with a firewall: what such a table does not lead
    /// to the gateway is taken to pass the firewall.
    fn is_before_firewall(&self, table: usize) -> bool {
        let attachment = self.network.vpcs[self.vpc].attachment;
        match attachment.and_then(|at| self.network.attachments.get(at)).map(|it| &it.kind) {
            Some(AttachmentKind::Vpc { vpc: _, subnets, inspects: true }) => {
                let own = self.network.subnets.iter().enumerate();
                own.filter(|(_, subnet)| subnet.table == Some(table)).all(|(at, _)| subnets.contains(&at))
            }
            Some(AttachmentKind::Vpc { .. } | AttachmentKind::Site { .. }) | None => false,
        }
    }
}
