//! What a team takes along means the same to Terraform: against the same states its plan is empty.

use standin::{Lookups, judge_or_skip};
use tanada_render::eject::{Scope, eject};

use crate::estate::{accept, each, root, workspace};
use crate::life::{HUB, ONE_ACCOUNT, PAYMENTS, WEB, apply, m3, plan};
use crate::support::{lock_of, run};

#[test]
fn a_team_that_leaves_changes_nothing() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let run = run(&m3(&ONE_ACCOUNT), &lock_of("m3"));
    let workspace = workspace(&run);
    apply(&judge, &workspace, &run, &[PAYMENTS]);

    let ejected = eject(&run.plan, &run.tree.files, Scope::Team("payments")).expect("the team has VPCs");
    assert_eq!(ejected.roots, [PAYMENTS, "teams/payments/staging"]);
    workspace.replace_files(&ejected.files).unwrap();
    accept(each(&ejected.roots, |directory| root(&judge, &workspace, &run, directory).validate()));
    let changed: Vec<String> =
        plan(&judge, &workspace, &run, PAYMENTS).changed().map(|(address, _)| address.to_owned()).collect();
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn an_estate_that_leaves_changes_nothing() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let run = run(&m3(&ONE_ACCOUNT), &lock_of("m3"));
    let workspace = workspace(&run);
    apply(&judge, &workspace, &run, &[WEB]);
    let ejected = eject(&run.plan, &run.tree.files, Scope::All).expect("there are roots");
    workspace.replace_files(&ejected.files).unwrap();
    for directory in [HUB, WEB] {
        assert_eq!(plan(&judge, &workspace, &run, directory).changed().count(), 0, "{directory}");
    }
}
