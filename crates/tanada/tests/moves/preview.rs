//! What `tanada move --preview` tells, against what the stages then do.

use crate::program::Home;

const NAME: &str = "payments-production";

/// Of each stage: how many are made, updated, replaced and destroyed, as a preview says.
fn previewed(told: &str) -> Vec<[usize; 4]> {
    let mut stages = Vec::new();
    for line in told.lines().filter(|line| line.contains(" replaced, ")) {
        let number = |word: &str| -> usize {
            let before = line.split(&format!(" {word}")).next().unwrap();
            before.rsplit(' ').next().unwrap().parse().unwrap()
        };
        stages.push(["made", "updated", "replaced", "destroyed"].map(number));
    }
    stages
}

/// The same of what has happened since the last look, as the resources in a review say.
fn happened(markdown: &str) -> [usize; 4] {
    let rows =
        |sign: &str| markdown.lines().filter(|line| line.starts_with(&format!("{sign} module."))).count();
    [rows("+"), rows("~"), rows("-/+"), rows("-")]
}

#[test]
fn every_stage_does_what_the_preview_told() {
    let home = Home::m3();
    let before = (home.read("network/teams.hcl"), home.read("network.lock.hcl"));
    let (well, told) = home.run(&["move", NAME, "--to", "10.33.0.0/20", "--preview"]);
    assert!(well && told.ends_with("nothing was written\n"), "{told}");
    assert_eq!((home.read("network/teams.hcl"), home.read("network.lock.hcl")), before);
    assert_eq!(home.markdown(), "", "nothing was written");
    let gate = told.lines().position(|line| line.starts_with("the gate")).expect("a gate");
    let second = told.lines().position(|line| line.starts_with("stage 2")).expect("a second stage");
    assert!(gate < second && told.matches("\n  [ ] ").count() == 5, "{told}");
    let stages = previewed(&told);

    home.does(&["move", NAME, "--to", "10.33.0.0/20"]);
    home.does(&["generate"]);
    home.look();
    let mut real = Vec::new();
    for arguments in [vec!["--stage", "1"], vec!["--stage", "2", "--destroy", NAME], vec!["--stage", "3"]] {
        let left = previewed(&home.run(&["move", NAME, "--preview"]).1);
        assert_eq!(left, stages[real.len()..], "what is still to come");
        home.does(&[vec!["generate"], arguments].concat());
        real.push(happened(&home.markdown()));
        home.look();
    }
    assert_eq!(stages, real);
    assert!(stages[0][2..] == [0, 0] && stages[1][3] > 0, "nothing is lost before the gate: {stages:?}");
    let over = home.refuses(&["move", NAME, "--preview"]);
    assert!(over.contains("no move of `payments-production` is under way"), "{over}");
}
