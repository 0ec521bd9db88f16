//! One test for each rule.

mod growth;
mod layouts;
mod names;
mod places;

use tanada_model::design::{Design, Hub, Table};
use tanada_model::lock::{Acceptance, Lock, parse, print};
use tanada_render::allocate::{Consent, allocate, release};
use tanada_render::allocation::Allocation;

use crate::builder::{
    Estate, Place, PoolSpec, VpcSpec, entity, estate, further, layout, pinned, plain, tier, vpc,
};

/// Allocates without consent; no finding may come up.
pub(crate) fn place(estate: &Estate, lock: &Lock) -> (Allocation, Lock) {
    with_consent(estate, lock, &Consent::default())
}

pub(crate) fn with_consent(estate: &Estate, lock: &Lock, consent: &Consent) -> (Allocation, Lock) {
    let (result, findings) = allocate(&estate.design(), lock, consent);
    assert!(findings.is_empty(), "{findings:#?}");
    let (allocation, lock) = result.unwrap();
    assert_eq!(parse(&print(&lock)).as_ref(), Ok(&lock), "{}", print(&lock));
    let again = allocate(&estate.design(), &lock, &Consent::default()).0;
    assert!(again.is_some_and(|again| again == (allocation.clone(), lock.clone())), "a second run differs");
    (allocation, lock)
}

pub(crate) fn consent(option: &str, name: &str) -> Consent {
    let mut consent = Consent::default();
    match option {
        "accept" => &mut consent.accept,
        "destroy" => &mut consent.destroy,
        "forget" => &mut consent.forget,
        other => panic!("no `{other}`"),
    }
    .insert(name.to_owned());
    consent
}

/// Blocks by VPC id.
pub(crate) fn blocks(estate: &Estate, allocation: &Allocation) -> Vec<String> {
    let design = estate.design();
    let text = |vpc: &tanada_render::allocation::VpcAllocation| {
        let blocks: Vec<String> = vpc.blocks.iter().map(|block| block.block.to_string()).collect();
        format!("{} {}", design.vpcs[vpc.vpc].id, blocks.join(" "))
    };
    allocation.vpcs.iter().map(text).collect()
}

/// Subnets of one VPC: `name cidr`.
fn subnets(estate: &Estate, allocation: &Allocation, id: &str) -> Vec<String> {
    let vpc = estate.design().vpcs.id(id).unwrap();
    let own = allocation.vpcs.iter().find(|own| own.vpc == vpc).unwrap();
    let tiers = own.blocks.iter().flat_map(|block| &block.tiers);
    tiers.flat_map(|tier| &tier.subnets).map(|subnet| format!("{} {}", subnet.name, subnet.cidr)).collect()
}

fn pools(estate: &Estate, allocation: &Allocation) -> Vec<String> {
    let design = estate.design();
    let text = |pool: &tanada_render::allocation::PoolAllocation| {
        let extents: Vec<String> = pool.extents.iter().map(ToString::to_string).collect();
        format!("{} {}", design.pools.name(pool.pool), extents.join(" "))
    };
    allocation.pools.iter().map(text).collect()
}

/// Twice `size` up to the first of `web`.
fn two() -> Estate {
    estate("10.64.0.0/14")
        .with("web", [vpc("production", "m3", 20)])
        .with("api", [vpc("production", "m3", 20)])
}

fn change(estate: &Estate, team: &str, change: impl FnOnce(&mut VpcSpec)) -> Estate {
    let mut estate = estate.clone();
    let own = estate.teams.iter_mut().find(|(name, _)| name == team).unwrap();
    change(&mut own.1[0]);
    estate
}

fn without(estate: &Estate, team: &str) -> Estate {
    let mut estate = estate.clone();
    estate.teams.retain(|(name, _)| name != team);
    estate
}
