//! Small random estates with short prefixes, built as networks: right ones, and such as nobody would write.

use tanada_model::net::Block;
use tanada_verify::Place;
use tanada_verify::network::{
    Acl, AclRow, Attachment, AttachmentKind, Network, Route, RouteTable, Subnet, Target, Traffic,
    TransitRoute, TransitTable, Vpc,
};

/// SplitMix64: the same numbers on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `end - 1`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn nowhere() -> Place {
    Place::new("random".into(), 0)
}

fn block(text: &str) -> Block {
    text.parse().unwrap()
}

/// Blocks that rules and routes name: whole VPCs, parts of them, more than them.
fn some_block(dice: &mut Dice, network: &Network) -> Block {
    let vpc = &network.vpcs[dice.below(network.vpcs.len())];
    let own = vpc.blocks[dice.below(vpc.blocks.len())].0;
    match dice.below(12) {
        0 | 1 => block("0.0.0.0/0"),
        2 | 3 => block("10.0.0.0/8"),
        4 => block("10.0.0.0/23"),
        5 => block("172.16.0.0/20"),
        6 => block("203.0.113.0/24"),
        7 => own.halves().unwrap()[dice.below(2)],
        8 => network.subnets[dice.below(network.subnets.len())].cidr,
        9 => own.parent().unwrap(),
        _ => own,
    }
}

fn some_traffic(dice: &mut Dice) -> Traffic {
    let ports = [22, 80, 443, 1023, 1024, 1025, 3388, 3389, 3390, 8080, 65534, 65535];
    let (a, b) = (*dice.pick(&ports), *dice.pick(&ports));
    match dice.below(10) {
        0..3 => Traffic::All,
        3..6 => Traffic::Tcp(1024, 65535),
        6 | 7 => Traffic::Tcp(a.min(b), a.max(b)),
        8 => Traffic::Udp(a.min(b), a.max(b)),
        _ => *dice.pick(&[Traffic::Icmp, Traffic::Other]),
    }
}

fn some_rows(dice: &mut Dice, network: &Network) -> Vec<AclRow> {
    let count = 1 + dice.below(5);
    let mut rows: Vec<AclRow> = (1..)
        .take(count)
        .map(|number| AclRow {
            number,
            allows: dice.chance(75),
            traffic: some_traffic(dice),
            peer: some_block(dice, network),
            why: String::new(),
            place: nowhere(),
        })
        .collect();
    if dice.chance(65) {
        let peer = block(dice.pick::<&str>(&["0.0.0.0/0", "10.0.0.0/8"]));
        rows.push(AclRow {
            number: 1000,
            allows: true,
            traffic: Traffic::All,
            peer,
            why: String::new(),
            place: nowhere(),
        });
    }
    rows
}

/// A random estate.
pub(crate) fn random(seed: u64) -> Network {
    let mut dice = Dice::new(seed);
    let dice = &mut dice;
    let mut network = Network::default();
    let vpcs = 2 + dice.below(4);
    for vpc in 0..vpcs {
        add_vpc(dice, &mut network, vpc);
    }
    for _ in 0..=dice.below(2) {
        let ranges = vec![block(dice.pick::<&str>(&[
            "172.16.0.0/20",
            "172.16.0.0/22",
            "10.0.8.0/22",
            "198.51.100.0/24",
        ]))];
        let name = format!("site-{}", network.attachments.len());
        let kind = AttachmentKind::Site { ranges };
        network.attachments.push(Attachment { name, kind, table: None, place: nowhere() });
    }
    add_acls(dice, &mut network);
    add_routes(dice, &mut network);
    add_tables(dice, &mut network);
    network
}

fn add_vpc(dice: &mut Dice, network: &mut Network, vpc: usize) {
    let first = Block::containing([10, 0, u8::try_from(vpc).unwrap(), 0].into(), 24);
    let mut blocks = vec![(first, nowhere())];
    if dice.chance(25) {
        let second = Block::containing([10, 1, u8::try_from(vpc).unwrap(), 0].into(), 25);
        blocks.push((second, nowhere()));
    }
    let zones = 1 + dice.below(2);
    let mut carriers = Vec::new();
    for zone in 0..zones {
        for (part, tier) in ["private", "public", "transit"].into_iter().enumerate() {
            let index = u32::try_from(part * 2 + zone).unwrap();
            let cidr = first.part(28, index).unwrap();
            if tier == "transit" {
                if dice.chance(10) && zone > 0 {
                    continue;
                }
                carriers.push(network.subnets.len());
            }
            network.subnets.push(Subnet {
                vpc,
                name: format!("{tier}-{zone}"),
                tier: tier.to_owned(),
                zone: format!("zone-{zone}"),
                cidr,
                acl: None,
                table: None,
                place: nowhere(),
            });
        }
    }
    let attachment = dice.chance(92).then(|| {
        if dice.chance(8) {
            carriers.push(network.subnets.len() - 2);
            carriers.sort_unstable();
            carriers.dedup_by_key(|subnet| network.subnets[*subnet].zone.clone());
        }
        let kind = AttachmentKind::Vpc { vpc, subnets: carriers, inspects: dice.chance(20) };
        let name = format!("vpc-{vpc}");
        network.attachments.push(Attachment { name, kind, table: None, place: nowhere() });
        network.attachments.len() - 1
    });
    network.vpcs.push(Vpc {
        id: format!("team-{vpc}"),
        team: "team".to_owned(),
        environment: "test".to_owned(),
        name: format!("vpc-{vpc}"),
        blocks,
        internet: dice.chance(70).then(nowhere),
        attachment,
        endpoints: Vec::new(),
        place: nowhere(),
    });
}

fn add_acls(dice: &mut Dice, network: &mut Network) {
    for vpc in 0..network.vpcs.len() {
        for tier in ["private", "public", "transit"] {
            // The tiers of a good estate have one ACL; here and there one subnet has its own.
            let mut shared = None;
            for subnet in 0..network.subnets.len() {
                let own = &network.subnets[subnet];
                if own.vpc != vpc || own.tier != tier || dice.chance(4) {
                    continue;
                }
                if shared.is_none() || dice.chance(10) {
                    let mut acl = Acl {
                        vpc,
                        name: tier.to_owned(),
                        ingress: some_rows(dice, network).into(),
                        egress: some_rows(dice, network).into(),
                        place: nowhere(),
                    };
                    if tier == "transit" && dice.chance(70) {
                        let peer = block("0.0.0.0/0");
                        let all = || AclRow {
                            number: 1,
                            allows: true,
                            traffic: Traffic::All,
                            peer,
                            why: String::new(),
                            place: nowhere(),
                        };
                        (acl.ingress, acl.egress) = ([all()].into(), [all()].into());
                    }
                    network.acls.push(acl);
                    shared = Some(network.acls.len() - 1);
                }
                network.subnets[subnet].acl = shared;
            }
        }
    }
}

fn add_routes(dice: &mut Dice, network: &mut Network) {
    for subnet in 0..network.subnets.len() {
        if dice.chance(3) {
            continue;
        }
        let own = network.subnets[subnet].clone();
        let vpc = network.vpcs[own.vpc].clone();
        let nat = network
            .subnets
            .iter()
            .position(|other| other.vpc == own.vpc && other.tier == "public" && other.zone == own.zone);
        let mut routes: Vec<Route> = Vec::new();
        let mut add = |to: Block, target: Option<Target>| {
            if let Some(target) = target
                && routes.iter().all(|route: &Route| route.to != to)
            {
                routes.push(Route { to, target, place: nowhere() });
            }
        };
        let transit = vpc.attachment.map(|_| Target::Transit);
        let internet = vpc.internet.as_ref().map(|_| Target::Internet);
        let nat = nat.map(Target::Nat);
        match own.tier.as_str() {
            "private" => {
                if dice.chance(85) {
                    add(block("10.0.0.0/8"), transit);
                }
                if dice.chance(60) {
                    add(block("172.16.0.0/12"), transit);
                }
                add(block("0.0.0.0/0"), *dice.pick(&[transit, nat, nat, internet]));
            }
            "public" => {
                add(block("0.0.0.0/0"), internet.or(transit));
                if dice.chance(60) {
                    add(block("10.0.0.0/8"), transit);
                }
            }
            _ => {
                if dice.chance(40) {
                    add(block("0.0.0.0/0"), *dice.pick(&[nat, nat, transit, internet]));
                }
            }
        }
        if dice.chance(25) {
            let to = some_block(dice, network);
            add(to, *dice.pick(&[transit, nat, internet]));
        }
        routes.sort_by_key(|route| route.to);
        network.route_tables.push(RouteTable { vpc: own.vpc, name: own.name, routes, place: nowhere() });
        network.subnets[subnet].table = Some(network.route_tables.len() - 1);
    }
}

fn add_tables(dice: &mut Dice, network: &mut Network) {
    let tables = 1 + dice.below(3);
    let attachments = network.attachments.len();
    for table in 0..tables {
        let mut routes: Vec<TransitRoute> = Vec::new();
        for _ in 0..dice.below(4) {
            let to = some_block(dice, network);
            let attachment = dice.chance(75).then(|| dice.below(attachments));
            if routes.iter().all(|route| route.to != to) {
                routes.push(TransitRoute { to, attachment, place: nowhere() });
            }
        }
        routes.sort_by_key(|route| route.to);
        let learns = if dice.chance(70) { 95 } else { 50 };
        let propagations = (0..attachments)
            .filter(|_| dice.chance(learns))
            .map(|attachment| (attachment, nowhere()))
            .collect();
        network.transit_tables.push(TransitTable {
            gateway: "hub".to_owned(),
            segment: format!("segment-{table}"),
            routes,
            propagations,
            place: nowhere(),
        });
    }
    for attachment in &mut network.attachments {
        if dice.chance(96) {
            attachment.table = Some((dice.below(tables), nowhere()));
        }
    }
}
