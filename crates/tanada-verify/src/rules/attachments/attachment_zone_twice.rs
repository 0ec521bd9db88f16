use std::collections::BTreeMap;

use super::ATTACHMENT;
use crate::Value;
use crate::rules::{Facts, Said, rule};

rule!(
    "attachment-zone-twice",
    Error,
    "An attachment has one subnet a zone. AWS refuses a second one (DuplicateSubnetsInSameZone).",
    "Amazon EC2 API, CreateTransitGatewayVpcAttachment, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachment.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for attachment in root.of_type(ATTACHMENT) {
            let mut zones: BTreeMap<&str, &Value> = BTreeMap::new();
            for id in attachment.attributes.get("subnet_ids").map(Value::items).unwrap_or_default() {
                let Some(subnet) = root.referred(id, "id") else { continue };
                let zone = subnet.attributes.get("availability_zone_id").and_then(Value::text);
                let Some(zone) = zone else { continue };
                if let Some(before) = zones.insert(zone, id) {
                    let message =
                        format!("the attachment of `{}` has two subnets in zone `{zone}`", root.directory);
                    let other = root.referred(before, "id").map_or(&before.place, |subnet| &subnet.place);
                    said.push(
                        Said::new(&subnet.place, message)
                            .and(other, "the other one")
                            .help("keep one subnet in every zone"),
                    );
                }
            }
        }
    }
}
