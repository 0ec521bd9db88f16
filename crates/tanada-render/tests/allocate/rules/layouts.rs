//! How blocks are cut.

use super::*;

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
