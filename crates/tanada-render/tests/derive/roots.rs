//! What a VPC's root says: routes, NAT, centralised egress, providers, keys that move.

use tanada_model::design::Action;
use tanada_render::plan::{RouteVia, VpcRoot};

use crate::estate::{fixture, plan, text};

fn routes(vpc: &VpcRoot) -> Vec<(&str, &str, RouteVia)> {
    vpc.routes.iter().map(|route| (route.tier.as_str(), route.to.as_str(), route.via)).collect()
}

#[test]
fn of_an_estate_with_nat_everywhere() {
    let plan = plan(&fixture("m3"));
    let web = plan.vpcs.iter().find(|vpc| vpc.id == "web-production").unwrap();
    assert_eq!(
        routes(web),
        [
            ("private", "pool.m3", RouteVia::Transit),
            ("private", "internet", RouteVia::Nat),
            ("public", "pool.m3", RouteVia::Transit),
            ("public", "internet", RouteVia::Internet),
            ("data", "pool.m3", RouteVia::Transit),
        ]
    );
    assert_eq!(web.nat_gateways.len(), 3);
    let most =
        plan.vpcs.iter().flat_map(|vpc| &vpc.acls).flat_map(|acl| [acl.ingress.len(), acl.egress.len()]);
    assert!(most.max().unwrap() <= 19);
}

#[test]
fn of_centralised_egress() {
    let plan = plan(&fixture("lza-finance-tax"));
    let vpc = |id: &str| plan.vpcs.iter().find(|vpc| vpc.id == id).unwrap();
    let egress = vpc("Network-egress");
    let attach = egress.transit.as_ref().unwrap().tier.as_str();
    assert!(routes(egress).contains(&(attach, "internet", RouteVia::Nat)));
    assert!(routes(vpc("Production-prod")).contains(&("app", "internet", RouteVia::Transit)));
    assert!(vpc("Production-prod").nat_gateways.is_empty());
    assert!(vpc("Production-prod").hub_provider.is_some() && egress.hub_provider.is_none());
    // Members come in on 443 and get their answers; nobody else of the estate does.
    let public = egress.acls.iter().find(|acl| acl.tier == "public").unwrap();
    let prod = vpc("Production-prod").page.blocks[0];
    let first = |port: u16, rules: &[tanada_render::plan::AclRule]| {
        let rule = rules.iter().find(|rule| {
            rule.block.contains(prod) && rule.ports.is_none_or(|(from, to)| (from..=to).contains(&port))
        });
        rule.map(|rule| rule.action)
    };
    assert_eq!(first(443, &public.ingress), Some(Action::Allow));
    assert_eq!(first(22, &public.ingress), Some(Action::Deny));
    assert_eq!(first(50000, &public.egress), Some(Action::Allow));
}

/// A site that stands for the internet takes nothing out of the estate.
#[test]
fn of_a_site_that_is_the_internet() {
    let guards = |ranges: &str| {
        let estate = TIER.to_owned() + &format!("\nsite \"world\" {{ ranges = [{ranges}] }}\n");
        let plan = plan(&text(&estate));
        let rows = plan.vpcs.iter().flat_map(|vpc| &vpc.acls).flat_map(|acl| acl.ingress.clone());
        let denied = rows.filter(|rule| rule.action == Action::Deny).map(|rule| rule.block.to_string());
        denied.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(guards("internet"), ["10.0.0.0/12"]);
    assert_eq!(guards("internet, \"192.0.2.0/24\""), ["10.0.0.0/12", "192.0.2.0/24"]);
}

#[test]
fn of_a_renamed_tier() {
    let before = text(TIER);
    let (_, _, lock) = crate::estate::allocated(&before, &tanada_model::lock::Lock::default());
    let after = text(&TIER.replace("tier \"app\" {", "tier \"code\" {\n    renamed_from = \"app\""));
    let (design, allocation, _) = crate::estate::allocated(&after, &lock);
    let plan = tanada_render::derive::derive(&design, &allocation).0.unwrap();
    let moved: Vec<String> =
        plan.vpcs[0].moved.iter().map(|m| format!("{:?} {} {}", m.resource, m.from, m.to)).collect();
    assert_eq!(
        moved,
        [
            "Subnet app-a code-a",
            "RouteTable app-a code-a",
            "RouteTableAssociation app-a code-a",
            "Route app-a/internet code-a/internet",
            "NetworkAcl app code",
        ]
    );
}

const TIER: &str = r#"
pool "all" { range = "10.0.0.0/12" }
region "eu-west-1" { zones = { a = "euw1-az1" } }
layout "one" {
  zones = ["a"]
  tier "app" {
    newbits  = 3
    internet = "out"
  }
  tier "public" {
    newbits  = 3
    internet = "in"
  }
}
environment "live" {
  pool   = pool.all
  region = region.eu-west-1
  layout = layout.one
  size   = 20
}
team "a" {}
"#;
