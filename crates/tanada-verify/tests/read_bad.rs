//! Trees that nobody generated: a clear error, soon, and never a panic.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::collections::BTreeMap;

use support::generated;
use tanada_verify::{read, read_root};

type Tree = BTreeMap<String, String>;

fn one(text: String) -> Tree {
    [("hub/x/main.tf".to_owned(), text)].into()
}

fn error(tree: &Tree) -> String {
    let errors = read(tree).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_tree_that_is_not_ours() {
    assert_eq!(error(&Tree::new()), "there is no root here: no Terraform below `hub/*` or `teams/*/*`");
    let foreign = [("main.tf", "resource \"aws_vpc\" \"this\" {}")];
    let foreign = foreign.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    assert!(error(&foreign).contains("there is no root here"));
    let json: Tree =
        [("hub/x/main.tf.json".to_owned(), "{}".to_owned()), ("hub/x/a.tf".to_owned(), String::new())].into();
    assert_eq!(error(&json), "hub/x/main.tf.json: the JSON form of Terraform is not read");
}

#[test]
fn half_a_tree() {
    let mut tree = generated("m3");
    tree.retain(|path, _| !path.starts_with("addresses/estate/"));
    let found = error(&tree);
    assert!(found.lines().all(|line| line == "addresses/estate: there is no module here"), "{found}");
    let mut tree = generated("m3");
    let main = tree.get_mut("teams/web/production/main.tf").unwrap();
    main.truncate(main.len() / 2);
    assert!(error(&tree).starts_with("teams/web/production/main.tf:"));
}

#[test]
fn nesting_has_a_bottom() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{ a = ", "}"), ("\"${", "}\""), ("!", ""), ("f(", ")")] {
        let deep = format!("locals {{\n  a = {}1{}\n}}\n", open.repeat(4000), close.repeat(4000));
        let found = error(&one(deep));
        assert!(
            found.starts_with("hub/x/main.tf:2: brackets, blocks and operators are nested"),
            "{open}: {found}"
        );
    }
    let blocks = format!("{}{}", "a {\n".repeat(4000), "}\n".repeat(4000));
    assert!(error(&one(blocks)).contains("are nested more than 64 deep"));
    let chain = format!("output \"a\" {{\n  value = true{}\n}}\n", " && true".repeat(4000));
    assert_eq!(error(&one(chain)), "hub/x/main.tf:2: too many operators in one value");
    let steps =
        format!("output \"a\" {{\n  value = local{}\n}}\nlocals {{\n  b = {{}}\n}}\n", ".b".repeat(100_000));
    assert_eq!(error(&one(steps)), "hub/x/main.tf:2: there is no `b` in what hub/x/main.tf:5 says");
}

#[test]
fn values_cannot_grow_without_end() {
    // Each value is ten times the one before.
    let ten = |value: String| format!("[{}]", vec![value; 10].join(", "));
    let lines: String = (1..30).map(|n| format!("  a{n} = {}\n", ten(format!("local.a{}", n - 1)))).collect();
    let large = format!("locals {{\n  a0 = 1\n{lines}}}\noutput \"a\" {{\n  value = local.a29\n}}\n");
    assert_eq!(error(&one(large)), "hub/x: this root is too large to be evaluated");
    let loops = "[for x in local.n : ".repeat(8) + "1" + &"]".repeat(8);
    let numbers = vec!["1"; 1000].join(", ");
    let slow = format!("locals {{\n  n = [{numbers}]\n}}\noutput \"a\" {{\n  value = {loops}\n}}\n");
    assert_eq!(error(&one(slow)), "hub/x/main.tf:5: this root is too large to be evaluated");
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let text = "# a comment that goes on and on\n".repeat(100 << 20 >> 5);
    assert_eq!(error(&one(text)), "hub/x/main.tf: it has 104857600 bytes, more than 16777216");
}

#[test]
fn any_cut_and_any_byte_is_an_answer() {
    let mut tree = generated("lza-finance-tax");
    let root = "teams/Production/prod";
    let path = format!("{root}/main.tf");
    let text = tree[&path].clone();
    let mut failed = 0;
    for (at, _) in text.char_indices().step_by(397) {
        for mark in ["", "\"", "}", "[", "${", "\\", "\u{0}", "é", "\n"] {
            let rest = if mark.is_empty() { "" } else { &text[at..] };
            tree.insert(path.clone(), format!("{}{mark}{rest}", &text[..at]));
            failed += usize::from(read_root(&tree, root).is_err());
        }
    }
    assert!(failed > 50, "{failed}");
}
