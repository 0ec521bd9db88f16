//! A block that is taken out of a VPC goes with what lies in it, by name, and nothing else is touched.

use std::collections::BTreeSet;

use standin::{Action, Lookups, judge_or_skip};
use tanada_render::allocate::Consent;

use crate::changes::one_account;
use crate::estate::{root, workspace};
use crate::life::{HUB, PAYMENTS, WEB, apply, changed_files, plan};
use crate::support::{lock_of, run, run_with};

const TEAM: &str = r#"team "web" { owner = "@m3/web" }"#;

const WITH_BLOCK: &str = r#"team "web" {
  owner = "@m3/web"

  vpc "production" {
    block "pods" {
      size   = 20
      layout = layout.pods
    }
  }
}

layout "pods" {
  zones = ["a"]
  tier "pods" { newbits = 2 }
}"#;

const WITHOUT: &str = r#"team "web" { owner = "@m3/web" }

layout "pods" {
  zones = ["a"]
  tier "pods" { newbits = 2 }
}"#;

#[test]
fn a_block_goes_with_its_own_subnets_and_nothing_else() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let before = run(&one_account(&[(TEAM, WITH_BLOCK)]), &lock_of("m3"));
    let workspace = workspace(&before);
    apply(&judge, &workspace, &before, &[WEB, PAYMENTS]);

    let names = BTreeSet::from(["web-production/pods".to_owned()]);
    let consent = Consent { destroy: names, ..Consent::default() };
    let after = run_with(&one_account(&[(TEAM, WITHOUT)]), &before.lock, &consent);
    workspace.replace_files(&after.tree.files).unwrap();
    for others in [HUB, PAYMENTS] {
        for (address, change) in plan(&judge, &workspace, &after, others).changed() {
            let kind = (change.type_name.as_str(), change.action);
            assert_eq!(kind, ("aws_network_acl", Action::Update), "{others}: {address}");
        }
    }
    let own = root(&judge, &workspace, &after, WEB).apply().unwrap_or_else(|failure| panic!("{failure}"));
    let mut gone: Vec<(&str, &str)> = Vec::new();
    for (address, change) in own.changed() {
        match change.action {
            Action::Destroy => gone.push((&change.type_name, address)),
            // The ACLs of the other tiers lose the rules for the block.
            Action::Update => assert_eq!(change.type_name, "aws_network_acl", "{address}"),
            Action::Keep | Action::Create | Action::Replace | Action::Forget => {
                panic!("{address}: {:?}", change.action)
            }
        }
    }
    let of = |kind: &str| gone.iter().filter(|(own, _)| *own == kind).count();
    assert_eq!(of("aws_vpc_ipv4_cidr_block_association"), 1, "{gone:?}");
    assert_eq!(of("aws_subnet"), 1, "{gone:?}");
    let inside = |address: &str| address.contains("pods") || address.contains("cidr_block_association");
    assert!(gone.iter().all(|(_, address)| inside(address)), "only what lies in the block goes: {gone:?}");
    assert!(changed_files(&before, &after).contains("teams/web/production/main.tf"));
    assert_eq!(plan(&judge, &workspace, &after, WEB).changed().count(), 0, "a second plan is empty");
}
