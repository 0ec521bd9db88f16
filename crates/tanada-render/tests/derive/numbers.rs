//! Numbers of ACL rows: a younger intent moves none, and no range moves any.

use std::collections::BTreeMap;

use tanada_model::lock::Lock;
use tanada_render::derive::derive;
use tanada_render::plan::{AclRule, Plan};

use crate::estate::{allocated, fixture, text};

/// Every row by where it stands and what it says, without the number.
fn rows(plan: &Plan) -> BTreeMap<String, u32> {
    let mut rows = BTreeMap::new();
    for vpc in &plan.vpcs {
        for acl in &vpc.acls {
            for (side, rules) in [("in", &acl.ingress), ("out", &acl.egress)] {
                for AclRule { number, action, protocol, ports, block: _, cidr, why: _ } in rules {
                    let key =
                        format!("{} {} {side} {action:?} {protocol:?} {ports:?} {cidr:?}", vpc.id, acl.tier);
                    assert!(rows.insert(key.clone(), *number).is_none(), "{key} stands twice");
                }
            }
        }
    }
    rows
}

#[test]
fn a_younger_intent_moves_none() {
    let mut sources = fixture("m3");
    let (design, allocation, lock) = allocated(&sources, &Lock::default());
    let before = rows(&derive(&design, &allocation).0.unwrap());
    // Its name sorts before every other: only its birth makes it the younger one.
    sources.add("network/a.hcl", A);
    let (design, allocation, _) = allocated(&sources, &lock);
    let after = rows(&derive(&design, &allocation).0.unwrap());
    assert!(after.len() > before.len() + 10);
    for (row, number) in before {
        assert_eq!(after.get(&row), Some(&number), "{row}");
    }
}

const A: &str = r#"
allow "a" {
  from  = [team.search]
  to    = [team.billing.private, team.billing.data, team.platform.shared.private]
  ports = ["tcp/8443", "icmp"]
  why   = "A test."
}
"#;

#[test]
fn another_range_moves_none() {
    let estate = |range: &str| {
        let text = text(&ESTATE.replace("10.0.0.0/12", range));
        let (design, allocation, _) = allocated(&text, &Lock::default());
        rows(&derive(&design, &allocation).0.unwrap())
    };
    assert_eq!(estate("10.32.0.0/12"), estate("10.160.0.0/12"));
}

const ESTATE: &str = r#"
pool "all" { range = "10.0.0.0/12" }
region "eu-west-1" { zones = { a = "euw1-az1", b = "euw1-az2" } }
hub "eu" {
  region = region.eu-west-1
  asn    = 64512
}
segment "live" { reaches = [segment.live] }
layout "one" {
  zones = ["a", "b"]
  deny "mail" {
    to    = [any]
    ports = ["tcp/25"]
  }
  tier "private" {
    newbits  = 4
    internet = "out"
  }
  tier "public" {
    newbits  = 4
    internet = "in"
  }
  tier "transit" {
    size   = 28
    attach = true
  }
}
environment "live" {
  pool    = pool.all
  hub     = hub.eu
  segment = segment.live
  layout  = layout.one
  size    = 20
}
team "a" {}
team "b" {}
team "c" {}
allow "one" {
  from  = [team.a.private]
  to    = [team.b.private, team.c]
  ports = ["tcp/443"]
  why   = "A test."
}
allow "two" {
  from  = [environment.live]
  to    = [team.c.private]
  ports = ["udp/53", "tcp/53"]
  why   = "A test."
}
"#;
