//! The edits.

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

pub(crate) const CASES: &[Case] = &[
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
    // The dangerous ones.
    case(
        "danger-replaced",
        &[Input("10.31.0.0/20", "10.33.0.0/20"), Generate(&["--accept", "payments-production"])],
        Danger("`payments-production` is replaced as a whole: 10.31.0.0/20 → 10.33.0.0/20"),
    ),
    case(
        "danger-return-route-lost",
        &[File(
            "generated/teams/web/production/main.tf",
            "    { tier = \"data\", to = \"pool.m3\", target = \"transit\", cidr = module.estate.ranges.m3 },\n",
            "",
        )],
        Danger("`web-production` loses: data to pool.m3 (10.0.0.0/8) by transit"),
    ),
    case(
        "danger-acl-widened",
        &[
            Input(
                "to    = [team.payments.private]\n  ports = [\"tcp/443\"]",
                "to    = [team.payments.private]\n  ports = [\"tcp/1-65535\"]",
            ),
            GO,
        ],
        Danger("lets more pass: in tcp/1-65535"),
    ),
    case(
        "danger-default-route",
        &[
            Input(
                "segment \"staging\" { reaches = [segment.staging, segment.shared] }",
                "segment \"staging\" {\n  reaches = [segment.staging, segment.shared, site.tokyo-dc]\n  default = site.tokyo-dc\n}",
            ),
            GO,
        ],
        Danger("0.0.0.0/0"),
    ),
    case("danger-pin-overlaps", &[Input("10.31.0.0/20", "10.30.160.0/20")], Danger("overlap")),
    case(
        "danger-zone-changed",
        &[Input("a = \"apne1-az4\"", "a = \"apne1-az3\""), Generate(ALL)],
        Danger("apne1-az4 → apne1-az3"),
    ),
    case(
        "danger-segment-left",
        &[
            Input(
                "team \"search\" { owner = \"@m3/search\" }",
                "team \"search\" {\n  owner = \"@m3/search\"\n  vpc \"production\" { segment = segment.staging }\n}",
            ),
            Generate(&["--accept", "search-production"]),
        ],
        Danger("it leaves its segment: production → staging; traffic stops while it changes"),
    ),
    case(
        "danger-team-renamed-unsaid",
        &[
            Input(MAIL, "team \"post\" { owner = \"@m3/mail\" }"),
            Generate(&["--destroy", "mail-production", "--destroy", "mail-staging"]),
        ],
        Danger(
            "it looks like a rename: `post-production` is alike, and `renamed_from = \"mail\"` in `post` keeps what runs",
        ),
    ),
    case(
        "danger-tier-renamed-unsaid",
        &[Input("tier \"transit\" {", "tier \"uplink\" {"), Generate(ALL)],
        Danger(
            "it looks like a rename: `tier.uplink` is alike, and `renamed_from = \"transit\"` in `uplink` keeps what runs",
        ),
    ),
    case(
        "danger-segment-renamed-unsaid",
        SEGMENT_RENAMED_UNSAID,
        Danger(
            "it looks like a rename: `segment.trial` is alike, and `renamed_from = \"staging\"` in `trial` keeps what runs",
        ),
    ),
    case("quota-near", &[Put("network/some.hcl", SOME), GO], Ordinary),
    case(
        "quota-taken",
        &[Input("quotas {\n", "quotas {\n  acl_rules = 40\n"), Put("network/many.hcl", MANY), GO],
        Ordinary,
    ),
    case("danger-quota", &[Put("network/many.hcl", MANY)], Danger("needs 30 ingress rules")),
    Case {
        name: "danger-tombstone",
        before: &[Input(MAIL, ""), Generate(&["--destroy", "mail-production", "--destroy", "mail-staging"])],
        steps: &[
            File(
                "network.lock.hcl",
                "    { at = \"/19#255\", vpc = \"mail/production\", headroom = 1, state = \"retired\" },\n",
                "",
            ),
            Put(
                "network/games.hcl",
                "team \"games\" {\n  environments = [environment.production]\n  vpc \"production\" {\n    range = \"10.31.224.0/19\"\n    why = \"By hand.\"\n  }\n}\n",
            ),
            GO,
        ],
        look: Danger("was kept after `mail-production` left"),
    },
    case(
        "danger-hand-edit",
        &[File(
            "generated/teams/web/production/main.tf",
            "cidr = \"10.30.160.0/23\"",
            "cidr = \"10.30.160.0/24\"",
        )],
        Danger("`teams/web/production/main.tf` is not what any run wrote"),
    ),
    case(
        "danger-file-added",
        &[Put(
            "generated/teams/web/production/extra.tf",
            "resource \"aws_ssm_parameter\" \"own\" {\n  name = \"/own\"\n}\n",
        )],
        Danger(
            "`teams/web/production/extra.tf` is not what any run wrote; `tanada generate` leaves it there",
        ),
    ),
    case(
        "danger-gateway-replaced",
        &[File(
            "generated/modules/hub/main.tf",
            "  amazon_side_asn ",
            "  multicast_support               = \"enable\"\n  amazon_side_asn ",
        )],
        Danger("the gateway is replaced or destroyed"),
    ),
    case(
        "danger-root-gone",
        &[
            Remove("generated/teams/mail/staging/main.tf"),
            Remove("generated/teams/mail/staging/addresses.tf"),
            Remove("generated/teams/mail/staging/providers.tf"),
            Remove("generated/teams/mail/staging/backend.tf"),
            Remove("generated/teams/mail/staging/outputs.tf"),
        ],
        Danger("`teams/mail/staging` is gone"),
    ),
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

const SEGMENT_RENAMED_UNSAID: &[Step] = &[
    Input(
        "segment \"staging\" { reaches = [segment.staging, segment.shared] }",
        "segment \"trial\" { reaches = [segment.trial, segment.shared] }",
    ),
    Input("  segment = segment.staging", "  segment = segment.trial"),
    Generate(STAGING),
];

/// Agreement to what happens to the gateway, and to the VPCs of staging.
const STAGING: &[&str] = &[
    "--accept",
    "hub.tokyo",
    "--accept",
    "web-staging",
    "--accept",
    "search-staging",
    "--accept",
    "catalog-staging",
    "--accept",
    "stock-staging",
    "--accept",
    "shipping-staging",
    "--accept",
    "mail-staging",
    "--accept",
    "login-staging",
    "--accept",
    "mobile-staging",
    "--accept",
    "billing-staging",
    "--accept",
    "partners-staging",
    "--accept",
    "payments-staging",
    "--accept",
    "ai-staging",
    "--accept",
    "data-staging",
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

/// Agreement to whatever happens to any VPC.
const ALL: &[&str] = &[
    "--accept",
    "layout.service.private",
    "--accept",
    "layout.service.public",
    "--accept",
    "layout.service.data",
    "--accept",
    "layout.service.transit",
];

/// More rules than an ACL may have.
const SOME: &str = r#"allow "some" {
  from  = [team.search, team.catalog, team.stock, team.shipping]
  to    = [team.web.private]
  ports = ["tcp/80", "tcp/443", "tcp/8080"]
  why   = "Some call the shop."
}
"#;

const MANY: &str = r#"allow "many" {
  from  = [team.search, team.catalog, team.stock, team.shipping, team.mail, team.login, team.mobile, team.billing]
  to    = [team.web.private]
  ports = ["tcp/80", "tcp/443", "tcp/8080", "udp/53"]
  why   = "Everything calls the shop."
}
"#;
