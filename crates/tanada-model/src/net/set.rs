use super::Block;

/// A set of IPv4 addresses, kept as the fewest blocks that cover exactly it.
///
/// INVARIANT: the blocks are sorted, disjoint, and no two of them are buddies, so equal sets are equal values.
///
/// ```
/// use tanada_model::net::BlockSet;
///
/// let set: BlockSet = ["10.0.1.0/24", "10.0.0.0/24", "10.0.3.0/24"].iter().map(|b| b.parse().unwrap()).collect();
/// assert_eq!(set.to_string(), "10.0.0.0/23, 10.0.3.0/24");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BlockSet(Vec<Block>);

impl BlockSet {
    /// The set without addresses.
    pub fn new() -> Self {
        Self::default()
    }

    /// The blocks, sorted.
    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// Whether there is no address in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of addresses.
    pub fn size(&self) -> u64 {
        self.0.iter().map(|block| block.size()).sum()
    }

    /// Whether every address of `block` is in the set.
    pub fn contains(&self, block: Block) -> bool {
        self.at(block).is_some_and(|own| own.contains(block))
    }

    /// Whether some address of `block` is in the set.
    pub fn overlaps(&self, block: Block) -> bool {
        let next = self.0.partition_point(|own| own.last() < block.first());
        self.0.get(next).is_some_and(|own| own.overlaps(block))
    }

    /// The addresses of this set that are not in `other`.
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &block in &self.0 {
            other.carve(block, &mut left);
        }
        left.into_iter().collect()
    }

    /// The last block that starts no later than `block`.
    fn at(&self, block: Block) -> Option<Block> {
        let after = self.0.partition_point(|own| own.first() <= block.first());
        after.checked_sub(1).and_then(|i| self.0.get(i)).copied()
    }

    /// Pushes what of `block` is not in this set.
    fn carve(&self, block: Block, left: &mut Vec<Block>) {
        if !self.overlaps(block) {
            left.push(block);
        } else if !self.contains(block) {
            for half in block.halves().into_iter().flatten() {
                self.carve(half, left);
            }
        }
    }
}

impl FromIterator<Block> for BlockSet {
    fn from_iter<I: IntoIterator<Item = Block>>(blocks: I) -> Self {
        let mut blocks: Vec<Block> = blocks.into_iter().collect();
        blocks.sort_unstable();
        let mut set: Vec<Block> = Vec::with_capacity(blocks.len());
        for mut block in blocks {
            if set.last().is_some_and(|last| last.contains(block)) {
                continue;
            }
            while let Some(last) = set.last()
                && block.buddy() == Some(*last)
                && let Some(parent) = block.parent()
            {
                set.pop();
                block = parent;
            }
            set.push(block);
        }
        Self(set)
    }
}

impl Extend<Block> for BlockSet {
    fn extend<I: IntoIterator<Item = Block>>(&mut self, blocks: I) {
        *self = self.0.drain(..).chain(blocks).collect();
    }
}

impl<'a> IntoIterator for &'a BlockSet {
    type Item = Block;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, Block>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().copied()
    }
}

/// The blocks, separated by a comma and a space.
impl std::fmt::Display for BlockSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, block) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            block.fmt(f)?;
        }
        Ok(())
    }
}
