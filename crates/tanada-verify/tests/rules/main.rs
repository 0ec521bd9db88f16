//! Every rule has a file here that shows when it speaks and when it does not.
//!
//! `CODE.txt` begins with a line of what it shows. `rejects` and `accepts` are edits of the tree of `fixtures/m3`: after
//! `in FILE` each `- ` line (one text that stands there once) is replaced by the `+ ` lines behind it. What the rule says
//! of the rejected tree stands under `says`; `UPDATE=1` writes it. Of the accepted one, and of the trees of all fixtures as
//! they are, it says nothing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tanada_model::diagnostic::Severity;
use tanada_model::quotas::QUOTAS;
use tanada_verify::network::Network;
use tanada_verify::read;
use tanada_verify::rules::{Facts, Finding, Quotas, Rule, check, rules};

type Tree = BTreeMap<String, String>;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

/// The emitted files of a fixture.
fn tree(estate: &str) -> Tree {
    fn walk(root: &Path, directory: &Path, tree: &mut Tree) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, tree);
            } else if path.extension().is_some_and(|extension| extension == "tf") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                tree.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(estate).join("generated");
    let mut tree = Tree::new();
    walk(&root, &root, &mut tree);
    tree
}

fn findings(tree: &Tree, quotas: &Quotas) -> Result<Vec<Finding>, String> {
    let observed = read(tree).map_err(|errors| format!("{errors:?}"))?;
    let (network, _) = Network::observe(&observed);
    Ok(check(&Facts { observed: &observed, network: &network, quotas }))
}

/// Quotas that every estate of this size has raised.
const RAISED: [(&str, u32); 4] = [
    ("vpcs_per_region", 100),
    ("internet_gateways_per_region", 100),
    ("nat_gateways_per_zone", 100),
    ("elastic_ips_per_region", 300),
];

fn raised() -> Quotas {
    Quotas::raised(RAISED)
}

/// Quotas of a fixture: `quota NAME = n`, beside those that are raised.
fn quotas(edits: &str) -> Quotas {
    let own = edits.lines().filter_map(|line| line.strip_prefix("quota ")?.split_once(" = "));
    let own = own.map(|(name, value)| (name, value.parse().unwrap()));
    Quotas::raised(RAISED.into_iter().chain(own))
}

/// What one rule says of a tree.
fn said(tree: &Tree, quotas: &Quotas, code: &str) -> Result<String, String> {
    let mut text = String::new();
    for finding in findings(tree, quotas)?.iter().filter(|finding| finding.code.name == code) {
        let mut places = finding.places.iter();
        let (first, _) = places.next().unwrap();
        writeln!(text, "{first}: {}", finding.message).unwrap();
        for (place, words) in places {
            writeln!(text, "  {place}: {words}").unwrap();
        }
        for line in &finding.help {
            writeln!(text, "  help: {line}").unwrap();
        }
    }
    Ok(text)
}

/// A fixture's parts: the head, the edits that are rejected, those that are accepted.
fn parts(text: &str) -> (String, String, String) {
    let mut sections: BTreeMap<&str, String> = BTreeMap::new();
    let mut current = "head";
    for line in text.lines() {
        match line {
            "rejects" | "says" | "accepts" => current = line,
            _ => writeln!(sections.entry(current).or_default(), "{line}").unwrap(),
        }
    }
    let mut take = |name| sections.remove(name).unwrap_or_default();
    (take("head"), take("rejects"), take("accepts"))
}

fn edited(tree: &Tree, edits: &str) -> Result<Tree, String> {
    let mut tree = tree.clone();
    let mut file = String::new();
    let mut old: Option<String> = None;
    let mut new = String::new();
    let mut apply = |file: &str, old: Option<String>, new: &mut String| {
        let Some(old) = old else { return Ok(()) };
        let text = tree.get_mut(file).ok_or(format!("there is no {file}"))?;
        let times = text.matches(&old).count();
        *text = text.replacen(&old, new.trim_end_matches('\n'), 1);
        new.clear();
        if times == 1 { Ok(()) } else { Err(format!("{file} has this {times} times: {old}")) }
    };
    for line in edits.lines() {
        if let Some(name) = line.strip_prefix("in ") {
            apply(&file, old.take(), &mut new)?;
            file = name.to_owned();
        } else if let Some(line) = line.strip_prefix("- ") {
            apply(&file, old.take(), &mut new)?;
            old = Some(line.to_owned());
        } else if let Some(line) = line.strip_prefix("+ ") {
            writeln!(new, "{line}").unwrap();
        }
    }
    apply(&file, old.take(), &mut new)?;
    Ok(tree)
}

/// What is wrong with a rule's file; `update` writes it anew.
fn judge(rule: &Rule, base: &Tree, update: bool) -> Result<(), String> {
    let name = rule.code.name;
    let path = here().join(format!("{name}.txt"));
    let text = fs::read_to_string(&path).map_err(|_| format!("{} is missing", path.display()))?;
    let (head, rejects, accepts) = parts(&text);
    let says = said(&edited(base, &rejects)?, &quotas(&rejects), name)?;
    if says.is_empty() {
        return Err("it says nothing of what it rejects".to_owned());
    }
    let accepted = said(&edited(base, &accepts)?, &quotas(&accepts), name)?;
    if !accepted.is_empty() || accepts.trim().is_empty() {
        return Err(format!("it speaks of what it accepts: {accepted}"));
    }
    let wanted = format!("{head}rejects\n{rejects}says\n{says}\naccepts\n{accepts}");
    if update {
        fs::write(&path, &wanted).unwrap();
    }
    if text == wanted || update { Ok(()) } else { Err(format!("UPDATE=1 writes\n{wanted}")) }
}

#[test]
fn every_rule_speaks_when_it_should_and_only_then() {
    let mut base = tree("m3");
    // Some of the roots are enough, and read sooner.
    let some =
        ["teams/web/production", "teams/payments/production", "teams/platform/shared", "teams/data/batch"];
    base.retain(|path, _| !path.starts_with("teams/") || some.iter().any(|root| path.starts_with(root)));
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for rule in rules() {
        if let Err(why) = judge(rule, &base, update) {
            writeln!(wrong, "{}: {why}", rule.code.name).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A rule has a file, a file has a rule, and a code has one meaning and a source.
#[test]
fn the_registry_is_whole() {
    let names: Vec<&str> = rules().map(|rule| rule.code.name).collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), unique.len());
    for entry in fs::read_dir(here()).unwrap() {
        let file = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(
            file == "main.rs" || file.strip_suffix(".txt").is_some_and(|name| unique.contains(name)),
            "{file}"
        );
    }
    for rule in rules() {
        let own = ["arithmetic of CIDR blocks", "this project's own invariant"].contains(&rule.source);
        let table = rule.source.contains("docs/rules.md");
        let dated = rule.source.contains(", https://") && rule.source.contains(", read 20");
        assert!(own || table || dated, "{}: {}", rule.code.name, rule.source);
    }
}

/// Every quota of the table is counted, and what is counted is what there is.
#[test]
fn every_quota_is_counted() {
    // Of m3, counted in its files by hand: 28 VPCs in one account and two in another, three zones with a NAT gateway a VPC,
    // four tiers, two sites and five segments.
    let most = [
        ("acl_rules", 16),
        ("attachments_per_hub", 32),
        ("blocks_per_vpc", 1),
        ("elastic_ips_per_region", 84),
        ("hubs_per_region", 1),
        ("internet_gateways_per_region", 28),
        ("nat_gateways_per_zone", 28),
        ("network_acls_per_vpc", 5),
        ("prefixes_from_site", 1),
        ("prefixes_to_site", 8),
        ("route_tables_per_hub", 5),
        ("route_tables_per_vpc", 13),
        ("routes_per_hub", 96),
        ("routes_per_table", 2),
        ("subnets_per_vpc", 12),
        ("vpcs_per_region", 28),
    ];
    assert_eq!(most.map(|(name, _)| name).as_slice(), QUOTAS.iter().map(|q| q.name).collect::<Vec<_>>());
    let tree = tree("m3");
    let mut wrong = Vec::new();
    for (quota, (name, most)) in QUOTAS.iter().zip(most) {
        let found = findings(&tree, &Quotas::raised([(name, 0)])).unwrap();
        let own = |finding: &&Finding| match finding.code.name {
            "quota" => finding.help.iter().any(|line| line.contains(&format!("`{name} = "))),
            "site-prefixes" => finding.message.contains(quota.things),
            _ => false,
        };
        let number = |finding: &Finding| {
            let (_, rest) = finding.message.split_once(" has ").unwrap();
            rest.split(' ').next().unwrap().parse::<u32>().unwrap()
        };
        let largest = found.iter().filter(own).map(number).max();
        wrong.extend((largest != Some(most)).then(|| format!("{name}: {largest:?}, not {most}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is emitted is clean. Notes may stand.
#[test]
fn the_fixtures_are_clean() {
    for estate in ["m3", "modernisation-platform", "lza-finance-tax", "aws-asea-pbmm"] {
        let mut found =
            findings(&tree(estate), &raised()).unwrap_or_else(|wrong| panic!("{estate}: {wrong}"));
        found.retain(|finding| finding.code.severity > Severity::Note);
        // What the inputs accept (rules know no input): two ACLs that are open, one that is nearly full, and a default
        // route for what nobody has.
        let (code, file, times) = match estate {
            "m3" => ("quota-near", "teams/platform/shared/", 1),
            "modernisation-platform" => ("acl-open-to-admin", "core-network-services-", 4),
            "lza-finance-tax" => ("rest-leaves-by-default", "teams/Network/egress/", 1),
            _ => ("", "", 0),
        };
        let accepted =
            |finding: &Finding| finding.code.name == code && finding.places[0].0.file().contains(file);
        assert_eq!(found.iter().filter(|finding| accepted(finding)).count(), times, "{estate}");
        found.retain(|finding| !accepted(finding));
        let text: Vec<String> = found
            .iter()
            .map(|finding| {
                format!(
                    "{:?} {}: {} {}",
                    finding.code.severity, finding.places[0].0, finding.code.name, finding.message
                )
            })
            .collect();
        assert!(text.is_empty(), "{estate}: {} findings\n{}", text.len(), text.join("\n"));
    }
}
