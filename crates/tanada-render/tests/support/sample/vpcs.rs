//! The VPCs of the sample.

use std::collections::BTreeMap;

use tanada_model::design::{Action, Protocol};
use tanada_render::plan::{
    AclPlan, AclRule, Cidr, KeyedResource, MovePart, Moved, Movement, ProviderPlan, Reason, RoutePlan,
    RouteVia, Shared, SubnetPlan, TierPlan, TransitPlan, VpcPage, VpcRoot,
};

use super::{EVIL, account, block, commented, literal, owned, provider, static_route};

fn subnet(name: &str, tier: &str, zone: &str, cidr: &str) -> SubnetPlan {
    let zone_id = match zone {
        "a" => "apne1-az4",
        "c" => "apne1-az1",
        _ => "apne1-az2",
    };
    SubnetPlan {
        name: name.to_owned(),
        tier: tier.to_owned(),
        zone: zone.to_owned(),
        zone_id: zone_id.to_owned(),
        block: block(cidr),
        cidr: literal(cidr),
    }
}

fn route(tier: &str, to: &str, via: RouteVia, cidr: Cidr) -> RoutePlan {
    RoutePlan { tier: tier.to_owned(), to: to.to_owned(), via, cidr }
}

fn rule(
    number: u32,
    action: Action,
    protocol: Option<Protocol>,
    ports: Option<(u16, u16)>,
    cidr: Cidr,
) -> AclRule {
    // The block is for other readers of the plan; nothing here prints it.
    AclRule {
        number,
        action,
        protocol,
        ports,
        block: block("0.0.0.0/0"),
        cidr,
        why: Reason { said: EVIL.into(), is_return: false },
    }
}

fn tier_of(id: &str, tier: &str) -> Cidr {
    Cidr::Shared(Shared::Tier(id.to_owned(), tier.to_owned(), 0).into())
}

fn payments_acls() -> Vec<AclPlan> {
    let web = Cidr::Shared(Shared::Block("web-staging".to_owned(), 0).into());
    let own = Cidr::Shared(Shared::Block("payments-production".to_owned(), 0).into());
    let root = Cidr::Shared(Shared::Root("m3".to_owned()).into());
    let aggregate = Cidr::Shared(Shared::Aggregate("web_and_mail".to_owned()).into());
    let private = AclPlan {
        tier: "private".to_owned(),
        ingress: vec![
            rule(12400, Action::Allow, None, None, tier_of("payments-production", "private")),
            rule(13500, Action::Allow, Some(Protocol::Tcp), Some((443, 443)), web),
            rule(14500, Action::Allow, Some(Protocol::Udp), None, aggregate),
            rule(21500, Action::Allow, Some(Protocol::Icmp), None, Cidr::Shared(Shared::Private(1).into())),
            rule(24100, Action::Deny, None, None, root),
            rule(32400, Action::Allow, Some(Protocol::Tcp), Some((1024, 3388)), Cidr::Everywhere),
        ],
        egress: vec![rule(32400, Action::Allow, Some(Protocol::Tcp), None, Cidr::Everywhere)],
    };
    let open = |tier: &str| AclPlan {
        tier: tier.to_owned(),
        ingress: vec![rule(13400, Action::Allow, None, None, own.clone())],
        egress: Vec::new(),
    };
    vec![private, open("public"), open("uplink")]
}

/// A VPC with all there is, behind a hub in another account.
#[allow(clippy::too_many_lines, reason = "it is one value")]
pub(super) fn payments() -> VpcRoot {
    let id = "payments-production";
    VpcRoot {
        id: id.to_owned(),
        directory: "teams/payments/production".to_owned(),
        birth: "teams/pay/production".to_owned(),
        name: "m3-payments-production".to_owned(),
        team: "payments".to_owned(),
        environment: "production".to_owned(),
        owner: Some("@m3/payments".to_owned()),
        why: Some(EVIL.to_owned()),
        provider: provider(Some(account("m3-payments", true, None)), "payments"),
        hub_provider: Some(provider(Some(account("network", false, Some("attach"))), "payments")),
        blocks: vec![
            commented("10.1.64.0/19", "cidrsubnet(production, 9, 10)"),
            commented("10.2.64.0/19", ""),
        ],
        tiers: vec![
            TierPlan {
                name: "private".to_owned(),
                values: vec![commented("10.1.64.0/20", ""), commented("10.2.64.0/20", "")],
            },
            TierPlan { name: "public".to_owned(), values: vec![commented("10.1.80.0/21", "")] },
        ],
        subnets: vec![
            subnet("private-a", "private", "a", "10.1.64.0/23"),
            subnet("private-c", "private", "c", "10.1.68.0/23"),
            subnet("private-a-block2", "private", "a", "10.2.64.0/23"),
            subnet("public-a", "public", "a", "10.1.80.0/24"),
            subnet("public-c", "public", "c", "10.1.82.0/24"),
            subnet("uplink-a", "uplink", "a", "10.1.92.0/28"),
            subnet("uplink-c", "uplink", "c", "10.1.92.16/28"),
        ],
        routes: vec![
            route("private", "m3", RouteVia::Transit, Cidr::Shared(Shared::Root("m3".to_owned()).into())),
            route("private", "near", RouteVia::Transit, Cidr::Aggregate("near".to_owned())),
            route("private", "internet", RouteVia::Nat, Cidr::Everywhere),
            route("public", "internet", RouteVia::Internet, Cidr::Everywhere),
        ],
        internet_gateway: true,
        nat_gateways: [("a", "public-a"), ("c", "public-c")]
            .map(|(zone, name)| (zone.to_owned(), name.to_owned()))
            .into(),
        gateway_endpoints: vec![
            ("dynamodb".to_owned(), owned(["private"])),
            ("s3".to_owned(), owned(["private", "public"])),
        ],
        acls: payments_acls(),
        flow_log: true,
        transit: Some(TransitPlan {
            hub: "tokyo".to_owned(),
            tier: "uplink".to_owned(),
            segment: "production".to_owned(),
            propagate_to: owned(["production", "shared"]),
            routes: vec![static_route("shared", "default", Cidr::Everywhere)],
            accept: true,
            appliance_mode: true,
        }),
        moved: [
            (KeyedResource::Subnet, "app-a", "private-a"),
            (KeyedResource::RouteTable, "app-a", "private-a"),
            (KeyedResource::RouteTableAssociation, "app-a", "private-a"),
            (KeyedResource::Route, "app-a/internet", "private-a/internet"),
            (KeyedResource::NetworkAcl, "app", "private"),
        ]
        .map(|(resource, from, to)| Moved { resource, from: from.to_owned(), to: to.to_owned() })
        .into(),
        aggregates: [("near".to_owned(), block("192.168.16.0/20"))].into(),
        page: VpcPage {
            segment: Some("production".to_owned()),
            headroom: 1,
            flows: vec![
                ["web-staging", "private", "tcp/443", EVIL].map(str::to_owned),
                ["internet", "public", "tcp/443", "standard"].map(str::to_owned),
            ],
            blocks: vec![block("10.1.64.0/19"), block("10.2.64.0/19")],
            movement: Some(Movement {
                id: "payments-production".to_owned(),
                part: MovePart::Goes {
                    label: "production-next".to_owned(),
                    blocks: vec![block("10.9.0.0/19")],
                },
            }),
            tiers: vec![
                (
                    "private".to_owned(),
                    "out by NAT".to_owned(),
                    vec![block("10.1.64.0/20"), block("10.2.64.0/20")],
                ),
                ("public".to_owned(), "in and out".to_owned(), vec![block("10.1.80.0/21")]),
            ],
        },
    }
}

/// A VPC that is one whole pool, with one tier that is the whole VPC; attached to nothing.
pub(super) fn sandbox() -> VpcRoot {
    let id = "lab-sandbox";
    let own = Cidr::Shared(Shared::Block(id.to_owned(), 0).into());
    VpcRoot {
        id: id.to_owned(),
        directory: "teams/lab/sandbox".to_owned(),
        birth: "teams/lab/sandbox".to_owned(),
        name: "lab-sandbox".to_owned(),
        team: "lab".to_owned(),
        environment: "sandbox".to_owned(),
        owner: None,
        why: None,
        provider: ProviderPlan { region: "ap-northeast-1".to_owned(), account: None, tags: BTreeMap::new() },
        hub_provider: None,
        blocks: vec![(Cidr::Shared(Shared::Root("lab".to_owned()).into()), "all of lab".to_owned())],
        tiers: vec![TierPlan { name: "all".to_owned(), values: vec![(own.clone(), String::new())] }],
        subnets: vec![SubnetPlan {
            cidr: tier_of(id, "all"),
            ..subnet("all-a", "all", "a", "172.20.0.0/16")
        }],
        routes: Vec::new(),
        internet_gateway: false,
        nat_gateways: Vec::new(),
        gateway_endpoints: Vec::new(),
        acls: vec![AclPlan { tier: "all".to_owned(), ingress: Vec::new(), egress: Vec::new() }],
        flow_log: false,
        transit: None,
        moved: Vec::new(),
        aggregates: BTreeMap::new(),
        page: VpcPage {
            segment: None,
            headroom: 0,
            flows: Vec::new(),
            blocks: vec![block("172.20.0.0/16")],
            movement: None,
            tiers: vec![("all".to_owned(), "none".to_owned(), vec![block("172.20.0.0/16")])],
        },
    }
}

/// A VPC in the account of its hub, with a single NAT gateway.
pub(super) fn web() -> VpcRoot {
    let hub_account = provider(Some(account("network", false, None)), "web");
    VpcRoot {
        id: "web-staging".to_owned(),
        directory: "teams/web/staging".to_owned(),
        birth: "teams/web/staging".to_owned(),
        name: "m3-web-staging".to_owned(),
        team: "web".to_owned(),
        why: None,
        provider: hub_account,
        hub_provider: None,
        blocks: vec![commented("10.65.0.0/20", "")],
        tiers: vec![TierPlan { name: "private".to_owned(), values: vec![commented("10.65.0.0/22", "")] }],
        subnets: vec![
            subnet("private-a", "private", "a", "10.65.0.0/25"),
            subnet("private-c", "private", "c", "10.65.1.0/25"),
            subnet("public-a", "public", "a", "10.65.8.0/25"),
            subnet("uplink-a", "uplink", "a", "10.65.12.0/28"),
        ],
        routes: vec![
            route("private", "internet", RouteVia::Nat, Cidr::Everywhere),
            route("public", "internet", RouteVia::Internet, Cidr::Everywhere),
        ],
        nat_gateways: vec![("a".to_owned(), "public-a".to_owned())],
        acls: payments_acls(),
        transit: Some(TransitPlan {
            hub: "tokyo".to_owned(),
            tier: "uplink".to_owned(),
            segment: "shared".to_owned(),
            propagate_to: Vec::new(),
            routes: Vec::new(),
            accept: false,
            appliance_mode: false,
        }),
        moved: Vec::new(),
        aggregates: BTreeMap::new(),
        page: VpcPage { headroom: 2, ..sandbox().page },
        ..payments()
    }
}
