//! The cheapest cover of some blocks by few: a dynamic programme over the binary tree of addresses.

use tanada_model::net::Block;

/// A cover by a certain number of blocks, and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cover {
    /// What is let through beside the parts; 0: nothing.
    pub cost: u128,
    /// The blocks, sorted.
    pub blocks: Vec<Block>,
}

/// The cheapest covers of one group by exactly 1, 2, 3… blocks, up to the smaller of `most` and the number of parts;
/// `None` where there is none.
///
/// `parts`: sorted, none in another. `cost`: of one block that covers several parts; `None` where it may not. A cover
/// never gains by a block that is larger than the smallest one that holds the same parts, so only those are tried:
/// as many as there are parts, less one.
pub(super) fn covers(
    parts: &[Block],
    most: usize,
    cost: &impl Fn(Block) -> Option<u128>,
) -> Vec<Option<Cover>> {
    let (Some(&first), Some(&last)) = (parts.first(), parts.last()) else { return Vec::new() };
    if first == last {
        let itself = Cover { cost: 0, blocks: vec![first] };
        return vec![Some(itself)].into_iter().take(most).collect();
    }
    let whole = holder(first, last);
    let middle = whole.halves().map_or(whole.last(), |[_, high]| high.first());
    let (low, high) = parts.split_at(parts.partition_point(|part| part.first() < middle));
    let together = covers(low, most, cost);
    let mut covers = joined(&together, &covers(high, most, cost), most);
    if let (Some(one), Some(cost)) = (covers.first_mut(), cost(whole)) {
        *one = Some(Cover { cost, blocks: vec![whole] });
    }
    covers
}

/// Covers of two groups, or of several: of each number of blocks the cheapest. An empty slice stands for no group.
fn joined(low: &[Option<Cover>], high: &[Option<Cover>], most: usize) -> Vec<Option<Cover>> {
    let total = (low.len() + high.len()).min(most);
    let mut joined: Vec<Option<Cover>> = vec![None; total];
    for (i, one) in low.iter().enumerate() {
        for (j, other) in high.iter().enumerate() {
            // By i + 1 and j + 1 blocks.
            let (Some(one), Some(other), Some(best)) = (one, other, joined.get_mut(i + j + 1)) else {
                continue;
            };
            let cost = one.cost.saturating_add(other.cost);
            if best.as_ref().is_none_or(|best| cost < best.cost) {
                let blocks = one.blocks.iter().chain(&other.blocks).copied().collect();
                *best = Some(Cover { cost, blocks });
            }
        }
    }
    joined
}

/// Of each group one cover, with at most `budget` blocks in all, so that they cost the least together, and of those
/// choices one with the most blocks: the fewest parts are touched. `None` when they do not fit.
pub(super) fn choose(groups: &[Vec<Option<Cover>>], budget: usize) -> Option<Vec<Cover>> {
    // By number of blocks: the cost, and how many blocks each group has.
    let mut best: Vec<Option<(u128, Vec<usize>)>> = vec![Some((0, Vec::new()))];
    for covers in groups {
        let mut next: Vec<Option<(u128, Vec<usize>)>> =
            vec![None; (best.len() + covers.len()).min(budget + 1)];
        for (used, known) in best.iter().enumerate() {
            let Some((cost, counts)) = known else { continue };
            for (i, cover) in covers.iter().enumerate() {
                let (Some(cover), Some(slot)) = (cover, next.get_mut(used + i + 1)) else { continue };
                let cost = cost.saturating_add(cover.cost);
                if slot.as_ref().is_none_or(|(best, _)| cost < *best) {
                    *slot = Some((cost, counts.iter().copied().chain([i]).collect()));
                }
            }
        }
        best = next;
    }
    let (_, counts) = best.into_iter().rev().flatten().min_by_key(|(cost, _)| *cost)?;
    groups.iter().zip(counts).map(|(covers, i)| covers.get(i).cloned().flatten()).collect()
}

/// The smallest block that holds both.
fn holder(first: Block, last: Block) -> Block {
    let mut whole = first;
    while !whole.contains(last)
        && let Some(parent) = whole.parent()
    {
        whole = parent;
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tanada_model::net::BlockSet;

    use super::*;

    const UNIVERSE: &str = "10.0.0.0/24";

    /// The sixteen /28 of a /24, by index.
    fn leaf(i: u32) -> Block {
        UNIVERSE.parse::<Block>().unwrap().part(28, i).unwrap()
    }

    /// Every block of the universe from /24 to /28.
    fn blocks() -> Vec<Block> {
        let universe: Block = UNIVERSE.parse().unwrap();
        (24..=28).flat_map(|len| (0..1 << (len - 24)).map(move |i| universe.part(len, i).unwrap())).collect()
    }

    /// By trying every set of at most `budget` disjoint blocks: the least cost, or none.
    fn tried(parts: &[Block], budget: usize, cost: &impl Fn(Block) -> Option<u128>) -> Option<u128> {
        fn from(
            parts: &[Block],
            left: usize,
            all: &[Block],
            cost: &impl Fn(Block) -> Option<u128>,
        ) -> Option<u128> {
            let Some(first) = parts.first() else { return Some(0) };
            let left = left.checked_sub(1)?;
            let mut least: Option<u128> = None;
            for block in all.iter().filter(|block| block.contains(*first)) {
                // A part as itself costs nothing; every other block has its price.
                let Some(own) = (if block == first { Some(0) } else { cost(*block) }) else { continue };
                let rest: Vec<Block> = parts.iter().copied().filter(|part| !block.contains(*part)).collect();
                if let Some(more) = from(&rest, left, all, cost) {
                    least = Some(least.map_or(own + more, |least| least.min(own + more)));
                }
            }
            least
        }
        from(parts, budget, &blocks(), cost)
    }

    fn least(covers: &[Option<Cover>], budget: usize) -> Option<u128> {
        covers.iter().take(budget).flatten().map(|cover| cover.cost).min()
    }

    /// Sets of /28 in a /24, each budget from 1 to 6; `TANADA_COVERS=1` tries all 65,535.
    #[test]
    fn every_set_of_a_small_universe_is_covered_at_the_least_cost() {
        // What is tried is the same for sets that are equal after buddies are summed up, but weights are not.
        let step = std::env::var("TANADA_COVERS").map_or(499, |_| 1);
        for set in (1_u32..1 << 16).step_by(step) {
            let parts: BlockSet = (0..16).filter(|i| set & (1 << i) != 0).map(leaf).collect();
            let parts = parts.blocks();
            let size = parts.iter().map(|part| u128::from(part.size())).sum::<u128>();
            let inside = |block: Block| parts.iter().filter(move |part| block.contains(**part));
            let cost = |block: Block| {
                Some(
                    u128::from(block.size())
                        - inside(block).map(|part| u128::from(part.size())).sum::<u128>(),
                )
            };
            let covers = covers(parts, 6, &cost);
            for budget in 1..=6 {
                assert_eq!(least(&covers, budget), tried(parts, budget, &cost), "{set:016b} by {budget}");
            }
            for cover in covers.iter().flatten() {
                let total: u128 = cover.blocks.iter().map(|block| u128::from(block.size())).sum();
                assert!(parts.iter().all(|part| cover.blocks.iter().any(|block| block.contains(*part))));
                assert_eq!(total, size + cover.cost, "{set:016b}: {:?}", cover.blocks);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        /// Addresses of unequal weight, some of them forbidden, two groups that share a budget.
        #[test]
        fn weighted_groups_share_a_budget_at_the_least_cost(
            sets in proptest::array::uniform2(1_u32..1 << 16),
            weights in proptest::collection::vec(0_u128..5, 16),
            forbidden in proptest::collection::vec(proptest::bool::weighted(0.05), 16),
            budget in 1_usize..7,
        ) {
            let parts = sets.map(|set| {
                let parts: BlockSet = (0..16).filter(|i| set & (1 << i) != 0).map(leaf).collect();
                parts.blocks().to_vec()
            });
            let cost = |group: usize| {
                let (parts, weights, forbidden) = (&parts[group], &weights, &forbidden);
                move |block: Block| {
                    let new = |i: &usize| {
                        let leaf = leaf(u32::try_from(*i).unwrap());
                        block.contains(leaf) && !parts.iter().any(|part| part.contains(leaf))
                    };
                    let mut new = (0..16).filter(new);
                    new.try_fold(0, |sum, i| (!forbidden[i]).then(|| sum + weights[i]))
                }
            };
            let groups = [0, 1].map(|group| covers(&parts[group], budget, &cost(group)));
            let chosen = choose(&groups, budget);
            let shared = (1..budget).filter_map(|first| {
                let one = tried(&parts[0], first, &cost(0))?;
                Some(one + tried(&parts[1], budget - first, &cost(1))?)
            });
            prop_assert_eq!(chosen.as_ref().map(|covers| covers[0].cost + covers[1].cost), shared.min());
            if let Some(covers) = chosen {
                prop_assert!(covers[0].blocks.len() + covers[1].blocks.len() <= budget);
            }
        }
    }
}
