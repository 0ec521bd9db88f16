//! Every root is planned, and the plan says what the author's plan says.

use std::fs;
use std::path::PathBuf;

use standin::{Failure, Judge, Lookups, Workspace, judge_or_skip};

use crate::estate::{accept, each, everything, root, workspace};
use crate::expected::{self, Facts};
use crate::observed;
use crate::support::{ESTATES, Run, estate};
use crate::witness;

/// The folder of a root and what it is to make.
type Expectation = (String, Facts);

/// Every root of an estate, hubs first.
fn expectations(run: &Run) -> Vec<Expectation> {
    let hubs = run.plan.hubs.iter().map(|hub| (format!("hub/{}", hub.name), expected::hub(&run.plan, hub)));
    let vpcs = run.plan.vpcs.iter().map(|vpc| (vpc.directory.clone(), expected::vpc(&run.plan, vpc)));
    hubs.chain(vpcs).collect()
}

/// Of an estate the hubs and those VPCs that have something of their own; of the others the first and the last.
fn sample(estate: &str, all: Vec<Expectation>) -> Vec<Expectation> {
    let of_m3 =
        ["teams/ai/production", "teams/payments/production", "teams/platform/shared", "teams/web/staging"];
    let last = all.last().map(|(directory, _)| directory.clone()).unwrap_or_default();
    let first = all.iter().map(|(directory, _)| directory).find(|it| it.starts_with("teams/")).cloned();
    let others = [first.unwrap_or_default(), last];
    let chosen = |directory: &str| {
        directory.starts_with("hub/")
            || if estate == "m3" {
                of_m3.contains(&directory)
            } else {
                others.iter().any(|it| it == directory)
            }
    };
    all.into_iter().filter(|(directory, _)| chosen(directory)).collect()
}

/// Where plans are kept as Terraform's JSON for other judges, such as `scan/run`.
fn kept() -> Option<PathBuf> {
    std::env::var_os("TANADA_PLANS").map(PathBuf::from)
}

fn judge_root(
    judge: &Judge,
    workspace: &Workspace,
    (name, run): (&str, &Run),
    (directory, facts): &Expectation,
) -> Result<(), Failure> {
    let root = root(judge, workspace, run, directory);
    // A plan begins with a validation.
    let planned = root.plan()?;
    if let Some(folder) = kept() {
        fs::write(folder.join(format!("{name}.{}.json", directory.replace('/', "."))), root.shown()?)
            .unwrap();
    }
    let counts = planned.counts();
    assert_eq!(
        (counts.change, counts.destroy, counts.forget),
        (0, 0, 0),
        "{directory}: a first plan only adds"
    );
    let read = tanada_verify::read_root(&run.tree.files, directory);
    let read = read.unwrap_or_else(|errors| panic!("{directory}: {errors:?}"));
    let plan = serde_json::from_slice(&planned.json).expect("a plan is JSON");
    let mut differences = witness::differences(&read, &plan, crate::estate::value);
    let shown = String::from_utf8_lossy(&planned.json);
    match tanada_verify::read_plan(&shown, directory) {
        Ok(shown) => differences.extend(witness::shown_differences(&read, &shown)),
        Err(error) => differences.push(error.to_string()),
    }
    assert!(differences.is_empty(), "{directory}:\n{}", differences.join("\n"));
    let observed = observed::resources(&planned);
    let missing: Vec<_> = facts.difference(&observed).collect();
    let surplus: Vec<_> = observed.difference(facts).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "{directory}\nmissing: {missing:#?}\nsurplus: {surplus:#?}"
    );
    Ok(())
}

#[test]
fn every_root_is_planned_as_the_author_says() {
    let Some(judge) = judge_or_skip(Lookups::Invented).unwrap() else { return };
    for name in ESTATES {
        let run = estate(name);
        let workspace = workspace(&run);
        let expectations = expectations(&run);
        let count = expectations.len();
        let chosen = if everything() { expectations } else { sample(name, expectations) };
        accept(each(&chosen, |expectation| judge_root(&judge, &workspace, (name, &run), expectation)));
        println!("{name}: {} of {count} roots planned as expected", chosen.len());
    }
}

#[test]
fn the_judge_sees_every_root_of_the_tree() {
    for name in ESTATES {
        let run = estate(name);
        let mut expected: Vec<String> =
            expectations(&run).into_iter().map(|(directory, _)| directory).collect();
        expected.sort();
        assert_eq!(workspace(&run).roots().unwrap(), expected, "{name}");
    }
}
