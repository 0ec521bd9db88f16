//! What grows.

use super::*;

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
