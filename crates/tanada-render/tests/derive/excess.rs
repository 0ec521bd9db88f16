//! ACLs of random estates, packet by packet, against what was said. With room for every row, and with so little that some
//! must be wider: then what passes beside it is what the findings list.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use tanada_model::design::{Action, Protocol};
use tanada_model::diagnostic::Sources;
use tanada_model::lock::Lock;
use tanada_model::net::Block;
use tanada_render::derive::derive;
use tanada_render::plan::{AclRule, Plan, VpcRoot};

use crate::codes::{BASE, EXCESS};
use crate::estate::{allocated, findings, list, plan, text};
use crate::said::{ENVIRONMENTS, Intent, Packet, Peer, Place, Said, TEAMS, inside, speaks, vpc};

/// The first row by number that matches decides.
fn passes(rules: &[AclRule], address: u32, (protocol, port): Packet) -> bool {
    let matches = |rule: &&AclRule| {
        let number = rule.protocol.map(|protocol| match protocol {
            Protocol::Tcp => 6,
            Protocol::Udp => 17,
            Protocol::Icmp => 1,
        });
        inside(rule.block, address)
            && number.is_none_or(|number| number == protocol)
            && rule.ports.is_none_or(|(first, last)| (first..=last).contains(&port))
    };
    let first = rules.iter().filter(matches).min_by_key(|rule| rule.number);
    first.is_some_and(|rule| rule.action == Action::Allow)
}

/// A line of a finding: `lets in tcp/443 from 10.0.0.0/20, 10.0.64.0/20 (team.b.live)`.
#[derive(Debug)]
struct Line {
    place: String,
    inward: bool,
    service: String,
    blocks: Vec<Block>,
    whose: String,
}

impl Line {
    /// Every line of the findings, each with `tier of VPC`. None of another kind may be among them.
    fn all(found: &[tanada_model::diagnostic::Diagnostic]) -> Vec<Self> {
        let mut lines = Vec::new();
        for finding in found {
            assert_eq!(finding.code.name, "acl-excess");
            let place: Vec<&str> = finding.message.split('`').collect();
            for help in &finding.help {
                let (inward, rest, word) =
                    match (help.strip_prefix("lets in "), help.strip_prefix("lets out ")) {
                        (Some(rest), _) => (true, rest, " from "),
                        (_, Some(rest)) => (false, rest, " to "),
                        (None, None) => continue,
                    };
                let (service, rest) = rest.split_once(word).unwrap();
                let (blocks, whose) = rest.strip_suffix(')').unwrap().split_once(" (").unwrap();
                lines.push(Self {
                    place: format!("{} of {}", place[1], place[3]),
                    inward,
                    service: service.to_owned(),
                    blocks: blocks.split(", ").map(|block| block.parse().unwrap()).collect(),
                    whose: whose.to_owned(),
                });
            }
        }
        lines
    }

    fn lets(&self, address: u32, packet: Packet) -> bool {
        self.blocks.iter().any(|block| inside(*block, address))
            && match self.service.strip_prefix("protocols ") {
                Some(range) => {
                    let (first, last) = range.split_once('-').unwrap_or((range, range));
                    (first.parse().unwrap()..=last.parse().unwrap()).contains(&packet.0)
                }
                None if self.service == "tcp" => packet.0 == 6,
                None if self.service == "udp" => packet.0 == 17,
                None => speaks(&self.service, packet),
            }
    }
}

/// Checks every ACL at the edges of all addresses and ports; returns how many directions there were.
fn check(plan: &Plan, intents: &[Intent], lines: &[Line], most: usize) -> usize {
    let mut directions = 0;
    let ids: Vec<String> = TEAMS.iter().flat_map(|t| ENVIRONMENTS.map(|e| format!("{t}-{e}"))).collect();
    assert!(plan.vpcs.iter().map(|vpc| &vpc.id).eq(&ids));
    assert!(plan.vpcs.iter().all(|vpc| vpc.page.tiers[0].0 == "app" && vpc.page.tiers[1].0 == "data"));
    for (team, team_name) in TEAMS.iter().enumerate() {
        for (environment, environment_name) in ENVIRONMENTS.iter().enumerate() {
            for tier in ["app", "data"] {
                let acl = vpc(plan, team, environment).acls.iter().find(|acl| acl.tier == tier).unwrap();
                let name = format!("{tier} of team.{team_name}.{environment_name}");
                let place = Place { team, environment, tier };
                for (inward, rules) in [(true, &acl.ingress), (false, &acl.egress)] {
                    assert!(rules.len() <= most, "{name}: {} rows", rules.len());
                    let here = |line: &&Line| (line.place.as_str(), line.inward) == (name.as_str(), inward);
                    let lines: Vec<&Line> = lines.iter().filter(here).collect();
                    for address in addresses(plan, rules) {
                        let said = Said::of(plan, intents, place, address);
                        for packet in packets() {
                            let said = said.lets(inward, packet);
                            let listed = lines.iter().any(|line| line.lets(address, packet));
                            let at = std::net::Ipv4Addr::from(address);
                            let at = || format!("{name} inward: {inward}, {packet:?} {at}\n{rules:#?}");
                            assert!(!(said && listed), "listed although said: {}", at());
                            assert_eq!(passes(rules, address, packet), said || listed, "{}", at());
                        }
                    }
                    directions += 1;
                }
            }
        }
    }
    directions
}

/// The edges of every block of the estate and of some rules, and what lies beside them.
fn addresses(plan: &Plan, rules: &[AclRule]) -> BTreeSet<u32> {
    let fixed =
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/12", "10.16.0.0/12", "192.0.2.0/24"];
    let fixed = fixed.iter().map(|block| block.parse::<Block>().unwrap());
    let networks = plan.vpcs.iter().flat_map(|vpc| {
        let tiers = vpc.page.tiers.iter().flat_map(|(_, _, blocks)| blocks);
        vpc.page.blocks.iter().chain(tiers).copied()
    });
    let blocks = fixed.chain(networks).chain(rules.iter().map(|rule| rule.block));
    blocks
        .flat_map(|block| {
            [block.first().saturating_sub(1), block.first(), block.last(), block.last().saturating_add(1)]
        })
        .collect()
}

fn packets() -> impl Iterator<Item = Packet> {
    let ports = [0, 52, 53, 54, 442, 443, 444, 1023, 1024, 7999, 8000, 8010, 8011, 65535];
    let with_ports = [6, 17].into_iter().flat_map(move |protocol| ports.map(|port| (protocol, port)));
    with_ports.chain([(1, 0), (47, 0)])
}

fn some_peer() -> impl Strategy<Value = Peer> {
    let (team, environment) = (0..TEAMS.len(), 0..ENVIRONMENTS.len());
    let tier = || proptest::sample::select(vec!["app", "data"]);
    prop_oneof![
        4 => team.clone().prop_map(Peer::Team),
        2 => (team.clone(), tier()).prop_map(|(t, r)| Peer::TeamTier(t, r)),
        6 => (team.clone(), environment.clone()).prop_map(|(t, e)| Peer::Vpc(t, e)),
        4 => (team, environment.clone(), tier()).prop_map(|(t, e, r)| Peer::VpcTier(t, e, r)),
        1 => environment.clone().prop_map(Peer::Environment),
        1 => environment.prop_map(Peer::Pool),
        1 => Just(Peer::Reserved),
        1 => Just(Peer::Private),
        1 => Just(Peer::Any),
    ]
}

fn some_intent() -> impl Strategy<Value = Intent> {
    let ports = proptest::sample::subsequence(vec!["tcp/443", "tcp/8000-8010", "udp/53", "icmp"], 1..=2);
    let ports = prop_oneof![8 => ports, 1 => Just(vec!["all"])];
    let network = || some_peer().prop_filter("a network", |peer| peer.is_a_network());
    let both = (network(), proptest::collection::vec(some_peer(), 1..5), any::<bool>(), ports);
    both.prop_filter_map("two ends that meet", |(one, many, outward, ports)| {
        // Somebody must meet somebody, and nobody itself alone.
        let meets = many.iter().any(|peer| !peer.open() || !one.open() || peer.is_a_network());
        let (from, to) = if outward { (vec![one], many) } else { (many, vec![one]) };
        meets.then_some(Intent { from, to, ports })
    })
}

fn estate(intents: &[Intent], quota: usize, accept: bool) -> String {
    let head = BASE.split("layout \"one\"").next().unwrap().replace("10.0.0.0/12", "10.128.0.0/12");
    let mut text = head;
    text += "pool \"live\" { range = \"10.0.0.0/12\" }\npool \"test\" { range = \"10.16.0.0/12\" }\n";
    text += "reserved \"partner\" { range = \"192.0.2.0/24\" }\n";
    text += "layout \"one\" {\n  zones = [\"a\"]\n  tier \"app\" { newbits = 3 }\n  tier \"data\" {\n    newbits = 4\n    accepts = [tier.app]\n  }\n  tier \"transit\" {\n    size = 28\n    attach = true\n  }\n}\n";
    for environment in ENVIRONMENTS {
        writeln!(text, "environment \"{environment}\" {{\n  pool = pool.{environment}\n  hub = hub.eu\n  segment = segment.live\n  layout = layout.one\n  size = 20\n}}").unwrap();
    }
    for team in TEAMS {
        writeln!(text, "team \"{team}\" {{}}").unwrap();
    }
    let list = |peers: &[Peer]| peers.iter().map(|peer| peer.text()).collect::<Vec<_>>().join(", ");
    for (i, Intent { from, to, ports }) in intents.iter().enumerate() {
        let (from, to) = (list(from), list(to));
        writeln!(text, "allow \"said-{i}\" {{\n  from = [{from}]\n  to = [{to}]\n  ports = {ports:?}\n  why = \"A test.\"\n}}").unwrap();
    }
    writeln!(text, "quotas {{\n acl_rules = {quota}\n why = \"A test.\"\n}}").unwrap();
    if accept {
        text += "accept \"acl-excess\" { why = \"A test.\" }\n";
    }
    text
}

/// The plan with room for all rows, more of it than any input may say that AWS gives.
fn roomy(sources: &Sources) -> Plan {
    let (mut design, allocation, _) = allocated(sources, &Lock::default());
    design.quotas.get_mut("acl_rules").unwrap().value = 1000;
    let (plan, found) = derive(&design, &allocation);
    assert!(plan.is_some(), "{}", list(&found));
    plan.unwrap()
}

/// One estate: with room for all rows, and with few. Whether rows were wider than what was said.
fn judge(intents: &[Intent], quota: usize) -> bool {
    let all = roomy(&text(&estate(intents, 40, false)));
    assert_eq!(check(&all, intents, &[], 999), 4 * TEAMS.len() * ENVIRONMENTS.len());
    let found = findings(&text(&estate(intents, quota, false)));
    // Too many rows even for the widest ones: the finding names the intents, and nothing is written.
    if found.iter().any(|finding| finding.code.name == "acl-quota") {
        return false;
    }
    let lines = Line::all(&found);
    let fewer = plan(&text(&estate(intents, quota, true)));
    check(&fewer, intents, &lines, quota - 1);
    for line in &lines {
        for block in &line.blocks {
            let theirs = |vpc: &&VpcRoot| vpc.page.blocks.iter().any(|own| own.overlaps(*block));
            let owners =
                fewer.vpcs.iter().filter(theirs).map(|vpc| format!("team.{}", vpc.id.replace('-', ".")));
            let owners: Vec<String> = owners.collect();
            match line.whose.as_str() {
                "free" | "outside the estate" | "reserved.partner" => assert!(owners.is_empty(), "{line:?}"),
                whose => assert!(whose.starts_with("reserved.") || owners == [whose], "{line:?} {owners:?}"),
            }
        }
    }
    !lines.is_empty()
}

#[test]
fn acls_let_pass_what_was_said_and_what_findings_list() {
    let more: Option<u32> = std::env::var("TANADA_ACLS").ok().and_then(|cases| cases.parse().ok());
    let config =
        ProptestConfig { cases: more.unwrap_or(20), failure_persistence: None, ..ProptestConfig::default() };
    // The sample is always the same one; more are others each time.
    let mut runner = match more {
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        Some(_) => TestRunner::new(config),
    };
    let wider = std::cell::Cell::new(0);
    let estates = (proptest::collection::vec(some_intent(), 1..6), 4_usize..9);
    let run = runner.run(&estates, |(intents, quota)| {
        wider.set(wider.get() + u32::from(judge(&intents, quota)));
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    assert!(wider.get() >= 5, "{} estates with wider rows are too few to say anything", wider.get());
    println!("{} of the estates had rows that are wider than what was said", wider.get());
}

/// What is written when the excess is accepted: the row says so, and so does the page, with the reason.
#[test]
fn a_wider_row_says_that_it_is() {
    let accept = "accept \"acl-excess\" {\n  on = [team.e.live.app]\n  why = \"All of them are ours.\"\n}\n";
    let accepted = plan(&text(&format!("{BASE}{EXCESS}{accept}")));
    let vpc = accepted.vpcs.iter().find(|vpc| vpc.id == "e-live").unwrap();
    let acl = vpc.acls.iter().find(|acl| acl.tier == "app").unwrap();
    let rows: Vec<(String, String)> =
        acl.ingress.iter().map(|r| (r.why.to_string(), r.block.to_string())).collect();
    let expected = [
        ("within the VPC", "10.1.64.0/20"),
        ("two, return", "10.1.16.0/20"),
        ("wider than said: one", "10.1.0.0/18"),
    ];
    assert!(rows.iter().map(|(why, block)| (why.as_str(), block.as_str())).eq(expected), "{rows:?}");
    let reason = "excess of wider rows for one; accepted: All of them are ours.";
    let flow = |from: &str, to: &str, ports: &str| [from, to, ports, reason].map(str::to_owned);
    let b = "10.1.16.0/20 (team.b.live)";
    for flow in [flow(b, "app", "tcp/443"), flow("app", b, "tcp/1024-65535")] {
        assert!(vpc.page.flows.contains(&flow), "{flow:?}");
    }
    let exact = plan(&text(&format!("{BASE}{}", EXCESS.replace("acl_rules = 4", "acl_rules = 5"))));
    let exact = exact.vpcs.iter().find(|vpc| vpc.id == "e-live").unwrap();
    let exact = exact.acls.iter().find(|acl| acl.tier == "app").unwrap();
    let stay: Vec<&AclRule> =
        acl.ingress.iter().filter(|row| !row.why.said.starts_with("wider than said: ")).collect();
    assert_eq!(stay.len(), 2);
    assert!(stay.iter().all(|row| exact.ingress.contains(row)), "rows that are not wider keep their numbers");
}
