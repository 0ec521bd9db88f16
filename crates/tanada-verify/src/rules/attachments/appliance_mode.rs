use crate::network::AttachmentKind;
use crate::rules::{Facts, Said, rule};

rule!(
    "appliance-mode",
    Note,
    "Appliance mode keeps both directions of a flow in one zone, for a firewall that others are led through. Nothing is \
     led through this VPC, so it only sends traffic across zones.",
    "AWS Transit Gateway guide, appliance mode, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    let routes = network.transit_tables.iter().flat_map(|table| &table.routes);
    let led: std::collections::BTreeSet<usize> = routes.filter_map(|route| route.attachment).collect();
    for (index, attachment) in network.attachments.iter().enumerate() {
        if matches!(attachment.kind, AttachmentKind::Vpc { inspects: true, .. }) && !led.contains(&index) {
            let message =
                format!("`{}` has appliance mode, and no static route leads to it", attachment.name);
            said.push(
                Said::new(&attachment.place, message)
                    .help("take `inspects` away, or name it as a `via` or `default`"),
            );
        }
    }
}
