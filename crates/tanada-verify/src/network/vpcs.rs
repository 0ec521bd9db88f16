//! One VPC's root.

use super::followed::of_vpc;
use super::observe::{NetworkError, Seats, Sorted};
use super::rows::{block, text};
use super::{Attachment, AttachmentKind, Network, RouteTable, Subnet, Vpc};
use crate::{Address, Instance, Place, Root, Value};

/// Adds a VPC and everything inside it to the network.
pub(super) fn read_vpc(
    network: &mut Network,
    sorted: &Sorted<'_>,
    instance: &Instance,
    errors: &mut Vec<NetworkError>,
) -> Seats {
    let root = sorted.root;
    let (vpc, address, seats) = (network.vpcs.len(), &instance.address, Seats::default());
    let mut reader = Reader { vpc, address, network, root, sorted, errors, seats };
    reader.vpc(instance);
    reader.subnets();
    reader.route_tables();
    reader.attachment();
    reader.nat_gateways();
    reader.routes();
    reader.acls();
    reader.endpoints();
    reader.seats
}

pub(super) struct Reader<'r> {
    pub(super) vpc: usize,
    /// The VPC's address in the root.
    address: &'r Address,
    pub(super) network: &'r mut Network,
    root: &'r Root,
    pub(super) sorted: &'r Sorted<'r>,
    pub(super) errors: &'r mut Vec<NetworkError>,
    pub(super) seats: Seats,
}

impl<'r> Reader<'r> {
    pub(super) fn wrong(&mut self, place: &Place, message: impl Into<String>) {
        self.errors.push(NetworkError::new(place, message));
    }

    pub(super) fn unfollowed(&mut self, place: &Place, message: impl Into<String>) {
        self.errors.push(NetworkError::unfollowed(place, message));
    }

    /// The instances of a type that belong to the VPC; others are said.
    pub(super) fn own(&mut self, type_name: &'static str) -> Vec<&'r Instance> {
        let all: Vec<&'r Instance> = self.sorted.of_type(type_name).collect();
        let (own, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|instance| of_vpc(instance, self.address));
        for other in others {
            let message = format!("`{}` belongs to another VPC than that of its root", other.address);
            self.unfollowed(&other.place, message);
        }
        own
    }

    pub(super) fn keep<T>(&mut self, result: Result<T, NetworkError>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn tag(&self, instance: &Instance, name: &str) -> String {
        self.root.tag(instance, name).and_then(Value::text).unwrap_or_default().to_owned()
    }

    fn vpc(&mut self, instance: &Instance) {
        let mut blocks = Vec::new();
        let first = block(instance, "cidr_block");
        blocks.extend(self.keep(first));
        for further in self.own("aws_vpc_ipv4_cidr_block_association") {
            blocks.extend(self.keep(block(further, "cidr_block")));
        }
        let gateways = self.own("aws_internet_gateway");
        let internet = gateways.first().map(|gateway| gateway.place.clone());
        self.seats.internet = gateways.iter().map(|gateway| gateway.address.clone()).collect();
        let directory = &self.root.directory;
        let id = directory.strip_prefix("teams/").unwrap_or(directory).replace('/', "-");
        self.network.vpcs.push(Vpc {
            id,
            team: self.tag(instance, "Team"),
            environment: self.tag(instance, "Environment"),
            name: self.tag(instance, "Name"),
            blocks,
            internet,
            attachment: None,
            endpoints: Vec::new(),
            place: instance.place.clone(),
        });
    }

    fn subnets(&mut self) {
        for instance in self.own("aws_subnet") {
            let name = instance.key.name().unwrap_or(&instance.name).to_owned();
            let (cidr, zone) = (block(instance, "cidr_block"), text(instance, "availability_zone_id"));
            let (Some((cidr, written)), Some(zone)) = (self.keep(cidr), self.keep(zone)) else { continue };
            let tier = self.tag(instance, "Tier");
            // Where the block is shared by name, the row says more than the literal.
            let place =
                if written.file().starts_with("addresses/") { instance.place.clone() } else { written };
            self.seats.subnets.insert(instance.address.clone(), self.network.subnets.len());
            self.network.subnets.push(Subnet {
                vpc: self.vpc,
                tier: if tier.is_empty() { name.clone() } else { tier },
                name,
                zone: zone.text().unwrap_or_default().to_owned(),
                cidr,
                acl: None,
                table: None,
                place,
            });
        }
    }

    fn route_tables(&mut self) {
        for instance in self.own("aws_route_table") {
            self.seats.tables.insert(instance.address.clone(), self.network.route_tables.len());
            self.network.route_tables.push(RouteTable {
                vpc: self.vpc,
                name: instance.key.name().unwrap_or(&instance.name).to_owned(),
                routes: Vec::new(),
                place: instance.place.clone(),
            });
        }
        for instance in self.sorted.of_type("aws_route_table_association") {
            let subnet = self.seat(instance, "subnet_id", |seats| &seats.subnets);
            let table = self.seat(instance, "route_table_id", |seats| &seats.tables);
            if let (Some(subnet), Some(table)) = (subnet, table) {
                let name = self.network.subnets[subnet].name.clone();
                if self.network.subnets[subnet].table.replace(table).is_some() {
                    self.wrong(
                        &instance.place,
                        format!("subnet `{name}` is associated with two route tables"),
                    );
                }
            }
        }
    }

    /// The seat of what an attribute refers to.
    pub(super) fn seat(
        &mut self,
        instance: &Instance,
        attribute: &str,
        of: impl Fn(&Seats) -> &std::collections::BTreeMap<Address, usize>,
    ) -> Option<usize> {
        let value = instance.attributes.get(attribute);
        let seat = value
            .and_then(|value| value.refers_to("id"))
            .and_then(|address| of(&self.seats).get(address))
            .copied();
        if seat.is_none() {
            let place = value.map_or(&instance.place, |value| &value.place).clone();
            self.wrong(
                &place,
                format!("`{attribute}` of `{}` leads to nothing in this root", instance.address),
            );
        }
        seat
    }

    fn attachment(&mut self) {
        for instance in self.own("aws_ec2_transit_gateway_vpc_attachment") {
            if self.network.vpcs[self.vpc].attachment.is_some() {
                self.wrong(&instance.place, "a VPC has one attachment to a gateway; this is another");
                continue;
            }
            let mut subnets = Vec::new();
            let ids = instance.attributes.get("subnet_ids").map(Value::items).unwrap_or_default();
            for id in ids {
                let seat = id.refers_to("id").and_then(|address| self.seats.subnets.get(address)).copied();
                match seat {
                    Some(subnet) => subnets.push(subnet),
                    None => self.wrong(&id.place, "the attachment names a subnet that is not in this root"),
                }
            }
            subnets.sort_unstable();
            self.check_zones(&mut subnets);
            let inspects =
                instance.attributes.get("appliance_mode_support").and_then(Value::text) == Some("enable");
            let index = self.network.attachments.len();
            self.seats.attachments.insert(instance.address.clone(), index);
            self.network.vpcs[self.vpc].attachment = Some(index);
            self.network.attachments.push(Attachment {
                name: self.network.vpcs[self.vpc].id.clone(),
                kind: AttachmentKind::Vpc { vpc: self.vpc, subnets, inspects },
                table: None,
                place: instance.place.clone(),
            });
        }
    }

    /// One subnet a zone: AWS refuses a second one.
    fn check_zones(&mut self, subnets: &mut Vec<usize>) {
        let mut zones: Vec<String> = Vec::new();
        let mut twice: Vec<(Place, String)> = Vec::new();
        let network = &*self.network;
        subnets.retain(|&id| {
            let subnet = &network.subnets[id];
            let new = !zones.contains(&subnet.zone);
            if new {
                zones.push(subnet.zone.clone());
            } else {
                twice.push((subnet.place.clone(), subnet.zone.clone()));
            }
            new
        });
        for (place, zone) in twice {
            self.wrong(&place, format!("the attachment has two subnets in zone `{zone}`; AWS takes one"));
        }
    }

    fn endpoints(&mut self) {
        for instance in self.own("aws_vpc_endpoint") {
            let service = instance.key.name().unwrap_or(&instance.name).to_owned();
            let ids = instance.attributes.get("route_table_ids").map(Value::items).unwrap_or_default();
            let tables = ids.iter().filter_map(|id| self.seats.tables.get(id.refers_to("id")?).copied());
            let tables = tables.collect();
            self.network.vpcs[self.vpc].endpoints.push((service, tables));
        }
    }
}
