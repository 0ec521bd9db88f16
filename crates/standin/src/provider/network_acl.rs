//! What the provider and AWS refuse in the rules of a network ACL beyond the type of each argument.

use std::collections::BTreeSet;

use rmpv::Value;

use crate::protocol::Diagnostic;
use crate::value::{self, Object};

/// The type whose rules are checked.
pub(crate) const TYPE: &str = "aws_network_acl";

/// Protocols by name that the product writes; others go by number.
const PROTOCOLS: [&str; 4] = ["all", "icmp", "tcp", "udp"];

/// What is wrong with the rules of both directions.
pub(crate) fn check(config: &Object) -> Vec<Diagnostic> {
    ["ingress", "egress"].into_iter().flat_map(|direction| check_direction(direction, config)).collect()
}

fn check_direction(direction: &str, config: &Object) -> Vec<Diagnostic> {
    let rules = config.get(direction).and_then(Value::as_array).into_iter().flatten();
    let mut numbers = BTreeSet::new();
    let mut found = Vec::new();
    for rule in rules.cloned().filter_map(value::object) {
        let number = rule.get("rule_no").and_then(Value::as_i64);
        // AWS: NetworkAclEntryAlreadyExists, and only at apply.
        if number.is_some_and(|number| !numbers.insert(number)) {
            found.push((number, "stands twice".to_owned()));
        }
        found.extend(refuse(&rule).map(|reason| (number, reason)));
    }
    let told = |(number, reason): (Option<i64>, String)| {
        let rule = number.map_or_else(|| "of unknown number".to_owned(), |number| number.to_string());
        Diagnostic::error(direction, "Invalid rule", &format!("rule {rule} {reason}"))
    };
    found.into_iter().map(told).collect()
}

/// Why one rule is refused.
fn refuse(rule: &Object) -> Option<String> {
    let port = |name: &str| rule.get(name).and_then(Value::as_i64);
    let protocol = rule.get("protocol").and_then(Value::as_str)?;
    let is_number = protocol.parse::<i16>().is_ok_and(|number| (-1..=255).contains(&number));
    if !is_number && !PROTOCOLS.contains(&protocol) {
        return Some(format!("has the unknown protocol {protocol:?}"));
    }
    let (from, to) = (port("from_port")?, port("to_port")?);
    // The provider, at apply: AWS stores no ports for every protocol, so each plan would show them again.
    if matches!(protocol, "-1" | "all") && (from, to) != (0, 0) {
        return Some("is for every protocol and so must have the ports 0 and 0".to_owned());
    }
    if matches!(protocol, "tcp" | "udp" | "6" | "17") && from > to {
        return Some(format!("ends at port {to}, before it begins at {from}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(number: i64, protocol: &str, ports: (i64, i64)) -> Value {
        let pairs: [(&str, Value); 4] = [
            ("rule_no", number.into()),
            ("protocol", protocol.into()),
            ("from_port", ports.0.into()),
            ("to_port", ports.1.into()),
        ];
        Value::Map(pairs.into_iter().map(|(name, value)| (Value::from(name), value)).collect())
    }

    fn wrong(rules: Vec<Value>) -> Vec<String> {
        let config = Object::from([("egress".to_owned(), Value::Array(rules))]);
        check(&config).into_iter().map(|it| it.detail).collect()
    }

    #[test]
    fn numbers_protocols_and_ports_are_checked() {
        assert_eq!(
            wrong(vec![rule(1, "tcp", (443, 443)), rule(2, "-1", (0, 0)), rule(3, "47", (0, 0))]),
            [""; 0]
        );
        assert_eq!(
            wrong(vec![rule(1, "tcp", (1, 2)), rule(1, "udp", (1, 2))]),
            ["`egress` rule 1 stands twice"]
        );
        assert_eq!(
            wrong(vec![rule(1, "-1", (0, 65535))]),
            ["`egress` rule 1 is for every protocol and so must have the ports 0 and 0"]
        );
        assert_eq!(wrong(vec![rule(1, "gre", (0, 0))]), ["`egress` rule 1 has the unknown protocol \"gre\""]);
        assert_eq!(
            wrong(vec![rule(1, "tcp", (2, 1))]),
            ["`egress` rule 1 ends at port 1, before it begins at 2"]
        );
    }
}
