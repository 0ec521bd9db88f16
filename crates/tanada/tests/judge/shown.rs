//! What Terraform shows of plans and states is as good a witness as the text: the same network, and what cannot be joined is
//! said.

use std::collections::BTreeMap;

use standin::{Judge, Lookups, judge_or_skip};
use tanada_verify::network::Network;
use tanada_verify::reach::{difference, reach};
use tanada_verify::verify::{FLOW_BROKEN, Report, verify};
use tanada_verify::{Observed, ReadError, Root, join, read, read_plan};

use crate::changes::one_account;
use crate::estate::{self, workspace};
use crate::life::{HUB, PAYMENTS, WEB, apply};
use crate::support::{Run, lock_of, run};

const ROOTS: [&str; 3] = [HUB, WEB, PAYMENTS];

fn text(run: &Run) -> Observed {
    let files: BTreeMap<String, String> = run
        .tree
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".tf"))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    read(&files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Each root as it was shown, joined with the text's if there is one.
fn joined(shown: &BTreeMap<&str, String>, text: Option<&Observed>) -> Result<Vec<Root>, Vec<ReadError>> {
    let join = |(directory, json): (&&str, &String)| {
        let mut root = read_plan(json, directory).map_err(|error| vec![error])?;
        join(&mut root, text.and_then(|text| text.roots.get(*directory)))?;
        Ok(root)
    };
    shown.iter().map(join).collect()
}

/// The report on a tree some of whose roots were shown; nobody reaches anybody whom the text does not say.
fn judged(run: &Run, text: &Observed, shown: Vec<Root>) -> Report {
    let mut observed = text.clone();
    for root in shown {
        observed.roots.insert(root.directory.clone(), root);
    }
    let (network, errors) = Network::observe(&observed);
    verify(network, errors, &run.design, &run.lock)
}

fn is_the_same(run: &Run, text: &Observed, shown: Vec<Root>) {
    let (before, _) = Network::observe(text);
    let mut observed = text.clone();
    for root in shown.clone() {
        observed.roots.insert(root.directory.clone(), root);
    }
    let (after, errors) = Network::observe(&observed);
    assert!(errors.is_empty(), "{errors:#?}");
    let shifts = difference(&reach(&before), &reach(&after));
    assert!(shifts.is_empty(), "{shifts:#?}");
    let report = judged(run, text, shown);
    assert!(report.findings.is_empty(), "{:#?}", report.findings.iter().take(5).collect::<Vec<_>>());
}

fn shown(judge: &Judge, run: &Run, applied: bool) -> BTreeMap<&'static str, [String; 2]> {
    let workspace = workspace(run);
    if applied {
        apply(judge, &workspace, run, &ROOTS[1..]);
    }
    let each = ROOTS.map(|directory| {
        let root = estate::root(judge, &workspace, run, directory);
        let planned = root.plan().unwrap_or_else(|failure| panic!("{failure}"));
        let plan = String::from_utf8(planned.json).unwrap();
        let state = if applied { String::from_utf8(root.state().unwrap()).unwrap() } else { String::new() };
        (directory, [plan, state])
    });
    each.into_iter().collect()
}

#[test]
fn first_plans_are_followed_with_their_text() {
    let Some(judge) = judge_or_skip(Lookups::Invented).unwrap() else { return };
    let run = run(&one_account(&[]), &lock_of("m3"));
    let text = text(&run);
    let plans: BTreeMap<&str, String> =
        shown(&judge, &run, false).into_iter().map(|(directory, [plan, _])| (directory, plan)).collect();
    is_the_same(&run, &text, joined(&plans, Some(&text)).unwrap());

    let alone = joined(&plans, None).unwrap_err();
    let text_of = |errors: &[ReadError]| errors.iter().map(|error| format!("{error}\n")).collect::<String>();
    assert!(
        text_of(&alone).contains("is known only after apply, and the text does not say"),
        "{}",
        text_of(&alone)
    );

    // A plan of another text is refused.
    let (first, second) =
        ("\"availability_zone_id\":\"apne1-az4\"", "\"availability_zone_id\":\"apne1-az1\"");
    let other: BTreeMap<&str, String> =
        plans.iter().map(|(at, plan)| (*at, plan.replace(first, second))).collect();
    assert_ne!(plans, other);
    let errors = joined(&other, Some(&text)).unwrap_err();
    assert!(text_of(&errors).contains("so the plan is of another text"), "{}", text_of(&errors));
}

#[test]
fn plans_and_states_of_what_exists_are_followed_by_their_ids() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let run = run(&one_account(&[]), &lock_of("m3"));
    let text = text(&run);
    let all = shown(&judge, &run, true);
    for which in [0, 1] {
        let shown: BTreeMap<&str, String> =
            all.iter().map(|(directory, both)| (*directory, both[which].clone())).collect();
        let roots = joined(&shown, None).unwrap_or_else(|errors| panic!("{which}: {errors:#?}"));
        is_the_same(&run, &text, roots.clone());

        // Without its associations nobody of a VPC reaches anybody.
        let cut = roots.into_iter().map(|mut root| {
            if &*root.directory == PAYMENTS {
                root.instances
                    .retain(|_, one| &*one.type_name != "aws_ec2_transit_gateway_route_table_association");
            }
            root
        });
        let report = judged(&run, &text, cut.collect());
        assert!(report.findings.iter().any(|finding| finding.code == FLOW_BROKEN), "{which}");
    }
}
