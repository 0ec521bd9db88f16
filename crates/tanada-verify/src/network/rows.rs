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

/// Rows of one direction of an ACL, by number.
pub(super) fn acl_rows(instance: &Instance, direction: &str, errors: &mut Vec<NetworkError>) -> Vec<AclRow> {
    let rows = instance.attributes.get(direction).map(Value::items).unwrap_or_default();
    let mut read: Vec<AclRow> = Vec::with_capacity(rows.len());
    for value in rows {
        match acl_row(value) {
            Ok(row) => read.push(row),
            Err(error) => errors.push(error),
        }
    }
    read.sort_by_key(|row| row.number);
    for pair in read.windows(2) {
        if let [one, two] = pair
            && one.number == two.number
        {
            let message = format!("rule number {} stands twice in the {direction} rules", one.number);
            errors.push(NetworkError::new(one.place.clone().max(two.place.clone()), message));
        }
    }
    read
}

fn acl_row(value: &Value) -> Result<AclRow, NetworkError> {
    let wrong = |what: &str| NetworkError::new(&value.place, format!("a rule has {what}"));
    let number = value.get("rule_no").and_then(Value::number).and_then(|number| u32::try_from(number).ok());
    let number = number.filter(|number| (1..=32766).contains(number));
    let number = number.ok_or_else(|| wrong("no number from 1 to 32766"))?;
    let allows = match value.get("action").and_then(Value::text) {
        Some("allow") => true,
        Some("deny") => false,
        Some(_) | None => return Err(wrong("neither `allow` nor `deny` for its action")),
    };
    let port = |name: &str| {
        let port = value.get(name).and_then(Value::number).and_then(|port| u16::try_from(port).ok());
        port.ok_or_else(|| wrong(&format!("no `{name}` that is a port")))
    };
    let ports = || {
        let (first, last) = (port("from_port")?, port("to_port")?);
        if first <= last { Ok((first, last)) } else { Err(wrong("its ports in the wrong order")) }
    };
    let traffic = match value.get("protocol").and_then(Value::text) {
        Some("-1" | "all") => Traffic::All,
        Some("tcp" | "6") => ports().map(|(first, last)| Traffic::Tcp(first, last))?,
        Some("udp" | "17") => ports().map(|(first, last)| Traffic::Udp(first, last))?,
        Some("icmp" | "1") => {
            let every = |name| value.get(name).and_then(Value::number).is_none_or(|number| number == -1);
            if !every("icmp_type") || !every("icmp_code") {
                return Err(wrong("an ICMP type or code, which is not followed"));
            }
            Traffic::Icmp
        }
        Some(_) | None => return Err(wrong("a protocol that is not followed")),
    };
    let peer = value.get("cidr_block").filter(|peer| peer.text().is_some());
    let peer = parse(peer.ok_or_else(|| wrong("no `cidr_block`"))?)?;
    Ok(AclRow { number, allows, traffic, peer, why: String::new(), place: value.place.clone() })
}
