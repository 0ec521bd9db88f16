use std::collections::BTreeMap;

use crate::rules::{Facts, Said, rule};
use crate::{Instance, Reference};

rule!(
    "two-segments",
    Error,
    "An attachment is associated with one route table of the gateway. A second association fails.",
    "AWS Transit Gateway guide, route table association, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        let mut first: BTreeMap<&Reference, &Instance> = BTreeMap::new();
        for association in root.of_type("aws_ec2_transit_gateway_route_table_association") {
            let attachment = association
                .attributes
                .get("transit_gateway_attachment_id")
                .and_then(|value| value.reference());
            let Some(attachment) = attachment else { continue };
            if let Some(before) = first.insert(attachment, association) {
                let message =
                    format!("an attachment of `{}` is associated with two route tables", root.directory);
                said.push(
                    Said::new(&association.place, message)
                        .and(&before.place, "the first one")
                        .help("keep one of them"),
                );
            }
        }
    }
}
