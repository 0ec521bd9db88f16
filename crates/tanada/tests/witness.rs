//! What the author writes, judged by the witness: estates that say more than the fixtures do.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use tanada_model::design::resolve;
use tanada_model::diagnostic::{Severity, Sources};
use tanada_model::document::parse;
use tanada_model::lock;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::derive::derive;
use tanada_render::emit::units;
use tanada_verify::network::Network;
use tanada_verify::read;
use tanada_verify::verify::{Report, verify};

/// The report on a fixture whose input was changed: replacements in all files, and a file more.
fn judged(fixture: &str, replace: &[(&str, &str)], more: &str) -> Report {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures")).join(fixture);
    let mut sources = Sources::default();
    let mut paths: Vec<_> =
        fs::read_dir(root.join("network")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut replaced = vec![false; replace.len()];
    for path in paths {
        let mut text = fs::read_to_string(&path).unwrap();
        for ((from, to), replaced) in replace.iter().zip(&mut replaced) {
            *replaced |= text.contains(from);
            text = text.replace(from, to);
        }
        sources.add(path.display().to_string(), text);
    }
    assert!(replaced.iter().all(|done| *done), "{replace:?}");
    sources.add("more.hcl", more.to_owned());
    let (document, found) = parse(&sources);
    let (design, more) = resolve(&document);
    let errors: Vec<_> =
        found.iter().chain(&more).filter(|one| one.code.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let design = design.unwrap_or_else(|| panic!("{found:?} {more:?}"));
    let lock = lock::parse(&fs::read_to_string(root.join("network.lock.hcl")).unwrap()).unwrap();
    let (allocated, found) = allocate(&design, &lock, &Consent::default());
    let (allocation, lock) = allocated.unwrap_or_else(|| panic!("{found:?}"));
    let (plan, found) = derive(&design, &allocation);
    let errors: Vec<_> = found.iter().filter(|one| one.code.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let files: BTreeMap<String, String> =
        units(&plan.unwrap()).flatten_iter().filter(|(path, _)| path.ends_with(".tf")).collect();
    let observed = read(&files).unwrap_or_else(|errors| panic!("{errors:?}"));
    let (network, errors) = Network::observe(&observed);
    verify(network, errors, &design, &lock)
}

/// Nothing is wrong; how many flows are inherent.
fn right(fixture: &str, replace: &[(&str, &str)], more: &str) -> usize {
    let report = judged(fixture, replace, more);
    let shown: Vec<String> =
        report.findings.iter().take(5).map(|one| format!("{}: {}", one.code.name, one.message)).collect();
    assert!(report.findings.is_empty(), "{} findings:\n{}", report.findings.len(), shown.join("\n"));
    assert!(report.accepted.is_empty(), "{:#?}", report.accepted.iter().take(2).collect::<Vec<_>>());
    report.inherent.len()
}

const INTENTS: &str = r#"
allow "dc-to-web" {
  from  = [private, site.gcp]
  to    = [team.web.production.public]
  ports = ["tcp/8443", "icmp"]
  why   = "A private range, and a site beside it."
}

allow "search-out" {
  from  = [team.search.private]
  to    = [internet, reserved.docker]
  ports = ["tcp/22", "udp/123"]
  why   = "Files and time."
}

allow "everything" {
  from  = [team.mail]
  to    = [team.platform.shared]
  ports = ["all"]
  why   = "Mail is part of the platform."
}
"#;

#[test]
fn intents_of_every_kind() {
    assert!(right("m3", &[], INTENTS) > 3);
}

#[test]
fn rules_of_tiers_beside_guards() {
    let rules = "tier \"data\" {\n deny \"no-mysql\" {\n from = [pool.production]\n ports = [\"tcp/3306\"]\n }\n allow \"web\" { from = [team.web.private] }\n";
    right("m3", &[("tier \"data\" {\n", rules)], INTENTS);
    let narrow = "tier \"private\" {\n allow \"dns\" {\n from = [environment.production]\n to = [environment.production]\n ports = [\"udp/53\"]\n }\n deny \"ssh\" {\n from = [any]\n to = [any]\n ports = [\"tcp/22\", \"tcp/3389\"]\n }\n";
    right(
        "m3",
        &[("tier \"private\" {\n", narrow), ("quotas {\n", "quotas {\n acl_rules = 40\n")],
        "accept \"acl-excess\" { why = \"Not needed.\" }",
    );
}

#[test]
fn growth_moves_and_a_moved_root() {
    right("m3", &[("size        = 21", "size = 20")], "");
    right("m3", &[("size        = 21", "size = 21\n headroom = 0")], INTENTS);
    right("m3", &[("10.31.0.0/20", "10.33.0.0/20")], "");
    right(
        "m3",
        &[("10.0.0.0/8", "11.0.0.0/8"), ("10.240.0.0/12", "11.240.0.0/12"), ("10.31.0.0/20", "11.31.0.0/20")],
        INTENTS,
    );
}

#[test]
fn other_segments() {
    // What is dropped, by hand and derived, and a way out through a site.
    right(
        "lza-finance-tax",
        &[(
            "segment \"stage\" { default = team.Network.egress }",
            "segment \"stage\" {\n default = team.Network.egress\n drops = [segment.core]\n}",
        )],
        "",
    );
    right("lza-finance-tax", &[("reaches = [segment.stage]", "reaches = [segment.stage, segment.prod]")], "");
    right(
        "m3",
        &[(
            "segment \"shared\" { reaches = [site.tokyo-dc] }",
            "segment \"shared\" {\n reaches = [site.tokyo-dc]\n route \"cloud\" {\n to = [pool.gcp]\n via = site.gcp\n }\n}",
        )],
        "",
    );
}

#[test]
fn excess_that_somebody_accepted_is_a_class_of_its_own() {
    let dns = "allow \"dns\" {\n from = [environment.production]\n to = [environment.production]\n ports = [\"udp/53\"]\n why = \"Everybody asks everybody.\"\n}\n";
    let accepted = format!("{dns}accept \"acl-excess\" {{ why = \"DNS tells nobody anything.\" }}");
    let report = judged("m3", &[], &accepted);
    assert!(report.findings.is_empty(), "{:?}", report.findings.first());
    assert!(!report.accepted.is_empty());
    assert!(report.accepted.iter().all(|one| one.message.contains("udp/")), "{:?}", report.accepted);
}
