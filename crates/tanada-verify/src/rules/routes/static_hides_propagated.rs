use std::collections::BTreeMap;

use crate::rules::{Facts, Said, rule};

rule!(
    "static-hides-propagated",
    Warning,
    "A static route wins over a propagated one with the same destination, whoever it leads to.",
    "AWS Transit Gateway guide, route evaluation order, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for table in &network.transit_tables {
        let mut learnt = BTreeMap::new();
        for (attachment, place) in &table.propagations {
            learnt.extend(
                network.blocks_of(*attachment).into_iter().map(|block| (block, (*attachment, place))),
            );
        }
        for route in &table.routes {
            let Some((attachment, place)) =
                learnt.get(&route.to).filter(|(own, _)| route.attachment != Some(*own))
            else {
                continue;
            };
            let name = |index: usize| {
                network.attachments.get(index).map_or("", |attachment| attachment.name.as_str())
            };
            let message = format!(
                "the static route to `{}` in `{}` hides what `{}` propagates",
                route.to,
                table.segment,
                name(*attachment)
            );
            said.push(
                Said::new(&route.place, message)
                    .and(place, "the propagation")
                    .help("delete the static route, or write it for the part that it is meant for"),
            );
        }
    }
}
