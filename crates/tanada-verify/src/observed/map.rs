use std::sync::Arc;

use super::Value;

/// Values by name, sorted by name.
///
/// ```
/// use tanada_verify::{Data, Map, Place, Value};
/// let place = Place::new("main.tf".into(), 1);
/// let map: Map = [("to".into(), Value { data: Data::Number(443), place })].into_iter().collect();
/// assert_eq!(map.get("to").and_then(Value::number), Some(443));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(Arc<str>, Value)>);

/// Maps of so many names are looked through from the beginning.
const SMALL: usize = 12;

impl Map {
    /// An empty map with room for so many names.
    pub(crate) fn with_capacity(names: usize) -> Self {
        Self(Vec::with_capacity(names))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        // Most names of a small map differ in length already, which is faster to see than which of two comes first.
        if self.0.len() <= SMALL {
            return self.0.iter().find(|(own, _)| **own == *name).map(|(_, value)| value);
        }
        self.position(name).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    /// All names with their values, in the order of the names.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Arc<str>, &Value)> + ExactSizeIterator {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets the value of a name and returns the one it had.
    pub fn insert(&mut self, name: Arc<str>, value: Value) -> Option<Value> {
        // Most maps are written in the order of their names or are small.
        if self.0.last().is_none_or(|(last, _)| **last < *name) {
            self.0.push((name, value));
            return None;
        }
        match self.position(&name) {
            Ok(at) => self.0.get_mut(at).map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| (**own).cmp(name))
    }
}

impl FromIterator<(Arc<str>, Value)> for Map {
    /// Of equal names the last one counts.
    fn from_iter<T: IntoIterator<Item = (Arc<str>, Value)>>(entries: T) -> Self {
        let mut all: Vec<_> = entries.into_iter().collect();
        if !all.is_sorted_by(|(a, _), (b, _)| a < b) {
            all.reverse();
            all.sort_by(|(a, _), (b, _)| a.cmp(b));
            all.dedup_by(|(a, _), (b, _)| a == b);
        }
        Self(all)
    }
}
