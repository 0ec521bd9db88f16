//! Rules of recorded ACLs that no packet reaches: 372 directions of the Modernisation Platform.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::acl::{Match, Never, never_matching, protocol};
use tanada_model::net::Block;

use crate::recorded::table;

const ESTATE: &str = "modernisation-platform";

/// A recorded rule: its number and what it speaks of, the VPC's own block put in for `vpc`.
fn lists() -> BTreeMap<String, Vec<[String; 5]>> {
    let mut lists: BTreeMap<String, Vec<[String; 5]>> = BTreeMap::new();
    let rows = table(ESTATE, "acl-rules", ["list", "number", "action", "protocol", "ports", "peer"]);
    for [list, rule @ ..] in rows {
        lists.entry(list).or_default().push(rule);
    }
    lists
}

fn matched([_, _, protocol, ports, peer]: &[String; 5], own: &str) -> Match {
    let block: Block = if peer == "vpc" { own } else { peer }.parse().unwrap();
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let number = match protocol.as_str() {
        "all" => return Match::all(block),
        "tcp" => protocol::TCP,
        "udp" => protocol::UDP,
        other => panic!("{other}"),
    };
    if ports.is_empty() {
        Match::protocol(block, number)
    } else {
        Match::ports(block, number, first.parse().unwrap(), last.parse().unwrap()).unwrap()
    }
}

/// Whether some packet at an edge of these rules is one of the last one's and of no other's. Sets change only at edges,
/// so there is one exactly when there is any.
fn reached(rules: &[Match]) -> bool {
    let (rule, earlier) = rules.split_last().unwrap();
    let edges = |at: usize| -> BTreeSet<u32> {
        let own = rule.cell().0[at];
        let after = earlier.iter().filter_map(|rule| rule.cell().0[at].last().checked_add(1));
        let all = after.chain(earlier.iter().map(|rule| rule.cell().0[at].first())).chain([own.first()]);
        all.filter(|edge| (own.first()..=own.last()).contains(edge)).collect()
    };
    let holds = |rule: &Match, packet: [u32; 3]| {
        rule.cell().0.iter().zip(packet).all(|(own, number)| (own.first()..=own.last()).contains(&number))
    };
    edges(0).into_iter().any(|address| {
        edges(1).into_iter().any(|number| {
            edges(2)
                .into_iter()
                .any(|port| !earlier.iter().any(|other| holds(other, [address, number, port])))
        })
    })
}

#[test]
fn recorded_rules_that_never_match_are_found() {
    let lists = lists();
    let directions = table(ESTATE, "acl-directions", ["vpc", "block", "acl", "direction", "list"]);
    let (mut rules, mut single, mut union) = (0, BTreeMap::<String, usize>::new(), Vec::new());
    for [_, own, acl, direction, list] in &directions {
        let recorded = &lists[list];
        let matches: Vec<Match> = recorded.iter().map(|rule| matched(rule, own)).collect();
        rules += matches.len();
        let never: BTreeMap<usize, Never> = never_matching(&matches).into_iter().collect();
        for (at, rule) in recorded.iter().enumerate() {
            assert_eq!(never.contains_key(&at), !reached(&matches[..=at]), "{acl} {direction} {rule:?}");
            match never.get(&at) {
                None => {}
                Some(Never::Covered(by)) => {
                    let key = format!("{direction} {} by {}", rule[0], recorded[*by][0]);
                    *single.entry(key).or_default() += 1;
                }
                Some(Never::Together(by)) => union.push(format!("{acl} {direction} {rule:?} by {by:?}")),
            }
        }
    }
    assert_eq!((directions.len(), rules), (372, 2791));
    assert_eq!(single.values().sum::<usize>(), 54);
    // Three subnets' rules for one flow, of which the first says it all; and the answers from the internet, twice.
    let expected = [
        ("egress 6011 by 6010", 4),
        ("egress 6012 by 6010", 4),
        ("egress 6051 by 6050", 4),
        ("egress 6052 by 6050", 4),
        ("ingress 7100 by 5100", 38),
    ];
    let expected: BTreeMap<String, usize> =
        expected.into_iter().map(|(key, n)| (key.to_owned(), n)).collect();
    assert_eq!(single, expected);
    assert_eq!(union, Vec::<String>::new(), "none needs several others to be covered");
    println!("{rules} rules in {} directions: 54 covered by one earlier rule", directions.len());
}
