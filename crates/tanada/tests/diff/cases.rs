//! The edits.

mod dangers;

use Look::{Danger, Nothing, Ordinary};
use Step::{File, Generate, Input, Put, Remove};

/// An edit and what its review must look like.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Makes the estate before the edit from `fixtures/m3`.
    pub(crate) before: &'static [Step],
    /// Makes the estate after it.
    pub(crate) steps: &'static [Step],
    pub(crate) look: Look,
}

pub(crate) enum Step {
    /// What stands once in the input becomes something else.
    Input(&'static str, &'static str),
    /// What stands once in a file becomes something else.
    File(&'static str, &'static str, &'static str),
    Put(&'static str, &'static str),
    Remove(&'static str),
    /// `tanada generate` with these arguments.
    Generate(&'static [&'static str]),
}

pub(crate) enum Look {
    /// Nothing is said.
    Nothing,
    /// At most 40 lines.
    Ordinary,
    /// This within the first five lines.
    Danger(&'static str),
}

/// All of them: what an ordinary day brings, then what a reviewer must not miss.
pub(crate) fn cases() -> impl Iterator<Item = &'static Case> + Clone {
    ORDINARY.iter().chain(dangers::DANGERS)
}

const fn case(name: &'static str, steps: &'static [Step], look: Look) -> Case {
    Case { name, before: &[], steps, look }
}

const WEB: &str = r#"team "web" { owner = "@m3/web" }"#;
const GROWN: &str = "team \"web\" {\n  owner = \"@m3/web\"\n  vpc \"production\" { size = 18 }\n}";
const MAIL: &str = r#"team "mail" { owner = "@m3/mail" }"#;
const GO: Step = Generate(&[]);

const PARAMETER: &str = "{% if vpc.team == \"web\" %}resource \"aws_ssm_parameter\" \"vpc\" {\n  name  = \"/vpc\"\n  type  = \"String\"\n  \
                         value = {{ vpc.vpc_id }}\n}\n{% endif %}";
const TEMPLATE: &str = "templates/vpc/parameter.tf.tera";

const ORDINARY: &[Case] = &[
    Case {
        name: "block-leaves",
        before: &[Input(WEB, GROWN), GO],
        steps: &[Input(GROWN, WEB), Generate(&["--destroy", "web-production/2"])],
        look: Danger("9 subnets destroyed"),
    },
    case("template-new", &[Put(TEMPLATE, PARAMETER), GO], Ordinary),
    Case {
        name: "template-edited-beside-the-input",
        before: &[Put(TEMPLATE, PARAMETER), GO],
        steps: &[File(TEMPLATE, "\"/vpc\"", "\"/network\""), Input("@m3/search", "@m3/find"), GO],
        look: Ordinary,
    },
    Case {
        name: "template-gone",
        before: &[Put(TEMPLATE, PARAMETER), GO],
        steps: &[Remove(TEMPLATE), GO],
        look: Ordinary,
    },
    case(
        "template-not-generated",
        &[Put(TEMPLATE, PARAMETER)],
        Danger("the tree does not follow from the input"),
    ),
    case("owner", &[Input("@m3/search", "@m3/find"), GO], Ordinary),
    case("team-new", &[Put("network/games.hcl", "team \"games\" { owner = \"@m3/games\" }\n"), GO], Ordinary),
    case(
        "team-new-in-production-only",
        &[Put("network/games.hcl", "team \"games\" { environments = [environment.production] }\n"), GO],
        Ordinary,
    ),
    case(
        "team-destroyed",
        &[Input(MAIL, ""), Generate(&["--destroy", "mail-production", "--destroy", "mail-staging"])],
        Ordinary,
    ),
    case(
        "team-forgotten",
        &[Input(MAIL, ""), Generate(&["--forget", "mail-production", "--forget", "mail-staging"])],
        Ordinary,
    ),
    case(
        "team-renamed",
        &[Input(MAIL, "team \"post\" {\n  owner = \"@m3/mail\"\n  renamed_from = \"mail\"\n}"), GO],
        Ordinary,
    ),
    case(
        "vpc-renamed",
        &[Input("vpc \"batch\" {", "vpc \"crunch\" {\n    renamed_from = \"batch\""), GO],
        Ordinary,
    ),
    case(
        "tier-renamed",
        &[
            Input("tier \"private\" {\n", "tier \"application\" {\n    renamed_from = \"private\"\n"),
            Input("accepts = [tier.private]", "accepts = [tier.application]"),
            Input("team.payments.private", "team.payments.application"),
            Input("team.platform.shared.private", "team.platform.shared.application"),
            GO,
        ],
        Ordinary,
    ),
    case("zone-renamed", ZONE_RENAMED, Ordinary),
    case("hub-renamed", HUB_RENAMED, Ordinary),
    case("segment-renamed", SEGMENT_RENAMED, Ordinary),
    case("pool-renamed", POOL_RENAMED, Ordinary),
    case(
        "headroom-used",
        &[Input("size        = 21", "size        = 21\n    headroom    = 0"), GO],
        Ordinary,
    ),
    case("vpc-doubled", &[Input("size        = 21", "size        = 20"), GO], Ordinary),
    case(
        "block-new",
        &[
            Put(
                "network/pods.hcl",
                "layout \"pods\" {\n  zones = [\"a\"]\n  tier \"pods\" { newbits = 2 }\n}\n",
            ),
            Input(
                "vpc \"production\" { size = 16 }",
                "vpc \"production\" {\n    size = 16\n    block \"pods\" {\n      size = 20\n      layout = layout.pods\n    }\n  }",
            ),
            GO,
        ],
        Ordinary,
    ),
    case(
        "intent-new",
        &[
            Put(
                "network/refund.hcl",
                "allow \"refund\" {\n  from = [team.payments.private]\n  to = [team.web.private]\n  ports = [\"tcp/443\"]\n  why = \"Payments tells the shop what came back.\"\n}\n",
            ),
            GO,
        ],
        Ordinary,
    ),
    case("intent-gone", INTENT_GONE, Ordinary),
    case(
        "intent-port",
        &[
            Input(
                "to    = [team.payments.private]\n  ports = [\"tcp/443\"]",
                "to    = [team.payments.private]\n  ports = [\"tcp/8443\"]",
            ),
            GO,
        ],
        Ordinary,
    ),
    case(
        "intent-second-port",
        &[Input("ports = [\"tcp/5432\"]", "ports = [\"tcp/5432\", \"tcp/5433\"]"), GO],
        Ordinary,
    ),
    case("intent-from-a-tier", &[Input("from  = [team.web]", "from  = [team.web.private]"), GO], Ordinary),
    case(
        "intent-from-two-teams",
        &[Input("from  = [team.web]", "from  = [team.web, team.mobile]"), GO],
        Ordinary,
    ),
    case("intent-why", &[Input("Everyone signs in.", "Everyone signs in here."), GO], Nothing),
    case(
        "zone-new",
        &[
            Input("d = \"apne1-az2\" }", "d = \"apne1-az2\", b = \"apne1-az3\" }"),
            Input("zones = [\"a\", \"c\", \"d\"]", "zones = [\"a\", \"c\", \"d\", \"b\"]"),
            GO,
        ],
        Ordinary,
    ),
    case("tag-of-all", &[Input("CostCenter = \"network\"", "CostCenter = \"platform\""), GO], Ordinary),
    case(
        "tag-of-a-team",
        &[Input(WEB, "team \"web\" {\n  owner = \"@m3/web\"\n  tags = { Grade = \"gold\" }\n}"), GO],
        Ordinary,
    ),
    case(
        "nat-alone",
        &[Input("zones = [\"a\", \"c\", \"d\"]", "zones = [\"a\", \"c\", \"d\"]\n  nat   = \"one\""), GO],
        Ordinary,
    ),
    case("tier-without-internet", &[Input("    internet = \"out\"\n", ""), GO], Ordinary),
    case(
        "tier-new",
        &[Input("  tier \"transit\" {", "  tier \"cache\" { newbits = 6 }\n\n  tier \"transit\" {"), GO],
        Ordinary,
    ),
    case(
        "tier-accepts-more",
        &[Input("accepts = [tier.private]", "accepts = [tier.private, tier.public]"), GO],
        Ordinary,
    ),
    case("tier-unguarded", &[Input("\n    accepts = [tier.private]", ""), GO], Ordinary),
    case(
        "segment-reaches-a-site",
        &[
            Input(
                "reaches = [segment.staging, segment.shared]",
                "reaches = [segment.staging, segment.shared, site.tokyo-dc]",
            ),
            GO,
        ],
        Ordinary,
    ),
    case("segment-reaches-less", &[Input(", site.tokyo-dc, site.gcp]", ", site.tokyo-dc]"), GO], Ordinary),
    case(
        "segment-new",
        &[Put("network/lab.hcl", "segment \"lab\" { reaches = [segment.shared] }\n"), GO],
        Ordinary,
    ),
    case(
        "site-new",
        &[
            Put(
                "network/osaka.hcl",
                "reserved \"osaka-dc\" {\n  range = \"10.224.0.0/12\"\n  why   = \"Theirs.\"\n}\n\nsite \"osaka-dc\" {\n  ranges = [reserved.osaka-dc]\n  why    = \"The second data centre.\"\n  link \"dx\" { kind = \"attachment\" }\n}\n",
            ),
            Input(
                "reaches = [segment.staging, segment.shared]",
                "reaches = [segment.staging, segment.shared, site.osaka-dc]",
            ),
            GO,
        ],
        Ordinary,
    ),
    case(
        "reserved-new",
        &[
            Put(
                "network/lab.hcl",
                "reserved \"lab\" {\n  range = \"172.30.0.0/16\"\n  why = \"The lab.\"\n}\n",
            ),
            GO,
        ],
        Nothing,
    ),
    case(
        "account-id",
        &[Input("account \"network\" {}", "account \"network\" { id = \"123456789012\" }"), GO],
        Ordinary,
    ),
    case(
        "account-moved",
        &[
            Input("  account = account.m3-payments\n", ""),
            Generate(&["--accept", "payments-production", "--accept", "payments-staging"]),
        ],
        Danger("its acceptance by the gateway's owner goes, which deletes the attachment"),
    ),
    case("asn", &[Input("asn     = 64512", "asn     = 64513"), GO], Ordinary),
    case("backend", &[Input("m3-terraform-state", "m3-other-state"), GO], Nothing),
    case("names", &[Input("m3-{team}-{vpc}", "acme-{team}-{vpc}"), GO], Ordinary),
    case("quota-raised", &[Input("quotas {\n", "quotas {\n  acl_rules = 40\n"), GO], Nothing),
    case(
        "legacy-in-staging-too",
        &[
            Input(
                "team \"legacy\" {\n  owner        = \"@m3/legacy\"\n  environments = [environment.production]\n}",
                "team \"legacy\" { owner = \"@m3/legacy\" }",
            ),
            GO,
        ],
        Ordinary,
    ),
    case(
        "one-vpc-destroyed",
        &[
            Input(
                WEB,
                "team \"web\" {\n  owner        = \"@m3/web\"\n  environments = [environment.production]\n}",
            ),
            Generate(&["--destroy", "web-staging"]),
        ],
        Ordinary,
    ),
    case("inspection", &[Input("vpc \"shared\" {}", "vpc \"shared\" { inspects = true }"), GO], Ordinary),
    case(
        "standing-rule",
        &[
            Input(
                "  tier \"transit\" {",
                "  allow \"ping\" {\n    from  = [pool.m3]\n    ports = [\"icmp\"]\n  }\n\n  tier \"transit\" {",
            ),
            GO,
        ],
        Ordinary,
    ),
    case("released", &[GO], Nothing),
    case(
        "two-edits",
        &[Input("@m3/search", "@m3/find"), Input("ports = [\"tcp/5432\"]", "ports = [\"tcp/5433\"]"), GO],
        Ordinary,
    ),
    case(
        "three-edits",
        &[
            Put("network/games.hcl", "team \"games\" { owner = \"@m3/games\" }\n"),
            Input("ports = [\"tcp/5432\"]", "ports = [\"tcp/5433\"]"),
            Input("size        = 21", "size        = 21\n    headroom    = 0"),
            GO,
        ],
        Ordinary,
    ),
    case(
        "comment",
        &[Input("allow \"checkout\" {", "# The most important one.\nallow \"checkout\" {"), GO],
        Nothing,
    ),
    case(
        "order",
        &[Input(WEB, ""), Put("network/a.hcl", "team \"web\" { owner = \"@m3/web\" }\n"), GO],
        Nothing,
    ),
    case("format", &[Input(WEB, "team   \"web\"   {\n\n  owner=\"@m3/web\"\n}"), GO], Nothing),
    case("not-generated", &[Input("ports = [\"tcp/5432\"]", "ports = [\"tcp/5433\"]")], Ordinary),
];

const HUB_RENAMED: &[Step] = &[
    Input("hub \"tokyo\" {", "hub \"kanto\" {\n  renamed_from = \"tokyo\""),
    Input(
        "environment \"production\" {\n  pool    = pool.production\n  hub     = hub.tokyo",
        "environment \"production\" {\n  pool    = pool.production\n  hub     = hub.kanto",
    ),
    Input(
        "environment \"staging\" {\n  pool    = pool.staging\n  hub     = hub.tokyo",
        "environment \"staging\" {\n  pool    = pool.staging\n  hub     = hub.kanto",
    ),
    Input("  hub      = hub.tokyo", "  hub      = hub.kanto"),
    GO,
];

const ZONE_RENAMED: &[Step] = &[
    Input(
        "zones = { a = \"apne1-az4\", c =",
        "zones_renamed_from = { b = \"a\" }\n  zones              = { b = \"apne1-az4\", c =",
    ),
    Input("zones = [\"a\", \"c\", \"d\"]", "zones = [\"b\", \"c\", \"d\"]"),
    GO,
];

const SEGMENT_RENAMED: &[Step] = &[
    Input(
        "segment \"staging\" { reaches = [segment.staging, segment.shared] }",
        "segment \"trial\" {\n  reaches      = [segment.trial, segment.shared]\n  renamed_from = \"staging\"\n}",
    ),
    Input("  segment = segment.staging", "  segment = segment.trial"),
    GO,
];

const POOL_RENAMED: &[Step] = &[
    Input(
        "pool \"staging\" { size = 11 }",
        "pool \"trial\" {\n    size         = 11\n    renamed_from = \"staging\"\n  }",
    ),
    Input("pool    = pool.staging", "pool    = pool.trial"),
    GO,
];

const INTENT_GONE: &[Step] = &[
    Input(
        "allow \"ledger\" {\n  from  = [site.tokyo-dc]\n  to    = [team.billing.production.data]\n  ports = [\"tcp/5432\"]\n  why   = \"The ledger is still on premises.\"\n}\n",
        "",
    ),
    GO,
];
