//! What the guard lets pass at each stage, and what a pull request is told.

use crate::program::{Home, is_told};

const NAME: &str = "payments-production";
const BACK: &str = "payments-production=0";

/// The estate in which payments has begun to move, generated and committed.
fn begun() -> Home {
    let home = Home::m3();
    home.does(&["move", NAME, "--to", "10.33.0.0/20"]);
    home.does(&["generate"]);
    is_told("begun", &home.markdown());
    home.look();
    home
}

fn has_lines(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|own| own.contains(line)), "{line} is missing in\n{text}");
    }
}

#[test]
fn each_stage_passes_the_guard_with_no_more_than_the_gate_and_is_told() {
    let home = begun();
    home.does(&["generate", "--stage", "1"]);
    home.does(&["verify"]);
    let told = home.markdown();
    has_lines(&told, &[", 0 to destroy", "moves, stage 1 of 3: 10.31.0.0/20 → 10.33.0.0/20"]);
    is_told("stage-1", &told);
    home.look();

    let gate = home.refuses(&["generate", "--stage", "2"]);
    assert!(gate.contains("move-gate"), "{gate}");
    home.does(&["generate", "--stage", "2", "--destroy", NAME]);
    home.does(&["verify"]);
    let told = home.markdown();
    has_lines(&told, &["0 to add", "**destroyed (accepted)**: `payments-production`", "stage 2 of 3"]);
    assert!(!told.contains("**replaced"), "{told}");
    is_told("stage-2", &told);
    home.look();

    home.does(&["generate", "--stage", "3"]);
    home.does(&["verify"]);
    let told = home.markdown();
    has_lines(&told, &["0 to add, ", ", 0 to destroy", "moves, stage 3 of 3: 10.33.0.0/20"]);
    assert!(!told.contains("- **"), "nothing is dangerous in a name:\n{told}");
    is_told("stage-3", &told);
    home.look();

    home.edit(&[("    moves_from = \"10.31.0.0/20\"\n", "")]);
    home.does(&["generate"]);
    is_told("forgotten", &home.markdown());
    home.look();
    home.does(&["release", "payments-production-before"]);
    home.does(&["verify"]);
    is_told("released", &home.markdown());
}

#[test]
fn the_way_back_destroys_the_second_network_by_name() {
    let home = begun();
    let before = home.read("generated/teams/payments/production/main.tf");
    home.does(&["generate", "--stage", "1"]);
    home.look();
    let said = home.refuses(&["generate", "--stage", BACK]);
    assert!(said.contains("--destroy payments-production-next"), "{said}");
    home.does(&["generate", "--stage", BACK, "--destroy", "payments-production-next"]);
    home.does(&["verify"]);
    assert_eq!(home.read("generated/teams/payments/production/main.tf"), before);
    let told = home.markdown();
    has_lines(&told, &["**destroyed (accepted)**: `payments-production-next`", "moves, back at stage 0"]);
    is_told("back", &told);
}

/// A stage says how far a move is; it agrees to nothing else that would be lost in the same run.
#[test]
fn a_stage_is_no_agreement() {
    let home = begun();
    home.edit(&[("d = \"apne1-az2\" }", "d = \"apne1-az3\" }")]);
    let said = home.refuses(&["generate", "--stage", "payments-production=1"]);
    assert!(said.contains("refused: `payments-production`"), "{said}");
}

/// Three of the staging VPCs, and then a pool as a whole.
#[test]
fn several_move_together() {
    let home = Home::m3();
    home.edit(&[(
        "reserved \"docker\"",
        "pool \"new\" { range = \"172.20.0.0/14\" }\n\nreserved \"docker\"",
    )]);
    home.does(&["generate"]);
    let said = home.refuses(&["move", "web-staging,mail-staging", "--to", "10.96.0.0/20"]);
    assert!(said.contains("2 VPCs cannot have one block"), "{said}");
    home.does(&["move", "web-staging,mail-staging", "--to", "pool.new"]);
    let said = home.refuses(&["move", "pool.stagin", "--to", "pool.new"]);
    assert!(said.contains("did you mean `pool.staging`"), "{said}");
    home.does(&["move", "pool.staging", "--to", "pool.new"]);
    home.does(&["generate", "--stage", "1"]);
    home.does(&["verify"]);
    let listed = home.run(&["list"]).1;
    let moving = listed.lines().filter(|line| line.contains("-staging-next")).count();
    assert_eq!(moving, 13, "{listed}");
    let input = home.read("network/teams.hcl");
    let teams = input.split("team \"").filter(|team| team.contains("moves_from"));
    let names: Vec<String> =
        teams.filter_map(|team| Some(format!("{}-staging", team.split('"').next()?))).collect();
    assert_eq!(names.len(), 13, "{input}");
    let mut arguments = vec!["generate", "--stage", "2"];
    for name in &names {
        arguments.extend(["--destroy", name]);
    }
    home.does(&arguments);
    home.does(&["generate", "--stage", "3"]);
    home.does(&["verify"]);
    assert!(
        home.run(&["list"])
            .1
            .lines()
            .filter(|line| line.contains("-staging"))
            .all(|line| line.contains("172.2"))
    );
}
