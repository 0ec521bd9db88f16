//! What a change of an attribute does to its resource: the facts by which a provider decides between an update in place
//! and a replacement, each with the provider's version and the file that it was read in.

mod aws_transit;
mod aws_vpc;
mod google;

use crate::{Data, Value};
use tanada_model::net::Block;

/// Where a provider's facts were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderFacts {
    /// `hashicorp/aws`
    pub name: &'static str,
    /// The version whose arguments these are.
    pub version: &'static str,
    /// Where the effects were read, when that is not the same version.
    pub read_in: &'static str,
}

/// hashicorp/aws.
pub(crate) const AWS: ProviderFacts = ProviderFacts {
    name: "hashicorp/aws",
    version: "6.25.0",
    read_in: "internal/service of hashicorp/terraform-provider-aws (MPL-2.0), 5.32.0-dev of December 2023, and newer copies \
              of vpc_flow_log.go, vpc_subnet.go and vpc_network_acl.go; `region`: the provider's documentation of 6.0",
};

/// hashicorp/google.
pub(crate) const GOOGLE: ProviderFacts = ProviderFacts {
    name: "hashicorp/google",
    version: "6.50.0",
    read_in: "google/services/compute of hashicorp/terraform-provider-google (MPL-2.0), tag v6.50.0",
};

/// A resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeFacts {
    /// `aws_subnet`
    pub name: &'static str,
    /// The file of the provider that the facts come from.
    pub source: &'static str,
    /// Whether the provider adds its `default_tags`.
    pub taggable: bool,
    /// Its arguments, and its blocks, sorted by name. What only the cloud can tell is not among them.
    pub attributes: &'static [AttributeFacts],
}

/// An argument of a resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeFacts {
    /// `cidr_block`
    pub name: &'static str,
    /// Whether the order of its elements means nothing.
    pub is_set: bool,
    /// What it is when nobody gives it.
    pub absent: Absent,
    /// What a change does.
    pub effect: Effect,
}

/// What an argument is when nobody gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Nothing.
    Null,
    /// This, as text.
    Default(&'static str),
    /// What the cloud said; taking the argument away leaves that as it is.
    Cloud,
}

/// What a change of an argument does to its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is updated in place.
    InPlace,
    /// It is destroyed and made anew.
    Replaces,
    /// It is destroyed and made anew when the condition holds.
    When(Condition),
    /// Nobody has read the provider's code: taken as if it replaced.
    Unread,
}

/// When a change replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It becomes `enable`: a Transit Gateway can stop having default tables, not begin.
    IsEnabled,
    /// Anything but `dedicated` to `default`.
    TenancyHardens,
    /// The new range does not contain the old one.
    RangeShrinks,
}

const fn attribute(name: &'static str, absent: Absent, effect: Effect) -> AttributeFacts {
    AttributeFacts { name, is_set: false, absent, effect }
}

const fn set(name: &'static str, absent: Absent, effect: Effect) -> AttributeFacts {
    AttributeFacts { name, is_set: true, absent, effect }
}

/// Every type with facts, with its provider.
pub fn types() -> impl Iterator<Item = (&'static ProviderFacts, &'static TypeFacts)> {
    let aws = aws_vpc::TYPES.iter().chain(aws_transit::TYPES).map(|facts| (&AWS, facts));
    aws.chain(google::TYPES.iter().map(|facts| (&GOOGLE, facts)))
}

/// The facts of a type; `None` for one that nobody has read.
pub fn facts(type_name: &str) -> Option<(&'static ProviderFacts, &'static TypeFacts)> {
    let find = |types: &'static [TypeFacts]| {
        types.binary_search_by(|facts| facts.name.cmp(type_name)).ok().and_then(|at| types.get(at))
    };
    let aws = || find(aws_vpc::TYPES).or_else(|| find(aws_transit::TYPES)).map(|facts| (&AWS, facts));
    aws().or_else(|| find(google::TYPES).map(|facts| (&GOOGLE, facts)))
}

impl TypeFacts {
    /// An argument; `None` for one that nobody has read.
    pub fn attribute(&self, name: &str) -> Option<&'static AttributeFacts> {
        self.attributes
            .binary_search_by(|facts| facts.name.cmp(name))
            .ok()
            .and_then(|at| self.attributes.get(at))
    }
}

impl Effect {
    /// Whether a change from one value to another replaces the resource.
    pub fn replaces(self, old: Option<&Value>, new: Option<&Value>) -> bool {
        match self {
            Self::InPlace => false,
            Self::Replaces | Self::Unread => true,
            Self::When(condition) => condition.holds(old, new),
        }
    }
}

impl Condition {
    fn holds(self, old: Option<&Value>, new: Option<&Value>) -> bool {
        let (old, new) = (old.and_then(Value::text), new.and_then(Value::text));
        match self {
            Self::IsEnabled => new.is_none_or(|new| new == "enable"),
            Self::TenancyHardens => !(old == Some("dedicated") && new.is_none_or(|new| new == "default")),
            Self::RangeShrinks => {
                let block = |text: Option<&str>| text.and_then(|text| text.parse::<Block>().ok());
                // What is not known to grow is taken to shrink.
                !matches!((block(old), block(new)), (Some(old), Some(new)) if new.contains(old))
            }
        }
    }
}

/// A scalar as the provider keeps it; `None` for what is no scalar.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match &value.data {
        Data::Bool(it) => Some(it.to_string()),
        Data::Number(it) => Some(it.to_string()),
        Data::Text(it) => Some(it.to_string()),
        Data::Null | Data::List(_) | Data::Set(_) | Data::Map(_) | Data::Reference(_) | Data::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

    fn text(text: &str) -> Value {
        Value { data: Data::Text(text.into()), place: Place::new("main.tf".into(), 1) }
    }

    #[test]
    fn the_tables_can_be_searched() {
        for (_, facts) in types() {
            assert_eq!(super::facts(facts.name).map(|(_, found)| found), Some(facts), "{}", facts.name);
            assert!(!facts.source.is_empty(), "{}", facts.name);
            for attribute in facts.attributes {
                assert_eq!(facts.attribute(attribute.name), Some(attribute), "{}", facts.name);
            }
        }
    }

    #[test]
    fn some_changes_replace_only_in_one_direction() {
        let replaces = |name: &str, attribute: &str, old: &str, new: &str| {
            let (_, facts) = facts(name).unwrap();
            facts.attribute(attribute).unwrap().effect.replaces(Some(&text(old)), Some(&text(new)))
        };
        let range = |old, new| replaces("google_compute_subnetwork", "ip_cidr_range", old, new);
        assert!(!range("10.0.0.0/24", "10.0.0.0/23"));
        assert!(range("10.0.0.0/23", "10.0.0.0/24"));
        assert!(range("10.0.0.0/24", "10.0.2.0/23"));
        let gateway =
            |old, new| replaces("aws_ec2_transit_gateway", "default_route_table_association", old, new);
        assert!(gateway("disable", "enable"));
        assert!(!gateway("enable", "disable"));
        assert!(replaces("aws_vpc", "instance_tenancy", "default", "dedicated"));
        assert!(!replaces("aws_vpc", "instance_tenancy", "dedicated", "default"));
    }
}
