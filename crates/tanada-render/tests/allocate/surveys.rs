//! The plan as data, and a lost lock.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use tanada_model::lock::{Lock, Recorded, RecordedSubnet, RecordedVpc};
use tanada_model::net::Block;
use tanada_render::allocate::rebuild;
use tanada_render::allocation::Allocation;
use tanada_render::survey::{Answer, Node, Whois, free, list, tree};

use crate::builder::{Estate, Place, estate, further, pinned, plain, vpc};
use crate::rules::{consent, place, with_consent};

/// One of everything: an inner pool, a reservation, a retired block, pins inside and outside.
fn example() -> (Estate, Allocation, Lock) {
    let mut all =
        estate("10.64.0.0/16").pool("inner", "m3", 20).with("web", [vpc("production", "inner", 22)]);
    all.reserved.push(("dc".to_owned(), "10.64.64.0/18".to_owned()));
    all.accepts.push(("outside-pool".to_owned(), Vec::new()));
    all = all.with("old", [vpc("gone", "m3", 22)]).with("far", [pinned("pin", "192.168.0.0/22")]);
    let (_, lock) = place(&all, &Lock::default());
    all.teams.remove(1);
    let (allocation, lock) = with_consent(&all, &lock, &consent("destroy", "old-gone"));
    (all, allocation, lock)
}

fn lines(nodes: &[Node], depth: usize, out: &mut Vec<String>) {
    for node in nodes {
        let kind = serde_json::to_value(&node.kind).unwrap();
        let name = ["vpc", "name", "holder", "pool"].iter().find_map(|key| kind.get(key)).unwrap();
        out.push(format!(
            "{}{} {} {}",
            "  ".repeat(depth),
            node.block,
            kind["kind"].as_str().unwrap(),
            name.as_str().unwrap()
        ));
        lines(&node.children, depth + 1, out);
    }
}

#[test]
fn the_tree_shows_everything() {
    let (estate, allocation, _) = example();
    let mut shown = Vec::new();
    lines(&tree(&estate.design(), &allocation), 0, &mut shown);
    assert_eq!(
        shown,
        [
            "10.64.0.0/16 root m3",
            "  10.64.0.0/20 pool inner",
            "    10.64.0.0/22 vpc web-production",
            "    10.64.4.0/22 free inner",
            "    10.64.8.0/21 free inner",
            "  10.64.16.0/22 retired old-gone",
            "  10.64.20.0/22 free m3",
            "  10.64.24.0/21 free m3",
            "  10.64.32.0/19 free m3",
            "  10.64.64.0/18 reserved dc",
            "  10.64.128.0/17 free m3",
            "192.168.0.0/22 vpc far-pin",
        ]
    );
}

#[test]
fn free_and_list() {
    let (estate, allocation, _) = example();
    let rows = free(&estate.design(), &allocation);
    let inner = serde_json::to_value(&rows[0]).unwrap();
    assert_eq!(
        inner,
        serde_json::json!({
            "pool": "inner", "extents": ["10.64.0.0/20"], "size": 4096, "free": 3072, "percent": 75.0,
            "largest": "10.64.8.0/21", "nodes": ["10.64.4.0/22", "10.64.8.0/21"],
        })
    );
    let rows = serde_json::to_value(list(&estate.design(), &allocation)).unwrap();
    assert_eq!(rows[0]["pool"], serde_json::Value::Null);
    let web = &rows[1];
    assert_eq!(
        web.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["name", "team", "environment", "pool", "blocks", "subnets"]
    );
    assert_eq!(
        web["subnets"][0],
        serde_json::json!({"name": "private-a", "tier": "private", "zone_id": "", "cidr": "10.64.0.0/26"})
    );
}

#[test]
fn whois_agrees_with_a_walk_over_everything() {
    let (estate, allocation, _) = example();
    let design = estate.design();
    let whois = Whois::new(&design, &allocation);
    let of = |address: &str| match whois.look_up(address.parse().unwrap()) {
        Answer::Subnet { team, vpc, subnet, zone, .. } => format!("{team} {vpc} {subnet} {zone}"),
        Answer::Vpc { vpc, .. } => format!("room of {vpc}"),
        Answer::Reserved { name, .. } => format!("reserved {name}"),
        Answer::Site { name, .. } => format!("at {name}"),
        Answer::Retired { holder, .. } => format!("retired {holder}"),
        Answer::Free { pool } => format!("free in {pool}"),
        Answer::Outside => "outside".to_owned(),
    };
    for (address, answer) in [
        ("0.0.0.0", "outside"),
        ("10.63.255.255", "outside"),
        ("10.64.0.0", "web web-production private-a a"),
        ("10.64.0.63", "web web-production private-a a"),
        ("10.64.0.64", "room of web-production"),
        ("10.64.4.0", "free in inner"),
        ("10.64.16.9", "retired old-gone"),
        ("10.64.127.255", "reserved dc"),
        ("10.64.255.255", "free in m3"),
        ("10.65.0.0", "outside"),
        ("192.168.3.255", "room of far-pin"),
        ("255.255.255.255", "outside"),
    ] {
        assert_eq!(of(address), answer, "{address}");
    }
    let rows = list(&design, &allocation);
    for first in ("10.64.0.0".parse::<Ipv4Addr>().unwrap().to_bits()..).step_by(13).take(2000) {
        let block = Block::containing(first.into(), 32);
        let slow = rows.iter().flat_map(|row| &row.subnets).find(|subnet| subnet.cidr.contains(block));
        let fast = match whois.look_up(first.into()) {
            Answer::Subnet { cidr, .. } => Some(*cidr),
            Answer::Vpc { .. }
            | Answer::Reserved { .. }
            | Answer::Site { .. }
            | Answer::Retired { .. }
            | Answer::Free { .. }
            | Answer::Outside => None,
        };
        assert_eq!(fast, slow.map(|subnet| subnet.cidr));
    }
}

/// What the witness would record of an allocation.
fn recorded(estate: &Estate, allocation: &Allocation) -> Recorded {
    let design = estate.design();
    let mut recorded = Recorded::default();
    for pool in &allocation.pools {
        recorded.pools.insert(design.pools.name(pool.pool).replace('-', "_"), pool.extents.clone());
    }
    for vpc in &allocation.vpcs {
        let mut subnets = Vec::new();
        for block in &vpc.blocks {
            for tier in &block.tiers {
                subnets.extend(tier.subnets.iter().map(|subnet| RecordedSubnet {
                    name: subnet.name.clone(),
                    tier: design.layouts[block.layout][tier.tier].entity.name.clone(),
                    zone: subnet.zone.clone(),
                    cidr: subnet.cidr,
                }));
            }
        }
        recorded.vpcs.push(RecordedVpc {
            id: design.vpcs[vpc.vpc].id.clone(),
            birth: vpc.birth.clone(),
            blocks: vpc.blocks.iter().map(|block| block.block).collect(),
            subnets,
        });
    }
    recorded
}

#[test]
fn a_lost_lock_is_rebuilt_so_that_nothing_moves() {
    let (mut estate, _, lock) = example();
    // A history that the input alone does not tell: growth of both kinds, renames, zones and tiers that came later.
    estate.teams[0].0 = "shop<web".to_owned();
    estate.teams[0].1[0].place = Place::Pool("inner".to_owned(), 21);
    estate.teams[0].1[0].headroom = Some(0);
    estate.teams[0].1[0].blocks.push(further("pods", Place::Pool("m3".to_owned(), 24)));
    estate.layouts[0].zones.insert(0, "b".to_owned());
    estate.layouts[0].tiers.insert(0, crate::builder::tier("cache", "/28"));
    let (before, lock) = place(&estate, &lock);
    let (rebuilt, findings) = rebuild(&estate.design(), &recorded(&estate, &before), &BTreeMap::new());
    assert!(findings.is_empty(), "{findings:#?}");
    let (after, again) = place(&estate, &rebuilt.unwrap());
    assert_eq!(after.vpcs, before.vpcs);
    assert_eq!(again.births, lock.births);
    // A large estate after many edits.
    let mut history = crate::history::start(5, 40);
    for _ in 0..25 {
        let edit = history.edit();
        history.run(&edit);
    }
    let estate = Estate { accepts: history.accepts(), ..history.estate.clone() };
    assert!(estate.teams.iter().any(|(team, _)| plain(team) != team));
    let (before, _) = place(&estate, &history.lock);
    let (rebuilt, findings) = rebuild(&estate.design(), &recorded(&estate, &before), &BTreeMap::new());
    assert!(findings.is_empty(), "{findings:#?}");
    let (after, _) = place(&estate, &rebuilt.unwrap());
    assert!(after.vpcs == before.vpcs);
}
