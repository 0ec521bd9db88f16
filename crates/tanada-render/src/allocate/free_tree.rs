use std::collections::BTreeSet;

use tanada_model::net::Block;

/// The free part of a pool as nodes of the binary tree: best fit, lowest address on a tie.
///
/// Nothing is ever given back during a run, so nodes are split and never merged; a node is never larger than the
/// extent it lies in, because an index counts inside one extent. Every step costs a look into at most 33 ordered sets.
#[derive(Clone, Debug)]
pub(super) struct FreeTree {
    /// First addresses of the free nodes, by prefix length.
    nodes: Vec<BTreeSet<u32>>,
}

impl Default for FreeTree {
    fn default() -> Self {
        Self { nodes: vec![BTreeSet::new(); 33] }
    }
}

impl FreeTree {
    /// What of `extents` is not in `used`: sorted blocks, which may lie in each other and outside.
    pub(super) fn new(extents: impl IntoIterator<Item = Block>, used: &[Block]) -> Self {
        let mut tree = Self::default();
        for extent in extents {
            let mut next = u64::from(extent.first());
            let end = next + extent.size();
            let start = used.partition_point(|block| block.first() < extent.first());
            // A block that starts before the extent and reaches into it covers it whole: blocks are aligned.
            if used[..start].iter().rev().take(33).any(|block| block.contains(extent)) {
                continue;
            }
            for block in used[start..].iter().take_while(|block| u64::from(block.first()) < end) {
                tree.add_gap(next, u64::from(block.first()));
                next = next.max(u64::from(block.last()) + 1);
            }
            tree.add_gap(next, end);
        }
        tree
    }

    /// Adds the addresses from `next` up to `end` as the largest aligned nodes.
    fn add_gap(&mut self, mut next: u64, end: u64) {
        while next < end {
            let aligned = if next == 0 { 32 } else { next.trailing_zeros() };
            let bits = aligned.min((end - next).ilog2());
            let (Ok(first), Ok(len)) = (u32::try_from(next), u8::try_from(32_u32.saturating_sub(bits)))
            else {
                return;
            };
            self.insert(Block::containing(first.into(), len));
            next += 1 << bits;
        }
    }

    fn insert(&mut self, node: Block) {
        if let Some(nodes) = self.nodes.get_mut(usize::from(node.prefix_len())) {
            nodes.insert(node.first());
        }
    }

    /// The smallest free node that holds a block of this prefix length.
    pub(super) fn best_fit(&self, len: u8) -> Option<Block> {
        (0..=len).rev().find_map(|node| {
            let first = *self.nodes.get(usize::from(node))?.first()?;
            Some(Block::containing(first.into(), len))
        })
    }

    /// The free node that holds all of `block`.
    fn node_over(&self, block: Block) -> Option<Block> {
        (0..=block.prefix_len()).map(|len| Block::containing(block.address(), len)).find(|node| {
            self.nodes.get(usize::from(node.prefix_len())).is_some_and(|nodes| nodes.contains(&node.first()))
        })
    }

    /// Whether every address of `block` is free.
    pub(super) fn is_free(&self, block: Block) -> bool {
        self.node_over(block).is_some()
    }

    /// Takes every address of `block`, whatever of it is free.
    pub(super) fn take(&mut self, block: Block) {
        if let Some(mut node) = self.node_over(block) {
            self.nodes[usize::from(node.prefix_len())].remove(&node.first());
            while node != block
                && let Some(halves) = node.halves()
            {
                for half in halves {
                    if half.contains(block) {
                        node = half;
                    } else {
                        self.insert(half);
                    }
                }
            }
        } else {
            for nodes in self.nodes.iter_mut().skip(usize::from(block.prefix_len())) {
                let inside: Vec<u32> = nodes.range(block.first()..=block.last()).copied().collect();
                for first in inside {
                    nodes.remove(&first);
                }
            }
        }
    }

    /// The largest free node, the lowest on a tie.
    pub(super) fn largest(&self) -> Option<Block> {
        let (len, nodes) = self.nodes.iter().enumerate().find(|(_, nodes)| !nodes.is_empty())?;
        Some(Block::containing((*nodes.first()?).into(), u8::try_from(len).ok()?))
    }

    /// The free nodes, sorted.
    pub(super) fn nodes(&self) -> Vec<Block> {
        let node =
            |(len, first): (usize, &u32)| Block::containing((*first).into(), u8::try_from(len).unwrap_or(32));
        let mut nodes: Vec<Block> = self
            .nodes
            .iter()
            .enumerate()
            .flat_map(|(len, set)| set.iter().map(move |first| (len, first)))
            .map(node)
            .collect();
        nodes.sort_unstable();
        nodes
    }
}
