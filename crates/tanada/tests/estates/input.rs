//! What a person wrote: how much, and how often.

use std::collections::BTreeMap;

use crate::recorded::table;
use crate::support::{estate, input};
use tanada_model::net::Block;

/// Every `a.b.c.d/n` of a text, comments included, with how often it stands there.
fn blocks(text: &str) -> BTreeMap<Block, usize> {
    let mut found = BTreeMap::new();
    for word in text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '/')) {
        if let Ok(block) = word.parse::<Block>() {
            *found.entry(block).or_default() += 1;
        }
    }
    found
}

#[test]
fn m3_is_sixteen_teams_and_thirty_vpcs() {
    let run = estate("m3");
    assert_eq!((run.design.teams.len(), run.design.vpcs.len(), run.plan.vpcs.len()), (16, 30, 30));
}

#[test]
fn a_person_writes_an_address_once() {
    for name in crate::support::ESTATES {
        let text: String = input(name).into_iter().map(|(_, text)| text).collect();
        let often: Vec<_> = blocks(&text).into_iter().filter(|&(_, times)| times > 1).collect();
        assert_eq!(often, [], "{name}");
    }
}

#[test]
fn the_source_writes_each_block_three_times() {
    let name = "modernisation-platform";
    let theirs: Vec<usize> = table(name, "occurrences", ["cidr", "times"])
        .iter()
        .map(|[_, times]| times.parse().unwrap())
        .collect();
    let ours = blocks(&input(name).into_iter().map(|(_, text)| text).collect::<String>());
    let written: usize = table(name, "vpcs", ["vpc", "cidr"])
        .iter()
        .map(|[_, cidr]| ours.get(&cidr.parse::<Block>().unwrap()).copied().unwrap_or(0))
        .sum();
    let theirs_total: usize = theirs.iter().sum();
    println!(
        "{} blocks of VPCs: written {theirs_total} times in the source, {written} times here",
        theirs.len()
    );
    assert_eq!((theirs.len(), theirs_total, written), (49, 148, 49));
}
