//! Every code, with the exact words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use tanada_model::design::{BLOCK_SIZE, Design, Id as _, RegionId, SUBNET_SIZE, Spanned, Table, Vpc};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::{Leaving, Lock, Recorded, RecordedVpc, VpcName};
use tanada_render::allocate::{CODES, Consent, allocate, rebuild, release};

use crate::builder::{Estate, Place, PoolSpec, VpcSpec, estate, further, pinned, span, tier, vpc};
use crate::rules::{consent, place, with_consent};

fn text(findings: &[Diagnostic]) -> String {
    let mut text = String::new();
    for finding in findings {
        writeln!(text, "{finding}").unwrap();
        for line in &finding.help {
            writeln!(text, "  help: {line}").unwrap();
        }
    }
    text
}

fn complaints(estate: &Estate, lock: &Lock, consent: &Consent) -> String {
    text(&allocate(&estate.design(), lock, consent).1)
}

fn one(range: &str) -> Estate {
    estate(range).with("web", [vpc("production", "m3", 20)])
}

/// The estate and its lock after a first run, and the estate with another first VPC.
fn changed(before: &Estate, change: impl FnOnce(&mut VpcSpec)) -> (Lock, Estate) {
    let (_, lock) = place(before, &Lock::default());
    let mut after = before.clone();
    change(&mut after.teams[0].1[0]);
    (lock, after)
}

fn pool_full() -> String {
    let mut full = estate("10.64.0.0/19").with("web", [vpc("a", "m3", 20), vpc("b", "m3", 20)]);
    let (_, lock) = place(&full, &Lock::default());
    full.teams[0].1.remove(0);
    let (_, lock) = with_consent(&full, &lock, &consent("destroy", "web-a"));
    full.teams[0].1.push(vpc("c", "m3", 22));
    complaints(&full, &lock, &Consent::default())
        + &complaints(&one("10.64.0.0/20").pool("inner", "m3", 19), &Lock::default(), &Consent::default())
}

fn pool_shrinks() -> String {
    let mut estate = estate("10.64.0.0/12").pool("inner", "m3", 16);
    let (_, lock) = place(&estate, &Lock::default());
    estate.pools[1].1 = PoolSpec::Inner { parent: "m3".to_owned(), size: 18 };
    complaints(&estate, &lock, &Consent::default())
}

fn vanished_vpc() -> String {
    let (lock, mut after) = changed(&one("10.64.0.0/12"), |_| {});
    // Whoever is new and alike was perhaps only called otherwise.
    let mut team = after.clone();
    team.teams[0].0 = "shop".to_owned();
    let mut label = after.clone();
    label.teams[0].1 = vec![vpc("live", "m3", 20)];
    let mut other = team.clone();
    other.teams[0].1 = vec![vpc("production", "m3", 21)];
    let mut two = team.clone();
    two.teams.push(("store".to_owned(), vec![vpc("production", "m3", 20)]));
    let mut beside = team.clone();
    beside.teams.push(("web".to_owned(), vec![vpc("spare", "m3", 22)]));
    after.teams.clear();
    let plain = complaints(&after, &lock, &Consent::default());
    for unclear in [other, two, beside] {
        assert_eq!(complaints(&unclear, &lock, &Consent::default()), plain);
    }
    let renamed = [team, label].map(|estate| complaints(&estate, &lock, &Consent::default()));
    plain + &renamed.concat()
}

fn vanished_block() -> String {
    let mut before = one("10.64.0.0/12");
    before.teams[0].1[0].blocks.push(further("pods", Place::Pool("m3".to_owned(), 24)));
    let (lock, after) = changed(&before, |vpc| vpc.blocks.clear());
    complaints(&after, &lock, &Consent::default())
}

fn block_changes_size() -> String {
    let (lock, after) = changed(&one("10.64.0.0/12"), |vpc| vpc.place = Place::Pool("m3".to_owned(), 21));
    complaints(&after, &lock, &Consent::default())
}

fn headroom_grows() -> String {
    let (lock, after) = changed(&one("10.64.0.0/12"), |vpc| vpc.headroom = Some(2));
    complaints(&after, &lock, &Consent::default())
}

fn position_outside() -> String {
    let estate =
        estate("10.64.0.0/18").with("web", [vpc("a", "m3", 20), vpc("b", "m3", 20), vpc("c", "m3", 20)]);
    let (_, lock) = place(&estate, &Lock::default());
    let mut smaller = estate.clone();
    smaller.pools[0].1 = PoolSpec::Root("10.64.0.0/19".to_owned());
    let mut gone = estate;
    gone.pools[0].0 = "m4".to_owned();
    gone.environments[0].1 = Some("m4".to_owned());
    gone.teams[0].1.truncate(1);
    gone.teams[0].1[0].place = Place::Pool("m4".to_owned(), 20);
    complaints(&smaller, &lock, &Consent::default())
        + &complaints(&gone, &lock, &Consent::default())
            .lines()
            .take(2)
            .fold(String::new(), |all, line| all + line + "\n")
}

fn blocks_overlap() -> String {
    let mut estate = one("10.64.0.0/12");
    let (_, lock) = place(&estate, &Lock::default());
    estate.teams.push(("api".to_owned(), vec![pinned("production", "10.64.8.0/22")]));
    let live = complaints(&estate, &lock, &Consent::default());
    estate.teams.remove(0);
    live + &complaints(&estate, &lock, &consent("destroy", "web-production"))
}

fn block_size() -> String {
    let mut estate = estate("10.64.0.0/12").with("web", [pinned("production", "10.64.0.0/29")]);
    estate.layouts[0].tiers.clear();
    complaints(&estate, &Lock::default(), &Consent::default())
}

fn subnet_size() -> String {
    let mut estate = one("10.64.0.0/12");
    estate.layouts[0].tiers = vec![tier("tiny", "+8")];
    complaints(&estate, &Lock::default(), &Consent::default())
}

fn blocks_quota() -> String {
    let mut estate = one("10.64.0.0/12");
    estate.quotas.push(("blocks_per_vpc".to_owned(), 1));
    estate.teams[0].1[0].blocks.push(further("pods", Place::Pool("m3".to_owned(), 24)));
    complaints(&estate, &Lock::default(), &Consent::default())
}

fn cidr_combination() -> String {
    let with = |first: &str, second: &str| {
        let mut estate = estate("100.64.0.0/12").with("web", [pinned("production", first)]);
        estate.teams[0].1[0].blocks.push(further("more", Place::Pin(second.to_owned())));
        estate.accepts.push(("outside-pool".to_owned(), Vec::new()));
        let found = complaints(&estate, &Lock::default(), &Consent::default());
        estate.accepts.push(("cidr-combination".to_owned(), vec!["team.web.production".to_owned()]));
        assert_eq!(complaints(&estate, &Lock::default(), &Consent::default()), "");
        found
    };
    with("10.32.0.0/20", "192.168.0.0/24")
        + &with("10.1.0.0/20", "10.0.0.0/24")
        + &with("172.16.0.0/20", "172.31.0.0/24")
}

fn link_local() -> String {
    let mut estate = estate("10.64.0.0/12").with("web", [pinned("production", "169.254.0.0/20")]);
    estate.accepts.push(("outside-pool".to_owned(), Vec::new()));
    complaints(&estate, &Lock::default(), &Consent::default())
}

fn headroom_outside() -> String {
    let with = |headroom| {
        let mut estate = estate("10.64.0.0/12").with("web", [pinned("production", "10.31.0.0/20")]);
        estate.teams[0].1[0].headroom = Some(headroom);
        estate.accepts.push(("outside-pool".to_owned(), Vec::new()));
        complaints(&estate, &Lock::default(), &Consent::default())
    };
    assert_eq!(with(0), "");
    with(1)
}

fn tier_does_not_fit() -> String {
    let mut estate = one("10.64.0.0/12");
    estate.layouts[0].tiers = vec![tier("big", "+2"), tier("more", "+3")];
    complaints(&estate, &Lock::default(), &Consent::default())
}

fn tier_changes_size() -> String {
    let (lock, mut after) = changed(&one("10.64.0.0/12"), |_| {});
    after.layouts[0].tiers[0] = tier("private", "+4");
    complaints(&after, &lock, &Consent::default())
}

fn zone_removed() -> String {
    let (lock, mut after) = changed(&one("10.64.0.0/12"), |_| {});
    after.layouts[0].zones.remove(1);
    with_consent(&after, &lock, &consent("destroy", "layout.service.zones.c"));
    let removed = complaints(&after, &lock, &Consent::default());
    after.layouts[0].zones.push("d".to_owned());
    removed + &complaints(&after, &lock, &Consent::default())
}

fn zone_renamed_in_part() -> String {
    let before = one("10.64.0.0/12").with("api", [vpc("production", "m3", 20)]);
    let (_, lock) = place(&before, &Lock::default());
    let mut after = before;
    after.layouts[0].zones[0] = "b".to_owned();
    let found = |olds: [Option<&str>; 2]| {
        text(&allocate(&in_two_regions(after.design(), olds), &lock, &Consent::default()).1)
    };
    assert_eq!(found([Some("a"), Some("a")]), "");
    assert!(found([Some("a"), Some("x")]).contains("`region.tokyo` does not say so"));
    found([Some("a"), None]) + &found([None, Some("a")])
}

/// The VPC of the first team is in a region of its own; what zone `b` was called before in each region.
fn in_two_regions(design: Design, olds: [Option<&str>; 2]) -> Design {
    let spanned = |text: &str| Spanned { value: text.to_owned(), span: span(text) };
    let region = |name: &str, old: Option<&str>| {
        let mut region = design.regions.values().next().cloned().unwrap();
        region.entity.name = name.to_owned();
        region.zones = ["b", "c"].map(|letter| (letter.to_owned(), spanned(letter))).into();
        region.zones_renamed_from = old.map(|old| ("b".to_owned(), spanned(old))).into_iter().collect();
        (name.to_owned(), region)
    };
    let regions = Table::new([region("osaka", olds[0]), region("tokyo", olds[1])]);
    let vpcs = design.vpcs.iter().map(|(id, vpc)| {
        let region = RegionId::new(id.index());
        (vpc.id.clone(), Vpc { region, ..vpc.clone() })
    });
    Design { vpcs: Table::new(vpcs), regions, ..design.clone() }
}

fn renamed_from_living() -> String {
    let (lock, mut after) = changed(&one("10.64.0.0/12"), |_| {});
    after.teams[0].1.push(vpc("prod<production", "m3", 20));
    let mut zones = one("10.64.0.0/12");
    zones.layouts[0].zones.push("e".to_owned());
    zones.renamed_zones.push(("e".to_owned(), "a".to_owned()));
    complaints(&after, &lock, &Consent::default()) + &complaints(&zones, &lock, &Consent::default())
}

/// Each of them has the name of one that left.
fn renamed_to_retired() -> String {
    let mut before = one("10.64.0.0/12").with("api", [vpc("production", "m3", 20)]);
    before.layouts[0].zones.push("e".to_owned());
    let (_, lock) = place(&before, &Lock::default());
    // The other VPC, a tier and a zone leave.
    let mut after = before.clone();
    after.teams.pop();
    let gone = after.layouts[0].tiers.pop().unwrap().0;
    after.layouts[0].zones.pop();
    let mut agreed = consent("destroy", "api-production");
    agreed.destroy.insert("layout.service.zones.e".to_owned());
    let (_, lock) = with_consent(&after, &lock, &agreed);
    let mut team = after.clone();
    team.teams[0].0 = "api<web".to_owned();
    let mut tier = after.clone();
    let (old, size, _) = tier.layouts[0].tiers[0].clone();
    tier.layouts[0].tiers[0] = (format!("{gone}<{old}"), size, false);
    let mut zone = after;
    zone.layouts[0].zones[0] = "e".to_owned();
    zone.renamed_zones = vec![("e".to_owned(), "a".to_owned())];
    [team, tier, zone].map(|estate| complaints(&estate, &lock, &Consent::default())).concat()
}

fn unknown_consent() -> String {
    let (lock, after) = changed(&one("10.64.0.0/12"), |_| {});
    complaints(&after, &lock, &consent("destroy", "web-production"))
        + &complaints(&after, &lock, &consent("forget", "shop"))
}

fn finding(estate: Estate, code: &str, object: &str) -> String {
    let mut estate = estate;
    let found = complaints(&estate, &Lock::default(), &Consent::default());
    estate.accepts.push((code.to_owned(), vec![object.to_owned()]));
    assert_eq!(complaints(&estate, &Lock::default(), &Consent::default()), "");
    found
}

fn not_private() -> String {
    let mut estate = estate("10.64.0.0/12").with("web", [pinned("production", "51.247.0.0/20")]);
    estate.accepts.push(("outside-pool".to_owned(), Vec::new()));
    finding(estate, "not-private", "team.web.production")
}

fn outside_pool() -> String {
    let estate = estate("10.64.0.0/12").with("web", [pinned("production", "10.31.0.0/20")]);
    finding(estate, "outside-pool", "team.web.production")
}

fn reserved_overlap() -> String {
    let mut estate = estate("10.64.0.0/12").with("web", [pinned("production", "10.64.16.0/20")]);
    estate.reserved.push(("dc".to_owned(), "10.64.0.0/16".to_owned()));
    finding(estate, "reserved-overlap", "team.web.production")
}

fn troublesome_range() -> String {
    let pinned = pinned("production", "172.17.16.0/20");
    let inside = estate("172.16.0.0/12").with("web", [pinned.clone()]);
    // Where no root is larger than the range, nothing is reserved.
    let mut outside = estate("10.64.0.0/12").with("web", [pinned.clone()]);
    outside.accepts.push(("outside-pool".to_owned(), Vec::new()));
    let itself = estate("172.17.0.0/16").with("web", [pinned]);
    let found = finding(inside, "troublesome-range", "team.web.production");
    assert_eq!(finding(outside.clone(), "troublesome-range", "team.web.production"), found);
    assert_eq!(finding(itself, "troublesome-range", "team.web.production"), found);
    assert_eq!(finding(outside, "troublesome-range", "172.17.0.0/16"), found);
    found
}

fn release_live() -> String {
    let (lock, after) = changed(&one("10.64.0.0/12").pool("inner", "m3", 16), |_| {});
    let refused = |lock: &Lock, name: &str| text(&[release(lock, name).unwrap_err()]);
    let mut inside = after.clone();
    inside.teams[0].1.push(vpc("far", "inner", 20));
    inside.accepts.push(("outside-pool".to_owned(), Vec::new()));
    let (_, with_inside) = place(&inside, &lock);
    inside.pools.pop();
    inside.teams[0].1[1].place = Place::Pool("m3".to_owned(), 20);
    let (_, without_pool) = place(&inside, &with_inside);
    refused(&lock, "web-production")
        + &refused(&lock, "layout.service.private")
        + &refused(&without_pool, "pool.inner")
}

fn release_unknown() -> String {
    text(&[release(&Lock::default(), "web-production").unwrap_err()])
}

fn rebuild_contradiction() -> String {
    let estate = one("10.64.0.0/12").pool("inner", "m3", 16);
    let mut recorded = Recorded::default();
    recorded.pools.insert("inner".to_owned(), vec!["10.0.0.0/16".parse().unwrap()]);
    recorded.vpcs.push(RecordedVpc {
        id: "web-production".to_owned(),
        birth: "teams/web/production".to_owned(),
        blocks: Vec::new(),
        subnets: Vec::new(),
    });
    text(&rebuild(&estate.design(), &recorded, &BTreeMap::new()).1)
}

fn rebuild_forgets() -> String {
    let leaving = ("teams/api/batch".to_owned(), Leaving::Destroyed);
    let recorded =
        Recorded { leaving: [(VpcName::new("api", "production"), leaving)].into(), ..Recorded::default() };
    let (lock, findings) = rebuild(&one("10.64.0.0/12").design(), &recorded, &BTreeMap::new());
    let lock = lock.unwrap();
    assert_eq!(lock.leaving[&VpcName::new("api", "production")], Leaving::Destroyed);
    assert_eq!(lock.births[&VpcName::new("api", "production")], "teams/api/batch");
    text(&findings)
}

#[test]
fn every_code_in_its_exact_words() {
    let all = [
        pool_full(),
        pool_shrinks(),
        vanished_vpc(),
        vanished_block(),
        block_changes_size(),
        headroom_grows(),
        headroom_outside(),
        position_outside(),
        blocks_overlap(),
        block_size(),
        subnet_size(),
        blocks_quota(),
        cidr_combination(),
        link_local(),
        tier_does_not_fit(),
        tier_changes_size(),
        zone_renamed_in_part(),
        zone_removed(),
        renamed_from_living(),
        renamed_to_retired(),
        unknown_consent(),
        not_private(),
        outside_pool(),
        reserved_overlap(),
        troublesome_range(),
        release_live(),
        release_unknown(),
        rebuild_contradiction(),
        rebuild_forgets(),
    ]
    .concat();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/allocate/complaints.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &all).unwrap();
    }
    assert_eq!(all, std::fs::read_to_string(path).unwrap(), "UPDATE=1 rewrites complaints.txt");
    let raised: BTreeSet<&str> =
        all.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(':').next()).collect();
    // Sizes are first the input's to complain of; here they come up for blocks by growth.
    let listed: BTreeSet<&str> =
        CODES.iter().chain([&BLOCK_SIZE, &SUBNET_SIZE]).map(|code| code.name).collect();
    assert_eq!(raised, listed);
}
