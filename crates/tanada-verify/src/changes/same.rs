//! Whether two values are one to Terraform, the old one as the state holds it.

use super::instance::Scope;
use crate::effects::scalar;
use crate::{Data, Map, Reference, Target, Value};

impl Scope<'_, '_> {
    /// Whether a value stays as it is. `is_set`: the order of elements means nothing.
    pub(super) fn same(&self, old: &Value, new: &Value, is_set: bool) -> bool {
        match (&old.data, &new.data) {
            (Data::Reference(old), Data::Reference(new)) => self.same_reference(old, new),
            (Data::Map(old), Data::Map(new)) => self.same_map(old, new),
            (Data::List(old), Data::List(new)) if !is_set => {
                old.len() == new.len()
                    && old.iter().zip(new.iter()).all(|(old, new)| self.same(old, new, false))
            }
            (Data::List(old) | Data::Set(old), Data::List(new) | Data::Set(new)) => self.same_set(old, new),
            (Data::Null, Data::Null) | (Data::Unknown, Data::Unknown) => true,
            _ => match (scalar(old), scalar(new)) {
                // Providers take the number 1 and the text "1" for one value.
                (Some(old), Some(new)) => old == new,
                (None, _) | (_, None) => false,
            },
        }
    }

    fn same_map(&self, old: &Map, new: &Map) -> bool {
        let given = |map: &Map| map.iter().filter(|(_, value)| value.data != Data::Null).count();
        given(old) == given(new)
            && new
                .iter()
                .filter(|(_, value)| value.data != Data::Null)
                .all(|(name, new)| old.get(name).is_some_and(|old| self.same(old, new, false)))
    }

    fn same_set(&self, old: &[Value], new: &[Value]) -> bool {
        if old.len() != new.len() {
            return false;
        }
        // Mostly nothing has moved.
        let mut left: Vec<&Value> = old.iter().collect();
        for (at, new) in new.iter().enumerate() {
            let at = at.min(left.len().saturating_sub(1));
            let first = left.first().filter(|old| self.same(old, new, false)).map(|_| 0);
            let found = first
                .or_else(|| left.get(at).filter(|old| self.same(old, new, false)).map(|_| at))
                .or_else(|| left.iter().position(|old| self.same(old, new, false)));
            let Some(found) = found else { return false };
            left.remove(found);
        }
        true
    }

    pub(super) fn same_reference(&self, old: &Reference, new: &Reference) -> bool {
        if old.attribute != new.attribute {
            return false;
        }
        match (&old.target, &new.target) {
            (Target::Resource(old), Target::Resource(new)) => {
                self.survivor(new).is_some_and(|survivor| survivor.address == *old)
            }
            (Target::Data(before), Target::Data(now)) => {
                let (Some(old), new) = (self.old, self.new) else { return false };
                match (old.data.get(before), new.data.get(now)) {
                    (Some(before), Some(now)) => self.hubs.same((old, before), (new, now)),
                    (None, _) | (_, None) => false,
                }
            }
            (Target::Variable(old), Target::Variable(new)) => old == new,
            (Target::Resource(_) | Target::Data(_) | Target::Variable(_), _) => false,
        }
    }

    /// Whether a value is known only after the apply, because something in it is made anew.
    pub(super) fn is_pending(&self, value: &Value) -> bool {
        let mut pending = false;
        value.each_resource(&mut |address| pending |= self.survivor(address).is_none());
        pending
    }
}

impl Value {
    /// Every resource of the same root that is referred to somewhere in it.
    pub(crate) fn each_resource<'v>(&'v self, visit: &mut impl FnMut(&'v crate::Address)) {
        match &self.data {
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Unknown => {}
            Data::List(items) | Data::Set(items) => {
                for item in items.iter() {
                    item.each_resource(visit);
                }
            }
            Data::Map(map) => {
                for (_, item) in map.iter() {
                    item.each_resource(visit);
                }
            }
            Data::Reference(reference) => {
                if let Target::Resource(address) = &reference.target {
                    visit(address);
                }
            }
        }
    }
}
