use super::Cell;

/// A set of points with `N` coordinates, as cells that do not overlap.
///
/// Two sets are equal when they hold the same points, however they are cut.
///
/// ```
/// use tanada_model::acl::{Cell, CellSet, Interval};
///
/// let square = |a, b| Cell([Interval::new(a, b).unwrap(); 2]);
/// let frame = CellSet::from(square(0, 9)).minus(&square(2, 7).into());
/// assert_eq!(frame.size(), 100 - 36);
/// assert!(!frame.overlaps(&square(3, 4)) && frame.covers(&square(8, 9)));
/// ```
#[derive(Clone, Debug)]
pub struct CellSet<const N: usize>(Vec<Cell<N>>);

impl<const N: usize> CellSet<N> {
    /// The set without points.
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// The cells, disjoint, in no certain order.
    pub fn cells(&self) -> &[Cell<N>] {
        &self.0
    }

    /// Whether there is no point in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many points there are. Counts to 2^128 - 1 and stays there.
    pub fn size(&self) -> u128 {
        self.0.iter().fold(0, |size: u128, cell| size.saturating_add(cell.size()))
    }

    /// Whether a point is in it.
    pub fn contains(&self, point: [u32; N]) -> bool {
        self.0.iter().any(|cell| cell.contains(point))
    }

    /// Whether some point of `cell` is in it.
    pub fn overlaps(&self, cell: &Cell<N>) -> bool {
        self.0.iter().any(|own| own.overlaps(cell))
    }

    /// Whether every point of `cell` is in it.
    pub fn covers(&self, cell: &Cell<N>) -> bool {
        let mut left = Self::from(*cell);
        self.0.iter().all(|own| {
            left.remove(own);
            !left.is_empty()
        });
        left.is_empty()
    }

    /// Takes the points of `cell` out.
    pub fn remove(&mut self, cell: &Cell<N>) {
        if self.overlaps(cell) {
            let mut left = Vec::with_capacity(self.0.len() + 1);
            for own in &self.0 {
                own.carve(cell, &mut left);
            }
            self.0 = left;
        }
    }

    /// Adds the points of `cell`.
    pub fn insert(&mut self, cell: &Cell<N>) {
        let mut new = Self::from(*cell);
        for own in &self.0 {
            new.remove(own);
        }
        self.append(new);
    }

    /// Adds the points of a set that has none in common with this one.
    pub(super) fn append(&mut self, mut disjoint: Self) {
        self.0.append(&mut disjoint.0);
    }

    /// The points of this that are not in `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = self.clone();
        for cell in &other.0 {
            left.remove(cell);
        }
        left
    }

    /// The points of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().flat_map(|own| other.0.iter().filter_map(|cell| own.and(cell))).collect())
    }

    /// The points of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut either = self.clone();
        either.extend(other.0.iter().copied());
        either
    }

    /// The same points in fewer cells, sorted: those that touch are joined until none can be. Not always the fewest.
    #[must_use]
    pub fn simplified(mut self) -> Self {
        self.0.sort_unstable();
        let mut at = 0;
        while let Some(cell) = self.0.get(at).copied() {
            let rest = self.0.get(at + 1..).unwrap_or_default();
            let found =
                rest.iter().enumerate().find_map(|(i, other)| Some((at + 1 + i, cell.joined(other)?)));
            match found {
                Some((other, joined)) => {
                    self.0.remove(other);
                    self.0[at] = joined;
                    at = 0;
                }
                None => at += 1,
            }
        }
        self.0.sort_unstable();
        self
    }
}

impl<const N: usize> Default for CellSet<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> From<Cell<N>> for CellSet<N> {
    fn from(cell: Cell<N>) -> Self {
        Self(vec![cell])
    }
}

impl<const N: usize> Extend<Cell<N>> for CellSet<N> {
    fn extend<I: IntoIterator<Item = Cell<N>>>(&mut self, cells: I) {
        for cell in cells {
            self.insert(&cell);
        }
    }
}

impl<const N: usize> FromIterator<Cell<N>> for CellSet<N> {
    fn from_iter<I: IntoIterator<Item = Cell<N>>>(cells: I) -> Self {
        let mut set = Self::new();
        set.extend(cells);
        set
    }
}

impl<const N: usize> PartialEq for CellSet<N> {
    fn eq(&self, other: &Self) -> bool {
        self.minus(other).is_empty() && other.minus(self).is_empty()
    }
}

impl<const N: usize> Eq for CellSet<N> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Interval;
    use super::*;

    const SIDE: u32 = 6;

    fn some_set() -> impl Strategy<Value = (CellSet<3>, Vec<Cell<3>>)> {
        let interval = (0..SIDE, 0..SIDE).prop_map(|(a, b)| Interval::new(a.min(b), a.max(b)).unwrap());
        let cell = [interval.clone(), interval.clone(), interval].prop_map(Cell);
        proptest::collection::vec(cell, 0..5).prop_map(|cells| (cells.iter().copied().collect(), cells))
    }

    fn points() -> impl Iterator<Item = [u32; 3]> {
        (0..SIDE).flat_map(|a| (0..SIDE).flat_map(move |b| (0..SIDE).map(move |c| [a, b, c])))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn sets_hold_what_their_points_say((one, cells) in some_set(), (two, others) in some_set()) {
            let (minus, and, or, simple) =
                (one.minus(&two), one.and(&two), one.or(&two), one.clone().simplified());
            let (mut in_one, mut in_or) = (0, 0);
            for point in points() {
                let first = cells.iter().any(|cell| cell.contains(point));
                let second = others.iter().any(|cell| cell.contains(point));
                in_one += u128::from(first);
                in_or += u128::from(first || second);
                prop_assert_eq!(one.contains(point), first);
                prop_assert_eq!(simple.contains(point), first);
                prop_assert_eq!(minus.contains(point), first && !second);
                prop_assert_eq!(and.contains(point), first && second);
                prop_assert_eq!(or.contains(point), first || second);
            }
            // No point counts twice: the cells are disjoint.
            prop_assert_eq!(one.size(), in_one);
            prop_assert_eq!(or.size(), in_or);
            prop_assert_eq!(simple.size(), in_one);
            prop_assert!(simple.cells().len() <= one.cells().len());
            prop_assert!(simple == one && (minus == one) == and.is_empty());
            for cell in &others {
                let inside = points().filter(|point| cell.contains(*point)).all(|point| one.contains(point));
                prop_assert_eq!(one.covers(cell), inside);
                prop_assert_eq!(one.overlaps(cell), !one.and(&(*cell).into()).is_empty());
            }
        }
    }
}
