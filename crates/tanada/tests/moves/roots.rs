//! A root pool with another range: places hold, what does not fit is named, nothing is replaced unasked.

use crate::program::{Home, is_told};

const OTHER: [(&str, &str); 4] = [
    ("reserved \"docker\"", "accept \"not-private\" { why = \"A trial.\" }\n\nreserved \"docker\""),
    ("range = \"10.0.0.0/8\"", "range = \"100.0.0.0/8\""),
    ("\"10.240.0.0/12\"", "\"100.240.0.0/12\""),
    ("\"10.31.0.0/20\"", "\"100.31.0.0/20\""),
];

fn refused(said: &str) -> usize {
    said.lines().filter(|line| line.starts_with("refused: ")).count()
}

#[test]
fn a_moved_root_is_refused_vpc_by_vpc_and_agreed_to_by_name() {
    let home = Home::m3();
    home.edit(&OTHER);
    let said = home.refuses(&["generate"]);
    assert_eq!(refused(&said), 30, "{said}");
    assert!(
        said.contains("`web-production` is replaced as a whole: 10.30.160.0/19 → 100.30.160.0/19"),
        "{said}"
    );
    assert!(said.contains("`--accept pool.m3` to all 30") && said.contains("tanada move"), "{said}");
    // One name is one VPC, and a pool is what stands in it.
    assert_eq!(refused(&home.refuses(&["generate", "--accept", "web-production"])), 29);
    assert_eq!(refused(&home.refuses(&["generate", "--accept", "pool.staging"])), 17);
    assert_eq!(refused(&home.refuses(&["generate", "--accept", "pool.gcp"])), 30);
    home.does(&["generate", "--accept", "pool.m3"]);
    home.does(&["verify"]);
    is_told("root-moved", &home.markdown());
    let lock = home.read("network.lock.hcl");
    let recorded = lock.lines().filter(|line| line.contains("before = \"")).count();
    assert_eq!(recorded, 30, "each is recorded by itself");
    home.does(&["generate"]);
}

/// `--accept pool.x` speaks of other addresses, and of nothing else in the same VPCs.
#[test]
fn a_pool_agrees_to_its_addresses_only() {
    let home = Home::m3();
    home.edit(&[("d = \"apne1-az2\" }", "d = \"apne1-az3\" }")]);
    let said = home.refuses(&["generate", "--accept", "pool.m3"]);
    assert_eq!(refused(&said), 30, "{said}");
}

#[test]
fn what_no_longer_fits_is_named_with_the_range_that_would_hold_it() {
    let home = Home::m3();
    home.edit(&[
        ("range = \"10.0.0.0/8\"", "range = \"10.0.0.0/10\""),
        ("\"10.240.0.0/12\"", "\"10.48.0.0/12\""),
    ]);
    let said = home.refuses(&["generate"]);
    for words in [
        "`pool.staging` at `/11#2`, `pool.gcp` at `/12#7`",
        "`ai-staging`",
        "`web-staging`",
        "`10.0.0.0/9` is the smallest",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(said.matches("error[").count(), 1, "one error, and not one for each that follows: {said}");
    home.edit(&[("range = \"10.0.0.0/10\"", "range = \"10.0.0.0/9\"")]);
    let (well, said) = home.run(&["generate"]);
    assert!(well, "the range that was named holds everything, and nothing moves: {said}");
}
