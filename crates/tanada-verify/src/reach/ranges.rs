use tanada_model::net::Block;

/// A value for every IPv4 address, as the fewest intervals of equal values.
///
/// INVARIANT: the first interval starts at 0, starts ascend, neighbours differ; so equal functions are equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RangeMap<V>(Vec<(u32, V)>);

impl<V: Copy + Eq> RangeMap<V> {
    /// One value everywhere.
    pub(crate) fn constant(value: V) -> Self {
        Self(vec![(0, value)])
    }

    /// The value of `at` from each of `cuts` (in any order) to the next; 0 is always one of them.
    pub(crate) fn from_cuts(mut cuts: Vec<u32>, mut at: impl FnMut(u32) -> V) -> Self {
        cuts.push(0);
        cuts.sort_unstable();
        cuts.dedup();
        let mut map = Self(Vec::new());
        for start in cuts {
            map.push(start, at(start));
        }
        map
    }

    fn push(&mut self, start: u32, value: V) {
        if self.0.last().is_none_or(|(_, last)| *last != value) {
            self.0.push((start, value));
        }
    }

    /// The value of an address.
    pub(crate) fn at(&self, address: u32) -> V {
        let after = self.0.partition_point(|(start, _)| *start <= address);
        // The first interval starts at 0.
        self.0[after.max(1) - 1].1
    }

    /// Where values change, 0 included.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|(start, _)| *start)
    }

    /// First and last address of each interval, and its value.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u32, V)> {
        self.0.iter().enumerate().map(|(at, (start, value))| {
            let last = self.0.get(at + 1).map_or(u32::MAX, |(next, _)| next - 1);
            (*start, last, *value)
        })
    }

    /// Values made of two functions.
    pub(crate) fn with<W: Copy + Eq, U: Copy + Eq>(
        &self,
        other: &RangeMap<W>,
        mut both: impl FnMut(V, W) -> U,
    ) -> RangeMap<U> {
        let mut map = RangeMap(Vec::with_capacity(self.0.len() + other.0.len()));
        let (mut a, mut b) = (0, 0);
        loop {
            let (start_a, value_a) = self.0[a];
            let (start_b, value_b) = other.0[b];
            map.push(start_a.max(start_b), both(value_a, value_b));
            let (next_a, next_b) = (self.0.get(a + 1), other.0.get(b + 1));
            match (next_a, next_b) {
                (None, None) => return map,
                (Some(_), None) => a += 1,
                (None, Some(_)) => b += 1,
                (Some((one, _)), Some((two, _))) => {
                    if one <= two {
                        a += 1;
                    }
                    if two <= one {
                        b += 1;
                    }
                }
            }
        }
    }

    /// Other values instead of these.
    pub(crate) fn map<U: Copy + Eq>(&self, mut to: impl FnMut(V) -> U) -> RangeMap<U> {
        let mut map = RangeMap(Vec::with_capacity(self.0.len()));
        for &(start, value) in &self.0 {
            map.push(start, to(value));
        }
        map
    }

    /// The longest prefix decides. Of equal destinations the first counts.
    pub(crate) fn longest_prefix(mut routes: Vec<(Block, V)>, nothing: V) -> Self {
        // Outer blocks come before inner ones; sorting is stable.
        routes.sort_by_key(|(block, _)| *block);
        routes.dedup_by(|later, first| later.0 == first.0);
        let mut map = Self(Vec::with_capacity(2 * routes.len() + 1));
        map.0.push((0, nothing));
        let mut open: Vec<(u32, V)> = Vec::new();
        for (block, value) in routes {
            map.close(&mut open, nothing, Some(block.first()));
            map.set(block.first(), value);
            open.push((block.last(), value));
        }
        map.close(&mut open, nothing, None);
        map.0.dedup_by(|later, first| later.1 == first.1);
        map
    }

    /// Ends the open blocks that end before `next`; all of them when nothing follows.
    fn close(&mut self, open: &mut Vec<(u32, V)>, nothing: V, next: Option<u32>) {
        while let Some(&(last, _)) = open.last() {
            if next.is_some_and(|next| next <= last) {
                return;
            }
            open.pop();
            if let Some(after) = last.checked_add(1) {
                self.set(after, open.last().map_or(nothing, |(_, value)| *value));
            }
        }
    }

    /// From `start` on; a value that was to start there gives way.
    fn set(&mut self, start: u32, value: V) {
        if self.0.last().is_some_and(|(last, _)| *last == start) {
            self.0.pop();
        }
        self.0.push((start, value));
    }
}

/// Where a block starts, and where what follows it starts.
pub(crate) fn cuts_of(block: Block) -> impl Iterator<Item = u32> {
    std::iter::once(block.first()).chain(block.last().checked_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        text.parse().unwrap()
    }

    #[test]
    fn the_longest_prefix_decides() {
        let routes =
            [("0.0.0.0/0", 1), ("10.0.0.0/8", 2), ("10.1.0.0/16", 3), ("10.1.0.0/16", 9), ("10.1.0.0/24", 4)];
        let map = RangeMap::longest_prefix(routes.map(|(text, value)| (block(text), value)).to_vec(), 0);
        let at = |text: &str| map.at(text.parse::<std::net::Ipv4Addr>().unwrap().into());
        assert_eq!([at("9.0.0.0"), at("10.0.0.0"), at("10.1.0.255"), at("10.1.1.0")], [1, 2, 4, 3]);
        assert_eq!([at("10.1.255.255"), at("10.2.0.0"), at("11.0.0.0"), at("255.255.255.255")], [3, 2, 1, 1]);
        let end = RangeMap::longest_prefix(vec![(block("255.255.255.255/32"), 7)], 0);
        assert_eq!((end.at(u32::MAX), end.at(u32::MAX - 1)), (7, 0));
    }

    #[test]
    fn two_functions_together() {
        let one = RangeMap::longest_prefix(vec![(block("0.0.0.0/1"), 1_u32)], 0);
        let two = RangeMap::longest_prefix(vec![(block("64.0.0.0/2"), 10_u32)], 0);
        let sum = one.with(&two, |a, b| a + b);
        assert_eq!(sum.iter().map(|(_, _, v)| v).collect::<Vec<_>>(), [1, 11, 0]);
        assert_eq!(one.with(&one, |a, b| a - b), RangeMap::constant(0));
    }
}
