//! What goes with a name.

use super::*;

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
