//! The cloud behind the stand-in: it remembers what was applied and invents what only a cloud can tell.

use std::collections::BTreeMap;
use std::fmt;

use rmpv::Value;
use serde_json::Value as Json;

use crate::schema::Block;
use crate::value::{self, Object};

/// Where a resource is made.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Twelve digits; `None`: the account of the credentials in the environment, which nobody knows here.
    pub(crate) account: Option<String>,
    /// For example `ap-northeast-1`.
    pub(crate) region: String,
}

impl Place {
    /// Whether what is made in one may be seen from the other. An account that nobody knows may be any.
    pub(crate) fn sees(&self, other: &Self) -> bool {
        let one_account = match (&self.account, &other.account) {
            (Some(one), Some(other)) => one == other,
            (None, _) | (_, None) => true,
        };
        one_account && self.region == other.region
    }

    /// The account, for an answer that must hold one.
    fn account(&self) -> &str {
        self.account.as_deref().unwrap_or("000000000000")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, region } = self;
        match account {
            Some(account) => write!(f, "account {account} and region {region}"),
            None => write!(f, "the account of the credentials and region {region}"),
        }
    }
}

/// Everything that was applied and not destroyed since.
#[derive(Debug, Default)]
pub(crate) struct Cloud {
    /// By id.
    made: BTreeMap<String, Made>,
    /// How many resources were ever made. The protocol never tells a resource's address, so an id that followed from
    /// the configuration would be one id for two equal resources.
    count: u64,
}

/// A resource that was applied.
#[derive(Debug)]
pub(crate) struct Made {
    type_name: String,
    pub(crate) place: Place,
    pub(crate) object: Object,
}

impl Made {
    /// The value of an attribute that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.object.get(name)?.as_str()
    }

    /// The value of a tag.
    pub(crate) fn tag(&self, name: &str) -> Option<&str> {
        let tags = self.object.get("tags_all")?.as_map()?;
        tags.iter().find(|(key, _)| key.as_str() == Some(name))?.1.as_str()
    }
}

impl Cloud {
    /// All of a type, in the order of their ids.
    pub(crate) fn all(&self, type_name: &str) -> impl Iterator<Item = &Made> {
        self.made.values().filter(move |made| made.type_name == type_name)
    }

    /// The one of a type that has an id.
    pub(crate) fn one(&self, type_name: &str, id: &str) -> Option<&Made> {
        self.made.get(id).filter(|made| made.type_name == type_name)
    }

    /// Makes or updates a resource: fills in what is unknown and remembers the result.
    pub(crate) fn make(&mut self, type_name: &str, block: &Block, object: &mut Object, place: Place) {
        let known = object.get("id").and_then(Value::as_str).map(str::to_owned);
        let id = known.unwrap_or_else(|| {
            self.count += 1;
            format!("{}-{:017x}", prefix(type_name), self.count)
        });
        for (name, attribute) in &block.attributes {
            if object.get(name).is_some_and(value::is_unknown) {
                object.insert(name.clone(), invent(name, &attribute.r#type, type_name, &id, &place));
            }
        }
        self.made.insert(id, Made { type_name: type_name.to_owned(), place, object: object.clone() });
    }

    /// Forgets a resource.
    pub(crate) fn destroy(&mut self, id: &str) {
        self.made.remove(id);
    }
}

/// What the cloud tells about an attribute of the resource `id`.
pub(crate) fn invent(name: &str, r#type: &Json, type_name: &str, id: &str, place: &Place) -> Value {
    let (account, region) = (place.account(), &place.region);
    match name {
        "id" => return Value::from(id),
        "owner_id" | "vpc_owner_id" | "instance_owner_id" => return Value::from(account),
        "arn" => {
            let kind = type_name.strip_prefix("aws_").unwrap_or(type_name).replace('_', "-");
            return Value::from(format!("arn:aws:ec2:{region}:{account}:{kind}/{id}"));
        }
        _ => {}
    }
    // A collection's type is a list that begins with its kind.
    let kind = r#type.as_str().or_else(|| r#type.get(0)?.as_str()).unwrap_or_default();
    match kind {
        "string" => Value::from(format!("{name}/{id}")),
        "bool" => Value::from(false),
        "number" => Value::from(0),
        "list" | "set" => Value::Array(Vec::new()),
        "map" => Value::Map(Vec::new()),
        _ => Value::Nil,
    }
}

/// How ids of a type begin, where AWS's own habit helps a reader.
fn prefix(type_name: &str) -> &str {
    match type_name {
        "aws_ec2_transit_gateway" => "tgw",
        "aws_ec2_transit_gateway_route_table" => "tgw-rtb",
        "aws_ec2_transit_gateway_vpc_attachment" => "tgw-attach",
        "aws_eip" => "eipalloc",
        "aws_flow_log" => "fl",
        "aws_internet_gateway" => "igw",
        "aws_nat_gateway" => "nat",
        "aws_network_acl" => "acl",
        "aws_route_table" => "rtb",
        "aws_subnet" => "subnet",
        "aws_vpc" => "vpc",
        "aws_vpc_endpoint" => "vpce",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    fn place() -> Place {
        Place { account: Some("111111111111".to_owned()), region: "ap-northeast-1".to_owned() }
    }

    #[test]
    fn two_equal_resources_have_two_ids_until_they_are_destroyed() {
        let schema = Schema::aws().unwrap();
        let block = &schema.resources["aws_eip"];
        let mut cloud = Cloud::default();
        let planned: Object = block.attributes.keys().map(|name| (name.clone(), value::unknown())).collect();
        let (mut one, mut other) = (planned.clone(), planned);
        cloud.make("aws_eip", block, &mut one, place());
        cloud.make("aws_eip", block, &mut other, place());
        assert_ne!(one["id"], other["id"]);
        assert!(one.values().all(|value| !value::is_unknown(value)));
        assert_eq!(one["arn"].as_str().unwrap().split(':').nth(4), Some("111111111111"));
        // An update keeps the id.
        let id = one["id"].clone();
        cloud.make("aws_eip", block, &mut one, place());
        assert_eq!((&one["id"], cloud.all("aws_eip").count()), (&id, 2));
        cloud.destroy(id.as_str().unwrap());
        assert_eq!(cloud.all("aws_eip").count(), 1);
    }
}
