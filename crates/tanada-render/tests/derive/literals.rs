//! Every address value stands once as a literal in the whole tree.

use std::collections::BTreeMap;

use tanada_model::net::Block;
use tanada_render::plan::{Cidr, HubRoot, Plan, Shared, VpcRoot};

use crate::estate::{fixture, plan, text};

/// Every place that holds or refers to an address, with a name for the message.
fn cidrs(plan: &Plan) -> Vec<(String, &Cidr)> {
    let mut all = Vec::new();
    let estate = &plan.estate;
    for named in estate.ranges.iter().chain(&estate.pools).chain(&estate.reserved).chain(&estate.sites) {
        all.extend(named.values.iter().map(|(cidr, _)| (named.name.clone(), cidr)));
    }
    all.extend(estate.private.iter().map(|(cidr, _)| ("private".to_owned(), cidr)));
    for HubRoot { name, segments, attachments, .. } in &plan.hubs {
        let drops = segments.iter().flat_map(|segment| &segment.blackholes);
        all.extend(drops.map(|(to, cidr)| (format!("{name}/{to}"), cidr)));
        let routes = attachments.iter().flat_map(|attachment| &attachment.routes);
        all.extend(routes.map(|route| (format!("{name}/{}", route.to), &route.cidr)));
    }
    for VpcRoot { id, blocks, tiers, subnets, routes, acls, transit, .. } in &plan.vpcs {
        let values = blocks.iter().chain(tiers.iter().flat_map(|tier| &tier.values));
        all.extend(values.map(|(cidr, _)| (id.clone(), cidr)));
        all.extend(subnets.iter().map(|subnet| (format!("{id}/{}", subnet.name), &subnet.cidr)));
        all.extend(routes.iter().map(|route| (format!("{id}/{}", route.to), &route.cidr)));
        let rules = acls.iter().flat_map(|acl| acl.ingress.iter().chain(&acl.egress));
        all.extend(rules.map(|rule| (format!("{id} {}", rule.number), &rule.cidr)));
        let statics = transit.iter().flat_map(|transit| &transit.routes);
        all.extend(statics.map(|route| (format!("{id}/{}", route.to), &route.cidr)));
    }
    all
}

/// The value at the place that a reference names.
fn value<'a>(plan: &'a Plan, shared: &Shared) -> &'a Cidr {
    let vpc = |id: &str| plan.vpcs.iter().find(|vpc| vpc.id == id).unwrap();
    let estate = &plan.estate;
    let named = |list: &'a [tanada_render::plan::Named], name: &str, i: usize| {
        &list.iter().find(|named| named.name == name).unwrap().values[i].0
    };
    match shared {
        Shared::Root(name) => named(&estate.ranges, name, 0),
        Shared::Pool(name, i) => named(&estate.pools, name, *i),
        Shared::Reserved(name) => named(&estate.reserved, name, 0),
        Shared::Site(name, i) => named(&estate.sites, name, *i),
        Shared::Private(i) => &estate.private[*i].0,
        Shared::Block(id, i) => &vpc(id).blocks[*i].0,
        Shared::Tier(id, tier, i) => {
            &vpc(id).tiers.iter().find(|one| one.name == *tier).unwrap().values[*i].0
        }
        Shared::Aggregate(_) => panic!("an aggregate is a value of its own"),
    }
}

fn literal(cidr: &Cidr) -> Block {
    match cidr {
        Cidr::Literal(block) => *block,
        Cidr::Everywhere | Cidr::Aggregate(_) | Cidr::Shared(_) => panic!("{cidr:?}"),
    }
}

/// Asserts that no block stands twice, that every reference leads to a literal at once, and that rules, whose block is
/// known, refer to that very block.
fn assert_once(plan: &Plan) {
    let mut seen: BTreeMap<Block, String> = BTreeMap::new();
    let mut once = |block: Block, place: String| {
        if let Some(other) = seen.insert(block, place.clone()) {
            panic!("{block} stands at {other} and at {place}");
        }
    };
    for (place, cidr) in cidrs(plan) {
        match cidr {
            Cidr::Literal(block) => once(*block, place),
            Cidr::Everywhere | Cidr::Aggregate(_) => {}
            Cidr::Shared(shared) => {
                if let Shared::Aggregate(name) = &**shared {
                    assert!(plan.aggregates.contains_key(name), "{place}: {name}");
                } else {
                    assert!(
                        matches!(value(plan, shared), Cidr::Literal(_)),
                        "{place} refers to {shared:?}, which refers on"
                    );
                }
            }
        }
    }
    let of_roots = plan.vpcs.iter().map(|vpc| (&vpc.id, &vpc.aggregates));
    for (root, aggregates) in of_roots.chain(plan.hubs.iter().map(|hub| (&hub.name, &hub.aggregates))) {
        aggregates.iter().for_each(|(name, block)| once(*block, format!("{root}: {name}")));
    }
    plan.aggregates.iter().for_each(|(name, block)| once(*block, format!("aggregates: {name}")));
    for vpc in &plan.vpcs {
        for rule in vpc.acls.iter().flat_map(|acl| acl.ingress.iter().chain(&acl.egress)) {
            let block = match &rule.cidr {
                Cidr::Literal(block) => *block,
                Cidr::Everywhere => "0.0.0.0/0".parse().unwrap(),
                Cidr::Aggregate(name) => vpc.aggregates[name],
                Cidr::Shared(shared) => {
                    if let Shared::Aggregate(name) = &**shared {
                        plan.aggregates[name]
                    } else {
                        literal(value(plan, shared))
                    }
                }
            };
            assert_eq!(block, rule.block, "{} {}", vpc.id, rule.number);
        }
    }
}

#[test]
fn of_the_four_estates() {
    for name in ["m3", "modernisation-platform", "lza-finance-tax", "aws-asea-pbmm"] {
        assert_once(&plan(&fixture(name)));
    }
}

/// A VPC that fills its pool, a tier that fills its block, subnets that fill their tier, a root that is RFC 1918, a
/// reservation that is a site: whoever is larger holds the literal.
#[test]
fn of_things_that_fill_each_other() {
    let plan = plan(&text(FULL));
    assert_once(&plan);
    let vpc = &plan.vpcs[0];
    assert_eq!(vpc.blocks[0].0, Cidr::Shared(Shared::Pool("whole".into(), 0).into()));
    assert_eq!(vpc.tiers[0].values[0].0, Cidr::Shared(Shared::Pool("whole".into(), 0).into()));
    assert_eq!(vpc.subnets[0].cidr, Cidr::Shared(Shared::Pool("whole".into(), 0).into()));
    assert_eq!(plan.estate.private[0].0, Cidr::Shared(Shared::Root("all".into()).into()));
}

const FULL: &str = r#"
pool "all" {
  range = "10.0.0.0/8"
  pool "whole" { size = 20 }
}
region "eu-west-1" { zones = { a = "euw1-az1" } }
layout "one" {
  zones = ["a"]
  slots = 1
  tier "only" {
    newbits = 0
    allow "home" {
      from = [private]
    }
  }
}
environment "live" {
  pool     = pool.whole
  region   = region.eu-west-1
  layout   = layout.one
  size     = 20
  headroom = 0
}
team "web" {}
"#;

/// What two roots need to sum up stands in `addresses/aggregates`, what one needs in its own.
#[test]
fn of_sums() {
    let plan = plan(&text(SUMS));
    assert_once(&plan);
    assert_eq!(plan.aggregates.keys().collect::<Vec<_>>(), ["base_19_0", "live_18_0"]);
    let own: Vec<_> = plan.vpcs.iter().filter(|vpc| !vpc.aggregates.is_empty()).map(|vpc| &vpc.id).collect();
    assert!(own.is_empty(), "{own:?}");
}

const SUMS: &str = r#"
pool "live" { range = "10.0.0.0/16" }
pool "base" { range = "10.8.0.0/16" }
region "eu-west-1" { zones = { a = "euw1-az1" } }
hub "eu" {
  region = region.eu-west-1
  asn    = 64512
}
segment "live" { reaches = [segment.live, segment.base] }
segment "base" { reaches = [segment.base] }
layout "one" {
  zones = ["a"]
  slots = 1
  tier "only" { newbits = 2 }
  tier "transit" {
    size   = 28
    attach = true
  }
}
environment "live" {
  pool    = pool.live
  hub     = hub.eu
  segment = segment.live
  layout  = layout.one
  size    = 20
}
environment "base" {
  pool     = pool.base
  optional = true
  hub      = hub.eu
  segment  = segment.base
  layout   = layout.one
  size     = 20
}
team "a" {}
team "b" {}
team "c" {}
team "d" {}
team "logs" {
  environments = []
  vpc "base" {}
}
team "names" {
  environments = []
  vpc "base" {}
}
allow "log" {
  from  = [environment.live]
  to    = [team.logs.base, team.names.base]
  ports = ["tcp/443"]
  why   = "Everybody logs."
}
"#;
