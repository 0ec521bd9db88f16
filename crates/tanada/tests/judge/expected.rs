//! What the author's plan says about a root, one sentence a fact, for comparison with what Terraform plans.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Action, Protocol};
use tanada_model::net::Block;
use tanada_render::plan::{
    AclPlan, AclRule, Cidr, ExistingAttachment, HubRoot, Named, Plan, RouteVia, SegmentPlan, Shared,
    StaticRoute, SubnetPlan, TransitPlan, VpcRoot,
};

pub(crate) type Facts = BTreeSet<String>;

/// The address behind a reference in a root with these `aggregates`.
pub(crate) fn address(plan: &Plan, aggregates: &BTreeMap<String, Block>, cidr: &Cidr) -> Block {
    let own = |cidr: &Cidr| address(plan, aggregates, cidr);
    let named = |all: &[Named], name: &str, index: usize| {
        let found = all.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("no `{name}`"));
        own(&found.values[index].0)
    };
    let vpc = |id: &str| plan.vpcs.iter().find(|vpc| vpc.id == id).unwrap_or_else(|| panic!("no VPC `{id}`"));
    match cidr {
        Cidr::Literal(block) => *block,
        Cidr::Everywhere => "0.0.0.0/0".parse().unwrap(),
        Cidr::Aggregate(name) => aggregates[name],
        Cidr::Shared(shared) => match &**shared {
            Shared::Root(name) => named(&plan.estate.ranges, name, 0),
            Shared::Pool(name, index) => named(&plan.estate.pools, name, *index),
            Shared::Reserved(name) => named(&plan.estate.reserved, name, 0),
            Shared::Site(name, index) => named(&plan.estate.sites, name, *index),
            Shared::Private(index) => own(&plan.estate.private[*index].0),
            Shared::Block(id, index) => own(&vpc(id).blocks[*index].0),
            Shared::Tier(id, name, index) => {
                let tier = vpc(id).tiers.iter().find(|tier| tier.name == *name);
                own(&tier.unwrap_or_else(|| panic!("no tier `{name}`")).values[*index].0)
            }
            Shared::Aggregate(name) => plan.aggregates[name],
        },
    }
}

/// What a VPC's root makes, as far as it is known before apply.
pub(crate) fn vpc(plan: &Plan, root: &VpcRoot) -> Facts {
    let address = |cidr: &Cidr| address(plan, &root.aggregates, cidr);
    let mut facts = Facts::new();
    let (first, others) = root.blocks.split_first().expect("a VPC has a block");
    facts.insert(format!("vpc {} {}", root.name, address(&first.0)));
    facts.extend(others.iter().map(|(block, _)| format!("further block {}", address(block))));
    for SubnetPlan { name, tier, zone, zone_id, block, cidr } in &root.subnets {
        assert_eq!(address(cidr), *block, "{name}");
        facts.insert(format!("subnet {name} {block} {zone_id} of tier {tier}"));
        facts.insert(format!("route table {tier}-{zone}"));
    }
    for route in &root.routes {
        for zone in zones(root, &route.tier) {
            let (to, cidr) = (&route.to, address(&route.cidr));
            facts.insert(format!("route {}-{zone}/{to} {cidr} {}", route.tier, via(route.via)));
        }
    }
    for AclPlan { tier, ingress, egress } in &root.acls {
        facts.insert(format!("acl {tier}"));
        facts.extend(ingress.iter().map(|row| format!("acl {tier} ingress {}", rule(address, row))));
        facts.extend(egress.iter().map(|row| format!("acl {tier} egress {}", rule(address, row))));
    }
    facts.extend(root.internet_gateway.then(|| "internet gateway".to_owned()));
    facts.extend(root.nat_gateways.iter().map(|(zone, _)| format!("nat gateway {zone}")));
    facts.extend(root.gateway_endpoints.iter().map(|(service, _)| format!("endpoint {service}")));
    facts.extend(root.flow_log.then(|| "flow log".to_owned()));
    if let Some(transit) = &root.transit {
        facts.extend(attachment(transit, address));
    }
    facts
}

/// The zones in which a tier has a route table.
pub(crate) fn zones<'a>(root: &'a VpcRoot, tier: &str) -> BTreeSet<&'a str> {
    root.subnets.iter().filter(|subnet| subnet.tier == tier).map(|subnet| subnet.zone.as_str()).collect()
}

fn via(via: RouteVia) -> &'static str {
    match via {
        RouteVia::Transit => "transit",
        RouteVia::Internet => "internet",
        RouteVia::Nat => "nat",
    }
}

/// A rule as AWS takes it: `-1` is every protocol, and it has no ports; ICMP has a type and a code.
fn rule(address: impl Fn(&Cidr) -> Block, rule: &AclRule) -> String {
    let AclRule { number, action, protocol, ports, block, cidr, why: _ } = rule;
    assert_eq!(address(cidr), *block, "rule {number}");
    let action = match action {
        Action::Allow => "allow",
        Action::Deny => "deny",
    };
    let (protocol, (from, to), icmp) = match protocol {
        None => ("-1", (0, 0), ""),
        Some(Protocol::Tcp) => ("tcp", ports.unwrap_or((0, u16::MAX)), ""),
        Some(Protocol::Udp) => ("udp", ports.unwrap_or((0, u16::MAX)), ""),
        Some(Protocol::Icmp) => ("icmp", (0, 0), " type -1 code -1"),
    };
    format!("{number} {action} {protocol} {from}-{to}{icmp} {block}")
}

fn attachment(transit: &TransitPlan, address: impl Fn(&Cidr) -> Block) -> Facts {
    let TransitPlan { hub: _, tier: _, segment: _, propagate_to, routes, accept, appliance_mode } = transit;
    let mut facts = Facts::from(["association".to_owned()]);
    let appliance = if *appliance_mode { "enable" } else { "disable" };
    facts.insert(format!("attachment with appliance mode {appliance}"));
    facts.extend(accept.then(|| "acceptance".to_owned()));
    facts.extend(propagate_to.iter().map(|segment| format!("propagation {segment}")));
    facts.extend(routes.iter().map(|route| static_route("", route, &address)));
    facts
}

fn static_route(attachment: &str, route: &StaticRoute, address: impl Fn(&Cidr) -> Block) -> String {
    let StaticRoute { segment, to, cidr } = route;
    format!("segment route {attachment}{segment}/{to} {} blackhole false", address(cidr))
}

/// What a hub's root makes, as far as it is known before apply.
pub(crate) fn hub(plan: &Plan, root: &HubRoot) -> Facts {
    let address = |cidr: &Cidr| address(plan, &root.aggregates, cidr);
    let mut facts = Facts::from([format!("gateway {} {}", root.gateway, root.asn)]);
    for SegmentPlan { name, blackholes } in &root.segments {
        facts.insert(format!("segment {name} {}-{name}", root.gateway));
        let drop = |(to, cidr): &(String, Cidr)| {
            format!("segment route {name}/{to} {} blackhole true", address(cidr))
        };
        facts.extend(blackholes.iter().map(drop));
    }
    for ExistingAttachment { name, id: _, segment: _, propagate_to, routes } in &root.attachments {
        facts.insert(format!("association {name}"));
        facts.extend(propagate_to.iter().map(|segment| format!("propagation {segment}/{name}")));
        facts.extend(routes.iter().map(|route| static_route("", route, address)));
    }
    facts.extend(root.share_with.iter().map(|account| format!("share with {}", account.name)));
    facts
}

/// What belongs to what in a VPC's root, known after apply.
pub(crate) fn links(root: &VpcRoot) -> Facts {
    let mut facts = Facts::new();
    let names = |tier: &str| {
        let names =
            root.subnets.iter().filter(|subnet| subnet.tier == tier).map(|subnet| subnet.name.as_str());
        names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    for SubnetPlan { name, tier, zone, .. } in &root.subnets {
        facts.insert(format!("subnet {name} has route table {tier}-{zone}"));
    }
    facts.extend(root.acls.iter().map(|acl| format!("acl {} has subnets {}", acl.tier, names(&acl.tier))));
    for (zone, subnet) in &root.nat_gateways {
        facts.insert(format!("nat gateway {zone} is in {subnet}"));
    }
    for (service, tiers) in &root.gateway_endpoints {
        let tables: BTreeSet<String> = tiers
            .iter()
            .flat_map(|tier| zones(root, tier).into_iter().map(move |zone| format!("{tier}-{zone}")))
            .collect();
        let tables: Vec<_> = tables.into_iter().collect();
        facts.insert(format!("endpoint {service} has route tables {}", tables.join(" ")));
    }
    for route in root.routes.iter().filter(|route| route.via == RouteVia::Nat) {
        for zone in zones(root, &route.tier) {
            // The gateway of the zone, or the only one.
            let own = root.nat_gateways.iter().find(|(of, _)| of == zone).or(root.nat_gateways.first());
            let (nat, _) = own.expect("a route to NAT has a gateway");
            facts.insert(format!("route {}-{zone}/{} leads to {nat}", route.tier, route.to));
        }
    }
    if let Some(TransitPlan { tier, segment, propagate_to, .. }) = &root.transit {
        facts.insert(format!("attachment has subnets {}", names(tier)));
        facts.insert(format!("association with {segment}"));
        facts.extend(propagate_to.iter().map(|segment| format!("propagation {segment} to {segment}")));
    }
    facts
}
