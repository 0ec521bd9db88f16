//! One VPC's root.

use super::observe::{NetworkError, Seats, Sorted};
use super::rows::{acl_rows, block, text};
use super::{Acl, Attachment, AttachmentKind, Network, Route, RouteTable, Subnet, Target, Vpc};
use crate::{Instance, Place, Root, Value};

/// Adds a VPC and everything inside it to the network.
pub(super) fn read_vpc(
    network: &mut Network,
    sorted: &Sorted<'_>,
    instance: &Instance,
    errors: &mut Vec<NetworkError>,
) -> Seats {
    let root = sorted.root;
    let mut reader =
        Reader { vpc: network.vpcs.len(), network, root, sorted, errors, seats: Seats::default() };
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

struct Reader<'r> {
    vpc: usize,
    network: &'r mut Network,
    root: &'r Root,
    sorted: &'r Sorted<'r>,
    errors: &'r mut Vec<NetworkError>,
    seats: Seats,
}

impl Reader<'_> {
    fn wrong(&mut self, place: &Place, message: impl Into<String>) {
        self.errors.push(NetworkError::new(place, message));
    }

    fn keep<T>(&mut self, result: Result<T, NetworkError>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn tag(&self, instance: &Instance, name: &str) -> String {
        self.root.tag(instance, name).and_then(Value::text).unwrap_or_default().to_owned()
    }

    fn vpc(&mut self, instance: &Instance) {
        let mut blocks = Vec::new();
        let first = block(instance, "cidr_block");
        blocks.extend(self.keep(first));
        let sorted = self.sorted;
        for further in sorted.of_type("aws_vpc_ipv4_cidr_block_association") {
            blocks.extend(self.keep(block(further, "cidr_block")));
        }
        let internet = sorted.of_type("aws_internet_gateway").next().map(|gateway| gateway.place.clone());
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
        let sorted = self.sorted;
        for instance in sorted.of_type("aws_subnet") {
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
        let sorted = self.sorted;
        for instance in sorted.of_type("aws_route_table") {
            self.seats.tables.insert(instance.address.clone(), self.network.route_tables.len());
            self.network.route_tables.push(RouteTable {
                vpc: self.vpc,
                name: instance.key.name().unwrap_or(&instance.name).to_owned(),
                routes: Vec::new(),
                place: instance.place.clone(),
            });
        }
        for instance in sorted.of_type("aws_route_table_association") {
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
    fn seat(
        &mut self,
        instance: &Instance,
        attribute: &str,
        of: impl Fn(&Seats) -> &std::collections::BTreeMap<crate::Address, usize>,
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
        let sorted = self.sorted;
        for instance in sorted.of_type("aws_ec2_transit_gateway_vpc_attachment") {
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

    fn nat_gateways(&mut self) {
        let sorted = self.sorted;
        for instance in sorted.of_type("aws_nat_gateway") {
            if let Some(subnet) = self.seat(instance, "subnet_id", |seats| &seats.subnets) {
                self.seats.nats.insert(instance.address.clone(), subnet);
            }
        }
    }

    fn routes(&mut self) {
        let sorted = self.sorted;
        for instance in sorted.of_type("aws_route") {
            let to = block(instance, "destination_cidr_block");
            let table = self.seat(instance, "route_table_id", |seats| &seats.tables);
            let (Some((to, _)), Some(table)) = (self.keep(to), table) else { continue };
            let attribute = |name| instance.attributes.get(name).is_some();
            let target = if attribute("nat_gateway_id") {
                self.seat(instance, "nat_gateway_id", |seats| &seats.nats).map(Target::Nat)
            } else if attribute("gateway_id") {
                self.network.vpcs[self.vpc].internet.is_some().then_some(Target::Internet)
            } else if attribute("transit_gateway_id") {
                self.network.vpcs[self.vpc].attachment.is_some().then_some(Target::Transit)
            } else {
                None
            };
            let Some(target) = target else {
                self.wrong(&instance.place, format!("route `{}` leads nowhere", instance.address));
                continue;
            };
            let table = &mut self.network.route_tables[table];
            let twice = table.routes.iter().any(|route| route.to == to);
            table.routes.push(Route { to, target, place: instance.place.clone() });
            if twice {
                let message = format!("route table `{}` has two routes to {to}", table.name);
                self.wrong(&instance.place, message);
            }
        }
        for table in self.seats.tables.values() {
            self.network.route_tables[*table].routes.sort_by_key(|route| route.to);
        }
    }

    fn acls(&mut self) {
        let sorted = self.sorted;
        for instance in sorted.of_type("aws_network_acl") {
            let ingress = acl_rows(instance, "ingress", self.errors);
            let egress = acl_rows(instance, "egress", self.errors);
            let index = self.network.acls.len();
            let rows_at = instance.attributes.get("ingress").map_or(&instance.place, |value| &value.place);
            self.network.acls.push(Acl {
                vpc: self.vpc,
                name: instance.key.name().unwrap_or(&instance.name).to_owned(),
                ingress,
                egress,
                place: rows_at.clone(),
            });
            let ids = instance.attributes.get("subnet_ids").map(Value::items).unwrap_or_default();
            for id in ids {
                let seat = id.refers_to("id").and_then(|address| self.seats.subnets.get(address)).copied();
                let Some(subnet) = seat else {
                    self.wrong(&id.place, "an ACL names a subnet that is not in this root");
                    continue;
                };
                let name = self.network.subnets[subnet].name.clone();
                if self.network.subnets[subnet].acl.replace(index).is_some() {
                    self.wrong(&id.place, format!("subnet `{name}` has two ACLs"));
                }
            }
        }
    }

    fn endpoints(&mut self) {
        let sorted = self.sorted;
        for instance in sorted.of_type("aws_vpc_endpoint") {
            let service = instance.key.name().unwrap_or(&instance.name).to_owned();
            let ids = instance.attributes.get("route_table_ids").map(Value::items).unwrap_or_default();
            let tables = ids.iter().filter_map(|id| self.seats.tables.get(id.refers_to("id")?).copied());
            let tables = tables.collect();
            self.network.vpcs[self.vpc].endpoints.push((service, tables));
        }
    }
}
