//! One test for each rule.

use tanada_model::lock::{Lock, parse, print};
use tanada_render::allocate::{Consent, allocate};
use tanada_render::allocation::Allocation;

use crate::builder::{Estate, estate, vpc};

/// Allocates without consent; no finding may come up.
pub(crate) fn place(estate: &Estate, lock: &Lock) -> (Allocation, Lock) {
    let (result, findings) = allocate(&estate.design(), lock, &Consent::default());
    assert!(findings.is_empty(), "{findings:#?}");
    let (allocation, lock) = result.unwrap();
    assert_eq!(parse(&print(&lock)).as_ref(), Ok(&lock), "{}", print(&lock));
    (allocation, lock)
}

/// Blocks by VPC id.
pub(crate) fn blocks(estate: &Estate, allocation: &Allocation) -> Vec<String> {
    let design = estate.design();
    allocation
        .vpcs
        .iter()
        .map(|vpc| {
            let blocks: Vec<String> = vpc.blocks.iter().map(|block| block.block.to_string()).collect();
            format!("{} {}", design.vpcs[vpc.vpc].id, blocks.join(" "))
        })
        .collect()
}

#[test]
fn larger_first_then_by_name_best_fit_lowest_address() {
    let estate = estate("10.64.0.0/14")
        .with("web", [vpc("small", "m3", 22), vpc("large", "m3", 20)])
        .with("api", [vpc("small", "m3", 22), vpc("large", "m3", 20)]);
    let (allocation, lock) = place(&estate, &Lock::default());
    assert_eq!(
        blocks(&estate, &allocation),
        [
            "api-large 10.64.0.0/20",
            "api-small 10.64.32.0/22",
            "web-large 10.64.16.0/20",
            "web-small 10.64.36.0/22"
        ]
    );
    println!("{}", print(&lock));
}
