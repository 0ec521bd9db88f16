//! At every stage the tree does what the input says, and nobody else notices the move.

use std::collections::BTreeSet;

use tanada_model::edit::{Target, begin_move};
use tanada_model::lock::VpcName;
use tanada_model::net::Block;
use tanada_render::allocate::Consent;
use tanada_render::moves::{Stages, beside};
use tanada_verify::network::Network;
use tanada_verify::reach::{End, Reachability, Shift, difference, reach};
use tanada_verify::read;
use tanada_verify::verify::verify;

use crate::support::{Run, input, lock_of, run, run_staged};

/// Files of an input, with a text behind them.
fn with(fixture: &str, more: &str) -> Vec<(String, String)> {
    let mut files = input(fixture);
    files.push(("network/more.hcl".to_owned(), more.to_owned()));
    files
}

/// The input in which a VPC begins to move.
fn begun(files: &[(String, String)], vpc: &VpcName, target: &Target, from: Block) -> Vec<(String, String)> {
    let mut files = files.to_vec();
    let mut edited = files.iter_mut().filter_map(|(_, text)| {
        *text = begin_move(text, vpc, target, from)?;
        Some(())
    });
    edited.next().expect("a file with the team");
    files
}

fn first_block(run: &Run, vpc: &VpcName) -> Block {
    let id = run.design.vpcs.id(&vpc.id()).unwrap_or_else(|| panic!("no {}", vpc.id()));
    run.allocation.vpcs.iter().find(|own| own.vpc == id).expect("a VPC").blocks[0].block
}

/// Who reaches whom in a tree that the witness has nothing to say against.
fn judged(run: &Run, what: &str) -> Reachability {
    let observed = read(&run.tree.files).unwrap_or_else(|errors| panic!("{what}: {errors:?}"));
    let (network, errors) = Network::observe(&observed);
    let reached = reach(&network);
    let report = verify(network, errors, &run.design, &run.lock);
    assert_eq!(report.findings, [], "{what}");
    assert!(report.pairs > 100 && report.vpcs == run.plan.vpcs.len(), "{what}");
    reached
}

/// What of a change concerns nobody who moves.
fn of_others(shift: &Shift, movers: &BTreeSet<String>) -> bool {
    let others = |ends: &[End]| ends.iter().any(|end| end.vpc().is_none_or(|vpc| !movers.contains(vpc)));
    others(&shift.from) && others(&shift.to)
}

/// Takes VPCs of an estate through all stages at once.
fn walk(files: &[(String, String)], before: &Run, movers: &[(&str, &str, Target)]) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut moving = files.to_vec();
    let mut destroy = BTreeSet::new();
    let mut places = Vec::new();
    for (team, label, target) in movers {
        let vpc = VpcName::new(*team, *label);
        let from = first_block(before, &vpc);
        moving = begun(&moving, &vpc, target, from);
        names.extend([vpc.id(), beside(&vpc).id()]);
        destroy.insert(vpc.id());
        places.push((vpc, from));
    }
    let mut reached = judged(before, "before");
    let mut lock = before.lock.clone();
    for stage in 0..=3 {
        let destroy = if stage == 2 { destroy.clone() } else { BTreeSet::new() };
        let consent = Consent { destroy, ..Consent::default() };
        let run = run_staged(&moving, &lock, &consent, &Stages { all: Some(stage), ..Stages::default() });
        let what = format!("{names:?}, stage {stage}");
        let now = judged(&run, &what);
        let lost: Vec<Shift> =
            difference(&reached, &now).into_iter().filter(|shift| of_others(shift, &names)).collect();
        assert_eq!(lost, [], "{what}: others notice");
        if stage == 0 {
            // That its range is written now is said in a comment beside it.
            let plain = |run: &Run, path: &str| {
                let text = run.tree.files.get(path).cloned().unwrap_or_default();
                text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<String>()
            };
            let differs = |path: &&String| plain(&run, path) != plain(before, path);
            let all: BTreeSet<&String> = run.tree.files.keys().chain(before.tree.files.keys()).collect();
            let differing: Vec<&String> = all.into_iter().filter(differs).collect();
            assert!(differing.is_empty(), "{what}: {differing:?}");
        }
        if stage == 3 {
            for (vpc, from) in &places {
                assert_ne!(first_block(&run, vpc), *from, "{what}");
            }
        }
        (reached, lock) = (now, run.lock);
    }
}

fn pinned(range: &str) -> Target {
    Target::Range(range.parse().unwrap())
}

#[test]
fn intents_hold_while_a_pinned_vpc_moves() {
    let files = input("m3");
    walk(&files, &run(&files, &lock_of("m3")), &[("payments", "production", pinned("10.33.0.0/20"))]);
}

/// One that is named by no `vpc` block, one that everybody signs in at, and one that a site calls.
#[test]
fn intents_hold_while_vpcs_move_to_another_pool() {
    let files = with("m3", "pool \"new\" { range = \"172.20.0.0/14\" }\n");
    let before = run(&files, &lock_of("m3"));
    let new = || Target::Pool("new".to_owned());
    walk(&files, &before, &[("web", "staging", new())]);
    walk(
        &files,
        &before,
        &[
            ("platform", "shared", new()),
            ("billing", "production", new()),
            ("web", "production", pinned("10.33.32.0/19")),
        ],
    );
}

/// The way out of four segments moves to a place of its own.
#[test]
fn intents_hold_while_the_way_out_moves() {
    let files = input("lza-finance-tax");
    let before = run(&files, &lock_of("lza-finance-tax"));
    let from = first_block(&before, &VpcName::new("Network", "egress"));
    let target = format!("10.200.0.0/{}", from.prefix_len());
    walk(&files, &before, &[("Network", "egress", pinned(&target))]);
}

/// What inspects for segments by `via` moves.
#[test]
fn intents_hold_while_what_inspects_moves() {
    let files = input("modernisation-platform");
    let before = run(&files, &lock_of("modernisation-platform"));
    let from = first_block(&before, &VpcName::new("platforms", "external_inspection"));
    let target = format!("10.99.0.0/{}", from.prefix_len());
    walk(&files, &before, &[("platforms", "external_inspection", pinned(&target))]);
}
