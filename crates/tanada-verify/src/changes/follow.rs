//! What another root does to a value that is written as it was.

use super::Elsewhere;
use super::instance::Scope;
use crate::{Data, Reference, Target, Value};

impl Scope<'_, '_> {
    /// What happens in another root, when that alone makes a value another one. In doubt the root's own text does.
    pub(super) fn follows(&self, old: &Value, new: &Value) -> Option<Elsewhere> {
        let mut cause = None;
        if self.is_written_alike(old, new, &mut cause) { cause } else { None }
    }

    /// Whether two values differ at most by what happens elsewhere, which is noted.
    fn is_written_alike(&self, old: &Value, new: &Value, cause: &mut Option<Elsewhere>) -> bool {
        match (&old.data, &new.data) {
            (Data::Reference(old), Data::Reference(new)) => self.refers_alike(old, new, cause),
            (Data::List(old), Data::List(new)) | (Data::Set(old), Data::Set(new)) => {
                old.len() == new.len()
                    && old.iter().zip(new.iter()).all(|(old, new)| self.is_written_alike(old, new, cause))
            }
            (Data::Map(old), Data::Map(new)) => {
                old.len() == new.len()
                    && new.iter().all(|(name, new)| {
                        old.get(name).is_some_and(|old| self.is_written_alike(old, new, cause))
                    })
            }
            (_, _) => self.same(old, new, false),
        }
    }

    fn refers_alike(&self, old: &Reference, new: &Reference, cause: &mut Option<Elsewhere>) -> bool {
        if self.same_reference(old, new) {
            return true;
        }
        let found = match (&old.target, &new.target) {
            (Target::Resource(before), Target::Resource(now)) => {
                let is_one = self.prior(now).is_some_and(|prior| prior.address == *before);
                self.carried.get(now).filter(|_| is_one).cloned()
            }
            (Target::Data(before), Target::Data(now)) => {
                let both =
                    self.old.and_then(|old| Some((old, old.data.get(before)?, self.new.data.get(now)?)));
                both.and_then(|(old, before, now)| self.hubs.why((old, before), (self.new, now)))
            }
            (Target::Resource(_) | Target::Data(_) | Target::Variable(_), _) => None,
        };
        let is_alike = old.attribute == new.attribute && found.is_some();
        if let Some(found) = found.filter(|_| is_alike) {
            cause.get_or_insert(found);
        }
        is_alike
    }
}
