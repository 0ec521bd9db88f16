//! Where blocks stand.

use super::*;

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

/// Ranges that stand at a site, the input before and after.
#[test]
fn what_lies_at_a_site_is_not_handed_out() {
    let estate = estate("10.64.0.0/14").with("web", [vpc("production", "m3", 20)]);
    let mut with = estate.clone();
    with.sites.push(("dc".to_owned(), vec!["10.64.0.0/19".to_owned(), "192.168.0.0/16".to_owned()]));
    let (allocation, lock) = place(&with, &Lock::default());
    assert_eq!(blocks(&with, &allocation), ["web-production 10.64.32.0/20"]);
    assert!(allocation.pools[0].free.iter().all(|free| !free.overlaps("10.64.0.0/19".parse().unwrap())));
    // What stands keeps its place, whether the site comes or goes.
    let (_, old) = place(&estate, &Lock::default());
    assert_eq!(blocks(&with, &place(&with, &old).0), ["web-production 10.64.0.0/20"]);
    assert_eq!(blocks(&estate, &place(&estate, &lock).0), ["web-production 10.64.32.0/20"]);
    // Around a whole root it says where everything else is.
    for range in ["10.0.0.0/8", "10.64.0.0/14"] {
        with.sites = vec![("dc".to_owned(), vec![range.to_owned()])];
        assert_eq!(place(&with, &Lock::default()).1, old, "{range}");
    }
}

/// A VPC grows beside what lies at a site, and a pool that has nothing else is full.
#[test]
fn growth_keeps_off_what_lies_at_a_site() {
    let before = estate("10.64.0.0/18").with("web", [vpc("production", "m3", 20)]);
    let (_, lock) = place(&before, &Lock::default());
    let mut grown = change(&before, "web", |vpc| vpc.place = Place::Pool("m3".to_owned(), 19));
    grown.sites.push(("dc".to_owned(), vec!["10.64.24.0/21".to_owned()]));
    let (allocation, _) = place(&grown, &lock);
    assert_eq!(blocks(&grown, &allocation), ["web-production 10.64.0.0/20 10.64.32.0/20"]);
    grown.sites.push(("lab".to_owned(), vec!["10.64.40.0/21".to_owned(), "10.64.48.0/20".to_owned()]));
    let (result, findings) = allocate(&grown.design(), &lock, &Consent::default());
    assert!(
        result.is_none() && findings.iter().all(|finding| finding.code.name == "pool-full"),
        "{findings:#?}"
    );
}
