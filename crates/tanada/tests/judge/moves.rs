//! A VPC moves to other addresses: real Terraform says of every stage what it makes, changes and destroys.

use std::collections::BTreeSet;

use standin::{Action, Counts, Lookups, judge_or_skip};
use tanada_model::lock::VpcName;
use tanada_render::allocate::Consent;
use tanada_render::emit::{OldRoot, leaving};
use tanada_render::moves::Stages;

use crate::changes::{one_account, only_tags};
use crate::estate::{root, workspace};
use crate::life::{HUB, PAYMENTS, WEB, apply, plan};
use crate::support::{Run, lock_of, run, run_staged, run_with};

const NEXT: &str = "teams/payments/production-next";

fn at(run: &Run, stage: u8, consent: &Consent) -> Run {
    let target = "range      = \"10.33.0.0/20\"\n    moves_from = \"10.31.0.0/20\"";
    let files = one_account(&[("range = \"10.31.0.0/20\"", target)]);
    run_staged(&files, &run.lock, consent, &Stages { all: Some(stage), ..Stages::default() })
}

#[test]
fn a_move_destroys_nothing_before_the_gate_and_only_the_old_network_behind_it() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let before = run(&one_account(&[]), &lock_of("m3"));
    let workspace = workspace(&before);
    apply(&judge, &workspace, &before, &[WEB, PAYMENTS]);

    let beside = at(&before, 1, &Consent::default());
    workspace.replace_files(&beside.tree.files).unwrap();
    assert_eq!(plan(&judge, &workspace, &beside, HUB).counts(), Counts::default());
    assert_eq!(plan(&judge, &workspace, &beside, PAYMENTS).counts(), Counts::default(), "the old network");
    let web = plan(&judge, &workspace, &beside, WEB);
    assert!(web.changed().count() > 0, "the caller gets rules for both");
    for (address, change) in web.changed() {
        assert_eq!(
            (change.type_name.as_str(), change.action),
            ("aws_network_acl", Action::Update),
            "{address}"
        );
    }
    let next = plan(&judge, &workspace, &beside, NEXT);
    assert!(next.changed().all(|(_, change)| change.action == Action::Create));
    assert!(next.counts().add > 50, "{:?}", next.counts());
    apply(&judge, &workspace, &beside, &[NEXT, WEB, PAYMENTS]);

    let names = BTreeSet::from(["payments-production".to_owned()]);
    let gone = at(&beside, 2, &Consent { destroy: names, ..Consent::default() });
    let [old] = gone.plan.leaving.as_slice() else { panic!("{:?}", gone.plan.leaving) };
    let file = |name: &str| beside.tree.files.get(&format!("{PAYMENTS}/{name}.tf")).cloned();
    let (providers, addresses) = (file("providers"), file("addresses"));
    let (backend, variables) = (file("backend"), file("variables"));
    let kept = leaving(old, &OldRoot { providers, addresses, backend, variables, ..OldRoot::default() });
    workspace.replace_files(gone.tree.files.clone().into_iter().chain(kept)).unwrap();
    assert_eq!(plan(&judge, &workspace, &gone, NEXT).counts(), Counts::default(), "the next network");
    for (address, change) in plan(&judge, &workspace, &gone, WEB).changed() {
        assert_eq!(
            (change.type_name.as_str(), change.action),
            ("aws_network_acl", Action::Update),
            "{address}"
        );
    }
    let empty =
        root(&judge, &workspace, &gone, PAYMENTS).apply().unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(empty.counts(), Counts { destroy: empty.changes.len(), ..Counts::default() });
    assert!(empty.changes.len() > 50);
    apply(&judge, &workspace, &gone, &[WEB]);

    let arrived = at(&gone, 3, &Consent::default());
    workspace.replace_files(&arrived.tree.files).unwrap();
    only_tags(&plan(&judge, &workspace, &arrived, PAYMENTS), "the name");
    assert_eq!(
        plan(&judge, &workspace, &arrived, WEB).counts(),
        Counts::default(),
        "a peer sees no difference"
    );
}

/// All that is left of a move is where the state lies, and what follows from that birth: rule numbers of peers.
#[test]
fn the_last_stage_is_a_fresh_generation_of_the_target() {
    let before = run(&one_account(&[]), &lock_of("m3"));
    let names = BTreeSet::from(["payments-production".to_owned()]);
    let beside = at(&before, 1, &Consent::default());
    let gone = at(&beside, 2, &Consent { destroy: names, ..Consent::default() });
    let arrived = at(&gone, 3, &Consent::default());
    let target = one_account(&[("10.31.0.0/20", "10.33.0.0/20")]);
    let again = run(&target, &arrived.lock);
    assert_eq!(again.tree.files, arrived.tree.files, "the input without `moves_from`");

    let accept = Consent { accept: BTreeSet::from(["payments-production".to_owned()]), ..Consent::default() };
    let mut born_there = before.lock.clone();
    born_there.births.insert(VpcName::new("payments", "production"), NEXT.to_owned());
    let fresh = run_with(&target, &born_there, &accept);
    assert_eq!(fresh.tree.files, arrived.tree.files, "a VPC that was born there");
}
