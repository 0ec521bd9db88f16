//! What the provider refuses before anything is planned.

use ipnet::Ipv4Net;
use rmpv::Value;

use crate::protocol::Diagnostic;
use crate::schema::{Attribute, Block, Check};
use crate::value::{self, Object};

/// Everything that is wrong with the configuration of a resource. What is unknown may still turn out right.
pub(crate) fn check(block: &Block, config: &Object) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, attribute) in &block.attributes {
        if let Some(given) = config.get(name).filter(|value| value::is_known(value)) {
            found.extend(company(name, attribute, block, config));
            found.extend(amount(name, attribute, given));
            found.extend(content(name, attribute, given));
        }
        // Each of a group names the whole group; its first member tells.
        if attribute.exactly_one_of.first() == Some(name) {
            found.extend(exactly_one(name, &attribute.exactly_one_of, config));
        }
    }
    found
}

/// Arguments that exclude or need each other.
fn company(name: &str, attribute: &Attribute, block: &Block, config: &Object) -> Vec<Diagnostic> {
    let known = |other: &&String| config.get(*other).is_some_and(value::is_known);
    // Where two name each other, the first tells.
    let told = |other: &String| {
        let back =
            block.attributes.get(other).map(|other| other.conflicts_with.as_slice()).unwrap_or_default();
        other.as_str() < name && back.iter().any(|back| back == name)
    };
    let excluded = attribute.conflicts_with.iter().filter(known).filter(|other| !told(other));
    let conflicts = excluded.map(|other| {
        Diagnostic::error(name, "Conflicting configuration arguments", &format!("conflicts with `{other}`"))
    });
    let absent = |other: &&String| config.get(*other).is_none_or(Value::is_nil);
    let missing = attribute.required_with.iter().filter(absent).map(|other| {
        Diagnostic::error(name, "Missing required argument", &format!("needs `{other}` to be given, too"))
    });
    conflicts.chain(missing).collect()
}

fn exactly_one(name: &str, group: &[String], config: &Object) -> Option<Diagnostic> {
    let values = || group.iter().filter_map(|member| config.get(member));
    let given = values().filter(|value| value::is_known(value)).count();
    let may_come = values().any(value::is_unknown);
    let wrong = given > 1 || (given == 0 && !may_come);
    wrong.then(|| {
        let detail = format!("is one of {}, of which exactly one must be given", group.join(", "));
        Diagnostic::error(name, "Invalid combination of arguments", &detail)
    })
}

fn amount(name: &str, attribute: &Attribute, given: &Value) -> Option<Diagnostic> {
    let count = given.as_array()?.len();
    let most = attribute.max_items.unwrap_or(usize::MAX);
    let wrong = count < attribute.min_items || count > most;
    wrong.then(|| Diagnostic::error(name, "Wrong number of items", &format!("has {count} items")))
}

fn content(name: &str, attribute: &Attribute, given: &Value) -> Vec<Diagnostic> {
    let whole = attribute.check.iter().filter_map(|check| check.refuse(given));
    let elements = given.as_array().into_iter().flatten().cloned().filter_map(value::object);
    let parts = elements.flat_map(|element| {
        let refused = attribute.elements.iter().filter_map(move |(part, check)| {
            let reason = check.refuse(element.get(part)?)?;
            Some(format!("has an element whose `{part}` {reason}"))
        });
        refused.collect::<Vec<_>>()
    });
    whole.chain(parts).map(|reason| Diagnostic::error(name, "Invalid value", &reason)).collect()
}

impl Check {
    /// Why a value is refused, to stand behind its name; `None`: it is not, or it is null or unknown.
    pub(crate) fn refuse(&self, value: &Value) -> Option<String> {
        match self {
            Self::OneOf(allowed) => {
                let text = text(value)?;
                let fits = allowed.contains(&text);
                (!fits).then(|| format!("is {text:?}, but must be one of {}", allowed.join(", ")))
            }
            Self::Network(shortest, longest) => refuse_network(value.as_str()?, *shortest..=*longest),
            Self::Between(least, most) => {
                let number = value.as_i64()?;
                let fits = (*least..=*most).contains(&number);
                (!fits).then(|| format!("is {number}, but must lie between {least} and {most}"))
            }
            Self::Arn => {
                let text = value.as_str()?;
                let fits = text.splitn(6, ':').count() == 6 && text.starts_with("arn:");
                (!fits).then(|| format!("is {text:?}, which is no ARN"))
            }
            Self::NotEmpty => (value.as_str()?.is_empty()).then(|| "is empty".to_owned()),
        }
    }
}

/// A text, or a number as text.
fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|number| number.to_string()))
}

fn refuse_network(text: &str, lengths: std::ops::RangeInclusive<u8>) -> Option<String> {
    let Ok(net) = text.parse::<Ipv4Net>() else {
        return Some(format!("is {text:?}, which is no IPv4 block"));
    };
    if net.trunc() != net {
        return Some(format!("is {text:?}, which has host bits; the block is {}", net.trunc()));
    }
    let fits = lengths.contains(&net.prefix_len());
    (!fits).then(|| format!("is {text:?}; its prefix length must lie between {lengths:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    /// What is wrong with a resource of these arguments.
    fn wrong(type_name: &str, given: &[(&str, Value)]) -> Vec<String> {
        let schema = Schema::aws().unwrap();
        let config = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        check(&schema.resources[type_name], &config).into_iter().map(|it| it.detail).collect()
    }

    #[test]
    fn a_block_is_refused_for_host_bits_and_for_its_size() {
        let vpc = |cidr: &str| wrong("aws_vpc", &[("cidr_block", Value::from(cidr))]);
        assert_eq!(vpc("10.1.0.0/16"), [""; 0]);
        assert_eq!(
            vpc("10.1.0.1/16"),
            ["`cidr_block` is \"10.1.0.1/16\", which has host bits; the block is 10.1.0.0/16"]
        );
        assert_eq!(
            vpc("10.0.0.0/15"),
            ["`cidr_block` is \"10.0.0.0/15\"; its prefix length must lie between 16..=28"]
        );
        assert_eq!(vpc("10.1.0.0"), ["`cidr_block` is \"10.1.0.0\", which is no IPv4 block"]);
    }

    #[test]
    fn exactly_one_waits_for_the_unknown() {
        let association = |given: &[(&str, Value)]| wrong("aws_route_table_association", given).len();
        let (id, unknown) = (Value::from("x"), value::unknown());
        assert_eq!(association(&[]), 1);
        assert_eq!(association(&[("subnet_id", id.clone())]), 0);
        assert_eq!(association(&[("subnet_id", unknown.clone())]), 0);
        assert_eq!(association(&[("subnet_id", id.clone()), ("gateway_id", unknown)]), 0);
        assert_eq!(association(&[("subnet_id", id.clone()), ("gateway_id", id)]), 1);
    }

    #[test]
    fn a_conflict_is_told_once() {
        let zone = Value::from("x");
        let told =
            wrong("aws_subnet", &[("availability_zone", zone.clone()), ("availability_zone_id", zone)]);
        assert_eq!(told, ["`availability_zone` conflicts with `availability_zone_id`"]);
    }

    #[test]
    fn texts_and_numbers_are_held_to_what_the_provider_takes() {
        assert_eq!(
            wrong("aws_flow_log", &[("vpc_id", Value::from("vpc-1")), ("traffic_type", Value::from("all"))]),
            ["`traffic_type` is \"all\", but must be one of ACCEPT, REJECT, ALL"]
        );
        let log = [("vpc_id", Value::from("vpc-1")), ("log_destination", Value::from("bucket"))];
        assert_eq!(wrong("aws_flow_log", &log), ["`log_destination` is \"bucket\", which is no ARN"]);
        let peers = Value::from((0..6).map(|_| Value::from("192.0.2.0/24")).collect::<Vec<_>>());
        assert_eq!(
            wrong("aws_ec2_transit_gateway", &[("transit_gateway_cidr_blocks", peers)]),
            ["`transit_gateway_cidr_blocks` has 6 items"]
        );
        assert_eq!(wrong("aws_subnet", &[("map_customer_owned_ip_on_launch", Value::from(true))]).len(), 2);
    }
}
