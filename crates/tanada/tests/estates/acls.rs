//! Verdicts of the ACLs of the Modernisation Platform's member VPCs, against the rules recorded there.

use std::collections::BTreeSet;

use tanada_model::design::{Action, Protocol};
use tanada_model::net::Block;
use tanada_render::plan::{AclRule, VpcRoot};

use crate::recorded::table;
use crate::support::estate;

const ESTATE: &str = "modernisation-platform";

/// A rule of either side. Ports that are `None` are all ports; so is a protocol.
#[derive(Clone, Debug)]
struct Rule {
    number: u32,
    allow: bool,
    protocol: Option<&'static str>,
    ports: Option<(u16, u16)>,
    peer: Block,
}

impl Rule {
    fn emitted(rule: &AclRule) -> Self {
        let protocol = rule.protocol.map(|protocol| match protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Icmp => "icmp",
        });
        let allow = match rule.action {
            Action::Allow => true,
            Action::Deny => false,
        };
        Self { number: rule.number, allow, protocol, ports: rule.ports, peer: rule.block }
    }

    fn matches(&self, address: u32, protocol: &str, port: u16) -> bool {
        self.protocol.is_none_or(|own| own == protocol)
            && self.ports.is_none_or(|(from, to)| (from..=to).contains(&port))
            && (self.peer.first()..=self.peer.last()).contains(&address)
    }
}

/// The first rule by number that matches decides; without one the packet is dropped.
fn passes(rules: &[Rule], address: u32, protocol: &str, port: u16) -> bool {
    rules.iter().find(|rule| rule.matches(address, protocol, port)).is_some_and(|rule| rule.allow)
}

fn sorted(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.sort_by_key(|rule| rule.number);
    rules
}

/// The recorded rules of one ACL and direction.
fn recorded(rows: &[[String; 8]], vpc: &VpcRoot, tier: &str, direction: &str) -> Vec<Rule> {
    let of_this =
        |row: &&[String; 8]| (row[0] == "*" || row[0] == vpc.name) && row[1] == tier && row[2] == direction;
    let rule = |[_, _, _, number, action, protocol, ports, peer]: &[String; 8]| Rule {
        number: number.parse().unwrap(),
        allow: match action.as_str() {
            "allow" => true,
            "deny" => false,
            other => panic!("{other}"),
        },
        protocol: match protocol.as_str() {
            "all" => None,
            "tcp" => Some("tcp"),
            "udp" => Some("udp"),
            other => panic!("{other}"),
        },
        ports: (!ports.is_empty()).then(|| {
            let (from, to) = ports.split_once('-').unwrap_or((ports, ports));
            (from.parse().unwrap(), to.parse().unwrap())
        }),
        peer: if peer == "vpc" { vpc.page.blocks[0] } else { peer.parse().unwrap() },
    };
    sorted(rows.iter().filter(of_this).map(rule).collect())
}

/// The edges of every address range and port range of both sides, and what lies next to them.
fn probes(rules: &[Rule]) -> (BTreeSet<u32>, BTreeSet<u16>) {
    let mut addresses = BTreeSet::from([0x0808_0808]);
    let mut ports = BTreeSet::from([0, u16::MAX]);
    for rule in rules {
        let (first, last) = (rule.peer.first(), rule.peer.last());
        addresses.extend([first.saturating_sub(1), first, last, last.saturating_add(1)]);
        if let Some((from, to)) = rule.ports {
            ports.extend([from.saturating_sub(1), from, to, to.saturating_add(1)]);
        }
    }
    (addresses, ports)
}

/// Where the two disagree: protocol, address, port and what is recorded.
fn disagreements(ours: &[Rule], theirs: &[Rule]) -> Vec<String> {
    let (addresses, ports) = probes(&[ours, theirs].concat());
    let mut found = Vec::new();
    for protocol in ["tcp", "udp", "icmp"] {
        for &address in &addresses {
            for &port in &ports {
                let recorded = passes(theirs, address, protocol, port);
                if recorded != passes(ours, address, protocol, port) {
                    let address = std::net::Ipv4Addr::from(address);
                    found.push(format!("{protocol}/{port} {address} recorded as {recorded}"));
                }
            }
        }
    }
    found
}

#[test]
fn member_vpcs_have_the_recorded_verdicts() {
    let plan = estate(ESTATE).plan;
    let rows =
        table(ESTATE, "acls", ["vpc", "tier", "direction", "number", "action", "protocol", "ports", "peer"]);
    let members: Vec<&VpcRoot> = plan.vpcs.iter().filter(|vpc| vpc.environment != "core").collect();
    assert_eq!(members.len(), 38);
    let (mut directions, mut most, mut wrong) = (0, 0, Vec::new());
    for vpc in members {
        for tier in ["private", "public", "data", "protected"] {
            let acl = vpc.acls.iter().find(|acl| acl.tier == tier).unwrap();
            for (direction, rules) in [("ingress", &acl.ingress), ("egress", &acl.egress)] {
                let theirs = recorded(&rows, vpc, tier, direction);
                assert!(!theirs.is_empty());
                let ours = sorted(rules.iter().map(Rule::emitted).collect());
                let found = disagreements(&ours, &theirs);
                if let Some(first) = found.first() {
                    wrong.push(format!("{} {tier} {direction}: {} times, {first}", vpc.name, found.len()));
                }
                directions += 1;
                most = most.max(ours.len());
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {directions}:\n{}", wrong.len(), wrong.join("\n"));
    // The source has 18 in one; four of them repeat others.
    assert_eq!((directions, most), (304, 14));
    println!("{directions} ACL directions give the recorded verdicts, with at most {most} rules in one");
}
