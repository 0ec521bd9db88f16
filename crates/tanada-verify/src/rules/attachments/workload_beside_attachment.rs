use std::collections::BTreeSet;

use crate::network::{AttachmentKind, Target};
use crate::rules::{Facts, Said, rule};

rule!(
    "workload-beside-attachment",
    Warning,
    "Where a workload shares its subnet with the attachment, the network ACL's rules for what comes in are not asked \
     for packets from the gateway. The attachment wants a small subnet of its own in each zone.",
    "AWS Transit Gateway guide, network ACLs, https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for attachment in &network.attachments {
        let AttachmentKind::Vpc { vpc, subnets, inspects: _ } = &attachment.kind else { continue };
        let own: BTreeSet<usize> = subnets.iter().copied().collect();
        let tiers: BTreeSet<&str> = subnets
            .iter()
            .filter_map(|index| network.subnets.get(*index))
            .map(|subnet| subnet.tier.as_str())
            .collect();
        let nats: BTreeSet<usize> = network
            .route_tables
            .iter()
            .filter(|table| table.vpc == *vpc)
            .flat_map(|table| &table.routes)
            .filter_map(|route| if let Target::Nat(subnet) = route.target { Some(subnet) } else { None })
            .collect();
        for (index, subnet) in network.subnets_of(*vpc) {
            let shares = tiers.contains(&*subnet.tier) && !own.contains(&index);
            let nat = own.contains(&index) && nats.contains(&index);
            if shares || nat {
                let what = if nat { "holds a NAT gateway beside" } else { "shares its tier with" };
                let message = format!("`{}` of `{}` {what} the attachment", subnet.name, attachment.name);
                said.push(
                    Said::new(&subnet.place, message)
                        .and(&attachment.place, "the attachment")
                        .help("give the attachment subnets of its own, a /28 in each zone"),
                );
            }
        }
    }
}
