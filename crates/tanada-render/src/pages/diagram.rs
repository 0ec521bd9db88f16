use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{HubRoot, RouteVia, VpcRoot};

use super::blocks;
use super::mermaid::{Flowchart, Node, Shape};

/// A VPC: its tiers, and where their routes lead.
pub(super) fn vpc(root: &VpcRoot) -> String {
    let mut chart = Flowchart::new("TB");
    let leads = |via: RouteVia| root.routes.iter().any(|route| route.via == via);
    let internet = (root.internet_gateway || leads(RouteVia::Internet) || leads(RouteVia::Nat))
        .then(|| chart.node(Shape::Circle, "internet"));
    let gateway = root.transit.as_ref().map(|transit| {
        let label = format!("Transit Gateway {}, segment {}", transit.hub, transit.segment);
        chart.node(Shape::Hexagon, &label)
    });
    chart.frame(&format!("{}: {}", root.name, blocks(&root.page.blocks)));
    let mut tiers: BTreeMap<&str, Node> = BTreeMap::new();
    for (name, _, ranges) in &root.page.tiers {
        let label = format!("{name}: {}", blocks(ranges));
        tiers.insert(name, chart.node(Shape::Box, &label));
    }
    let carrier = root.transit.as_ref().map(|transit| {
        let tier = transit.tier.as_str();
        *tiers.entry(tier).or_insert_with(|| chart.node(Shape::Box, tier))
    });
    let holders: Vec<&str> = root.nat_gateways.iter().map(|(_, subnet)| subnet.as_str()).collect();
    let nat =
        (!holders.is_empty()).then(|| chart.node(Shape::Slanted, &format!("NAT in {}", holders.join(", "))));
    chart.end();
    let hops: BTreeSet<(&str, RouteVia)> =
        root.routes.iter().map(|route| (route.tier.as_str(), route.via)).collect();
    for (tier, via) in hops {
        let next = match via {
            RouteVia::Transit => carrier.map(|node| ("<-->", node)),
            RouteVia::Internet => internet.map(|node| ("<-->", node)),
            RouteVia::Nat => nat.map(|node| ("-->", node)),
        };
        if let (Some(&from), Some((arrow, to))) = (tiers.get(tier), next)
            && from != to
        {
            chart.arrow(from, arrow, to, "");
        }
    }
    if let (Some(nat), Some(internet)) = (nat, internet) {
        chart.arrow(nat, "-->", internet, "");
    }
    if let (Some(carrier), Some(gateway)) = (carrier, gateway) {
        chart.arrow(carrier, "<-->", gateway, "");
    }
    chart.finish()
}

/// A hub: segments, what is in them, and whose routes each learns.
pub(super) fn hub(root: &HubRoot) -> String {
    let mut chart = Flowchart::new("LR");
    chart.frame(&format!("Transit Gateway {}", root.gateway));
    let segments: BTreeMap<&str, Node> = root
        .page
        .segments
        .iter()
        .map(|segment| (segment.name.as_str(), chart.node(Shape::Box, &segment.name)))
        .collect();
    chart.end();
    for segment in &root.page.segments {
        let Some(&node) = segments.get(segment.name.as_str()) else { continue };
        // The VPCs by name stand in the table: a line of all of them is one that every branch changes.
        if !segment.vpcs.is_empty() {
            let vpcs = chart.node(Shape::Box, "VPCs");
            chart.arrow(vpcs, "---", node, "");
        }
        for site in &segment.sites {
            let site = chart.node(Shape::Box, site);
            chart.arrow(site, "---", node, "");
        }
        for learned in &segment.learns {
            if let Some(&other) = segments.get(learned.as_str())
                && other != node
            {
                chart.arrow(other, "-.->", node, "routes");
            }
        }
    }
    chart.finish()
}
