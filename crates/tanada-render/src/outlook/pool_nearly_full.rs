use std::collections::BTreeMap;

use tanada_model::design::{Placement, PoolId};
use tanada_model::diagnostic::{Code, Diagnostic, Severity};
use tanada_model::net::Block;

use super::Ahead;
use crate::allocation::PoolAllocation;

pub(super) const CODE: Code = Code {
    name: "pool-nearly-full",
    severity: Severity::Warning,
    explanation: "Four fifths of a pool are used, or it has no free node for another VPC of the size that most of its VPCs \
                  have. Free addresses in smaller pieces do not help: a block is one aligned node. When it is full, the next \
                  team waits for a range.",
};

pub(super) fn look(ahead: &mut Ahead<'_>) {
    let (design, allocation) = (ahead.design, ahead.allocation);
    // Only a pool from which VPCs are cut will be asked for another one.
    let mut asked: BTreeMap<PoolId, BTreeMap<u8, usize>> = BTreeMap::new();
    for vpc in design.vpcs.values() {
        if let Placement::Pool { pool, size } = &vpc.placement {
            *asked.entry(*pool).or_default().entry(size.value).or_default() += 1;
        }
    }
    for PoolAllocation { pool, extents, free } in &allocation.pools {
        // The most frequent size; of two the larger block.
        let usual = asked.get(pool).and_then(|sizes| {
            sizes
                .iter()
                .max_by_key(|(size, count)| (**count, std::cmp::Reverse(**size)))
                .map(|(size, _)| *size)
        });
        // A pool that one block fills was made for that block.
        let Some(usual) = usual.filter(|usual| extents.iter().any(|extent| extent.prefix_len() < *usual))
        else {
            continue;
        };
        let (size, left) = (sum(extents), sum(free));
        let more: u64 = free.iter().map(|node| fitting(*node, usual)).sum();
        if more > 0 && left * 5 > size {
            continue;
        }
        let name = ahead.pool(*pool);
        let used = ((size - left) * 100).checked_div(size).unwrap_or(100);
        let largest = free.iter().min_by_key(|node| (node.prefix_len(), **node));
        let largest =
            largest.map_or("nothing is free".to_owned(), |node| format!("the largest free node is `{node}`"));
        let next = match more {
            0 => format!("another /{usual} cannot be placed"),
            1 => format!("one more /{usual} fits"),
            _ => format!("{more} more /{usual} fit"),
        };
        let message = format!("{used} % of `{name}` are used, {largest}: {next}");
        let finding = Diagnostic::new(CODE, message).at(design.pools[*pool].entity.span, "");
        let finding =
            finding.help("give it more addresses: a larger pool is a smaller `size`; or a second root");
        ahead.raise(finding.help("`tanada tree` shows what is retired in it and could be released"), &name);
    }
}

fn sum(blocks: &[Block]) -> u64 {
    blocks.iter().map(|block| block.size()).sum()
}

/// How many blocks of a prefix length a node holds.
fn fitting(node: Block, len: u8) -> u64 {
    len.checked_sub(node.prefix_len()).map_or(0, |bits| 1 << bits)
}
