//! A lock that is lost in the middle of a move is read back from the tree.

use crate::program::Home;

/// At every stage of a move the rebuilt lock is the lost one.
fn is_rebuilt_at_every_stage(home: &Home, vpc: &str) {
    for stage in 0..=3 {
        let at = format!("{vpc}={stage}");
        let mut arguments = vec!["generate", "--stage", &at];
        if stage == 2 {
            arguments.extend(["--destroy", vpc]);
        }
        home.does(&arguments);
        let lost = home.lose_the_lock();
        home.does(&["lock", "rebuild"]);
        assert_eq!(home.read("network.lock.hcl"), without_agreements(&lost), "{vpc} at stage {stage}");
        home.does(&["generate", "--check"]);
    }
}

/// What was agreed to stands in no tree.
fn without_agreements(lock: &str) -> String {
    let Some((before, rest)) = lock.split_once("accepted = [\n") else { return lock.to_owned() };
    format!("{before}{}", rest.split_once("]\n\n").unwrap().1)
}

#[test]
fn of_a_network_that_moves_to_a_range() {
    let home = Home::m3();
    home.does(&["move", "payments-production", "--to", "10.33.0.0/20"]);
    is_rebuilt_at_every_stage(&home, "payments-production");
}

#[test]
fn of_a_network_that_moves_to_another_pool() {
    let home = Home::m3();
    home.edit(&[("pool \"m3\" {", "pool \"new\" {\n  range = \"172.20.0.0/14\"\n}\n\npool \"m3\" {")]);
    home.does(&["generate"]);
    home.does(&["move", "web-staging", "--to", "pool.new"]);
    is_rebuilt_at_every_stage(&home, "web-staging");
}

#[test]
fn a_tree_at_no_stage_is_named() {
    let home = Home::m3();
    home.does(&["move", "payments-production", "--to", "10.33.0.0/20"]);
    home.does(&["generate", "--stage", "payments-production=1"]);
    home.lose_the_lock();
    // The input says that it comes from elsewhere than both of its networks are.
    home.edit(&[("moves_from = \"10.31.0.0/20\"", "moves_from = \"10.99.0.0/20\"")]);
    let said = home.refuses(&["lock", "rebuild"]);
    let words = "error[rebuild-contradiction]: `payments-production` moves from `10.99.0.0/20`, and the tree shows none of its stages";
    assert!(said.contains(words), "{said}");
}

#[test]
fn what_nothing_says_any_more_is_named() {
    let home = Home::m3();
    let mail = "team \"mail\" { owner = \"@m3/mail\" }";
    home.edit(&[(mail, "")]);
    home.does(&["generate", "--destroy", "mail-production", "--forget", "mail-staging"]);
    let lost = home.lose_the_lock();
    let (well, said) = home.run(&["lock", "rebuild"]);
    assert!(well && said.matches("warning[rebuild-forgets]").count() == 2, "{said}");
    let section = |text: &str| {
        text.split("leaving = [").nth(1).and_then(|rest| rest.split(']').next().map(str::to_owned))
    };
    assert_eq!(section(&home.read("network.lock.hcl")), section(&lost));
    assert!(section(&lost).is_some());
    home.does(&["generate", "--check"]);
}
