//! Every finding of derivation, with its exact words.

use tanada_render::derive::CODES;

use crate::estate::{findings, text};

pub(crate) const BASE: &str = r#"
pool "all" { range = "10.0.0.0/12" }
region "eu-west-1" { zones = { a = "euw1-az1" } }
hub "eu" {
  region = region.eu-west-1
  asn    = 64512
}
hub "other" {
  region = region.eu-west-1
  asn    = 64513
}
segment "live" {
  reaches = [segment.live]
}
layout "one" {
  zones = ["a"]
  tier "app" {
    newbits  = 3
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
"#;

/// Two callers of one VPC, whose blocks are no neighbours, and room for one row of them.
pub(crate) const EXCESS: &str = r#"
team "c" {}
team "d" {}
team "e" {}
allow "one" {
  from  = [team.a, team.c]
  to    = [team.e]
  ports = ["tcp/443"]
  why   = "A test."
}
allow "two" {
  from  = [team.e]
  to    = [team.b]
  ports = ["icmp"]
  why   = "A test."
}
quotas {
  acl_rules = 4
  why       = "A test."
}
"#;

fn rejected(edits: &[(&str, &str)], more: &str) -> Vec<String> {
    let mut base = BASE.to_owned();
    for (from, to) in edits {
        assert!(base.contains(from), "{from}");
        base = base.replace(from, to);
    }
    findings(&text(&format!("{base}{more}"))).iter().map(ToString::to_string).collect()
}

#[allow(clippy::too_many_lines, reason = "one row a finding")]
fn cases() -> Vec<(&'static str, Vec<String>)> {
    let many =
        "allow \"many\" {\n  from = [team.a]\n  to = [team.b]\n  ports = [PORTS]\n  why = \"A test.\"\n}\n";
    let ports: Vec<String> = (1..=19).map(|i| format!("\"tcp/{}\"", i * 10)).collect();
    let site = "site \"dc\" {\n  link \"dx\" {\n    kind = \"attachment\"\n    hub = hub.eu\n  }\n}\n";
    let reserved: String =
        (0..3).map(|i| format!("reserved \"r{i}\" {{ range = \"192.0.{i}.0/24\" }}\n")).collect();
    let route = |name: &str, via: &str| {
        format!("  route \"{name}\" {{\n    to = [reserved.r0]\n    via = {via}\n  }}\n")
    };
    vec![
        ("no finding", rejected(&[], "")),
        (
            "acl-excess: the ACL of tier `app` of `team.e.live` needs 4 ingress rules; AWS takes 3 beside the last one, enough only for rows that are wider than what was said",
            rejected(&[], EXCESS).into_iter().filter(|found| found.contains("ingress")).collect(),
        ),
        (
            "acl-quota: the ACL of tier `app` of `team.b.live` needs 20 ingress rules; AWS takes 19 beside the last one",
            rejected(&[], &many.replace("PORTS", &ports.join(", ")))
                .into_iter()
                .filter(|found| found.contains("team.b") && found.contains("ingress"))
                .collect(),
        ),
        (
            "backend-without-key: backend `http` has no attribute that tells the states of many roots apart",
            rejected(&[], "backend \"http\" {}\n"),
        ),
        (
            "nat-without-tier: tier `app` of `team.a.live` goes out to the internet, but no tier holds its NAT gateways",
            rejected(&[("    newbits  = 3\n", "    newbits  = 3\n    internet = \"out\"\n")], "")
                .into_iter()
                .take(1)
                .collect(),
        ),
        (
            "peer-without-addresses: site `dc` has no ranges, so there is no address to write",
            rejected(
                &[("reaches = [segment.live]", "reaches = [segment.live, site.dc]")],
                &format!("{site}{}", many.replace("team.a", "site.dc").replace("PORTS", "\"tcp/443\"")),
            ),
        ),
        (
            "route-conflict: segment `live` leads reserved.r0 to both `team.a.live` and `team.b.live`",
            rejected(
                &[(
                    "reaches = [segment.live]\n",
                    &format!(
                        "reaches = [segment.live]\n{}{}",
                        route("x", "team.a.live"),
                        route("y", "team.b.live")
                    ),
                )],
                &reserved,
            ),
        ),
        (
            "route-conflict: `site.dc` and `site.lab` both have 192.0.2.0/24, and segment `live` learns both on hub `eu`",
            rejected(&two_sites("reaches = [segment.live, site.dc, site.lab]"), &sites("192.0.2.0/24")),
        ),
        // A wider one, one that no table learns beside the other, and one that a route decides.
        (
            "no finding",
            rejected(&two_sites("reaches = [segment.live, site.dc, site.lab]"), &sites("192.0.0.0/16")),
        ),
        ("no finding", rejected(&two_sites("reaches = [segment.live, site.dc]"), &sites("192.0.2.0/24"))),
        (
            "no finding",
            rejected(
                &two_sites(
                    "reaches = [segment.live, site.dc, site.lab]\n  route \"lab\" {\n    to  = [site.lab]\n    via = site.lab\n  }",
                ),
                &sites("192.0.2.0/24"),
            ),
        ),
        (
            "route-quota: route tables of tier `app` of `team.a.live` need 2 routes; AWS takes 1",
            rejected(
                &[(
                    "reaches = [segment.live]\n",
                    &format!("reaches = [segment.live]\n{}", route("x", "team.b.live")),
                )],
                &format!("{reserved}quotas {{\n  routes_per_table = 1\n  why = \"A test.\"\n}}\n"),
            )
            .into_iter()
            .take(1)
            .collect(),
        ),
        (
            "way-out-not-attached: segment `live` has members on hub `eu`, and its default leads to `team.c.live`, which is not attached there",
            rejected(
                &[("reaches = [segment.live]", "reaches = [segment.live]\n  default = team.c.live")],
                "team \"c\" {\n  vpc \"live\" { hub = hub.other }\n}\n",
            )
            .into_iter()
            .take(1)
            .collect(),
        ),
        (
            "workload-in-attach-tier: tier `only` of `team.c.live` carries the attachment, and there is no other tier for workloads",
            rejected(
                &[],
                "layout \"bare\" {\n  zones = [\"a\"]\n  tier \"only\" {\n    newbits = 2\n    attach = true\n  }\n}\nteam \"c\" {\n  vpc \"live\" { layout = layout.bare }\n}\n",
            ),
        ),
    ]
}

/// What the segment of the estate reaches.
fn two_sites(reaches: &str) -> [(&'static str, &str); 1] {
    [("reaches = [segment.live]", reaches)]
}

/// Two sites on one hub; the second has another one's range, or a wider one.
fn sites(range: &str) -> String {
    let site = |name: &str, range: &str| {
        format!(
            "site \"{name}\" {{\n  ranges = [\"{range}\"]\n  link \"dx\" {{\n    kind = \"attachment\"\n    hub  = hub.eu\n  }}\n}}\n"
        )
    };
    site("dc", "192.0.2.0/24") + &site("lab", range)
}

#[test]
fn say_what_is_wrong() {
    for (expected, found) in cases() {
        match expected {
            "no finding" => assert!(found.is_empty(), "{found:?}"),
            expected => assert_eq!(found, [expected]),
        }
    }
}

#[test]
fn every_code_is_raised_here() {
    let cases = cases();
    for code in CODES {
        let raised = cases.iter().any(|(expected, _)| expected.starts_with(&format!("{}:", code.name)));
        assert!(raised, "{} is raised by no case", code.name);
    }
}

#[test]
fn what_is_accepted_is_no_finding() {
    let bare = "layout \"bare\" {\n  zones = [\"a\"]\n  tier \"only\" {\n    newbits = 2\n    attach = true\n  }\n}\nteam \"c\" {\n  vpc \"live\" { layout = layout.bare }\n}\naccept \"workload-in-attach-tier\" {\n  on = [team.c.live]\n  why = \"A test.\"\n}\n";
    assert_eq!(rejected(&[], bare), Vec::<String>::new());
}
