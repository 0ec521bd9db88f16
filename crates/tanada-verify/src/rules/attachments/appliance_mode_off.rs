use std::collections::{BTreeMap, BTreeSet};

use crate::network::AttachmentKind;
use crate::rules::{Facts, Said, rule};

rule!(
    "appliance-mode-off",
    Warning,
    "Packets between others are led through this VPC. Without appliance mode the gateway sends the answer into the zone \
     that it came from, which may be another one than the request passed: a stateful firewall there has not seen the \
     request, and drops the answer.",
    "AWS Transit Gateway guide, appliance mode, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    let mut led = BTreeMap::new();
    // A default route alone leads out, and what is translated there comes back by itself. Where not even that leads
    // there, the route leads astray, which is another rule's.
    let routes = network.transit_tables.iter().flat_map(|table| &table.routes);
    let ways_out: BTreeSet<usize> =
        routes.filter(|route| route.to.prefix_len() == 0).filter_map(|route| route.attachment).collect();
    for table in &network.transit_tables {
        for route in table.routes.iter().filter(|route| route.to.prefix_len() > 0) {
            if let Some(index) = route.attachment.filter(|index| ways_out.contains(index)) {
                let is_own = network.blocks_of(index).iter().any(|block| block.overlaps(route.to));
                if !is_own {
                    led.entry(index).or_insert((table, route));
                }
            }
        }
    }
    for (index, (table, route)) in led {
        let Some(attachment) = network.attachments.get(index) else { continue };
        if let AttachmentKind::Vpc { inspects: false, vpc: _, subnets: _ } = attachment.kind {
            let message = format!(
                "`{}` leads `{}` through `{}`, which has no appliance mode",
                table.segment, route.to, attachment.name
            );
            said.push(
                Said::new(&attachment.place, message)
                    .and(&route.place, "the route")
                    .help("write `inspects = true` in its `vpc`"),
            );
        }
    }
}
