use super::ATTACHMENT;
use crate::rules::{Facts, Said, rule};

rule!(
    "two-attachments",
    Error,
    "A VPC is attached to a gateway once. AWS refuses a second attachment (DuplicateTransitGatewayAttachment).",
    "AWS Transit Gateway quotas, https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        let mut attachments = root.of_type(ATTACHMENT);
        let Some(first) = attachments.next() else { continue };
        let gateway = first.attributes.get("transit_gateway_id");
        for second in attachments.filter(|other| other.attributes.get("transit_gateway_id") == gateway) {
            let message = format!("`{}` is attached to one gateway twice", root.directory);
            said.push(
                Said::new(&second.place, message)
                    .and(&first.place, "the first attachment")
                    .help("keep one of them; it may have subnets in several zones"),
            );
        }
    }
}
