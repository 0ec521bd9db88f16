//! Edits that a reviewer must not miss.

use super::*;

pub(super) const DANGERS: &[Case] = &[
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
