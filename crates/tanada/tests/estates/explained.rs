//! Every value of every emitted tree says where it comes from.

use std::collections::BTreeSet;

use tanada_model::lock;
use tanada_render::why::written::{Emitted, Leaf};
use tanada_render::why::{Case, Source, Step, explain, lock_line};

use tanada_render::allocate::Consent;
use tanada_render::moves::Stages;

use crate::support::{ESTATES, Run, estate, input, lock_of, run, run_staged, run_with};

/// Every value of every unit has an answer; the answer's value is the emitted one; its places hold what it says.
/// Returns how many values there are.
fn every_value_has_an_answer(name: &str, run: &Run) -> usize {
    let case = Case {
        document: &run.document,
        design: &run.design,
        lock: &run.lock,
        allocation: &run.allocation,
        plan: &run.plan,
    };
    let lock = lock::print(&run.lock);
    let emitted = Emitted::new(&run.tree.files);
    let mut wrong = Vec::new();
    let mut count = 0;
    for unit in emitted.units() {
        let answers = explain(case, unit).unwrap_or_else(|| panic!("{name}: nothing is known of {unit}"));
        let mut seen = BTreeSet::new();
        for leaf in emitted.leaves(unit).iter() {
            count += 1;
            let Leaf { unit, path, file, line, .. } = leaf;
            let place = format!("{name}: {file}:{line} {unit} {path}");
            if !seen.insert(path.clone()) {
                wrong.push(format!("{place}: the path stands twice"));
            }
            let Some(answer) = answers.get(path) else {
                wrong.push(format!("{place}: no answer"));
                continue;
            };
            let (found, _) = emitted.resolve(leaf);
            match &answer.value {
                Some(value) if *value != found => {
                    wrong.push(format!("{place}: {found}, explained as {value}"))
                }
                None if !path.starts_with("output.") && !path.starts_with("variable.") => {
                    wrong.push(format!("{place}: {found} has no value in its answer"));
                }
                Some(_) | None => {}
            }
            wrong.extend(
                baseless(run, &lock, &answer.steps).into_iter().map(|what| format!("{place}: {what}")),
            );
        }
    }
    wrong.truncate(40);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    count
}

/// What is wrong about the places that an answer names.
fn baseless(run: &Run, lock: &str, steps: &[Step]) -> Vec<String> {
    let mut wrong = Vec::new();
    for step in steps {
        match &step.source {
            Source::Input(span, words) if !stands_there(run, *span, words) => {
                wrong.push(format!("`{words}` does not stand at {}", run.sources.locate(*span)));
            }
            Source::Lock(section, words) if lock_line(lock, section, words).is_none() => {
                wrong.push(format!("the lock has no {words:?} in {section}"));
            }
            Source::Input(..) | Source::Lock(..) | Source::Rule => {}
        }
    }
    if !steps.iter().any(|step| matches!(step.source, Source::Input(..))) {
        wrong.push("no line of the input".to_owned());
    }
    wrong
}

/// Whether the line of a place holds these words. In JSON a block is its last label, and the second network of a move
/// stands where the network stands.
fn stands_there(run: &Run, span: tanada_model::diagnostic::Span, words: &str) -> bool {
    let text = &run.sources.file(span.file).expect("a file").text;
    let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let words = words.replace("-next\"", "\"");
    let label = words.rsplit(' ').next().unwrap_or_default();
    let is_json = run.sources.file(span.file).expect("a file").path.ends_with(".json");
    line.contains(&words) || (is_json && !label.is_empty() && line.contains(label))
}

#[test]
fn every_value_of_every_fixture() {
    let mut all = 0;
    for name in ESTATES {
        all += every_value_has_an_answer(name, &estate(name));
    }
    assert!(all > 20_000, "{all} values");
}

/// m3 with some text of its input replaced.
fn changed(changes: &[(&str, &str)], lock: &lock::Lock) -> Run {
    let mut files = input("m3");
    for (from, to) in changes {
        assert!(files.iter().any(|(_, text)| text.contains(from)), "{from}");
        for (_, text) in &mut files {
            *text = text.replacen(from, to, 1);
        }
    }
    run(&files, lock)
}

#[test]
fn every_value_after_growth_and_renames() {
    let web = r#"team "web" { owner = "@m3/web" }"#;
    let grown = "team \"web\" {\n  owner = \"@m3/web\"\n  tags  = { Cost = \"a\" }\n\n  vpc \"production\" {\n    headroom = 0\n    name     = \"web\"\n    tags     = { Own = \"b\" }\n  }\n}";
    let run = changed(&[(web, grown)], &lock_of("m3"));
    every_value_has_an_answer("grown", &run);

    let run = changed(
        &[
            ("  tier \"data\" {\n", "  tier \"store\" {\n    renamed_from = \"data\"\n"),
            ("zones = { a = ", "zones_renamed_from = { b = \"a\" }\n  zones = { b = "),
            ("zones = [\"a\", \"c\", \"d\"]", "zones = [\"b\", \"c\", \"d\"]"),
            ("team.billing.production.data", "team.billing.production.store"),
        ],
        &lock_of("m3"),
    );
    assert!(run.plan.vpcs.iter().any(|vpc| !vpc.moved.is_empty()));
    every_value_has_an_answer("renamed", &run);
}

/// `team "search"` at each stage of a move of its production network.
#[test]
fn every_value_of_a_network_that_moves() {
    let search = r#"team "search" { owner = "@m3/search" }"#;
    let before = estate("m3");
    let id = before.design.vpcs.id("search-production").unwrap();
    let from = before.allocation.vpcs.iter().find(|vpc| vpc.vpc == id).unwrap().blocks[0].block;
    let to = "10.47.224.0/19";
    let moving = format!(
        "team \"search\" {{\n  owner = \"@m3/search\"\n\n  vpc \"production\" {{\n    range      = \"{to}\"\n    moves_from = \"{from}\"\n  }}\n}}"
    );
    let mut files = input("m3");
    for (_, text) in &mut files {
        *text = text.replacen(search, &moving, 1);
    }
    let mut lock = lock_of("m3");
    for stage in 0..=3 {
        let stages = Stages { all: Some(stage), ..Stages::default() };
        let destroy =
            if stage == 2 { BTreeSet::from(["search-production".to_owned()]) } else { BTreeSet::new() };
        let run = run_staged(&files, &lock, &Consent { destroy, ..Consent::default() }, &stages);
        assert_eq!(
            run.design.vpcs.id("search-production-next").is_some(),
            matches!(stage, 1 | 2),
            "stage {stage}"
        );
        assert_eq!(run.plan.leaving.len(), usize::from(stage == 2), "stage {stage}");
        every_value_has_an_answer(&format!("stage {stage}"), &run);
        lock = run.lock;
    }
}

#[test]
fn every_value_while_networks_leave() {
    let mut files = input("m3");
    for (_, text) in &mut files {
        *text = text.replacen(r#"team "mail" { owner = "@m3/mail" }"#, "", 1);
    }
    let consent = Consent {
        destroy: BTreeSet::from(["mail-production".to_owned()]),
        forget: BTreeSet::from(["mail-staging".to_owned()]),
        ..Consent::default()
    };
    let run = run_with(&files, &lock_of("m3"), &consent);
    assert_eq!(run.plan.leaving.len(), 2);
    every_value_has_an_answer("leaving", &run);
}

#[test]
fn every_value_of_an_input_in_json() {
    let teams = r#"{
  "team": {
    "web": {
      "owner": "@m3/web",
      "vpc": {
        "production": { "headroom": 0, "tags": { "Own": "b" } }
      }
    }
  },
  "allow": {
    "mail": {
      "from": ["${team.web}"],
      "to": ["${team.mail.private}"],
      "ports": ["tcp/587"],
      "why": "Orders are confirmed."
    }
  }
}
"#;
    let mut files = input("m3");
    for (_, text) in &mut files {
        *text = text.replacen(r#"team "web" { owner = "@m3/web" }"#, "", 1);
    }
    files.push(("network/web.hcl.json".to_owned(), teams.to_owned()));
    let run = run(&files, &lock_of("m3"));
    let web = run.plan.vpcs.iter().find(|vpc| vpc.directory == "teams/web/production").unwrap();
    assert!(web.moved.is_empty());
    every_value_has_an_answer("json", &run);
}

#[test]
fn a_subnet_is_followed_from_the_input_to_the_literal() {
    let run = estate("m3");
    let case = Case {
        document: &run.document,
        design: &run.design,
        lock: &run.lock,
        allocation: &run.allocation,
        plan: &run.plan,
    };
    let answer =
        explain(case, "teams/web/production").and_then(|all| all.get("subnets.private-a.cidr")).unwrap();
    let lock = lock::print(&run.lock);
    let told: Vec<String> = answer
        .steps
        .iter()
        .map(|step| match &step.source {
            Source::Input(span, _) => run.sources.locate(*span).split(':').next().unwrap().to_owned(),
            Source::Lock(section, words) => lock_line(&lock, section, words).unwrap().1.to_owned(),
            Source::Rule => step.what.clone(),
        })
        .collect();
    assert_eq!(
        told,
        [
            "network/teams.hcl",
            "network/layouts.hcl",
            "network/places.hcl",
            "network/places.hcl",
            "{ at = \"/10#0\", pool = \"production\" },",
            "{ at = \"/19#245\", vpc = \"web/production\", headroom = 1 },",
            "network/layouts.hcl",
            "network/layouts.hcl",
            "{ block = 19, tier = \"private\", node = 22, netnum = 0, slots = 4 },",
            "network/layouts.hcl",
            "{ zone = \"a\", index = 0 },",
            "part 1 of the node, 1 bit of headroom kept beside it: 10.30.160.0/23",
        ]
    );
}
