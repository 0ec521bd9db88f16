//! One test for each rule.

use tanada_model::design::{Design, Hub, Table};
use tanada_model::lock::{Acceptance, Lock, parse, print};
use tanada_render::allocate::{Consent, allocate, release};
use tanada_render::allocation::Allocation;

use crate::builder::{
    Estate, Place, PoolSpec, VpcSpec, entity, estate, further, layout, pinned, plain, tier, vpc,
};

/// Allocates without consent; no finding may come up.
pub(crate) fn place(estate: &Estate, lock: &Lock) -> (Allocation, Lock) {
    with_consent(estate, lock, &Consent::default())
}

pub(crate) fn with_consent(estate: &Estate, lock: &Lock, consent: &Consent) -> (Allocation, Lock) {
    let (result, findings) = allocate(&estate.design(), lock, consent);
    assert!(findings.is_empty(), "{findings:#?}");
    let (allocation, lock) = result.unwrap();
    assert_eq!(parse(&print(&lock)).as_ref(), Ok(&lock), "{}", print(&lock));
    let again = allocate(&estate.design(), &lock, &Consent::default()).0;
    assert!(again.is_some_and(|again| again == (allocation.clone(), lock.clone())), "a second run differs");
    (allocation, lock)
}

pub(crate) fn consent(option: &str, name: &str) -> Consent {
    let mut consent = Consent::default();
    match option {
        "accept" => &mut consent.accept,
        "destroy" => &mut consent.destroy,
        "forget" => &mut consent.forget,
        other => panic!("no `{other}`"),
    }
    .insert(name.to_owned());
    consent
}

/// Blocks by VPC id.
pub(crate) fn blocks(estate: &Estate, allocation: &Allocation) -> Vec<String> {
    let design = estate.design();
    let text = |vpc: &tanada_render::allocation::VpcAllocation| {
        let blocks: Vec<String> = vpc.blocks.iter().map(|block| block.block.to_string()).collect();
        format!("{} {}", design.vpcs[vpc.vpc].id, blocks.join(" "))
    };
    allocation.vpcs.iter().map(text).collect()
}

/// Subnets of one VPC: `name cidr`.
fn subnets(estate: &Estate, allocation: &Allocation, id: &str) -> Vec<String> {
    let vpc = estate.design().vpcs.id(id).unwrap();
    let own = allocation.vpcs.iter().find(|own| own.vpc == vpc).unwrap();
    let tiers = own.blocks.iter().flat_map(|block| &block.tiers);
    tiers.flat_map(|tier| &tier.subnets).map(|subnet| format!("{} {}", subnet.name, subnet.cidr)).collect()
}

fn pools(estate: &Estate, allocation: &Allocation) -> Vec<String> {
    let design = estate.design();
    let text = |pool: &tanada_render::allocation::PoolAllocation| {
        let extents: Vec<String> = pool.extents.iter().map(ToString::to_string).collect();
        format!("{} {}", design.pools.name(pool.pool), extents.join(" "))
    };
    allocation.pools.iter().map(text).collect()
}

/// Twice `size` up to the first of `web`.
fn two() -> Estate {
    estate("10.64.0.0/14")
        .with("web", [vpc("production", "m3", 20)])
        .with("api", [vpc("production", "m3", 20)])
}

fn change(estate: &Estate, team: &str, change: impl FnOnce(&mut VpcSpec)) -> Estate {
    let mut estate = estate.clone();
    let own = estate.teams.iter_mut().find(|(name, _)| name == team).unwrap();
    change(&mut own.1[0]);
    estate
}

fn without(estate: &Estate, team: &str) -> Estate {
    let mut estate = estate.clone();
    estate.teams.retain(|(name, _)| name != team);
    estate
}

#[test]
fn larger_first_then_by_name_best_fit_lowest_address() {
    let estate = estate("10.64.0.0/14")
        .with("web", [vpc("small", "m3", 22), vpc("large", "m3", 20)])
        .with("api", [vpc("small", "m3", 22), vpc("large", "m3", 20)]);
    let (allocation, _) = place(&estate, &Lock::default());
    assert_eq!(
        blocks(&estate, &allocation),
        [
            "api-large 10.64.0.0/20",
            "api-small 10.64.32.0/22",
            "web-large 10.64.16.0/20",
            "web-small 10.64.36.0/22"
        ]
    );
    assert_eq!(
        subnets(&estate, &allocation, "api-large"),
        [
            "private-a 10.64.0.0/24",
            "private-c 10.64.2.0/24",
            "private-d 10.64.4.0/24",
            "public-a 10.64.8.0/25",
            "public-c 10.64.9.0/25",
            "public-d 10.64.10.0/25",
            "data-a 10.64.12.0/26",
            "data-c 10.64.12.128/26",
            "data-d 10.64.13.0/26",
            "transit-a 10.64.14.0/28",
            "transit-c 10.64.14.16/28",
            "transit-d 10.64.14.32/28",
        ]
    );
}

#[test]
fn the_lock_is_canonical_under_terraform_fmt() {
    let mut estate = two().pool("inner", "m3", 16);
    estate.intents = vec!["checkout".to_owned(), "audit".to_owned()];
    let (_, lock) = place(&estate, &Lock::default());
    let estate = change(&without(&estate, "api"), "web", |vpc| vpc.label = "prod<production".to_owned());
    let (_, lock) = with_consent(&estate, &lock, &consent("forget", "api-production"));
    let text = print(&lock);
    for part in ["births", "leaving", "intents", "pool \"inner\"", "state = \"retired\""] {
        assert!(text.contains(part) || part.starts_with("pool"), "no `{part}` in\n{text}");
    }
    let mut terraform = std::process::Command::new("terraform");
    terraform.args(["fmt", "-"]).env("TF_CLI_CONFIG_FILE", "/dev/null").env("CHECKPOINT_DISABLE", "1");
    terraform.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let Ok(mut child) = terraform.spawn() else {
        println!("skipped: there is no `terraform` to ask");
        return;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
}

#[test]
fn inner_pools_stand_around_the_pins_of_their_own() {
    let mut estate = estate("10.0.0.0/8")
        .pool("production", "m3", 10)
        .pool("staging", "m3", 11)
        .pool("gcp", "m3", 12)
        .with("payments", [pinned("production", "10.31.0.0/20")])
        .with("web", [vpc("production", "production", 19)]);
    estate.reserved.push(("tokyo-dc".to_owned(), "10.240.0.0/12".to_owned()));
    estate.environments = vec![("production".to_owned(), Some("production".to_owned()))];
    let (allocation, lock) = place(&estate, &Lock::default());
    assert_eq!(
        pools(&estate, &allocation),
        ["gcp 10.112.0.0/12", "m3 10.0.0.0/8", "production 10.0.0.0/10", "staging 10.64.0.0/11"]
    );
    // The smallest free node is the one beside the pin; 10.0.0.0/16 is reserved out of the box.
    assert_eq!(
        blocks(&estate, &allocation),
        ["payments-production 10.31.0.0/20", "web-production 10.31.32.0/19"]
    );
    assert!(allocation.pools[2].free.iter().all(|free| !free.overlaps("10.0.0.0/16".parse().unwrap())));
    // Without `range` it stays where it is, and keeps no headroom.
    let unpinned = change(&estate, "payments", |vpc| vpc.place = Place::Pool("production".to_owned(), 20));
    let (moved, _) = place(&unpinned, &lock);
    assert_eq!(moved.vpcs[0].blocks[0].block, allocation.vpcs[0].blocks[0].block);
    assert_eq!(moved.vpcs[0].blocks[0].tiers, allocation.vpcs[0].blocks[0].tiers);
}

#[test]
fn an_inner_pool_keeps_off_the_pins_of_others_and_takes_reservations_in_when_it_must() {
    let mut estate = estate("10.0.0.0/8").pool("left", "m3", 9).pool("right", "m3", 10);
    estate.environments = vec![("production".to_owned(), Some("right".to_owned()))];
    let estate = estate.with("web", [pinned("production", "10.200.0.0/20")]);
    let (allocation, _) = place(&estate, &Lock::default());
    assert_eq!(pools(&estate, &allocation), ["left 10.0.0.0/9", "m3 10.0.0.0/8", "right 10.192.0.0/10"]);
}

#[test]
fn built_in_reservations_swallow_no_root() {
    for (range, first) in [
        ("10.0.0.0/16", "10.0.0.0/20"),
        ("172.17.0.0/16", "172.17.0.0/20"),
        ("172.16.0.0/15", "172.16.0.0/20"),
    ] {
        let mut estate = estate(range).with("web", [vpc("production", "m3", 20)]);
        // Nothing is kept from such a root; that whoever stands there is troubled is said all the same.
        if range == "172.17.0.0/16" {
            assert!(allocate(&estate.design(), &Lock::default(), &Consent::default()).1.len() == 1);
            estate.accepts.push(("troublesome-range".to_owned(), vec![range.to_owned()]));
        }
        let (allocation, _) = place(&estate, &Lock::default());
        assert_eq!(blocks(&estate, &allocation), [format!("web-production {first}")]);
    }
    let mut estate = estate("10.0.0.0/12").with("web", [vpc("production", "m3", 20)]);
    assert_eq!(blocks(&estate, &place(&estate, &Lock::default()).0), ["web-production 10.1.0.0/20"]);
    for object in ["pool.m3", "10.0.0.0/16"] {
        estate.accepts = vec![("troublesome-range".to_owned(), vec![object.to_owned()])];
        assert_eq!(blocks(&estate, &place(&estate, &Lock::default()).0), ["web-production 10.0.0.0/20"]);
    }
}

#[test]
fn a_vpc_grows_into_its_buddy_else_anywhere() {
    let before = two();
    let (_, lock) = place(&before, &Lock::default());
    // web's buddy is api's block; api's is web's.
    let grown = change(&before, "web", |vpc| vpc.place = Place::Pool("m3".to_owned(), 18));
    let (allocation, _) = place(&grown, &lock);
    assert_eq!(
        blocks(&grown, &allocation),
        ["api-production 10.64.0.0/20", "web-production 10.64.16.0/20 10.64.64.0/20 10.64.32.0/19"]
    );
    let subnets = subnets(&grown, &allocation, "web-production");
    assert!(subnets.contains(&"private-a-block2 10.64.64.0/24".to_owned()), "{subnets:?}");
    assert!(
        !subnets.iter().any(|subnet| subnet.starts_with("transit") && subnet.contains("block")),
        "{subnets:?}"
    );
    let alone = without(&before, "api");
    let (_, lock) = place(&alone, &Lock::default());
    let grown = change(&alone, "web", |vpc| vpc.place = Place::Pool("m3".to_owned(), 18));
    assert_eq!(
        blocks(&grown, &place(&grown, &lock).0),
        ["web-production 10.64.0.0/20 10.64.16.0/20 10.64.32.0/19"]
    );
}

#[test]
fn headroom_becomes_further_subnets() {
    let mut before = two();
    before.headroom = 2;
    let (_, lock) = place(&before, &Lock::default());
    let once = change(&before, "web", |vpc| vpc.headroom = Some(1));
    let (allocation, lock) = place(&once, &lock);
    let of = |allocation: &Allocation, estate: &Estate| {
        let mut subnets = subnets(estate, allocation, "web-production");
        subnets.retain(|subnet| subnet.starts_with("private-a"));
        subnets
    };
    assert_eq!(of(&allocation, &once), ["private-a 10.64.16.0/25", "private-a-2 10.64.16.128/25"]);
    let twice = change(&before, "web", |vpc| vpc.headroom = Some(0));
    let (allocation, lock) = place(&twice, &lock);
    assert_eq!(
        of(&allocation, &twice),
        ["private-a 10.64.16.0/25", "private-a-2 10.64.16.128/25", "private-a-3 10.64.17.0/24"]
    );
    // Not written on the VPC: the lock holds.
    let (allocation, lock) = place(&before, &lock);
    assert_eq!(of(&allocation, &before).len(), 3);
    let (allocation, _) = with_consent(&once, &lock, &consent("accept", "web-production"));
    assert_eq!(of(&allocation, &once), ["private-a 10.64.16.0/25", "private-a-2 10.64.16.128/25"]);
}

#[test]
fn a_pool_grows_by_an_extent_and_no_index_changes() {
    let mut before = estate("10.64.0.0/12").pool("a", "m3", 20).pool("b", "m3", 20);
    before.environments[0].1 = Some("a".to_owned());
    let before = before.with("web", [vpc("one", "a", 20)]);
    let (_, lock) = place(&before, &Lock::default());
    let mut after = before.clone();
    after.pools[1].1 = PoolSpec::Inner { parent: "m3".to_owned(), size: 19 };
    after.pools[2].1 = PoolSpec::Inner { parent: "m3".to_owned(), size: 19 };
    let after = after.with("api", [vpc("two", "a", 20)]);
    let (allocation, lock) = place(&after, &lock);
    // Each is the other's buddy, so both find their second part elsewhere.
    assert_eq!(
        pools(&after, &allocation),
        ["a 10.64.0.0/20 10.64.32.0/20", "b 10.64.16.0/20 10.64.48.0/20", "m3 10.64.0.0/12"]
    );
    assert_eq!(blocks(&after, &allocation), ["api-two 10.64.32.0/20", "web-one 10.64.0.0/20"]);
    assert!(
        print(&lock).contains("{ extent = 1, at = \"/20#0\", vpc = \"api/two\", headroom = 1 }"),
        "{}",
        print(&lock)
    );
    // Nothing lies in b's second part, so it can go again.
    let mut back = after.clone();
    back.pools[2].1 = PoolSpec::Inner { parent: "m3".to_owned(), size: 20 };
    assert_eq!(pools(&back, &place(&back, &lock).0)[1], "b 10.64.16.0/20");
}

#[test]
fn a_root_moves_and_indexes_hold() {
    let before = two();
    let (_, lock) = place(&before, &Lock::default());
    let mut after = before.clone();
    after.pools[0].1 = PoolSpec::Root("172.24.0.0/14".to_owned());
    let (allocation, moved) = place(&after, &lock);
    assert_eq!(
        blocks(&after, &allocation),
        ["api-production 172.24.0.0/20", "web-production 172.24.16.0/20"]
    );
    assert_eq!(moved, lock);
}

#[test]
fn a_name_gets_its_block_back_until_it_is_released() {
    let before = two();
    let (_, lock) = place(&before, &Lock::default());
    let gone = without(&before, "api");
    let (allocation, lock) = with_consent(&gone, &lock, &consent("destroy", "api-production"));
    assert_eq!(allocation.leaving.len(), 1);
    assert_eq!(allocation.leaving[0].directory, "teams/api/production");
    assert_eq!(allocation.retired[0].holder, "api-production");
    let other = gone.clone().with("new", [vpc("production", "m3", 20)]);
    let (allocation, _) = place(&other, &lock);
    assert_eq!(blocks(&other, &allocation), ["new-production 10.64.32.0/20", "web-production 10.64.16.0/20"]);
    let (allocation, _) = place(&before, &lock);
    assert_eq!(blocks(&before, &allocation), ["api-production 10.64.0.0/20", "web-production 10.64.16.0/20"]);
    assert_eq!(allocation.leaving, []);
    let released = release(&lock, "api-production").unwrap();
    assert!(released.leaving.is_empty());
    let (allocation, _) = place(&other, &released);
    assert_eq!(blocks(&other, &allocation), ["new-production 10.64.0.0/20", "web-production 10.64.16.0/20"]);
}

#[test]
fn renames_move_nothing_and_births_stay_unique() {
    let mut before = two();
    before.teams[0].1[0].blocks.push(further("pods", Place::Pool("m3".to_owned(), 24)));
    before = before.pool("inner", "m3", 16).with("far", [vpc("one", "inner", 20)]);
    before.accepts.push(("outside-pool".to_owned(), Vec::new()));
    let (allocation, lock) = place(&before, &Lock::default());
    let mut after = before.clone();
    after.pools[0].0 = "estate<m3".to_owned();
    after.pools[1] = ("nested<inner".to_owned(), PoolSpec::Inner { parent: "estate".to_owned(), size: 16 });
    after.environments[0].1 = Some("estate".to_owned());
    after.layouts[0].name = "standard<service".to_owned();
    after.layouts[0].tiers[0] = tier("app<private", "+3");
    for (_, vpcs) in &mut after.teams {
        for vpc in vpcs {
            vpc.layout = "standard".to_owned();
            vpc.place = match &vpc.place {
                Place::Pool(pool, size) => {
                    Place::Pool(if pool == "m3" { "estate" } else { "nested" }.to_owned(), *size)
                }
                Place::Pin(range) => Place::Pin(range.clone()),
            };
            for block in &mut vpc.blocks {
                block.place = Place::Pool("estate".to_owned(), 24);
            }
        }
    }
    after.teams[0].0 = "shop<web".to_owned();
    after.teams[0].1[0].blocks[0].name = "kubernetes<pods".to_owned();
    after.teams[1].1[0].label = "prod<production".to_owned();
    let (renamed, lock) = place(&after, &lock);
    let all = |allocation: &Allocation| {
        let subnets = allocation.vpcs.iter().flat_map(|vpc| &vpc.blocks).flat_map(|block| &block.tiers);
        let mut all: Vec<_> =
            subnets.flat_map(|tier| tier.subnets.iter().map(|subnet| subnet.cidr)).collect();
        all.sort();
        all
    };
    assert_eq!(all(&renamed), all(&allocation));
    let births: Vec<&str> = renamed.vpcs.iter().map(|vpc| vpc.birth.as_str()).collect();
    assert_eq!(births, ["teams/api/production", "teams/far/one", "teams/web/production"]);
    assert_eq!(renamed.renamed_tiers.len(), 3);
    // The old name is free for somebody else, whose state must not be the old one's.
    let (reused, _) = place(
        &after
            .clone()
            .with("web", [VpcSpec { layout: "standard".to_owned(), ..vpc("production", "estate", 20) }]),
        &lock,
    );
    assert_eq!(reused.vpcs.last().unwrap().birth, "teams/web/production-2");
}

/// The example with hubs of these names: `"new"` or `"new<old"`.
fn with_hubs(names: &[&str]) -> Design {
    let design = two().design();
    let first = design.hubs.values().next().unwrap().clone();
    let hub = |name: &&str| (plain(name).to_owned(), Hub { entity: entity(name), ..first.clone() });
    Design { hubs: Table::new(names.iter().map(hub)), ..design }
}

#[test]
fn a_hub_keeps_its_birth_whatever_it_is_called() {
    let run = |names: &[&str], lock: &Lock| -> (Vec<String>, Lock) {
        let design = with_hubs(names);
        let run = |lock: &Lock| allocate(&design, lock, &Consent::default()).0.unwrap();
        let (allocation, lock) = run(lock);
        assert_eq!(run(&lock), (allocation.clone(), lock.clone()), "a second run differs");
        assert_eq!(parse(&print(&lock)).as_ref(), Ok(&lock));
        (allocation.hub_births, lock)
    };
    let (births, lock) = run(&["tokyo"], &Lock::default());
    assert_eq!((births, lock.hubs.len()), (vec!["hub/tokyo".to_owned()], 0));
    let (births, lock) = run(&["kanto<tokyo"], &lock);
    assert_eq!(births, ["hub/tokyo"]);
    // A chain, and the way back.
    let (births, chain) = run(&["east<kanto"], &lock);
    assert_eq!(births, ["hub/tokyo"]);
    let (births, back) = run(&["tokyo<east"], &chain);
    assert_eq!(births, ["hub/tokyo"]);
    let (births, back) = run(&["tokyo"], &back);
    assert_eq!((births, back.hubs.len()), (vec!["hub/tokyo".to_owned()], 0));
    // The old name is free for somebody else, whose state must not be the old one's.
    let (births, lock) = run(&["kanto", "tokyo"], &lock);
    assert_eq!(births, ["hub/tokyo", "hub/tokyo-2"]);
    assert_eq!(run(&["kanto", "tokyo"], &lock).0, births);
}

#[test]
fn what_was_agreed_to_goes_with_its_name() {
    let estate = two();
    let (_, mut lock) = place(&estate, &Lock::default());
    let agreed = |digest: &str| Acceptance { before: digest.repeat(16), after: digest.repeat(16) };
    for (name, digest) in
        [("web-production", "1"), ("api-production", "2"), ("hub.tokyo", "3"), ("gone-x", "4")]
    {
        lock.accepted.insert(name.to_owned(), agreed(digest));
    }
    let mut after = estate;
    for (team, _) in &mut after.teams {
        if team == "web" {
            *team = "shop<web".to_owned();
        }
    }
    let hubs = with_hubs(&["kanto<tokyo"]).hubs;
    let design = Design { hubs, ..after.design() };
    let (_, lock) = allocate(&design, &lock, &Consent::default()).0.unwrap();
    let kept: Vec<(&str, &Acceptance)> = lock.accepted.iter().map(|(name, it)| (name.as_str(), it)).collect();
    assert_eq!(
        kept,
        [("api-production", &agreed("2")), ("hub.kanto", &agreed("3")), ("shop-production", &agreed("1"))]
    );
}

#[test]
fn a_zone_keeps_its_places_under_another_letter() {
    let before = two();
    let (allocation, lock) = place(&before, &Lock::default());
    let subnets_of = |estate: &Estate, allocation: &Allocation| {
        let mut all = subnets(estate, allocation, "api-production");
        all.sort();
        all
    };
    let mut after = before.clone();
    let first = after.layouts[0].zones[0].clone();
    after.layouts[0].zones[0] = "z".to_owned();
    after.renamed_zones = vec![("z".to_owned(), first.clone())];
    let (renamed, lock) = place(&after, &lock);
    let expected: Vec<String> = subnets_of(&before, &allocation)
        .iter()
        .map(|subnet| subnet.replace(&format!("-{first} "), "-z "))
        .collect();
    let mut sorted = expected.clone();
    sorted.sort();
    assert_eq!(subnets_of(&after, &renamed), sorted);
    assert_ne!(subnets_of(&after, &renamed), subnets_of(&before, &allocation));
    assert!(lock.layouts["service"].zones.iter().all(|zone| zone.letter != first));
    // What the old letter may mean later is a new zone.
    after.layouts[0].zones.push(first.clone());
    after.renamed_zones.clear();
    let (_, lock) = place(&after, &lock);
    let index = |letter: &str| {
        lock.layouts["service"].zones.iter().find(|zone| zone.letter == letter).map(|zone| zone.index)
    };
    assert_eq!(index("z"), Some(0));
    assert_eq!(index(&first), Some(u32::try_from(before.layouts[0].zones.len()).unwrap()));
    // Nobody has had the letter: nothing is taken over, and nothing is refused.
    let mut other = before;
    other.layouts[0].zones.push("z".to_owned());
    other.renamed_zones = vec![("z".to_owned(), "y".to_owned())];
    let (_, lock) = place(&other, &lock);
    assert!(lock.layouts["service"].zones.iter().any(|zone| zone.letter == "z"));
}

#[test]
fn tiers_and_zones_keep_their_places() {
    let before = two();
    let (_, lock) = place(&before, &Lock::default());
    let mut after = before.clone();
    // A fourth zone takes the kept slot, a tier in front takes what is left, the order means nothing.
    after.layouts[0].zones = vec!["b".to_owned(), "d".to_owned(), "c".to_owned(), "a".to_owned()];
    after.layouts[0].tiers.insert(0, tier("cache", "+6"));
    let (allocation, lock) = place(&after, &lock);
    let of = |allocation: &Allocation, estate: &Estate, name: &str| {
        let mut subnets = subnets(estate, allocation, "api-production");
        subnets.retain(|subnet| subnet.starts_with(name));
        subnets
    };
    assert_eq!(
        of(&allocation, &after, "private"),
        [
            "private-b 10.64.6.0/24",
            "private-d 10.64.4.0/24",
            "private-c 10.64.2.0/24",
            "private-a 10.64.0.0/24"
        ]
    );
    assert_eq!(of(&allocation, &after, "cache")[3], "cache-a 10.64.15.0/27");
    // A fifth zone goes beyond the slots, tier by tier behind the last.
    after.layouts[0].zones.push("e".to_owned());
    after.layouts[0].tiers.retain(|(name, _, _)| name == "cache" || name == "data");
    let (allocation, lock) = place(&after, &lock);
    assert_eq!(of(&allocation, &after, "data-e"), ["data-e 10.64.14.128/26"]);
    assert_eq!(of(&allocation, &after, "cache-e"), ["cache-e 10.64.14.64/27"]);
    // The retired tier's place is nobody's until it is released.
    after.layouts[0].tiers.push(tier("lambda", "+4"));
    let (result, findings) = allocate(&after.design(), &lock, &Consent::default());
    assert!(result.is_none());
    assert!(
        findings[0].help.iter().any(|line| line == "or `tanada release layout.service.private`"),
        "{findings:#?}"
    );
    let released = release(&lock, "layout.service.private").unwrap();
    assert_eq!(of(&place(&after, &released).0, &after, "lambda-a"), ["lambda-a 10.64.0.0/25"]);
}

#[test]
fn a_tier_of_another_size() {
    let before = two();
    let (_, lock) = place(&before, &Lock::default());
    let resized = |size: &str| {
        let mut after = before.clone();
        after.layouts[0].tiers[2] = tier("data", size);
        let (allocation, _) = with_consent(&after, &lock, &consent("accept", "layout.service.data"));
        subnets(&after, &allocation, "api-production")
            .into_iter()
            .find(|subnet| subnet.starts_with("data-a"))
            .unwrap()
    };
    assert_eq!(resized("+6"), "data-a 10.64.12.0/27", "a smaller one keeps its start");
    let (result, findings) = {
        let mut after = before.clone();
        after.layouts[0].tiers[2] = tier("data", "+4");
        allocate(&after.design(), &lock, &consent("accept", "layout.service.data"))
    };
    assert!(result.is_none());
    assert_eq!(
        findings[0].message,
        "tier `data` of `layout.service` needs 4 x /24 and does not fit in a /20; taken: `private` 4 x /23, `public` 4 x /24, `transit` 4 x /28"
    );
}

#[test]
fn slots_of_three_are_cidrsubnets() {
    let mut estate = estate("10.26.0.0/16");
    estate.headroom = 0;
    estate.layouts[0] = layout(
        "service",
        &["a", "b", "c"],
        3,
        &[("private", "+3"), ("public", "+4"), ("data", "+4"), ("protected", "+4"), ("transit", "/28")],
    );
    let estate = estate.with("cica", [pinned("development", "10.26.32.0/21")]);
    let (allocation, _) = place(&estate, &Lock::default());
    let subnets = subnets(&estate, &allocation, "cica-development");
    // The Ministry of Justice's member VPC, ministryofjustice/modernisation-platform (MIT), August 2026.
    for subnet in [
        "private-c 10.26.34.0/24",
        "public-a 10.26.35.0/25",
        "protected-c 10.26.39.0/25",
        "transit-a 10.26.39.128/28",
    ] {
        assert!(subnets.contains(&subnet.to_owned()), "{subnet}: {subnets:?}");
    }
}

#[test]
fn pins_outside_every_root_have_no_claim_and_are_not_forgotten() {
    let mut estate = two().with("old", [pinned("vpc", "192.168.16.0/20")]);
    estate.accepts.push(("outside-pool".to_owned(), vec!["team.old.vpc".to_owned()]));
    let (allocation, lock) = place(&estate, &Lock::default());
    assert_eq!(allocation.vpcs[1].blocks[0].source, None);
    assert!(print(&lock).contains("births = [\n  { vpc = \"old/vpc\", birth = \"teams/old/vpc\" },\n]\n"));
    let (result, findings) = allocate(&without(&estate, "old").design(), &lock, &Consent::default());
    assert!(result.is_none());
    assert_eq!(findings[0].message, "`old-vpc` is in the lock and no longer in the input");
    let (allocation, lock) = with_consent(&without(&estate, "old"), &lock, &consent("destroy", "old-vpc"));
    assert_eq!(allocation.leaving[0].birth, "teams/old/vpc");
    assert_eq!(release(&lock, "old-vpc").unwrap().leaving.len(), 0);
}

#[test]
fn intents_are_numbered_by_birth() {
    let mut estate = two();
    estate.intents = vec!["login".to_owned(), "checkout".to_owned()];
    let (allocation, lock) = place(&estate, &Lock::default());
    assert_eq!(allocation.intent_births, [0, 1]);
    estate.intents.push("audit".to_owned());
    let (allocation, lock) = place(&estate, &lock);
    assert_eq!(allocation.intent_births, [2, 0, 1]);
    estate.intents.remove(1);
    assert_eq!(place(&estate, &lock).0.intent_births, [1, 0]);
}

#[test]
fn order_and_split_mean_nothing() {
    let before = two().pool("inner", "m3", 16).with("x", [vpc("b", "inner", 20), vpc("a", "inner", 20)]);
    let mut after = before.clone();
    after.teams.reverse();
    after.pools.reverse();
    after.layouts.reverse();
    let mut before = before;
    for estate in [&mut before, &mut after] {
        estate.accepts.push(("outside-pool".to_owned(), Vec::new()));
    }
    assert_eq!(place(&before, &Lock::default()), place(&after, &Lock::default()));
}
