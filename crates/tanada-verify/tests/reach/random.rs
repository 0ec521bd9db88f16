//! Flows of random estates: the engine's sets against the oracle's packets.

use tanada_verify::network::{AttachmentKind, Network, Traffic};
use tanada_verify::reach::{Owner, Reachability, reach};
use tanada_verify::trace::{self, trace};

use crate::estates::{Dice, random};
use crate::oracle::{From, Packet, Stop, flow, follow};

/// Flows of a normal run; `TANADA_FLOWS=100000` is the whole.
const SAMPLE: usize = 12_000;

/// What was looked at.
#[derive(Default)]
struct Tally {
    flows: usize,
    allowed: usize,
    boundary: usize,
    wrong: Vec<String>,
}

#[test]
fn sets_say_what_packets_do() {
    let wanted = std::env::var("TANADA_FLOWS").ok().and_then(|text| text.parse().ok()).unwrap_or(SAMPLE);
    let mut tally = Tally::default();
    let mut seed = 0;
    while tally.flows < wanted {
        let network = random(seed);
        let reached = reach(&network);
        try_flows(seed, &network, &reached, &mut tally);
        seed += 1;
    }
    let Tally { flows, allowed, boundary, wrong } = tally;
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    println!(
        "{flows} flows on {seed} estates: {allowed} allowed, {boundary} from boundaries, 0 disagreements"
    );
    assert!(allowed * 10 >= flows * 3, "only {allowed} of {flows} flows are allowed");
    assert!(boundary * 2 >= flows, "only {boundary} of {flows} flows are from boundaries");
}

fn try_flows(seed: u64, network: &Network, reached: &Reachability, tally: &mut Tally) {
    let mut dice = Dice::new(seed ^ 0x5eed);
    let places = places(network);
    let ports = ports(network);
    for _ in 0..600 {
        let boundary = dice.chance(60);
        let ((from, source), (to, target)) = (*dice.pick(&places), *dice.pick(&places));
        let (source, target) = if boundary {
            (edge(&mut dice, network, from, source), edge(&mut dice, network, to, target))
        } else {
            (source, target)
        };
        // Mostly TCP.
        let protocol = *dice.pick(&[6, 6, 6, 17, 1, 50]);
        let port = if boundary { *dice.pick(&ports) } else { *dice.pick(&[22, 443, 8080]) };
        let client = if boundary { (*dice.pick(&ports)).max(1024) } else { 50_000 };
        let (Some(a), Some(b)) = (piece(reached, from, source), piece(reached, to, target)) else { continue };
        // Inside a site, from the internet to a site, to oneself: nobody here decides about it.
        let sites = from == to && !matches!(from, From::Subnet(_));
        if source == target || sites || matches!((from, to), (From::Internet, From::Site(_))) {
            continue;
        }
        let opens = reached.between(a, b);
        let packet = Packet { source, target, protocol, port };
        let expected = flow(network, from, to, packet, client);
        let found = opens.opening.contains(protocol, port) && opens.back.contains(protocol, client);
        // Most random pairs are closed; most of these are left out, so that open ones are not rare.
        if !expected && !found && dice.chance(70) {
            continue;
        }
        if found != expected {
            let (source, target) = (std::net::Ipv4Addr::from(source), std::net::Ipv4Addr::from(target));
            tally.wrong.push(format!(
                "seed {seed}: {from:?} {source} to {to:?} {target}, protocol {protocol}, port {port}, client {client}: \
                 packets {expected}, sets {found}: {} back {}",
                opens.opening, opens.back,
            ));
        }
        tally.flows += 1;
        tally.allowed += usize::from(expected);
        tally.boundary += usize::from(boundary);
    }
}

fn piece(reached: &Reachability, place: From, address: u32) -> Option<usize> {
    let owner = match place {
        From::Subnet(subnet) => Owner::Subnet(subnet),
        From::Site(site) => Owner::Site(site),
        From::Internet => Owner::Internet,
    };
    reached.piece_of(owner, address)
}

/// Every place with an address inside it.
fn places(network: &Network) -> Vec<(From, u32)> {
    let subnets =
        (0..network.subnets.len()).map(|at| (From::Subnet(at), network.subnets[at].cidr.first() + 5));
    let sites =
        network.attachments.iter().enumerate().filter_map(|(at, attachment)| match &attachment.kind {
            AttachmentKind::Site { ranges } => Some((From::Site(at), ranges[0].first() + 7)),
            AttachmentKind::Vpc { .. } => None,
        });
    let internet =
        [[203, 0, 113, 5], [8, 8, 8, 8]].map(|octets| (From::Internet, u32::from_be_bytes(octets)));
    subnets.chain(sites).chain(internet).collect()
}

/// First and last address of a place, or of a block that some rule names inside it, and the neighbours that are in it.
fn edge(dice: &mut Dice, network: &Network, place: From, address: u32) -> u32 {
    let (first, last) = match place {
        From::Subnet(at) => (network.subnets[at].cidr.first(), network.subnets[at].cidr.last()),
        From::Site(at) => match &network.attachments[at].kind {
            AttachmentKind::Site { ranges } => (ranges[0].first(), ranges[0].last()),
            AttachmentKind::Vpc { .. } => (address, address),
        },
        From::Internet => (u32::from_be_bytes([203, 0, 112, 255]), u32::from_be_bytes([203, 0, 114, 0])),
    };
    let rows = network.acls.iter().flat_map(|acl| acl.ingress.iter().chain(&*acl.egress)).map(|row| row.peer);
    let routes = network.transit_tables.iter().flat_map(|table| table.routes.iter().map(|route| route.to));
    let blocks = rows.chain(routes).chain(network.subnets.iter().map(|subnet| subnet.cidr));
    let mut edges: Vec<u32> = blocks
        .flat_map(|block| {
            let (a, b) = (block.first(), block.last());
            [a, b, a.saturating_sub(1), b.saturating_add(1), a.saturating_add(1), b.saturating_sub(1)]
        })
        .filter(|address| (first..=last).contains(address))
        .collect();
    edges.extend([first, last, address]);
    *dice.pick(&edges)
}

/// Ports at which rules change, and their neighbours.
fn ports(network: &Network) -> Vec<u16> {
    let rows = network.acls.iter().flat_map(|acl| acl.ingress.iter().chain(&*acl.egress));
    let mut ports = vec![443, 1023, 1024, 65535];
    for row in rows {
        if let Traffic::Tcp(a, b) | Traffic::Udp(a, b) = row.traffic {
            ports.extend([
                a,
                b,
                a.saturating_sub(1),
                b.saturating_add(1),
                a.saturating_add(1),
                b.saturating_sub(1),
            ]);
        }
    }
    ports
}

#[test]
fn a_trace_is_the_way_of_the_packet() {
    let (mut packets, mut arrived) = (0, 0);
    for seed in 0..60 {
        let network = random(seed);
        let mut dice = Dice::new(seed ^ 0x7ace);
        let (places, ports) = (places(&network), ports(&network));
        for _ in 0..150 {
            let ((from, source), (_, target)) = (*dice.pick(&places), *dice.pick(&places));
            let (protocol, port) = (*dice.pick(&[6, 6, 17, 1]), *dice.pick(&ports));
            let owner = match from {
                From::Subnet(subnet) => Owner::Subnet(subnet),
                From::Site(site) => Owner::Site(site),
                From::Internet => continue,
            };
            let way = follow(&network, from, Packet { source, target, protocol, port });
            let found =
                trace(&network, owner, tanada_verify::trace::Packet { source, target, protocol, port });
            let stop = match found.stop {
                trace::Stop::Dropped => Stop::Dropped,
                trace::Stop::Subnet(subnet) => Stop::Subnet(subnet),
                trace::Stop::Site(site) => Stop::Site(site),
                trace::Stop::Internet(vpc) => Stop::Internet(vpc),
            };
            assert_eq!(
                (stop, &found.nats),
                (way.stop, &way.nats),
                "seed {seed}: {from:?} {source} {target}: {found:#?}"
            );
            assert_eq!(found.hops.last().is_none_or(|hop| hop.passes), stop != Stop::Dropped, "{found:#?}");
            packets += 1;
            arrived += usize::from(stop != Stop::Dropped);
        }
    }
    assert!(packets > 5_000 && arrived * 4 > packets, "{arrived} of {packets} packets arrive");
}
