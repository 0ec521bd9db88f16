//! The worked example of docs/language.md against the allocator.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use tanada_model::design::resolve;
use tanada_model::diagnostic::Sources;
use tanada_model::document::parse;
use tanada_model::lock::Lock;
use tanada_model::net::Block;
use tanada_render::allocate::{Consent, allocate};

const MANUAL: &str = include_str!("../../../docs/language.md");

#[test]
fn the_worked_example_is_what_the_allocator_does() {
    let (_, rest) = MANUAL.split_once("```hcl\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let mut sources = Sources::default();
    sources.add("network/example.hcl", example);
    let (document, _) = parse(&sources);
    let design = resolve(&document).0.unwrap();
    let (allocation, _) = allocate(&design, &Lock::default(), &Consent::default()).0.unwrap();
    let mut seen = 0;
    for vpc in &allocation.vpcs {
        let first = &vpc.blocks[0];
        // The table speaks of a /19 at 10.0.0.0.
        if first.block.prefix_len() != 19 {
            continue;
        }
        let base = first.block.first() - u32::from(std::net::Ipv4Addr::new(10, 0, 0, 0));
        let shown = |block: &Block| {
            format!("{}/{}", std::net::Ipv4Addr::from(block.first() - base), block.prefix_len())
        };
        for tier in &first.tiers {
            let name = &design.layouts[first.layout].tiers[tier.tier.0].entity.name;
            let row = MANUAL
                .lines()
                .find(|line| line.starts_with(&format!("| {name} | ")))
                .unwrap_or_else(|| panic!("the table has no row for `{name}`"));
            let cells: Vec<&str> = row.split(" | ").skip(4).map(|cell| cell.trim_end_matches(" |")).collect();
            let found: Vec<String> =
                tier.ranges.iter().chain(tier.subnets.iter().map(|subnet| &subnet.cidr)).map(shown).collect();
            assert_eq!(cells, found, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 8, "two VPCs of four tiers");
}
