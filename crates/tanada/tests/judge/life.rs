//! What people live through, each as an applied state, a new tree, and the plan that follows.

use std::collections::BTreeSet;

use standin::{Action, Counts, Judge, Lookups, Plan, Workspace, judge_or_skip};

use crate::estate::{accept, each, everything, root, workspace};
use crate::expected::{self, Facts};
use crate::observed;
use crate::support::{Run, input, lock_of, run};

pub(crate) const HUB: &str = "hub/tokyo";
pub(crate) const WEB: &str = "teams/web/production";
pub(crate) const PAYMENTS: &str = "teams/payments/production";

/// m3 with changes of its input text: what is to be replaced, and by what.
pub(crate) fn m3(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut files = input("m3");
    for (from, to) in changes {
        let hits: usize = files.iter().map(|(_, text)| text.matches(from).count()).sum();
        assert_eq!(hits, 1, "{from} stands once in the input");
        for (_, text) in &mut files {
            *text = text.replace(from, to);
        }
    }
    files
}

/// Everything in the account of the credentials.
pub(crate) const ONE_ACCOUNT: [(&str, &str); 2] =
    [("  account = account.network\n", ""), ("  account = account.m3-payments\n", "")];

/// Applies the hub and then the VPCs, in the order that a first roll-out needs.
pub(crate) fn apply(judge: &Judge, workspace: &Workspace, run: &Run, vpcs: &[&str]) {
    let apply = |directory: &&str| root(judge, workspace, run, directory).apply().map(drop);
    accept([apply(&HUB)]);
    accept(each(vpcs, apply));
}

pub(crate) fn plan(judge: &Judge, workspace: &Workspace, run: &Run, directory: &str) -> Plan {
    root(judge, workspace, run, directory).plan().unwrap_or_else(|failure| panic!("{failure}"))
}

/// Plans that change nothing, and links between resources as the author's plan has them.
pub(crate) fn is_settled(judge: &Judge, workspace: &Workspace, run: &Run, vpcs: &[&str]) {
    let hub = plan(judge, workspace, run, HUB);
    assert_eq!(hub.changed().count(), 0, "{HUB}: a second plan is empty");
    let segments = observed::keys(&hub, "aws_ec2_transit_gateway_route_table");
    let gateway = &hub.of_type("aws_ec2_transit_gateway").next().expect("a gateway").1.values["id"];
    each(vpcs, |directory| {
        let planned = plan(judge, workspace, run, directory);
        let changed: Vec<_> = planned.changed().map(|(address, _)| address).collect();
        assert!(changed.is_empty(), "{directory}: a second plan is empty: {changed:?}");
        let vpc = run.plan.vpcs.iter().find(|vpc| vpc.directory == **directory).expect("a VPC");
        same(directory, &expected::vpc(&run.plan, vpc), &observed::resources(&planned));
        same(directory, &expected::links(vpc), &observed::links(&planned, &segments));
        for (address, attachment) in planned.of_type("aws_ec2_transit_gateway_vpc_attachment") {
            assert_eq!(&attachment.values["transit_gateway_id"], gateway, "{directory}: {address}");
        }
    });
}

pub(crate) fn same(directory: &str, expected: &Facts, observed: &Facts) {
    let missing: Vec<_> = expected.difference(observed).collect();
    let surplus: Vec<_> = observed.difference(expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{directory}\nmissing: {missing:#?}\nsurplus: {surplus:#?}"
    );
}

/// The Terraform files that differ between two trees.
pub(crate) fn changed_files<'a>(before: &'a Run, after: &'a Run) -> BTreeSet<&'a str> {
    let (before, after) = (&before.tree.files, &after.tree.files);
    let paths = before.keys().chain(after.keys()).map(String::as_str).filter(|path| path.ends_with(".tf"));
    paths.filter(|path| before.get(*path) != after.get(*path)).collect()
}

#[test]
fn one_account_is_applied_and_stays() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let run = run(&m3(&ONE_ACCOUNT), &lock_of("m3"));
    let workspace = workspace(&run);
    let all: Vec<&str> = run.plan.vpcs.iter().map(|vpc| vpc.directory.as_str()).collect();
    let vpcs = if everything() { all } else { vec![WEB, PAYMENTS] };
    apply(&judge, &workspace, &run, &vpcs);
    is_settled(&judge, &workspace, &run, &vpcs);
    println!("m3: {} of {} VPCs applied, and nothing to do after it", vpcs.len(), run.plan.vpcs.len());
}

#[test]
fn two_accounts_are_applied_in_order_and_stay() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let run = run(&m3(&[]), &lock_of("m3"));
    let workspace = workspace(&run);
    let early = root(&judge, &workspace, &run, PAYMENTS).plan().expect_err("the gateway does not exist yet");
    assert!(early.output().contains("fits nothing"), "{early}");

    let vpcs = [WEB, PAYMENTS];
    apply(&judge, &workspace, &run, &vpcs);
    is_settled(&judge, &workspace, &run, &vpcs);
    let accepted = plan(&judge, &workspace, &run, PAYMENTS);
    assert_eq!(accepted.of_type("aws_ec2_transit_gateway_vpc_attachment_accepter").count(), 1);
}

#[test]
fn growth_adds_subnets_and_touches_nothing_else() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let before = run(&m3(&ONE_ACCOUNT), &lock_of("m3"));
    let workspace = workspace(&before);
    apply(&judge, &workspace, &before, &[WEB, PAYMENTS]);

    let grown = grown(&before, "headroom = 0");
    assert_eq!(changed_files(&before, &grown), BTreeSet::from(["teams/web/production/main.tf"]));
    workspace.replace_files(&grown.tree.files).unwrap();
    let plan = root(&judge, &workspace, &grown, WEB).apply().unwrap_or_else(|failure| panic!("{failure}"));
    // Three tiers in three zones; the tier of the attachment does not grow.
    assert_eq!(plan.counts(), Counts { add: 18, change: 3, ..Counts::default() });
    only_grows(&plan, &["subnet_ids"]);
    is_settled(&judge, &workspace, &grown, &[WEB, PAYMENTS]);

    a_second_block_replaces_nothing(&judge, &workspace, &grown);
}

/// The next step in the life of the same VPC: its subnets are as large as they get, so it takes another block.
fn a_second_block_replaces_nothing(judge: &Judge, workspace: &Workspace, before: &Run) {
    let after = grown(before, "headroom = 0\n    size = 18");
    let peers = [
        "teams/payments/production/main.tf",
        "teams/platform/shared/addresses.tf",
        "teams/platform/shared/main.tf",
    ];
    let own = ["addresses/web-production/main.tf", "teams/web/production/main.tf"];
    assert!(changed_files(before, &after).into_iter().eq(BTreeSet::from_iter([&own[..], &peers].concat())));
    workspace.replace_files(&after.tree.files).unwrap();

    let peer = plan(judge, workspace, &after, PAYMENTS);
    assert_eq!(peer.counts(), Counts { change: 1, ..Counts::default() });
    only_grows(&peer, &["ingress", "egress"]);
    let own = root(judge, workspace, &after, WEB).apply().unwrap_or_else(|failure| panic!("{failure}"));
    // The block, and as above, but in its new place each subnet is as large as two; and the ACL of the attachment.
    assert_eq!(own.counts(), Counts { add: 19, change: 4, ..Counts::default() });
    only_grows(&own, &["ingress", "egress", "subnet_ids"]);
    let blocks =
        own.of_type("aws_vpc_ipv4_cidr_block_association").map(|(_, block)| &block.values["cidr_block"]);
    assert!(blocks.eq(["10.30.224.0/19"]), "the block that follows those of the others");
    root(judge, workspace, &after, PAYMENTS).apply().unwrap_or_else(|failure| panic!("{failure}"));
    is_settled(judge, workspace, &after, &[WEB, PAYMENTS]);
}

/// The estate after attributes were written on web's production.
fn grown(before: &Run, attributes: &str) -> Run {
    let web = r#"team "web" { owner = "@m3/web" }"#;
    let larger = format!(
        "team \"web\" {{\n  owner = \"@m3/web\"\n\n  vpc \"production\" {{\n    {attributes}\n  }}\n}}"
    );
    run(&m3(&[ONE_ACCOUNT[0], ONE_ACCOUNT[1], (web, &larger)]), &before.lock)
}

/// Subnets come, and ACLs change in these attributes at most.
fn only_grows(plan: &Plan, of_acls: &[&str]) {
    for (address, change) in plan.changed() {
        match (change.type_name.as_str(), change.action) {
            ("aws_subnet" | "aws_route_table_association", Action::Create) => {}
            ("aws_vpc_ipv4_cidr_block_association", Action::Create) => {}
            ("aws_network_acl", Action::Update) => {
                let attributes = change.attributes();
                assert!(attributes.iter().all(|name| of_acls.contains(name)), "{address}: {attributes:?}");
            }
            other => panic!("{address}: {other:?}"),
        }
    }
}
