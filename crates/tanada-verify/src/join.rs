//! Joins the parts of a root that Terraform showed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ReadError;
use crate::observed::{Data, Instance, Map, Reference, Root, Target, Value};

/// By type the arguments that are the id of something else, and the type of it.
const JOINTS: [(&str, &[(&str, &str)]); 15] = [
    ("aws_ec2_transit_gateway_route", &ENDS),
    ("aws_ec2_transit_gateway_route_table", &[ATTACHED]),
    ("aws_ec2_transit_gateway_route_table_association", &ENDS),
    ("aws_ec2_transit_gateway_route_table_propagation", &ENDS),
    ("aws_ec2_transit_gateway_vpc_attachment", &[SUBNETS, VPC]),
    ("aws_internet_gateway", &[VPC]),
    ("aws_nat_gateway", &[SUBNET]),
    ("aws_network_acl", &[SUBNETS, VPC]),
    ("aws_network_acl_association", &[SUBNET, ACL]),
    ("aws_network_acl_rule", &[ACL]),
    ("aws_route", &[TABLE, TO_INTERNET, TO_NAT, ATTACHED]),
    ("aws_route_table", &[VPC]),
    ("aws_route_table_association", &[SUBNET, TABLE]),
    ("aws_subnet", &[VPC]),
    ("aws_vpc_endpoint", &[("route_table_ids", "aws_route_table"), VPC]),
];

const VPC: (&str, &str) = ("vpc_id", "aws_vpc");
const ACL: (&str, &str) = ("network_acl_id", "aws_network_acl");
const SUBNET: (&str, &str) = ("subnet_id", "aws_subnet");
const SUBNETS: (&str, &str) = ("subnet_ids", "aws_subnet");
const TABLE: (&str, &str) = ("route_table_id", "aws_route_table");
const TO_INTERNET: (&str, &str) = ("gateway_id", "aws_internet_gateway");
const TO_NAT: (&str, &str) = ("nat_gateway_id", "aws_nat_gateway");
const ATTACHED: (&str, &str) = ("transit_gateway_id", "aws_ec2_transit_gateway");

/// Types of which others may have made what an id is of.
const OUTSIDE: [&str; 2] = ["aws_ec2_transit_gateway", "aws_ec2_transit_gateway_vpc_attachment"];

/// What is said of a route table of a gateway: which one, and of which attachment.
const ENDS: [(&str, &str); 2] = [
    ("transit_gateway_attachment_id", "aws_ec2_transit_gateway_vpc_attachment"),
    ("transit_gateway_route_table_id", "aws_ec2_transit_gateway_route_table"),
];

/// Arguments that decide who reaches whom, and have to be known.
const DECIDING: [(&str, &[&str]); 7] = [
    ("aws_ec2_transit_gateway_route", &["blackhole", "destination_cidr_block"]),
    ("aws_ec2_transit_gateway_vpc_attachment", &["appliance_mode_support"]),
    ("aws_network_acl", &["egress", "ingress"]),
    (
        "aws_network_acl_rule",
        &["cidr_block", "egress", "from_port", "protocol", "rule_action", "rule_number", "to_port"],
    ),
    ("aws_route", &["destination_cidr_block"]),
    ("aws_subnet", &["availability_zone_id", "cidr_block"]),
    ("aws_vpc", &["cidr_block"]),
];

/// Arguments that Terraform knows only after apply where nobody gives them, since others may add to the same thing.
const COMPUTED: [(&str, &[&str]); 2] =
    [("aws_network_acl", &["egress", "ingress", "subnet_ids"]), ("aws_route_table", &["route"])];

/// Says what the ids in a shown root are the ids of, so that a [`Network`](crate::network::Network) can be made of it.
///
/// In a state, and in a plan of what exists, Terraform shows the ids themselves. What a plan knows only after apply is taken
/// from `text`, the same root as its files say it: but only when plan and text have the same instances and agree in all
/// that both know, so that the plan is one of this text.
///
/// # Errors
/// Everything that cannot be joined: an id that two things have, a value that neither plan nor text knows, and how the
/// plan differs from a text that would have been needed.
pub fn join(shown: &mut Root, text: Option<&Root>) -> Result<(), Vec<ReadError>> {
    let ids = ids(shown);
    let mut join = Join { ids, text, needed: false, directory: shown.directory.clone(), errors: Vec::new() };
    for instance in shown.instances.values_mut() {
        join.instance(instance);
    }
    if join.needed
        && let Some(text) = text
    {
        join.errors.extend(differences(shown, text).into_iter().take(SHOWN));
    }
    if join.errors.is_empty() { Ok(()) } else { Err(join.errors) }
}

/// How many differences between plan and text are told.
const SHOWN: usize = 5;

/// By type and id; `None`: two things have it.
type Ids = BTreeMap<(Arc<str>, Arc<str>), Option<Target>>;

fn ids(shown: &Root) -> Ids {
    let mut ids = Ids::new();
    let managed = shown.instances.values().map(|one| (one, Target::Resource(one.address.clone())));
    let found = shown.data.values().map(|one| (one, Target::Data(one.address.clone())));
    for (instance, target) in managed.chain(found) {
        let Some(Data::Text(id)) = instance.attributes.get("id").map(|id| &id.data) else { continue };
        ids.entry((instance.type_name.clone(), id.clone()))
            .and_modify(|known| {
                // What is made here may be looked up here, too.
                if !matches!((&known, &target), (Some(Target::Resource(_)), Target::Data(_))) {
                    *known = None;
                }
            })
            .or_insert(Some(target));
    }
    ids
}

struct Join<'t> {
    ids: Ids,
    text: Option<&'t Root>,
    /// Whether the text had to say something.
    needed: bool,
    directory: Arc<str>,
    errors: Vec<ReadError>,
}

impl Join<'_> {
    fn instance(&mut self, instance: &mut Instance) {
        let said = self.text.and_then(|text| text.instances.get(&instance.address));
        if let Some(said) = said {
            // A plan has no lines.
            instance.place = said.place.clone();
            instance.block = said.block.clone();
        }
        self.computed(instance, said);
        let joints = JOINTS.iter().find(|(type_name, _)| **type_name == *instance.type_name);
        for &(name, of) in joints.map(|(_, joints)| *joints).unwrap_or_default() {
            let Some(value) = instance.attributes.get(name) else { continue };
            let joined = self.value(value, of, said.and_then(|said| said.attributes.get(name)));
            match joined {
                Ok(value) => drop(instance.attributes.insert(name.into(), value)),
                Err(why) => self.wrong(instance, name, why),
            }
        }
        self.routes(instance, said);
        let given = instance.attributes.iter().filter(|(_, value)| value.data != Data::Null);
        instance.attributes = given.map(|(name, value)| (name.clone(), value.clone())).collect();
        let deciding = DECIDING.iter().find(|(type_name, _)| **type_name == *instance.type_name);
        for name in deciding.map(|(_, names)| *names).unwrap_or_default() {
            if instance.attributes.get(name).is_some_and(|value| !value.is_known()) {
                self.wrong(instance, name, "is known only after apply");
            }
        }
    }

    /// What the text does not give is not there yet.
    fn computed(&mut self, instance: &mut Instance, said: Option<&Instance>) {
        let Some(said) = said else { return };
        let own = COMPUTED.iter().find(|(type_name, _)| **type_name == *instance.type_name);
        for &name in own.map(|(_, names)| *names).unwrap_or_default() {
            let Some(value) = instance.attributes.get(name).filter(|value| !value.is_known()) else {
                continue;
            };
            if said.attributes.get(name).is_none() {
                self.needed = true;
                let nothing = Value { data: Data::Null, place: value.place.clone() };
                drop(instance.attributes.insert(name.into(), nothing));
            }
        }
    }

    /// Routes that stand in their table.
    fn routes(&mut self, instance: &mut Instance, said: Option<&Instance>) {
        if &*instance.type_name != "aws_route_table" {
            return;
        }
        let routes = instance.attributes.get("route").filter(|routes| routes.data != Data::Null);
        let Some(routes) = routes.cloned() else { return };
        let written = said.and_then(|said| said.attributes.get("route"));
        let joined = match (routes.is_known(), written) {
            (true, _) => routes.items().iter().map(|route| self.route(route)).collect::<Result<_, _>>(),
            (false, Some(written)) => {
                self.needed = true;
                Ok(written.items().into())
            }
            (false, None) => Err("is known only after apply"),
        };
        match joined {
            Ok(items) => {
                let place = written.map_or(routes.place, |written| written.place.clone());
                let routes = Value { data: Data::List(items), place };
                drop(instance.attributes.insert("route".into(), routes));
            }
            Err(why) => self.wrong(instance, "route", why),
        }
    }

    fn route(&mut self, route: &Value) -> Result<Value, &'static str> {
        let mut joined = Map::default();
        for (name, value) in route.map().into_iter().flat_map(Map::iter) {
            let of = [TO_INTERNET, TO_NAT, ATTACHED].into_iter().find(|(own, _)| *own == &**name);
            let value = match of {
                Some((_, of)) => self.value(value, of, None)?,
                None => value.clone(),
            };
            if value.data != Data::Null {
                joined.insert(name.clone(), value);
            }
        }
        Ok(Value { data: Data::Map(Arc::new(joined)), place: route.place.clone() })
    }

    fn wrong(&mut self, instance: &Instance, name: &str, why: &str) {
        let message = format!("`{name}` of `{}` {why}", instance.address);
        self.errors.push(ReadError::file(&*self.directory, message));
    }

    /// A value with references instead of ids.
    fn value(&mut self, value: &Value, of: &str, said: Option<&Value>) -> Result<Value, &'static str> {
        let place = value.place.clone();
        let data = match &value.data {
            // The provider writes what is not given as an empty text.
            Data::Text(id) if id.is_empty() => Data::Null,
            Data::Text(id) => match self.ids.get(&(of.into(), id.clone())) {
                Some(Some(target)) => {
                    let reference = Reference { target: target.clone(), attribute: "id".into() };
                    Data::Reference(Arc::new(reference))
                }
                Some(None) => return Err("is an id that two things have"),
                // A gateway may be looked up by others, an attachment lead to a site.
                None if OUTSIDE.contains(&of) => Data::Text(id.clone()),
                None => return Err("is the id of nothing in this root"),
            },
            Data::List(items) | Data::Set(items) if items.iter().all(Value::is_known) => {
                Data::List(items.iter().map(|item| self.value(item, of, None)).collect::<Result<_, _>>()?)
            }
            Data::List(_) | Data::Set(_) | Data::Unknown => {
                let said = said.filter(|said| leads(said));
                let said =
                    said.ok_or("is known only after apply, and the text does not say what it will be")?;
                self.needed = true;
                return Ok(said.clone());
            }
            data @ (Data::Null | Data::Bool(_) | Data::Number(_) | Data::Map(_) | Data::Reference(_)) => {
                data.clone()
            }
        };
        Ok(Value { data, place })
    }
}

/// Whether a value of the text is nothing but references.
fn leads(said: &Value) -> bool {
    match &said.data {
        Data::Reference(_) => true,
        Data::List(items) | Data::Set(items) => items.iter().all(leads),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Map(_) | Data::Unknown => false,
    }
}

/// Where a plan is not one of the text.
fn differences(shown: &Root, text: &Root) -> Vec<ReadError> {
    let error = |message: String| ReadError::file(&*shown.directory, message);
    let mut found = Vec::new();
    for (address, own) in &text.instances {
        let Some(planned) = shown.instances.get(address) else {
            found.push(error(format!(
                "`{address}` of the text is not in the plan, so the plan is of another text"
            )));
            continue;
        };
        for (name, value) in own.attributes.iter() {
            if !agree(value, planned.attributes.get(name)) {
                let message =
                    format!("`{name}` of `{address}` is another in the plan, so the plan is of another text");
                found.push(error(message));
            }
        }
    }
    let surplus = shown.instances.keys().filter(|address| !text.instances.contains_key(*address));
    found.extend(surplus.map(|address| {
        error(format!("`{address}` of the plan is not in the text, so the plan is of another text"))
    }));
    found
}

/// Whether a plan says what the text says, as far as both know.
fn agree(text: &Value, planned: Option<&Value>) -> bool {
    let unknown = planned.is_some_and(|planned| planned.data == Data::Unknown);
    unknown
        || match &text.data {
            Data::Reference(_) | Data::Unknown | Data::Null => true,
            Data::Bool(_) | Data::Number(_) | Data::Text(_) => planned == Some(text),
            Data::Map(map) => {
                map.iter().all(|(name, value)| agree(value, planned.and_then(|planned| planned.get(name))))
            }
            Data::List(items) | Data::Set(items) => {
                let there = planned.map(Value::items).unwrap_or_default();
                let found = |item| there.iter().any(|other| agree(item, Some(other)));
                there.len() == items.len() && items.iter().all(found)
            }
        }
}
