use std::fmt;
use std::marker::PhantomData;

/// Index of an entity in its [`Table`].
pub trait Id: Copy + Ord {
    /// From an index.
    fn new(index: usize) -> Self;
    /// The index.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u32);

        impl Id for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Index of an [`Account`](super::Account).
    AccountId,
    /// Index of an [`Environment`](super::Environment).
    EnvironmentId,
    /// Index of a [`Hub`](super::Hub).
    HubId,
    /// Index of an [`Intent`](super::Intent).
    IntentId,
    /// Index of a [`Layout`](super::Layout).
    LayoutId,
    /// Index of a [`Pool`](super::Pool).
    PoolId,
    /// Index of a [`Region`](super::Region).
    RegionId,
    /// Index of a [`Reserved`](super::Reserved).
    ReservedId,
    /// Index of a [`Segment`](super::Segment).
    SegmentId,
    /// Index of a [`Site`](super::Site).
    SiteId,
    /// Index of a [`Team`](super::Team).
    TeamId,
    /// Index of a [`Vpc`](super::Vpc).
    VpcId,
}

/// Entities of one kind, sorted by name, so that an id does not depend on the order of the input.
#[derive(Clone, PartialEq, Eq)]
pub struct Table<I, T> {
    rows: Vec<(String, T)>,
    id: PhantomData<I>,
}

impl<I: Id, T> Table<I, T> {
    /// A table of these rows; of two rows with one name the first is kept (the resolver has complained before).
    pub fn new(rows: impl IntoIterator<Item = (String, T)>) -> Self {
        let mut rows: Vec<(String, T)> = rows.into_iter().collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|later, first| later.0 == first.0);
        Self { rows, id: PhantomData }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The id of a name.
    pub fn id(&self, name: &str) -> Option<I> {
        self.rows.binary_search_by(|(own, _)| own.as_str().cmp(name)).ok().map(I::new)
    }

    /// The name of an id of this table.
    pub fn name(&self, id: I) -> &str {
        &self.rows[id.index()].0
    }

    /// The entity with this name.
    pub fn by_name(&self, name: &str) -> Option<&T> {
        self.id(name).map(|id| &self[id])
    }

    /// Ids and entities, sorted by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> {
        self.rows.iter().enumerate().map(|(i, (_, row))| (I::new(i), row))
    }

    /// Entities, sorted by name.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.rows.iter().map(|(_, row)| row)
    }

    /// Entities, sorted by name, to be changed in place; names stay.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut().map(|(_, row)| row)
    }

    /// Ids, in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = I> + use<I, T> {
        (0..self.rows.len()).map(I::new)
    }

    /// Names, sorted.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.rows.iter().map(|(name, _)| name.as_str())
    }
}

impl<I: Id, T> std::ops::Index<I> for Table<I, T> {
    type Output = T;

    /// The entity of an id of this table. Ids are made by their table alone, so this does not fail.
    fn index(&self, id: I) -> &T {
        &self.rows[id.index()].1
    }
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self { rows: Vec::new(), id: PhantomData }
    }
}

impl<I, T: fmt::Debug> fmt::Debug for Table<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.rows.iter().map(|(name, row)| (name, row))).finish()
    }
}
