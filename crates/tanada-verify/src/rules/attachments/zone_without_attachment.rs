use std::collections::BTreeSet;

use crate::network::{AttachmentKind, Target};
use crate::rules::{Facts, Said, rule};

rule!(
    "zone-without-attachment",
    Warning,
    "A subnet reaches the gateway only in zones where the attachment has a subnet; in others its route leads nowhere.",
    "AWS Transit Gateway guide, VPC attachments, https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for attachment in &network.attachments {
        let AttachmentKind::Vpc { vpc, subnets, inspects: _ } = &attachment.kind else { continue };
        let zone = |index: &usize| network.subnets.get(*index).map(|subnet| subnet.zone.as_str());
        let attached: BTreeSet<&str> = subnets.iter().filter_map(zone).collect();
        for (_, subnet) in network.subnets_of(*vpc).filter(|(_, subnet)| !attached.contains(&*subnet.zone)) {
            let table = subnet.table.and_then(|table| network.route_tables.get(table));
            let route =
                table.and_then(|table| table.routes.iter().find(|route| route.target == Target::Transit));
            if let Some(route) = route {
                let message = format!(
                    "`{}` of `{}` lies in zone `{}`, where the attachment has no subnet: it cannot reach the gateway",
                    subnet.name, attachment.name, subnet.zone
                );
                said.push(
                    Said::new(&subnet.place, message)
                        .and(&route.place, "its route to the gateway")
                        .help("cut the attachment's tier in this zone too"),
                );
            }
        }
    }
}
