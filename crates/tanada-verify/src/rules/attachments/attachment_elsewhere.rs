use std::collections::BTreeMap;

use super::ATTACHMENT;
use crate::network::filtered;
use crate::rules::{Facts, Said, rule};
use crate::{Instance, Root, Value};

rule!(
    "attachment-elsewhere",
    Error,
    "A VPC is attached to a gateway of its own region only. Gateways of two regions need a peering between them.",
    "AWS Transit Gateway guide, peering attachments, https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html, read 2026-11-23"
);

const GATEWAY: &str = "aws_ec2_transit_gateway";

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let mut gateways: BTreeMap<&str, &Value> = BTreeMap::new();
    for root in facts.observed.roots.values() {
        for gateway in root.of_type(GATEWAY) {
            let name = root.tag(gateway, "Name").and_then(Value::text);
            if let (Some(name), Some(region)) = (name, region(root, gateway)) {
                gateways.insert(name, region);
            }
        }
    }
    for root in facts.observed.roots.values() {
        for attachment in root.of_type(ATTACHMENT) {
            let id = attachment.attributes.get("transit_gateway_id");
            let gateway = id.and_then(|id| root.referred(id, "id"));
            let Some(name) = gateway.and_then(|gateway| filtered(gateway, "tag:Name")) else { continue };
            let Some((own, other)) = region(root, attachment).zip(gateways.get(name.as_str())) else {
                continue;
            };
            let (Some(here), Some(there)) = (own.text(), other.text()) else { continue };
            if here != there {
                let message = format!(
                    "`{}` is in `{here}` and attached to the gateway `{name}`, which is in `{there}`",
                    root.directory
                );
                said.push(
                    Said::new(&own.place, message)
                        .and(&other.place, "the region of the gateway")
                        .help("attach it to a gateway of its own region"),
                );
            }
        }
    }
}

/// The region of what a provider makes, as it is written.
fn region<'r>(root: &'r Root, instance: &Instance) -> Option<&'r Value> {
    root.providers.get(&instance.provider)?.settings.get("region")
}
