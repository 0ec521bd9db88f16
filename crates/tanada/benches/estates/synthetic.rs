//! Estates of any number of VPCs, as text.

use std::fmt::Write;

/// How many teams an estate of `vpcs` VPCs has: each has a production and a staging network.
pub(crate) fn teams(vpcs: usize) -> usize {
    vpcs / 2
}

/// What all sizes share: one range, two pools, one hub, two segments, one standard of four tiers in three zones.
const ESTATE: &str = r#"names = "m3-{team}-{vpc}"
tags  = { CostCenter = "network" }

backend "s3" {
  bucket = "m3-terraform-state"
  region = "ap-northeast-1"
}

pool "m3" {
  range = "10.0.0.0/8"

  pool "production" { size = 10 }
  pool "staging" { size = 10 }

  reserved "tokyo-dc" {
    range = "10.240.0.0/12"
    why   = "The data centre has used it since 2000; it is not ours to hand out."
  }
}

region "ap-northeast-1" {
  zones = { a = "apne1-az4", c = "apne1-az1", d = "apne1-az2" }
}

hub "tokyo" {
  region = region.ap-northeast-1
  asn    = 64512
}

segment "production" { reaches = [segment.production, site.tokyo-dc] }
segment "staging" { reaches = [segment.staging] }

site "tokyo-dc" {
  ranges = [reserved.tokyo-dc]

  link "dx" { kind = "attachment" }
}

layout "service" {
  zones = ["a", "c", "d"]

  tier "private" {
    newbits  = 3
    internet = "out"
  }

  tier "public" {
    newbits  = 4
    internet = "in"
  }

  tier "data" {
    newbits = 5
    accepts = [tier.private]
  }

  tier "transit" {
    size   = 28
    attach = true
  }
}

environment "production" {
  pool    = pool.production
  hub     = hub.tokyo
  segment = segment.production
  layout  = layout.service
  size    = 21
}

environment "staging" {
  pool    = pool.staging
  hub     = hub.tokyo
  segment = segment.staging
  layout  = layout.service
  size    = 21
}
"#;

/// [`ESTATE`], with blocks of half the size where those of all would not fit into its pools.
pub(crate) fn estate(vpcs: usize) -> String {
    if vpcs <= 4_096 { ESTATE.to_owned() } else { ESTATE.replace("size    = 21", "size    = 22") }
}

/// Every team; the production networks of the first `grown` ones have used their room.
pub(crate) fn team_blocks(vpcs: usize, grown: usize) -> String {
    let mut text = String::new();
    for i in 0..teams(vpcs) {
        writeln!(text, "team \"team-{i:04}\" {{\n  owner = \"@m3/team-{i:04}\"").unwrap();
        if i < grown {
            text += "\n  vpc \"production\" { headroom = 0 }\n";
        }
        text += "}\n\n";
    }
    text
}

/// Every fifth team calls the next one.
pub(crate) fn intents(vpcs: usize) -> String {
    let mut text = String::new();
    for i in (0..teams(vpcs).saturating_sub(1)).step_by(5) {
        let next = i + 1;
        writeln!(
            text,
            "allow \"call-{i:04}\" {{\n  from  = [team.team-{i:04}.private]\n  to    = [team.team-{next:04}.private]\n  \
             ports = [\"tcp/443\"]\n  why   = \"Its API.\"\n}}\n"
        )
        .unwrap();
    }
    text
}

/// A hundred intents beside those of [`intents`], of the kinds that people write: eight services that all of production
/// calls, seventy calls of one team by another, ten from the data centre, ten to it, two from everywhere.
pub(crate) fn hundred_intents(vpcs: usize) -> String {
    let teams = teams(vpcs);
    let team = |i: usize| format!("team.team-{:04}", i * 37 % teams);
    let mut text = String::new();
    for i in 0..100 {
        let (from, to, ports) = match i {
            0..8 => {
                ("environment.production".to_owned(), format!("{}.production.private", team(i)), "tcp/443")
            }
            8..78 => (team(i), format!("{}.private", team(i + 1)), "tcp/8443"),
            78..88 => ("site.tokyo-dc".to_owned(), format!("{}.production.data", team(i)), "tcp/5432"),
            88..98 => (format!("{}.production", team(i)), "site.tokyo-dc".to_owned(), "tcp/1521"),
            _ => ("pool.m3".to_owned(), format!("{}.public", team(i)), "icmp"),
        };
        writeln!(
            text,
            "allow \"hundred-{i:02}\" {{\n  from  = [{from}]\n  to    = [{to}]\n  ports = [\"{ports}\"]\n  why   = \"One of \
             a hundred.\"\n}}\n"
        )
        .unwrap();
    }
    text
}
