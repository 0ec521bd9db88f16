//! A plan by hand that has every field and every variant, with texts that try to break out.

mod vpcs;

use std::collections::BTreeMap;

use tanada_model::net::Block;
use tanada_render::plan::{
    AccountAddresses, AccountUse, BackendPlan, Cidr, EstateAddresses, ExistingAttachment, HubAddresses,
    HubPage, HubRoot, Index, IndexRow, LeavingRoot, Named, Plan, ProviderPlan, RegionAddresses, SegmentPlan,
    SegmentRow, Shared, StaticRoute,
};
use vpcs::{payments, sandbox, web};

/// A reason that means harm.
pub(crate) const EVIL: &str =
    "\"; ${file(\"x\")} %{if true}\nresource \"x\" \"y\" {}\r# | `c` <b> ```\u{202e} */ --> [a](b) \\";

fn block(text: &str) -> Block {
    text.parse().unwrap()
}

fn literal(text: &str) -> Cidr {
    Cidr::Literal(block(text))
}

fn commented(text: &str, comment: &str) -> (Cidr, String) {
    (literal(text), comment.to_owned())
}

fn named(name: &str, values: Vec<(Cidr, String)>, why: Option<&str>) -> Named {
    Named { name: name.to_owned(), values, why: why.map(str::to_owned) }
}

fn owned<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn tags(team: &str) -> BTreeMap<String, String> {
    let tags =
        [("ManagedBy", "tanada"), ("Team", team), ("cost:center", "${x} 日本"), ("e\u{301}quipe", "\"")];
    tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

fn account(name: &str, known: bool, role: Option<&str>) -> AccountUse {
    AccountUse { name: name.to_owned(), known, role: role.map(str::to_owned) }
}

fn provider(account: Option<AccountUse>, team: &str) -> ProviderPlan {
    ProviderPlan { region: "ap-northeast-1".to_owned(), account, tags: tags(team) }
}

/// The plan.
pub(crate) fn plan() -> Plan {
    Plan {
        estate: estate(),
        regions: vec![RegionAddresses {
            name: "ap-northeast-1".to_owned(),
            zones: [("a", "apne1-az4"), ("c", "apne1-az1"), ("d", "apne1-az2")]
                .map(|(letter, id)| (letter.to_owned(), id.to_owned()))
                .into(),
        }],
        hub_addresses: vec![HubAddresses { name: "tokyo".to_owned(), gateway: "m3-tokyo".to_owned() }],
        accounts: vec![AccountAddresses {
            name: "m3-payments".to_owned(),
            id: "222222222222".to_owned(),
            why: Some(EVIL.to_owned()),
        }],
        aggregates: [("web_and_mail".to_owned(), block("10.1.0.0/18"))].into(),
        hubs: vec![hub()],
        vpcs: vec![payments(), sandbox(), web()],
        leaving: vec![LeavingRoot {
            id: "old-batch".to_owned(),
            directory: "teams/old/batch".to_owned(),
            birth: "teams/old/batch".to_owned(),
            keeps_network: true,
        }],
        backend: Some(BackendPlan {
            kind: "s3".to_owned(),
            key: "key".to_owned(),
            suffix: ".tfstate".to_owned(),
            settings: [
                ("bucket", serde_json::json!("m3-terraform-state")),
                ("region", serde_json::json!("ap-northeast-1")),
                ("use_lockfile", serde_json::json!(true)),
            ]
            .map(|(key, value)| (key.to_owned(), value))
            .into(),
        }),
        index: index(),
    }
}

fn estate() -> EstateAddresses {
    let pool = |name: &str| Cidr::Shared(Shared::Pool(name.to_owned(), 0).into());
    EstateAddresses {
        ranges: vec![
            named("m3", vec![commented("10.0.0.0/8", "")], Some("The one range that a person wrote.")),
            named("lab", vec![commented("172.20.0.0/16", "")], None),
        ],
        pools: vec![
            named(
                "production",
                vec![
                    commented("10.0.0.0/10", "cidrsubnet(m3, 2, 0)"),
                    commented("10.128.0.0/10", "cidrsubnet(m3, 2, 2)"),
                ],
                Some(EVIL),
            ),
            named("staging", vec![commented("10.64.0.0/11", "cidrsubnet(m3, 3, 2)")], None),
            named("the-same-again", vec![(pool("staging"), String::new())], None),
        ],
        reserved: vec![
            named("tokyo-dc", vec![commented("10.240.0.0/12", "")], Some("It is not ours.")),
            named(
                "lab-too",
                vec![(Cidr::Shared(Shared::Root("lab".to_owned()).into()), String::new())],
                None,
            ),
        ],
        sites: vec![named(
            "osaka",
            vec![commented("192.168.8.0/24", ""), commented("203.0.113.0/24", "")],
            None,
        )],
        private: vec![
            (Cidr::Shared(Shared::Root("m3".to_owned()).into()), String::new()),
            commented("172.16.0.0/12", ""),
            commented("192.168.0.0/16", ""),
        ],
        flow_log_bucket: Some("m3-flow-logs".to_owned()),
    }
}

fn static_route(segment: &str, to: &str, cidr: Cidr) -> StaticRoute {
    StaticRoute { segment: segment.to_owned(), to: to.to_owned(), cidr }
}

fn hub() -> HubRoot {
    let osaka = Cidr::Shared(Shared::Site("osaka".to_owned(), 0).into());
    HubRoot {
        name: "tokyo".to_owned(),
        birth: "hub/tokyo".to_owned(),
        gateway: "m3-tokyo".to_owned(),
        asn: 64512,
        provider: provider(Some(account("network", false, Some("attach"))), "platform"),
        segments: vec![
            SegmentPlan {
                name: "production".to_owned(),
                blackholes: vec![
                    ("staging".to_owned(), Cidr::Shared(Shared::Pool("staging".to_owned(), 0).into())),
                    ("others".to_owned(), Cidr::Aggregate("others".to_owned())),
                ],
            },
            SegmentPlan { name: "shared".to_owned(), blackholes: Vec::new() },
        ],
        attachments: vec![
            ExistingAttachment {
                name: "osaka".to_owned(),
                id: None,
                segment: "shared".to_owned(),
                propagate_to: owned(["production"]),
                routes: vec![
                    static_route("production", "osaka", osaka.clone()),
                    static_route("shared", "osaka", osaka),
                ],
            },
            ExistingAttachment {
                name: "tokyo-dc".to_owned(),
                id: Some("tgw-attach-0123456789abcdef0".to_owned()),
                segment: "production".to_owned(),
                propagate_to: Vec::new(),
                routes: Vec::new(),
            },
        ],
        moved: Vec::new(),
        share_with: vec![account("m3-payments", true, None), account("unknown-one", false, None)],
        aggregates: [("others".to_owned(), block("10.192.0.0/11"))].into(),
        page: HubPage {
            why: Some(EVIL.to_owned()),
            segments: vec![
                SegmentRow {
                    name: "production".to_owned(),
                    vpcs: owned(["payments-production"]),
                    sites: owned(["site.tokyo-dc"]),
                    learns: owned(["production", "shared"]),
                    drops: owned(["staging (10.64.0.0/11)"]),
                },
                SegmentRow {
                    name: "shared".to_owned(),
                    vpcs: Vec::new(),
                    sites: Vec::new(),
                    learns: owned(["production"]),
                    drops: Vec::new(),
                },
            ],
        },
    }
}

fn index() -> Index {
    let row = |name: &str, directory: &str, why: &str| IndexRow {
        name: name.to_owned(),
        directory: directory.to_owned(),
        owner: "@m3/payments".to_owned(),
        blocks: vec![block("10.1.64.0/19"), block("10.2.64.0/19")],
        headroom: 1,
        segment: "production".to_owned(),
        why: why.to_owned(),
    };
    Index {
        roots: vec![("m3".to_owned(), block("10.0.0.0/8"))],
        vpcs: vec![
            row("m3-payments-production", "teams/payments/production", EVIL),
            row("m3-web-staging", "teams/web/staging", ""),
        ],
        reserved: vec![("tokyo-dc".to_owned(), block("10.240.0.0/12"), EVIL.to_owned())],
    }
}
