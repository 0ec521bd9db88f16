//! Rows against what statements mean, packet by packet: the oracle knows no row, no number and no guard.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use tanada_model::design::Action;
use tanada_model::net::Block;

use super::super::addresses::Owners;
use super::numbers::number;
use super::numbers::number_wide;
use super::order::decisive;
use super::rows::{Part, Row, rows};
use super::service::Service;
use super::statement::{Opens, Peers, Statement, Voice};
use super::widen::{beyond, widened};

/// A protocol, and a destination port where it has ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packet {
    Tcp(u16),
    Udp(u16),
    Icmp,
    Gre,
}

const PACKETS: &[Packet] = &[
    Packet::Tcp(0),
    Packet::Tcp(22),
    Packet::Tcp(443),
    Packet::Tcp(1023),
    Packet::Tcp(1024),
    Packet::Tcp(3388),
    Packet::Tcp(3389),
    Packet::Tcp(3390),
    Packet::Tcp(8080),
    Packet::Tcp(65535),
    Packet::Udp(53),
    Packet::Udp(1023),
    Packet::Udp(1024),
    Packet::Udp(65535),
    Packet::Icmp,
    Packet::Gre,
];

const BLOCKS: &[&str] = &[
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/9",
    "10.128.0.0/9",
    "10.0.0.0/10",
    "10.64.0.0/10",
    "10.0.0.0/12",
    "10.16.0.0/12",
    "10.0.0.0/16",
    "10.1.0.0/16",
    "10.2.0.0/16",
    "10.3.0.0/16",
    "172.16.0.0/12",
    "172.16.0.0/16",
    "165.0.0.0/8",
    "165.72.0.0/16",
];

const SERVICES: &[Service] = &[
    Service::All,
    Service::Tcp(443, 443),
    Service::Tcp(3389, 3389),
    Service::Tcp(22, 3389),
    Service::Tcp(8080, 8080),
    Service::Udp(53, 53),
    Service::Udp(1024, 65535),
    Service::Icmp,
];

fn block(text: &str) -> Block {
    text.parse().unwrap()
}

/// The first and last address of every block, and one that lies in none but the whole.
fn addresses() -> BTreeSet<u32> {
    let ends = BLOCKS.iter().map(|text| block(text)).flat_map(|block| [block.first(), block.last()]);
    ends.chain([u32::from(std::net::Ipv4Addr::new(8, 8, 8, 8))]).collect()
}

fn holds(block: Block, address: u32) -> bool {
    block.first() <= address && address <= block.last()
}

fn speaks(service: Service, packet: Packet) -> bool {
    match (service, packet) {
        (Service::All, _) | (Service::Icmp, Packet::Icmp) => true,
        (Service::Tcp(a, b), Packet::Tcp(port)) | (Service::Udp(a, b), Packet::Udp(port)) => {
            (a..=b).contains(&port)
        }
        (Service::Tcp(..) | Service::Udp(..) | Service::Icmp, _) => false,
    }
}

/// Whether answers to the services may be this packet.
fn answers(services: &[Service], packet: Packet) -> bool {
    services.iter().any(|service| match (service, packet) {
        (Service::All | Service::Tcp(..), Packet::Tcp(port))
        | (Service::All | Service::Udp(..), Packet::Udp(port)) => port >= 1024,
        (Service::Icmp, Packet::Icmp) => true,
        (Service::All | Service::Tcp(..) | Service::Udp(..) | Service::Icmp, _) => false,
    })
}

/// Every prefix length at which a statement speaks of an address: blocks as written, the internet as 0.
fn lengths(statement: &Statement, address: u32, estate: &[Block]) -> Vec<u8> {
    let blocks = statement.peers.blocks.iter().filter(|block| holds(**block, address));
    let mut lengths: Vec<u8> = blocks.map(|block| block.prefix_len()).collect();
    if statement.peers.internet && !estate.iter().any(|block| holds(*block, address)) {
        lengths.push(0);
    }
    lengths
}

/// What statements mean for one packet: the narrower one holds, at one length deny before allow; answers are let in
/// like allows, unless the next wider thing that is said of the packet is a deny of its port.
fn means(statements: &[Statement], side: Opens, address: u32, packet: Packet, estate: &[Block]) -> bool {
    let mut said: Vec<(u8, Action, bool)> = Vec::new();
    for statement in statements.iter().filter(|s| s.opens == side) {
        if statement.services.iter().any(|service| speaks(*service, packet)) {
            let ports = statement
                .services
                .iter()
                .all(|service| !speaks(*service, packet) || *service != Service::All);
            said.extend(
                lengths(statement, address, estate).into_iter().map(|len| (len, statement.action, ports)),
            );
        }
    }
    // Narrowest first, deny before allow.
    said.sort_by_key(|(len, action, ports)| (std::cmp::Reverse(*len), *action, *ports));
    let mut verdicts = said.clone();
    for statement in statements.iter().filter(|s| s.opens != side && s.action == Action::Allow) {
        for block in statement.peers.blocks.iter().filter(|block| holds(**block, address)) {
            let len = block.prefix_len();
            let next = said.iter().map(|(other, _, _)| *other).filter(|other| *other < len).max();
            let bound = said.iter().any(|one| next.is_some_and(|next| *one == (next, Action::Deny, true)));
            if answers(&statement.services, packet) && !bound {
                verdicts.push((len, Action::Allow, false));
            }
        }
        let online = statement.peers.internet && !estate.iter().any(|block| holds(*block, address));
        let remote_desktop = side == Opens::Inward && packet == Packet::Tcp(3389);
        if online && answers(&statement.services, packet) && !remote_desktop {
            verdicts.push((0, Action::Allow, false));
        }
    }
    verdicts.sort_by_key(|(len, action, _)| (std::cmp::Reverse(*len), *action));
    verdicts.first().is_some_and(|(_, action, _)| *action == Action::Allow)
}

/// What rows decide: the first one that speaks of the packet.
fn decide(rows: &[(u32, Row<'_>)], address: u32, packet: Packet) -> bool {
    let first = rows.iter().find(|(_, row)| holds(row.block, address) && speaks(row.service, packet));
    first.is_some_and(|(_, row)| row.action == Action::Allow)
}

/// A packet as sets have it.
fn point(address: u32, packet: Packet) -> [u32; 3] {
    match packet {
        Packet::Tcp(port) => [address, 6, port.into()],
        Packet::Udp(port) => [address, 17, port.into()],
        Packet::Icmp => [address, 1, 0],
        Packet::Gre => [address, 47, 0],
    }
}

/// Whether a deny speaks of a packet at all.
fn denied(statements: &[Statement], side: Opens, address: u32, packet: Packet, estate: &[Block]) -> bool {
    let denies = statements.iter().filter(|s| s.opens == side && s.action == Action::Deny);
    let mut speaking = denies.filter(|s| s.services.iter().any(|service| speaks(*service, packet)));
    speaking.any(|statement| !lengths(statement, address, estate).is_empty())
}

fn statement(
    (opens, action, services, blocks, internet, birth): (bool, bool, Vec<usize>, Vec<usize>, bool, u32),
) -> Statement {
    let blocks: Vec<Block> = blocks.into_iter().map(|i| block(BLOCKS[i])).collect();
    let services: BTreeSet<Service> = services.into_iter().map(|i| SERVICES[i]).collect();
    // A deny of everything is not one of ports; the two are not mixed.
    let services =
        if services.contains(&Service::All) { vec![Service::All] } else { services.into_iter().collect() };
    Statement {
        opens: if opens { Opens::Inward } else { Opens::Outward },
        action: if action { Action::Allow } else { Action::Deny },
        services,
        peers: Arc::new(Peers::new(blocks, internet, String::new())),
        voice: if action && birth > 2 { Voice::Intent(birth) } else { Voice::Rule },
        name: format!("said-{birth}").into(),
        why: None,
    }
}

fn some_statements() -> impl Strategy<Value = Vec<Statement>> {
    let services = proptest::collection::vec(0..SERVICES.len(), 1..3);
    let blocks = proptest::collection::vec(0..BLOCKS.len(), 0..5);
    let one = (
        any::<bool>(),
        proptest::bool::weighted(0.7),
        services,
        blocks,
        proptest::bool::weighted(0.25),
        0_u32..9,
    );
    proptest::collection::vec(one.prop_map(statement), 1..7)
}

fn some_estate() -> impl Strategy<Value = Vec<Block>> {
    proptest::sample::select(vec![
        vec![],
        vec![block("10.0.0.0/8")],
        vec![block("10.0.0.0/9"), block("172.16.0.0/12")],
        vec![block("10.0.0.0/16"), block("10.2.0.0/16"), block("165.72.0.0/16")],
    ])
}

fn sides<'a>(statements: &'a [Statement], estate: &[Block]) -> [Vec<(u32, Row<'a>)>; 2] {
    [Opens::Inward, Opens::Outward]
        .map(|side| number(rows(statements, side, estate), &Owners::default()).unwrap())
}

/// Estates that are tried; `TANADA_ACLS=20000` tries more.
fn cases() -> u32 {
    std::env::var("TANADA_ACLS").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_decide_what_statements_mean(statements in some_statements(), estate in some_estate()) {
        for (side, all) in [Opens::Inward, Opens::Outward].into_iter().zip(sides(&statements, &estate)) {
            let few = decisive(all.clone());
            for &address in &addresses() {
                for &packet in PACKETS {
                    let meant = means(&statements, side, address, packet, &estate);
                    let at = std::net::Ipv4Addr::from(address);
                    prop_assert_eq!(decide(&few, address, packet), meant, "{:?} {} {:?}\n{:#?}", side, at, packet, few);
                    prop_assert_eq!(decide(&all, address, packet), meant, "{:?} {} {:?}", side, at, packet);
                }
            }
        }
    }

    #[test]
    fn fewer_rows_let_pass_what_statements_mean_and_the_reported_excess(
        statements in some_statements(),
        estate in some_estate(),
        less in 1_usize..6,
    ) {
        for (side, all) in [Opens::Inward, Opens::Outward].into_iter().zip(sides(&statements, &estate)) {
            let said: Vec<Row<'_>> = all.iter().map(|(_, row)| *row).collect();
            let exact = decisive(all);
            let Some(budget) = exact.len().checked_sub(less) else { continue };
            let Some(fewer) = widened(&exact, &said, budget) else { continue };
            let numbers = number_wide(&fewer.kept, &fewer.wide, &Owners::default()).unwrap();
            let mut rows = fewer.kept.clone();
            rows.extend(numbers.into_iter().map(|(number, at)| (number, fewer.wide[at].row)));
            rows.sort_by_key(|(number, _)| *number);
            prop_assert!(rows.len() <= budget && rows.windows(2).all(|pair| pair[0].0 < pair[1].0));
            prop_assert!(fewer.kept.iter().all(|kept| exact.contains(kept)), "a kept row keeps its number");
            let rows = decisive(rows);
            let excess = beyond(rows.iter().map(|(_, row)| row), exact.iter().map(|(_, row)| row));
            let wide = || fewer.wide.iter().flat_map(|wide| [wide.row.block.first(), wide.row.block.last()]);
            for address in addresses().into_iter().chain(wide()) {
                for &packet in PACKETS {
                    let meant = means(&statements, side, address, packet, &estate);
                    let reported = excess.contains(point(address, packet));
                    prop_assert!(!(meant && reported));
                    let at = std::net::Ipv4Addr::from(address);
                    prop_assert_eq!(decide(&rows, address, packet), meant || reported, "{:?} {} {:?}\n{:#?}\n{:#?}", side, at, packet, exact, rows);
                    prop_assert!(!(reported && denied(&statements, side, address, packet, &estate)), "{} {:?}", at, packet);
                }
            }
        }
    }

    #[test]
    fn numbers_keep_the_order_and_are_unique(statements in some_statements(), estate in some_estate()) {
        for rows in sides(&statements, &estate) {
            for pair in rows.windows(2) {
                let [(a, one), (b, two)] = pair else { continue };
                prop_assert!(a < b && *b <= 32766 && *a >= 1);
                prop_assert!(one.block.prefix_len() >= two.block.prefix_len());
            }
        }
    }

    #[test]
    fn a_younger_intent_moves_no_number(statements in some_statements(), estate in some_estate(), one in some_statements()) {
        // Beside a deny with ports, an intent that opens one of them again also opens it to answers of narrower peers:
        // then rows of older statements change, and their numbers may.
        let ports = |s: &Statement| s.action == Action::Deny && s.services != [Service::All];
        let statements: Vec<Statement> = statements.into_iter().filter(|s| !ports(s)).collect();
        let mut later = statements.clone();
        later.extend(one.into_iter().filter(|s| s.action == Action::Allow).map(|s| {
            Statement { voice: Voice::Intent(1000), name: "younger".into(), ..s }
        }));
        for (before, after) in sides(&statements, &estate).iter().zip(sides(&later, &estate)) {
            for (number, row) in before {
                // A sum of peers is one statement's own, so an older one's rows all stay; those of the guard, too.
                let same = after.iter().find(|(_, other)| {
                    let key = |row: &Row| (row.block, row.action, row.service, row.part.max(Part::Answer));
                    key(other) == key(row)
                });
                let same = same.map(|(number, _)| *number);
                prop_assert!(same.is_none() || same == Some(*number), "{:?}: {} now {:?}", row, number, same);
            }
        }
    }
}
