use super::ATTACHMENT;
use crate::Value;
use crate::rules::{Facts, Said, rule};

rule!(
    "attachment-ipv6-only",
    Error,
    "An attachment needs a subnet with IPv4 addresses in each zone. AWS refuses one that has IPv6 addresses alone.",
    "AWS Transit Gateway guide, VPC attachments, https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for attachment in root.of_type(ATTACHMENT) {
            for id in attachment.attributes.get("subnet_ids").map(Value::items).unwrap_or_default() {
                let Some(subnet) = root.referred(id, "id") else { continue };
                let native = subnet.attributes.get("ipv6_native");
                if let Some(native) = native.filter(|value| value.boolean() != Some(false)) {
                    let message = format!("`{}` carries the attachment and has no IPv4", subnet.address);
                    said.push(
                        Said::new(&native.place, message)
                            .and(&subnet.place, "the subnet")
                            .help("attach by a subnet with IPv4 addresses"),
                    );
                }
            }
        }
    }
}
