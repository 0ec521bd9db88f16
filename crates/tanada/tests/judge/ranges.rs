//! Addresses that a person moves: what is replaced is the VPC that moves, and all of it that hangs on its id.

use std::collections::BTreeSet;

use standin::{Action, Counts, Lookups, Plan, judge_or_skip};
use tanada_model::lock::Lock;
use tanada_render::allocate::Consent;

use crate::changes::{Applied, SHARED, STAGING, difference, one_account};
use crate::estate::workspace;
use crate::expected;
use crate::life::{HUB, PAYMENTS, WEB, apply, changed_files, plan, same};
use crate::observed;
use crate::support::{Run, run, run_with};

pub(crate) fn a_pin_elsewhere_replaces_its_own_vpc_and_edits_acls_of_others(applied: &Applied) {
    let files = one_account(&[("range = \"10.31.0.0/20\"", "range = \"10.62.0.0/20\"")]);
    let after = run_with(&files, &applied.run.lock, &accept(["payments-production"]));
    // Others write its name and not its address, so their text stays; the plan of those that it talks to does not.
    let expected = ["addresses/payments-production/main.tf", "teams/payments/production/main.tf"];
    assert_eq!(changed_files(&applied.run, &after), BTreeSet::from(expected));
    applied.workspace.replace_files(&after.tree.files).unwrap();
    is_replaced(&applied.plan(&after, PAYMENTS), &after, PAYMENTS);
    for peer in [WEB, SHARED] {
        rules_follow(&applied.plan(&after, peer), peer);
    }
    for stranger in [HUB, STAGING] {
        assert_eq!(applied.plan(&after, stranger).counts(), Counts::default(), "{stranger}");
    }
}

#[test]
fn a_pool_elsewhere_replaces_its_own_vpcs_and_what_others_say_of_it() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let (old, new) = ("192.168.0.0/16", "172.20.0.0/16");
    let before = run(&staging_in(old), &Lock::default());
    let workspace = workspace(&before);
    apply(&judge, &workspace, &before, &[WEB, STAGING, SHARED]);

    let vpcs = before.plan.vpcs.iter().filter(|vpc| vpc.environment == "staging");
    let names = vpcs.clone().map(|vpc| vpc.id.as_str());
    let after = run_with(&staging_in(new), &before.lock, &accept(names));
    assert_eq!(before.lock, after.lock, "every VPC keeps its place in the pool");
    // `shared` sums up staging VPCs by blocks that are no VPC's, and so writes them itself.
    let shared = ["addresses/estate/main.tf", "teams/platform/shared/main.tf"].map(str::to_owned);
    let own =
        vpcs.flat_map(|vpc| [format!("addresses/{}/main.tf", vpc.id), format!("{}/main.tf", vpc.directory)]);
    let expected: BTreeSet<String> = own.chain(shared).collect();
    assert!(changed_files(&before, &after).into_iter().eq(expected.iter()));

    workspace.replace_files(&after.tree.files).unwrap();
    let plan = |directory| plan(&judge, &workspace, &after, directory);
    is_replaced(&plan(STAGING), &after, STAGING);
    assert_eq!(plan(HUB).counts(), Counts::default(), "segments do not know addresses");
    // Production has no route to staging, but tells the internet from the estate.
    rules_follow(&plan(WEB), WEB);

    let mut shared = plan(SHARED);
    let routes = shared.changes.extract_if(.., |_, change| change.type_name == "aws_route");
    let routes: Vec<_> = routes.filter(|(_, change)| change.action != Action::Keep).collect();
    assert_eq!(routes.len(), 6, "two tiers in three zones have routes to others");
    for (address, route) in routes {
        assert!(address.ends_with("/pool.staging\"]"), "{address}");
        assert!(route.replacing.iter().eq(["destination_cidr_block"]), "{address}");
        assert_eq!(
            (&route.before["destination_cidr_block"], &route.after["destination_cidr_block"]),
            (&old.into(), &new.into())
        );
    }
    rules_follow(&shared, SHARED);
}

/// The estate with staging in a pool of its own, since the range of an inner pool is never written.
fn staging_in(range: &str) -> Vec<(String, String)> {
    let pool = format!("pool \"staging\" {{ range = \"{range}\" }}\n\nregion \"ap");
    one_account(&[("  pool \"staging\" { size = 11 }\n", ""), ("region \"ap", &pool)])
}

/// Consent to the replacement of these VPCs.
fn accept<'a>(names: impl IntoIterator<Item = &'a str>) -> Consent {
    Consent { accept: names.into_iter().map(str::to_owned).collect(), ..Consent::default() }
}

/// Everything of a VPC is made anew, except what does not hang on its id; the plan is that of the new place.
fn is_replaced(plan: &Plan, after: &Run, directory: &str) {
    let own = &plan.changes["module.vpc.aws_vpc.this"];
    assert_eq!(own.action, Action::Replace, "{directory}");
    assert!(own.replacing.iter().eq(["cidr_block"]), "{directory}: {:?}", own.replacing);
    for (address, change) in &plan.changes {
        let expected = match change.type_name.as_str() {
            "aws_eip" => Action::Keep,
            // It is detached from one VPC and attached to the other.
            "aws_internet_gateway" => Action::Update,
            _ => Action::Replace,
        };
        assert_eq!(change.action, expected, "{directory}: {address}");
    }
    let vpc = after.plan.vpcs.iter().find(|vpc| vpc.directory == directory).expect("a VPC");
    same(directory, &expected::vpc(&after.plan, vpc), &observed::resources(plan));
}

/// ACLs alone change, in place, and every rule that goes has one that comes.
fn rules_follow(plan: &Plan, directory: &str) {
    assert_ne!(plan.counts(), Counts::default(), "{directory} names what moves");
    for (address, change) in plan.changed() {
        assert_eq!(
            (change.type_name.as_str(), change.action),
            ("aws_network_acl", Action::Update),
            "{address}"
        );
        for direction in ["ingress", "egress"] {
            let (gone, new) = difference(change, direction);
            assert_eq!(gone.len(), new.len(), "{address} {direction}: a rule follows its peer");
        }
    }
}
