use std::collections::BTreeMap;

use crate::rules::{Facts, Said, rule};
use crate::{Root, Value};

rule!(
    "asn-twice",
    Error,
    "Two gateways with one AS number drop each other's routes as loops, as soon as anything connects them.",
    "AWS Direct Connect user guide, transit gateway associations, https://docs.aws.amazon.com/directconnect/latest/UserGuide/direct-connect-transit-gateways.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let mut seen: BTreeMap<i64, &Root> = BTreeMap::new();
    for root in facts.observed.roots.values() {
        for gateway in root.of_type("aws_ec2_transit_gateway") {
            let Some(value) = gateway.attributes.get("amazon_side_asn") else { continue };
            let Some(asn) = value.number().or_else(|| value.text().and_then(|text| text.parse().ok())) else {
                continue;
            };
            if let Some(before) = seen.insert(asn, root) {
                let message =
                    format!("`{}` and `{}` have the AS number {asn}", before.directory, root.directory);
                let other = before
                    .of_type("aws_ec2_transit_gateway")
                    .next()
                    .and_then(|own| own.attributes.get("amazon_side_asn"));
                let finding =
                    Said::new(&value.place, message).help("give every gateway an AS number of its own");
                said.push(
                    other
                        .into_iter()
                        .fold(finding, |finding, other: &Value| finding.and(&other.place, "the other one")),
                );
            }
        }
    }
}
