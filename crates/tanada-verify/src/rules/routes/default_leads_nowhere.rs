use crate::network::Target;
use crate::rules::{Facts, Said, rule};

rule!(
    "default-leads-nowhere",
    Warning,
    "A VPC sends what it has no route for to the gateway, and the gateway's table has no route for it either: it is dropped \
     there, and looks like a slow peer.",
    "AWS Transit Gateway guide, route tables, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for table in &network.route_tables {
        let default =
            table.routes.iter().find(|route| route.to.prefix_len() == 0 && route.target == Target::Transit);
        let Some((route, vpc)) = default.zip(network.vpcs.get(table.vpc)) else { continue };
        let attachment = vpc.attachment.and_then(|attachment| network.attachments.get(attachment));
        let segment = attachment.and_then(|attachment| attachment.table.as_ref());
        let Some(segment) = segment.and_then(|(table, _)| network.transit_tables.get(*table)) else {
            continue;
        };
        let learnt = segment.propagations.iter().flat_map(|(attachment, _)| network.blocks_of(*attachment));
        let has = segment.routes.iter().map(|route| route.to).chain(learnt).any(|to| to.prefix_len() == 0);
        if !has {
            let message = format!(
                "`{}` of `{}` leads 0.0.0.0/0 to the gateway, whose table `{}` has no route for it",
                table.name, vpc.id, segment.segment
            );
            said.push(
                Said::new(&route.place, message)
                    .and(&segment.place, "the gateway's table")
                    .help("give the segment a `default`, or delete the route"),
            );
        }
    }
}
