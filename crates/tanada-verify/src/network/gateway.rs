//! Gateways: route tables by name, and what every root says of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::observe::{NetworkError, Sorted};
use super::rows::block;
use super::{Attachment, AttachmentKind, Network, TransitRoute, TransitTable};
use crate::{Address, Data, Instance, Root, Value};

/// Route tables and sites, by how roots name them.
pub(super) struct Gateways {
    /// By Name tag.
    tables: BTreeMap<String, usize>,
    /// Attachments that something else made: by root, then by their id or the variable that holds it.
    sites: BTreeMap<(Arc<str>, String), usize>,
}

const TABLE: &str = "aws_ec2_transit_gateway_route_table";
const ASSOCIATION: &str = "aws_ec2_transit_gateway_route_table_association";
const PROPAGATION: &str = "aws_ec2_transit_gateway_route_table_propagation";
const ROUTE: &str = "aws_ec2_transit_gateway_route";

impl Gateways {
    /// Every route table and site of every gateway.
    pub(super) fn new<'s>(
        roots: impl Iterator<Item = &'s Sorted<'s>>,
        network: &mut Network,
        errors: &mut Vec<NetworkError>,
    ) -> Self {
        let mut gateways = Self { tables: BTreeMap::new(), sites: BTreeMap::new() };
        for sorted in roots {
            let root = sorted.root;
            for instance in sorted.of_type(TABLE) {
                let name = root.tag(instance, "Name").and_then(Value::text).unwrap_or_default().to_owned();
                let gateway = instance.attributes.get("transit_gateway_id");
                let gateway = gateway.and_then(|value| root.referred(value, "id"));
                let gateway = gateway.and_then(|gateway| root.tag(gateway, "Name")).and_then(Value::text);
                let index = network.transit_tables.len();
                if gateways.tables.insert(name.clone(), index).is_some() {
                    let message = format!("two route tables of gateways have the Name `{name}`");
                    errors.push(NetworkError::new(&instance.place, message));
                }
                network.transit_tables.push(TransitTable {
                    gateway: gateway.unwrap_or_default().to_owned(),
                    segment: instance.key.name().unwrap_or(&name).to_owned(),
                    routes: Vec::new(),
                    propagations: Vec::new(),
                    place: instance.place.clone(),
                });
            }
            let own = [ASSOCIATION, PROPAGATION, ROUTE]
                .into_iter()
                .flat_map(|name| sorted.of_type(name).map(move |instance| (name == ASSOCIATION, instance)));
            for (association, instance) in own {
                let Some(id) = instance.attributes.get("transit_gateway_attachment_id").and_then(outside)
                else {
                    continue;
                };
                let name =
                    if association { instance.key.name().unwrap_or(&id).to_owned() } else { id.clone() };
                let key = (root.directory.clone(), id);
                gateways.sites.entry(key).or_insert_with(|| {
                    network.attachments.push(Attachment {
                        name,
                        kind: AttachmentKind::Site { ranges: Vec::new() },
                        table: None,
                        place: instance.place.clone(),
                    });
                    network.attachments.len() - 1
                });
            }
        }
        gateways
    }

    /// What one root says of route tables.
    pub(super) fn join(
        &mut self,
        sorted: &Sorted<'_>,
        seats: &BTreeMap<&Address, usize>,
        network: &mut Network,
        errors: &mut Vec<NetworkError>,
    ) {
        let root = sorted.root;
        for instance in sorted.of_type(ASSOCIATION) {
            let Some((table, attachment)) = self.ends(root, instance, seats, network, errors) else {
                continue;
            };
            let own = &mut network.attachments[attachment];
            if own.table.replace((table, instance.place.clone())).is_some() {
                let message = format!("attachment `{}` is associated with two route tables", own.name);
                errors.push(NetworkError::new(&instance.place, message));
            }
        }
        for instance in sorted.of_type(PROPAGATION) {
            if let Some((table, attachment)) = self.ends(root, instance, seats, network, errors) {
                network.transit_tables[table].propagations.push((attachment, instance.place.clone()));
            }
        }
        for instance in sorted.of_type(ROUTE) {
            let to = match block(instance, "destination_cidr_block") {
                Ok((to, _)) => to,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            let drops = instance.attributes.get("blackhole").and_then(Value::boolean) == Some(true);
            let (table, attachment) = if drops {
                let Some(table) = self.table(root, instance, network, errors) else { continue };
                (table, None)
            } else {
                let Some((table, attachment)) = self.ends(root, instance, seats, network, errors) else {
                    continue;
                };
                (table, Some(attachment))
            };
            let own = &mut network.transit_tables[table];
            if own.routes.iter().any(|route| route.to == to) {
                let message = format!("segment `{}` has two static routes to {to}", own.segment);
                errors.push(NetworkError::new(&instance.place, message));
                continue;
            }
            own.routes.push(TransitRoute { to, attachment, place: instance.place.clone() });
        }
    }

    /// Table and attachment of an instance.
    fn ends(
        &self,
        root: &Root,
        instance: &Instance,
        seats: &BTreeMap<&Address, usize>,
        network: &Network,
        errors: &mut Vec<NetworkError>,
    ) -> Option<(usize, usize)> {
        let table = self.table(root, instance, network, errors)?;
        let value = instance.attributes.get("transit_gateway_attachment_id");
        let own = value.and_then(|value| value.refers_to("id")).and_then(|address| seats.get(address));
        let site = || self.sites.get(&(root.directory.clone(), value.and_then(outside)?));
        let found = own.or_else(site).copied();
        if found.is_none() {
            let error = if value.is_some_and(|value| value.reference().is_some()) {
                let what = format!("`{}` names an attachment that is no VPC's of its root", instance.address);
                NetworkError::unfollowed(&instance.place, what)
            } else {
                NetworkError::new(&instance.place, format!("`{}` names no attachment", instance.address))
            };
            errors.push(error);
        }
        found.map(|attachment| (table, attachment))
    }

    /// The route table that an instance names: one of the same root, or one that a data source finds by Name.
    fn table(
        &self,
        root: &Root,
        instance: &Instance,
        network: &Network,
        errors: &mut Vec<NetworkError>,
    ) -> Option<usize> {
        let value = instance.attributes.get("transit_gateway_route_table_id");
        let found = value.and_then(|value| root.referred(value, "id"));
        let name = match found {
            Some(table) if &*table.type_name == TABLE => {
                let looked_up = filtered(table, "tag:Name");
                let tag = || root.tag(table, "Name").and_then(Value::text).map(str::to_owned);
                if root.instances.contains_key(&table.address) { tag() } else { looked_up }
            }
            Some(_) | None => None,
        };
        let index = name.as_ref().and_then(|name| self.tables.get(name)).copied();
        if index.is_none() {
            let name = name.unwrap_or_default();
            let known: Vec<&str> =
                network.transit_tables.iter().map(|table| table.segment.as_str()).collect();
            let place = value.map_or(&instance.place, |value| &value.place);
            let message = format!(
                "no gateway has a route table with the Name `{name}`; segments are {}",
                known.join(", ")
            );
            errors.push(NetworkError::new(place, message));
        }
        index
    }

    /// What is known to lie at sites: destinations of static routes that lead there.
    pub(super) fn settle(&self, network: &mut Network) {
        let mut known: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for route in network.transit_tables.iter().flat_map(|table| &table.routes) {
            if let Some(attachment) = route.attachment.filter(|_| !route.to.is_everything()) {
                known.entry(attachment).or_default().push(route.to);
            }
        }
        for site in self.sites.values() {
            if let AttachmentKind::Site { ranges } = &mut network.attachments[*site].kind {
                *ranges = known.remove(site).unwrap_or_default();
                ranges.sort_unstable();
                ranges.dedup();
            }
        }
    }
}

/// The id of an attachment that something else made: a literal, or the variable that holds it.
fn outside(value: &Value) -> Option<String> {
    match &value.data {
        Data::Text(id) => Some(id.to_string()),
        Data::Reference(reference) => match &reference.target {
            crate::Target::Variable(name) => Some(format!("var.{name}")),
            crate::Target::Resource(_) | crate::Target::Data(_) => None,
        },
        Data::Null
        | Data::Bool(_)
        | Data::Number(_)
        | Data::List(_)
        | Data::Set(_)
        | Data::Map(_)
        | Data::Unknown => None,
    }
}

/// What a data source asks for by a filter.
pub(crate) fn filtered(instance: &Instance, filter: &str) -> Option<String> {
    let filters = instance.attributes.get("filter").map(Value::items).unwrap_or_default();
    let own = filters.iter().find(|one| one.get("name").and_then(Value::text) == Some(filter))?;
    own.get("values")?.items().first()?.text().map(str::to_owned)
}
