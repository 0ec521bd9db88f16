//! Neither the order of statements nor the files they stand in mean anything.

use std::fmt::Write;

use crate::support::{Run, input, lock_of, run};

/// A small deterministic generator (splitmix64), so that a failure names a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// The statements of a formatted text whose lines are indented by `depth`: each with its comments and its body.
fn statements(text: &str, depth: usize) -> Vec<String> {
    let indent = " ".repeat(depth);
    let mut all: Vec<String> = Vec::new();
    let mut comments = String::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let own = line.strip_prefix(&indent).filter(|rest| !rest.starts_with([' ', '}', ']']));
        match (own, all.last_mut()) {
            (Some(rest), _) if rest.starts_with('#') => writeln!(comments, "{line}").unwrap(),
            (None, Some(last)) => writeln!(last, "{line}").unwrap(),
            _ => all.push(format!("{}{line}\n", std::mem::take(&mut comments))),
        }
    }
    all
}

/// The statement with its own statements in another order, where order is free: not in a layout.
fn shuffle_inside(statement: &str, dice: &mut Dice) -> String {
    let lines: Vec<&str> = statement.lines().collect();
    let head = lines.iter().position(|line| !line.starts_with('#')).unwrap();
    let block = lines[head].ends_with('{') && lines.last() == Some(&"}");
    if !block || lines[head].starts_with("layout ") {
        return statement.to_owned();
    }
    let mut inner = statements(&lines[head + 1..lines.len() - 1].join("\n"), 2);
    dice.shuffle(&mut inner);
    format!("{}\n{}}}\n", lines[..=head].join("\n"), inner.concat())
}

/// The same statements in another order, over `files` files of other names.
fn scatter(input: &[(String, String)], files: usize, seed: u64) -> Vec<(String, String)> {
    let mut dice = Dice(seed);
    let mut all: Vec<String> = input.iter().flat_map(|(_, text)| statements(text, 0)).collect();
    dice.shuffle(&mut all);
    let mut scattered: Vec<(String, String)> =
        (0..files).map(|i| (format!("network/part-{i}.hcl"), String::new())).collect();
    for statement in all {
        let file = dice.below(files);
        scattered[file].1 += &shuffle_inside(&statement, &mut dice);
    }
    scattered
}

fn same(expected: &Run, found: &Run, name: &str, seed: u64) {
    assert_eq!(found.lock, expected.lock, "{name}, seed {seed}: lock");
    assert_eq!(found.tree, expected.tree, "{name}, seed {seed}: tree");
}

fn order_means_nothing(name: &str, seeds: u64) {
    let (files, lock) = (input(name), lock_of(name));
    let expected = run(&files, &lock);
    for seed in 0..seeds {
        let scattered = scatter(&files, 1 + usize::try_from(seed).unwrap() * 3, seed);
        assert_ne!(scattered, files);
        same(&expected, &run(&scattered, &lock), name, seed);
    }
}

#[test]
fn statements_are_cut_whole() {
    let text = "# why\na {\n  x = [\n    1,\n  ]\n\n  b {}\n}\nc = 1\n";
    let cut = statements(text, 0);
    assert_eq!(cut, ["# why\na {\n  x = [\n    1,\n  ]\n  b {}\n}\n", "c = 1\n"]);
    assert_eq!(statements("  x = [\n    1,\n  ]\n  b {}\n", 2), ["  x = [\n    1,\n  ]\n", "  b {}\n"]);
}

#[test]
fn m3_is_the_same_in_any_order_and_split() {
    order_means_nothing("m3", 6);
    // Placed for the first time, too.
    let files = input("m3");
    let expected = run(&files, &tanada_model::lock::Lock::default());
    for seed in 100..104 {
        same(&expected, &run(&scatter(&files, 5, seed), &tanada_model::lock::Lock::default()), "m3", seed);
    }
}

#[test]
fn real_estates_are_the_same_in_any_order_and_split() {
    order_means_nothing("modernisation-platform", 2);
    order_means_nothing("lza-finance-tax", 3);
    order_means_nothing("aws-asea-pbmm", 3);
}
