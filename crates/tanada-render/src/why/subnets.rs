//! Rows of the subnets' table, and what stands in subnets.

use super::{Book, Step, VpcCase};
use crate::plan::SubnetPlan;

pub(super) fn add(book: &mut Book, vpc: VpcCase<'_>) {
    for row in &vpc.root.subnets {
        let SubnetPlan { name, tier, zone, zone_id: _, block, cidr: _ } = row;
        let steps = vpc.subnet(name);
        let at = |attribute: &str| format!("subnets.{name}.{attribute}");
        let named = Step::rule(
            "a subnet's name is its tier and zone, and a number when growth added it: its key in the state",
        );
        book.add(at("name"), name, steps.iter().cloned().chain([named]));
        book.add(at("tier"), tier, steps.clone());
        book.add(at("zone"), zone, steps.clone());
        book.add(at("cidr"), block, steps);
    }
    for (zone, subnet) in &vpc.root.nat_gateways {
        let tier = subnet.split_once('-').map_or(subnet.as_str(), |(tier, _)| tier);
        let tier = vpc.find(subnet).map_or(tier, |(_, tier, _)| tier);
        let mut steps = vpc.tier_line(tier, "is open to the internet, so it holds the NAT gateways");
        steps.push(Step::rule("the layout's `nat`: one gateway in every zone, or a single one"));
        book.add(format!("nat_gateways.{zone}.zone"), zone, steps.clone());
        book.add(format!("nat_gateways.{zone}.subnet"), subnet, steps);
    }
    for (service, tiers) in &vpc.root.gateway_endpoints {
        let rule = Step::rule(
            "gateway endpoints cost nothing: every tier that goes out has them, so that its way to S3 and DynamoDB passes no NAT gateway",
        );
        let lines: Vec<Step> =
            tiers.iter().flat_map(|tier| vpc.tier_line(tier, "goes out to the internet")).collect();
        let all = || lines.iter().cloned().chain([rule.clone()]);
        book.add(format!("gateway_endpoints.{service}.service"), service, all());
        for tier in tiers {
            book.add(format!("gateway_endpoints.{service}.tiers.{tier}"), tier, all());
        }
    }
    if vpc.root.internet_gateway {
        let of_tier = vpc.tiers_where(super::root::is_open);
        let steps = of_tier.iter().flat_map(|tier| vpc.tier_line(tier, "is open to the internet"));
        book.add("internet_gateway", true, steps.collect::<Vec<_>>());
    }
}
