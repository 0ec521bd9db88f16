use crate::net::Block;

/// Numbers from `first` to `last`, both included; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval {
    first: u32,
    last: u32,
}

impl Interval {
    /// From `first` to `last`; `None` when `last` lies before `first`.
    pub fn new(first: u32, last: u32) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// One number.
    pub const fn one(number: u32) -> Self {
        Self { first: number, last: number }
    }

    /// From 0 to `last`.
    pub const fn up_to(last: u32) -> Self {
        Self { first: 0, last }
    }

    /// The lowest number.
    pub fn first(self) -> u32 {
        self.first
    }

    /// The highest number.
    pub fn last(self) -> u32 {
        self.last
    }

    /// How many numbers there are, 1 to 2^32.
    pub fn size(self) -> u64 {
        u64::from(self.last - self.first) + 1
    }

    /// Whether every number of `other` is in this one.
    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The numbers of both.
    pub fn and(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// The numbers below `other`, and those above it.
    fn around(self, other: Self) -> [Option<Self>; 2] {
        let below = other.first.checked_sub(1).and_then(|last| Self::new(self.first, last.min(self.last)));
        let above = other.last.checked_add(1).and_then(|first| Self::new(first.max(self.first), self.last));
        [below, above]
    }

    /// Both as one, when no number lies between them.
    pub(super) fn joined(self, other: Self) -> Option<Self> {
        let near = u64::from(self.first) <= u64::from(other.last) + 1
            && u64::from(other.first) <= u64::from(self.last) + 1;
        near.then(|| Self { first: self.first.min(other.first), last: self.last.max(other.last) })
    }

    /// As addresses: the fewest blocks that are exactly these, in order.
    pub fn blocks(self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut next = u64::from(self.first);
        while next <= u64::from(self.last) {
            #[allow(clippy::cast_possible_truncation, reason = "at most the last address")]
            let first = next as u32;
            let aligned = first.trailing_zeros();
            let fits = (u64::from(self.last) - next + 1).ilog2();
            let bits = aligned.min(fits);
            #[allow(clippy::cast_possible_truncation, reason = "at most 32")]
            blocks.push(Block::containing(first.into(), 32 - bits as u8));
            next += 1 << bits;
        }
        blocks
    }
}

impl From<Block> for Interval {
    fn from(block: Block) -> Self {
        Self { first: block.first(), last: block.last() }
    }
}

/// A box of points with `N` coordinates: one interval in each. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell<const N: usize>(pub [Interval; N]);

impl<const N: usize> Cell<N> {
    /// Whether every point of `other` is in this one.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, other)| own.covers(*other))
    }

    /// Whether the two have a point in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, other)| own.and(*other).is_some())
    }

    /// The points of both.
    pub fn and(&self, other: &Self) -> Option<Self> {
        let mut both = *self;
        for (own, other) in both.0.iter_mut().zip(&other.0) {
            *own = own.and(*other)?;
        }
        Some(both)
    }

    /// Whether a point lies in it.
    pub fn contains(&self, point: [u32; N]) -> bool {
        self.0.iter().zip(point).all(|(own, number)| own.covers(Interval::one(number)))
    }

    /// How many points there are.
    ///
    /// Counts to 2^128 - 1 and stays there; four coordinates of 32 bits would be one more.
    pub fn size(&self) -> u128 {
        self.0.iter().fold(1, |size: u128, own| size.saturating_mul(u128::from(own.size())))
    }

    /// Pushes what of this is not in `other`, as at most two cells a coordinate.
    pub(super) fn carve(&self, other: &Self, left: &mut Vec<Self>) {
        let Some(both) = self.and(other) else {
            left.push(*self);
            return;
        };
        let mut rest = *self;
        for (at, cut) in both.0.iter().enumerate() {
            for part in rest.0[at].around(*cut).into_iter().flatten() {
                let mut outside = rest;
                outside.0[at] = part;
                left.push(outside);
            }
            rest.0[at] = *cut;
        }
    }

    /// Both as one cell, when they differ in one coordinate at most and touch there.
    pub(super) fn joined(&self, other: &Self) -> Option<Self> {
        let mut differing = (0..N).filter(|&at| self.0[at] != other.0[at]);
        let Some(at) = differing.next() else { return Some(*self) };
        if differing.next().is_some() {
            return None;
        }
        let mut joined = *self;
        joined.0[at] = self.0[at].joined(other.0[at])?;
        Some(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_as_blocks() {
        let blocks = |first: [u8; 4], last: [u8; 4]| {
            let interval = Interval::new(u32::from_be_bytes(first), u32::from_be_bytes(last)).unwrap();
            interval.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(blocks([0; 4], [255; 4]), "0.0.0.0/0");
        assert_eq!(blocks([10, 0, 0, 1], [10, 0, 0, 4]), "10.0.0.1/32 10.0.0.2/31 10.0.0.4/32");
        assert_eq!(blocks([255, 255, 255, 254], [255; 4]), "255.255.255.254/31");
        assert_eq!(blocks([0, 0, 0, 0], [0; 4]), "0.0.0.0/32");
    }

    #[test]
    fn the_ends_of_the_line() {
        let all = Interval::up_to(u32::MAX);
        assert_eq!((all.size(), Interval::new(1, 0)), (1 << 32, None));
        assert_eq!(all.around(Interval::one(0)), [None, Interval::new(1, u32::MAX)]);
        assert_eq!(all.around(Interval::one(u32::MAX)), [Interval::new(0, u32::MAX - 1), None]);
        assert_eq!(Interval::one(3).joined(Interval::one(4)), Interval::new(3, 4));
        assert_eq!(Interval::one(3).joined(Interval::one(5)), None);
        assert_eq!(all.joined(Interval::one(u32::MAX)), Some(all));
    }
}
