use serde::Serialize;
use tanada_model::design::Design;
use tanada_model::net::Block;

use crate::allocation::Allocation;

/// What a pool can still hand out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolFree {
    /// The pool.
    pub pool: String,
    /// Its extents.
    pub extents: Vec<Block>,
    /// Addresses in all of it.
    pub size: u64,
    /// Addresses that are free: neither claimed, reserved, retired, nor an inner pool's.
    pub free: u64,
    /// `free` in percent of `size`, with one decimal.
    pub percent: f64,
    /// The largest free node: the size of the largest block that fits, whatever the sum says.
    pub largest: Option<Block>,
    /// The free nodes, sorted.
    pub nodes: Vec<Block>,
}

/// What is free, by pool, sorted by name.
pub fn free(design: &Design, allocation: &Allocation) -> Vec<PoolFree> {
    let sum = |blocks: &[Block]| blocks.iter().map(|block| block.size()).sum::<u64>();
    let row = |pool: &crate::allocation::PoolAllocation| {
        let crate::allocation::PoolAllocation { pool, extents, free } = pool;
        let (size, left) = (sum(extents), sum(free));
        // In whole tenths, so that no platform prints another digit.
        let tenths = (left * 1000).checked_div(size).unwrap_or(0);
        PoolFree {
            pool: design.pools.name(*pool).to_owned(),
            extents: extents.clone(),
            size,
            free: left,
            percent: tenths as f64 / 10.0,
            largest: free.iter().copied().min_by_key(|node| (node.prefix_len(), *node)),
            nodes: free.clone(),
        }
    };
    allocation.pools.iter().map(row).collect()
}
