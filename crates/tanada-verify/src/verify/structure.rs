//! What a network must be besides who reaches whom: whose it is, that addresses are used once, and that every zone has its way
//! to the gateway.

use std::collections::BTreeSet;

use tanada_model::design::{Design, Vpc as DesignVpc};
use tanada_model::net::Block;

use super::places::tiers;
use crate::Place;
use crate::network::{AttachmentKind, Network, Subnet, Target, Vpc};

/// Everything that is wrong: where, and what.
pub(super) fn check(design: &Design, network: &Network) -> Vec<(Place, String)> {
    let mut wrong = Vec::new();
    present(design, network, &mut wrong);
    for (at, vpc) in network.vpcs.iter().enumerate() {
        subnets(network, at, vpc, &mut wrong);
        attachment(network, at, vpc, &mut wrong);
        if let Some(declared) = design.vpcs.by_name(&vpc.id) {
            tags(design, declared, vpc, &mut wrong);
            carriers(design, network, at, vpc, &mut wrong);
            zones(design, network, at, vpc, declared, &mut wrong);
        }
    }
    routes(network, &mut wrong);
    overlaps(network, &mut wrong);
    wrong
}

type Wrong = Vec<(Place, String)>;

/// The VPCs and sites of the input are there, and no others.
fn present(design: &Design, network: &Network, wrong: &mut Wrong) {
    let nowhere = || Place::new("teams".into(), 0);
    let there: BTreeSet<&str> = network.vpcs.iter().map(|vpc| vpc.id.as_str()).collect();
    for vpc in design.vpcs.values() {
        if !there.contains(vpc.id.as_str()) {
            wrong.push((nowhere(), format!("the input's VPC `{}` is not in the tree", vpc.id)));
        }
    }
    for vpc in &network.vpcs {
        if design.vpcs.by_name(&vpc.id).is_none() {
            wrong.push((vpc.place.clone(), format!("VPC `{}` is not in the input", vpc.id)));
        }
    }
    for site in design.sites.values() {
        for link in &site.links {
            let name = format!("{}-{}", site.entity.name, link.entity.name);
            if network.attachments.iter().all(|attachment| attachment.name != name) {
                let hub = format!("hub/{}", design.hubs.name(link.hub));
                wrong.push((
                    Place::new(hub.into(), 0),
                    format!("attachment `{name}` of the input is not in the tree"),
                ));
            }
        }
    }
}

/// Team and environment by tag, which is what intents go by.
fn tags(design: &Design, declared: &DesignVpc, vpc: &Vpc, wrong: &mut Wrong) {
    let team = design.teams.name(declared.team);
    let environment = design.environments.name(declared.environment);
    for (tag, found, expected) in [("Team", &vpc.team, team), ("Environment", &vpc.environment, environment)]
    {
        if found != expected {
            let text = format!("`{}` has tag {tag} `{found}`; the input says `{expected}`", vpc.id);
            wrong.push((vpc.place.clone(), text));
        }
    }
}

/// Subnets lie in blocks of their VPC, apart from each other, with an ACL and a route table.
fn subnets(network: &Network, at: usize, vpc: &Vpc, wrong: &mut Wrong) {
    let mut own: Vec<&Subnet> = network.subnets_of(at).map(|(_, subnet)| subnet).collect();
    own.sort_by_key(|subnet| subnet.cidr);
    for subnet in &own {
        let Subnet { vpc: _, name, tier: _, zone: _, cidr, acl, table, place } = subnet;
        if !vpc.holds(*cidr) {
            wrong.push((
                place.clone(),
                format!("subnet `{}.{name}` ({cidr}) lies outside the VPC's blocks", vpc.id),
            ));
        }
        if !(16..=28).contains(&cidr.prefix_len()) {
            wrong.push((
                place.clone(),
                format!("subnet `{}.{name}` is a /{}; AWS takes /16 to /28", vpc.id, cidr.prefix_len()),
            ));
        }
        if acl.is_none() {
            wrong.push((
                place.clone(),
                format!(
                    "subnet `{}.{name}` has no ACL, so the VPC's default one lets everything pass",
                    vpc.id
                ),
            ));
        }
        if table.is_none() {
            wrong.push((place.clone(), format!("subnet `{}.{name}` has no route table", vpc.id)));
        }
    }
    for pair in own.windows(2) {
        if let [one, two] = pair
            && one.cidr.overlaps(two.cidr)
        {
            let text = format!(
                "subnets `{}.{}` ({}) and `{}` ({}) overlap",
                vpc.id, one.name, one.cidr, two.name, two.cidr
            );
            wrong.push((one.place.clone().max(two.place.clone()), text));
        }
    }
}

/// Every zone with subnets has a subnet of the attachment.
fn attachment(network: &Network, at: usize, vpc: &Vpc, wrong: &mut Wrong) {
    let Some(attachment) = vpc.attachment.map(|index| &network.attachments[index]) else { return };
    let AttachmentKind::Vpc { vpc: _, subnets, inspects: _ } = &attachment.kind else { return };
    let carried: Vec<&str> = subnets.iter().map(|subnet| network.subnets[*subnet].zone.as_str()).collect();
    let mut told: Vec<&str> = Vec::new();
    for (_, subnet) in network.subnets_of(at) {
        let zone = subnet.zone.as_str();
        if !carried.contains(&zone) && !told.contains(&zone) {
            told.push(zone);
            let text = format!(
                "the attachment of `{}` has no subnet in zone `{zone}`, so `{}` cannot reach the gateway",
                vpc.id, subnet.name
            );
            wrong.push((subnet.place.clone(), text));
        }
    }
}

/// The attachment stands in subnets of its own tier, and nothing else does.
fn carriers(design: &Design, network: &Network, at: usize, vpc: &Vpc, wrong: &mut Wrong) {
    let Some(id) = design.vpcs.id(&vpc.id) else { return };
    let attachment = vpc.attachment.map(|index| &network.attachments[index].kind);
    let carried: &[usize] = match attachment {
        Some(AttachmentKind::Vpc { vpc: _, subnets, inspects }) => {
            if *inspects != design.vpcs[id].inspects {
                let place = vpc.attachment.map_or(&vpc.place, |index| &network.attachments[index].place);
                let text = format!(
                    "appliance mode of `{}` is {}; the input says otherwise",
                    vpc.id,
                    if *inspects { "on" } else { "off" }
                );
                wrong.push((place.clone(), text));
            }
            subnets
        }
        Some(AttachmentKind::Site { ranges: _ }) | None => &[],
    };
    let all = tiers(design, id);
    for (index, subnet) in network.subnets_of(at) {
        let declared =
            all.iter().find(|(_, tier)| tier.entity.name == subnet.tier).map(|(_, tier)| tier.attach);
        match (declared, carried.contains(&index)) {
            (None, _) => {
                let text = format!(
                    "subnet `{}.{}` has tier `{}`, which the input's layout does not have",
                    vpc.id, subnet.name, subnet.tier
                );
                wrong.push((subnet.place.clone(), text));
            }
            (Some(false), true) => {
                let text = format!(
                    "the attachment of `{}` stands in `{}`, a tier for workloads: nothing asks there who comes in",
                    vpc.id, subnet.name
                );
                wrong.push((subnet.place.clone(), text));
            }
            (Some(true), false) => {
                let text = format!(
                    "subnet `{}.{}` is kept for the attachment and does not carry it",
                    vpc.id, subnet.name
                );
                wrong.push((subnet.place.clone(), text));
            }
            (Some(_), _) => {}
        }
    }
}

/// Zone ids are those of the region.
fn zones(design: &Design, network: &Network, at: usize, vpc: &Vpc, declared: &DesignVpc, wrong: &mut Wrong) {
    let region = &design.regions[declared.region];
    for (_, subnet) in network.subnets_of(at) {
        let letter =
            region.zones.iter().find(|(_, id)| id.value == subnet.zone).map(|(letter, _)| letter.as_str());
        // `private-a`, `private-a-2`, `private-a-block2`: the zone's letter comes after the tier.
        let rest = subnet.name.strip_prefix(subnet.tier.as_str()).and_then(|rest| rest.strip_prefix('-'));
        let named = rest.and_then(|rest| rest.split('-').next());
        if letter.is_none() || named != letter {
            let text = format!(
                "subnet `{}.{}` stands in zone `{}`, which is not the one that it is named after",
                vpc.id, subnet.name, subnet.zone
            );
            wrong.push((subnet.place.clone(), text));
        }
    }
}

/// Routes stay out of the VPC's own addresses, and NAT gateways stand where the internet gateway is near.
fn routes(network: &Network, wrong: &mut Wrong) {
    for table in &network.route_tables {
        let vpc = &network.vpcs[table.vpc];
        for route in &table.routes {
            if vpc.holds(route.to) {
                let text = format!(
                    "a route of `{}.{}` to {} lies inside the VPC's own block; AWS refuses it",
                    vpc.id, table.name, route.to
                );
                wrong.push((route.place.clone(), text));
            }
            if let Target::Nat(nat) = route.target {
                let subnet = &network.subnets[nat];
                let out = subnet
                    .table
                    .map(|table| network.route_tables[table].routes.as_slice())
                    .unwrap_or_default();
                if !out.iter().any(|route| route.to.is_everything() && route.target == Target::Internet) {
                    let text =
                        format!("the NAT gateway in `{}.{}` has no way to the internet", vpc.id, subnet.name);
                    wrong.push((route.place.clone(), text));
                }
            }
        }
    }
}

/// Blocks on one gateway are used once: AWS does not propagate the later of two that overlap.
fn overlaps(network: &Network, wrong: &mut Wrong) {
    let mut all: Vec<(Block, usize, &Place)> = Vec::new();
    for (at, vpc) in network.vpcs.iter().enumerate() {
        all.extend(vpc.blocks.iter().map(|(block, place)| (*block, at, place)));
    }
    all.sort();
    for pair in all.windows(2) {
        if let [(one, first, place), (two, second, later)] = pair
            && one.overlaps(*two)
        {
            let (first, second) = (&network.vpcs[*first].id, &network.vpcs[*second].id);
            let text = format!("{two} of `{second}` overlaps {one} of `{first}`");
            wrong.push(((*place).max(*later).clone(), text));
        }
    }
}
