//! What a merge by git leaves in the tree of the branch whose lock was not taken: it finds other places, and what lies
//! there runs nowhere yet.
//!
//! That is so because the lock that is taken is the one of the branch that was merged into. `tanada check --base` and
//! `tanada diff` compare with that branch itself, whatever lock was taken.

use std::collections::BTreeSet;

use tanada_model::lock::{BlockLabel, ClaimState};
use tanada_model::net::Block;
use tanada_verify::changes::ResourceChange;
use tanada_verify::{Data, Instance};

use super::Guard;
use crate::review::guard::Loss;
use crate::revision::Difference;

const BLOCK: &str = "aws_vpc_ipv4_cidr_block_association";
const SUBNET: &str = "aws_subnet";
const SUBNETS_TABLE: &str = "aws_route_table_association";

impl Guard<'_> {
    /// Whether all that is lost in a root is a merge's leftover: a VPC that the lock does not know, or growth of one.
    pub(super) fn is_left_by_a_merge(&self, loss: &Loss<'_>, difference: &Difference) -> bool {
        !self.was_promised(loss.directory) || self.is_unpromised_growth(loss, difference).unwrap_or(false)
    }

    /// Whether all that is lost stands in blocks that the VPC has on the disk and the lock does not know, while every block
    /// that the lock knows stays. `None`: something of it cannot be told.
    fn is_unpromised_growth(&self, loss: &Loss<'_>, difference: &Difference) -> Option<bool> {
        let birth = self.birth_in(loss.directory);
        let labels = self.promised_blocks(&birth);
        let vpc = self.allocation.vpcs.iter().find(|vpc| vpc.birth == birth)?;
        // What lies outside every root has no claim; it stands in the input.
        let is_promised = |label: &BlockLabel, is_claimed: bool| !is_claimed || labels.contains_key(label);
        let promised: BTreeSet<Block> = vpc
            .blocks
            .iter()
            .filter(|own| is_promised(&own.label, own.source.is_some()))
            .map(|own| own.block)
            .collect();
        // What the lock says is in use and the input has no more is lost for another reason.
        let is_there = |label: &BlockLabel| vpc.blocks.iter().any(|own| own.label == *label);
        if labels.iter().any(|(label, state)| *state == ClaimState::Live && !is_there(label)) {
            return Some(false);
        }
        let old = difference.old.roots.values().find(|root| self.birth_in(&root.directory) == birth)?;
        // What people add to the root is theirs, and in no lock.
        let own = old.instances.values().filter(|it| *it.module == *"module.vpc");
        let blocks = own.filter(|it| matches!(&*it.type_name, "aws_vpc" | BLOCK));
        let blocks: BTreeSet<Block> = blocks.map(cidr).collect::<Option<_>>()?;
        if !promised.is_subset(&blocks) {
            return Some(false);
        }
        let unpromised: BTreeSet<Block> = blocks.difference(&promised).copied().collect();
        let is_inside = |change: &ResourceChange| {
            let was = old.instances.get(change.moved_from.as_ref().unwrap_or(&change.address))?;
            let cidr = cidr(was)?;
            unpromised.iter().any(|block| block.contains(cidr)).then_some(was.address.as_str())
        };
        let is_one = |change: &ResourceChange| match &*change.type_name {
            BLOCK | SUBNET => is_inside(change).is_some(),
            // It has no addresses of its own: its subnet has the same key.
            SUBNETS_TABLE => {
                let was = change.moved_from.as_ref().unwrap_or(&change.address);
                let subnet = was.as_str().replace(SUBNETS_TABLE, SUBNET);
                loss.resources.iter().any(|it| is_inside(it).is_some_and(|own| own == subnet))
            }
            _ => false,
        };
        Some(loss.resources.iter().all(|change| is_one(change)))
    }
}

/// The addresses of a VPC, of a block of it or of a subnet.
fn cidr(it: &Instance) -> Option<Block> {
    match &it.attributes.get("cidr_block")?.data {
        Data::Text(text) => text.parse().ok(),
        Data::Null
        | Data::Bool(_)
        | Data::Number(_)
        | Data::List(_)
        | Data::Set(_)
        | Data::Map(_)
        | Data::Reference(_)
        | Data::Unknown => None,
    }
}
