use std::collections::BTreeMap;

use tanada_model::design::{Id as _, PoolId};
use tanada_model::diagnostic::{Code, Diagnostic, Severity};
use tanada_model::lock::BlockLabel;

use super::{Ahead, some_of};

pub(super) const CODE: Code = Code {
    name: "no-room-to-grow",
    severity: Severity::Warning,
    explanation: "A VPC grows inside its block as long as it has headroom. One that has none grows by a block as large as what \
                  it has: its free buddy, or another node of its pool. Neither is free, so what it grows by would come from \
                  another pool, and rules and routes for this one would not cover it.",
};

pub(super) fn look(ahead: &mut Ahead<'_>) {
    let (design, allocation) = (ahead.design, ahead.allocation);
    let largest: BTreeMap<PoolId, Option<u8>> = allocation
        .pools
        .iter()
        .map(|own| (own.pool, own.free.iter().map(|node| node.prefix_len()).min()))
        .collect();
    let mut without: BTreeMap<PoolId, Vec<String>> = BTreeMap::new();
    for own in &allocation.vpcs {
        let first = own.blocks.iter().filter(|block| block.label == BlockLabel::First);
        for block in first {
            let Some((pool, _, _)) = block.source else { continue };
            let grown = own.blocks.iter().filter(|block| matches!(block.label, BlockLabel::Grown(_))).count();
            // Each step doubles the VPC.
            let steps = u8::try_from(grown).unwrap_or(u8::MAX);
            let next = block.block.prefix_len().saturating_sub(steps);
            let fits = largest.get(&pool).copied().flatten().is_some_and(|largest| largest <= next);
            // A block as large as its pool was never meant to grow there.
            let whole = allocation.pools[pool.index()].extents.contains(&block.block);
            if !fits && !whole && block.headroom == 0 {
                without.entry(pool).or_default().push(design.vpcs[own.vpc].id.clone());
            }
        }
    }
    for (pool, vpcs) in without {
        let name = ahead.pool(pool);
        let message = format!("`{name}` has no free block by which {} could grow", some_of(&vpcs));
        let finding = Diagnostic::new(CODE, message).at(design.pools[pool].entity.span, "");
        let help = "give it more addresses: a larger pool is a smaller `size`; or a second root";
        ahead.raise(finding.help(help), &name);
    }
}
