//! Values of an instance as what they mean; whatever is something else is an error with its place.

use tanada_model::net::Block;

use super::observe::NetworkError;
use super::{AclRow, Traffic};
use crate::{Instance, Place, Value};

/// A text of an instance.
pub(super) fn text<'a>(instance: &'a Instance, name: &str) -> Result<&'a Value, NetworkError> {
    let value = instance.attributes.get(name);
    value.filter(|value| value.text().is_some()).ok_or_else(|| {
        NetworkError::new(&instance.place, format!("`{}` has no `{name}` that is a text", instance.address))
    })
}

/// A block of an instance, and where it is written.
pub(super) fn block(instance: &Instance, name: &str) -> Result<(Block, Place), NetworkError> {
    let value = text(instance, name)?;
    Ok((parse(value)?, value.place.clone()))
}

/// A text as a block.
pub(super) fn parse(value: &Value) -> Result<Block, NetworkError> {
    let text = value.text().unwrap_or_default();
    text.parse().map_err(|error| NetworkError::new(&value.place, format!("{error}")))
}

/// An argument that is given: neither null nor, as states have it, empty.
pub(super) fn given<'a>(instance: &'a Instance, name: &str) -> Option<&'a Value> {
    instance.attributes.get(name).filter(|value| value.is_given())
}

/// Rows of one direction of an ACL that stand in it.
pub(super) fn acl_rows(instance: &Instance, direction: &str, errors: &mut Vec<NetworkError>) -> Vec<AclRow> {
    let rows = instance.attributes.get(direction).map(Value::items).unwrap_or_default();
    let mut read: Vec<AclRow> = Vec::with_capacity(rows.len());
    for value in rows {
        let row = Row { place: &value.place, names: INSIDE, get: &|name| value.get(name) };
        match row.read() {
            Ok(row) => read.push(row),
            Err(error) => errors.push(error),
        }
    }
    read
}

/// A row that stands alone.
pub(super) fn acl_rule(instance: &Instance) -> Result<AclRow, NetworkError> {
    Row { place: &instance.place, names: ALONE, get: &|name| instance.attributes.get(name) }.read()
}

/// Sorts rows by number, of which each stands once.
pub(super) fn in_order(rows: &mut [AclRow], direction: &str, errors: &mut Vec<NetworkError>) {
    rows.sort_by_key(|row| row.number);
    for pair in rows.windows(2) {
        if let [one, two] = pair
            && one.number == two.number
        {
            let message = format!("rule number {} stands twice in the {direction} rules", one.number);
            errors.push(NetworkError::new(one.place.clone().max(two.place.clone()), message));
        }
    }
}

/// How number and action of a row are called in an ACL, and where it stands alone.
const INSIDE: [&str; 2] = ["rule_no", "action"];
const ALONE: [&str; 2] = ["rule_number", "rule_action"];

/// A row as it is written.
struct Row<'a> {
    place: &'a Place,
    names: [&'static str; 2],
    get: &'a dyn Fn(&str) -> Option<&'a Value>,
}

impl Row<'_> {
    fn wrong(&self, what: &str) -> NetworkError {
        NetworkError::new(self.place, format!("a rule has {what}"))
    }

    fn unfollowed(&self, what: &str) -> NetworkError {
        NetworkError::unfollowed(self.place, format!("a rule has {what}"))
    }

    fn read(&self) -> Result<AclRow, NetworkError> {
        let [number, action] = self.names;
        let number = (self.get)(number).and_then(Value::number).and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| (1..=32766).contains(number));
        let number = number.ok_or_else(|| self.wrong("no number from 1 to 32766"))?;
        let allows = match (self.get)(action).and_then(Value::text) {
            Some("allow") => true,
            Some("deny") => false,
            Some(_) | None => return Err(self.wrong("neither `allow` nor `deny` for its action")),
        };
        let traffic = self.traffic()?;
        let peer = (self.get)("cidr_block").filter(|peer| peer.text().is_some_and(|text| !text.is_empty()));
        let peer = match peer {
            Some(peer) => parse(peer)?,
            None if (self.get)("ipv6_cidr_block").is_some_and(Value::is_given) => {
                return Err(self.unfollowed("an IPv6 peer"));
            }
            None => return Err(self.wrong("no `cidr_block`")),
        };
        Ok(AclRow { number, allows, traffic, peer, why: String::new(), place: self.place.clone() })
    }

    fn traffic(&self) -> Result<Traffic, NetworkError> {
        let ports = || {
            let (first, last) = (self.port("from_port")?, self.port("to_port")?);
            if first <= last { Ok((first, last)) } else { Err(self.wrong("its ports in the wrong order")) }
        };
        match (self.get)("protocol").and_then(Value::text) {
            Some("-1" | "all") => Ok(Traffic::All),
            Some("tcp" | "6") => ports().map(|(first, last)| Traffic::Tcp(first, last)),
            Some("udp" | "17") => ports().map(|(first, last)| Traffic::Udp(first, last)),
            Some("icmp" | "1") => {
                let every = |name| (self.get)(name).and_then(Value::number).is_none_or(|number| number == -1);
                if every("icmp_type") && every("icmp_code") {
                    Ok(Traffic::Icmp)
                } else {
                    Err(self.unfollowed("an ICMP type or code"))
                }
            }
            Some(_) | None => Err(self.unfollowed("a protocol that is none of tcp, udp, icmp and all")),
        }
    }

    fn port(&self, name: &str) -> Result<u16, NetworkError> {
        let port = (self.get)(name).and_then(Value::number).and_then(|port| u16::try_from(port).ok());
        port.ok_or_else(|| self.wrong(&format!("no `{name}` that is a port")))
    }
}
