use std::collections::BTreeMap;

use crate::Value;
use crate::rules::{Facts, Said, rule};

rule!(
    "acl-number",
    Error,
    "The number of an ACL's rule lies between 1 and 32766 and stands once a direction.",
    "Amazon VPC user guide, network ACL rules, https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for acl in root.of_type("aws_network_acl") {
            for direction in ["ingress", "egress"] {
                let mut seen: BTreeMap<i64, &Value> = BTreeMap::new();
                let rows = acl.attributes.get(direction).map(Value::items).unwrap_or_default();
                for row in rows {
                    let Some(number) = row.get("rule_no").and_then(Value::number) else { continue };
                    let place = row.get("rule_no").map_or(&row.place, |number| &number.place);
                    if !(1..=32766).contains(&number) {
                        let message = format!(
                            "{direction} rule {number} of `{}` is not between 1 and 32766",
                            acl.address
                        );
                        said.push(
                            Said::new(place, message).help("give it a number of its own, from 1 to 32766"),
                        );
                    }
                    if let Some(before) = seen.insert(number, row) {
                        let message = format!("{direction} rule {number} of `{}` stands twice", acl.address);
                        said.push(
                            Said::new(place, message)
                                .and(&before.place, "the first one")
                                .help("give it a number of its own, from 1 to 32766"),
                        );
                    }
                }
            }
        }
    }
}
