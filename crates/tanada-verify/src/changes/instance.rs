use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::lookup::{Hubs, region};
use super::moves::moved;
use super::{Action, AttributeChange, Elsewhere, Forces, ResourceChange};
use crate::effects::{Absent, AttributeFacts, Effect, ProviderFacts, TypeFacts, facts, scalar};
use crate::{Address, Data, Instance, Map, Root, Value};

/// One root before and after, while its instances are decided one by one, each behind those that it refers to.
pub(super) struct Scope<'a, 'h> {
    pub(super) old: Option<&'a Root>,
    pub(super) new: &'a Root,
    pub(super) hubs: &'h Hubs<'a>,
    /// What the state holds, by the address that it has now.
    prior: BTreeMap<Address, &'a Instance>,
    /// Instances that live through the change, with what they were.
    survivors: BTreeMap<&'a Address, &'a Instance>,
    /// Instances that are replaced for what happens in another root, and for nothing else.
    pub(super) carried: BTreeMap<&'a Address, Elsewhere>,
    /// Whether something that people added and that instances may refer to is written otherwise.
    rewritten: bool,
}

impl<'a, 'h> Scope<'a, 'h> {
    pub(super) fn new(old: Option<&'a Root>, new: &'a Root, hubs: &'h Hubs<'a>) -> Self {
        let rewritten = old.is_some_and(|old| is_rewritten(old, new));
        Self {
            old,
            new,
            hubs,
            prior: moved(old, new),
            survivors: BTreeMap::new(),
            carried: BTreeMap::new(),
            rewritten,
        }
    }

    /// Instances that are neither made, replaced nor taken in, with what they were.
    pub(super) fn into_survivors(self) -> BTreeMap<&'a Address, &'a Instance> {
        self.survivors
    }

    /// What stood in the state for an instance of the new root.
    pub(super) fn prior(&self, address: &Address) -> Option<&'a Instance> {
        self.prior.get(address).copied()
    }

    /// What an instance of the new root was, when it lives through the change.
    pub(super) fn survivor(&self, address: &Address) -> Option<&'a Instance> {
        self.survivors.get(address).copied()
    }

    /// What happens to an instance of the new root; `None`: nothing.
    pub(super) fn decide(&mut self, new: &'a Instance) -> Option<ResourceChange> {
        let change = |action, moved_from, attributes| ResourceChange {
            address: new.address.clone(),
            moved_from,
            type_name: Arc::clone(&new.type_name),
            action,
            attributes,
            place: new.place.clone(),
        };
        let prior = self.prior.get(&new.address).copied().filter(|old| old.type_name == new.type_name);
        let Some(old) = prior else {
            let imported = self.new.imports.iter().any(|import| import.to == new.address);
            return Some(change(if imported { Action::Import } else { Action::Create }, None, Vec::new()));
        };
        let moved_from = (old.address != new.address).then(|| old.address.clone());
        let attributes = self.attributes(old, new);
        let replaced = attributes.iter().any(|attribute| attribute.forces.is_some());
        if !replaced {
            self.survivors.insert(&new.address, old);
        }
        let action = match (replaced, attributes.is_empty(), moved_from.is_some()) {
            (true, _, _) => Action::Replace,
            (false, false, _) => Action::Update,
            (false, true, true) => Action::Move,
            (false, true, false) => return None,
        };
        let change = change(action, moved_from, attributes);
        if action == Action::Replace
            && let Some(elsewhere) = change.follows()
        {
            self.carried.insert(&new.address, elsewhere.clone());
        }
        Some(change)
    }

    /// The arguments whose value changes.
    fn attributes(&self, old: &Instance, new: &Instance) -> Vec<AttributeChange> {
        let known = facts(&new.type_name);
        let names: BTreeSet<&Arc<str>> =
            old.attributes.iter().chain(new.attributes.iter()).map(|(name, _)| name).collect();
        let mut changes: Vec<AttributeChange> = Vec::new();
        let unsure = self.is_unsure(new);
        for name in names {
            let values = (given(&old.attributes, name), given(&new.attributes, name));
            let own = known.and_then(|(_, facts)| facts.attribute(name));
            let unknown = || values.1.is_some_and(holds_unknown);
            if self.differs(own, values) || (unsure && unknown()) {
                changes.push(self.change(name, known, own, values));
            }
        }
        changes.extend(self.region(known, old, new));
        if let Some((_, TypeFacts { taggable: true, .. })) = known
            && !changes.iter().any(|change| &*change.name == "tags")
        {
            changes.extend(self.default_tags(old, new));
        }
        changes
    }

    /// Whether what is not known of an instance may be something else than it was: a block that people added is written
    /// otherwise, or one that it may refer to.
    fn is_unsure(&self, new: &Instance) -> bool {
        let block = format!("resource \"{}\" \"{}\"", new.type_name, new.name);
        let Some((own, old)) = self.new.added.get(&block).zip(self.old) else { return false };
        new.module.is_empty() && (self.rewritten || old.added.get(&block) != Some(own))
    }

    fn differs(&self, facts: Option<&AttributeFacts>, values: (Option<&Value>, Option<&Value>)) -> bool {
        let absent = facts.map_or(Absent::Null, |facts| facts.absent);
        let is_set = facts.is_some_and(|facts| facts.is_set);
        match (values, absent) {
            ((None, None), _) | ((Some(_), None), Absent::Cloud) => false,
            ((Some(old), Some(new)), _) => !self.same(old, new, is_set),
            ((Some(value), None) | (None, Some(value)), Absent::Default(default)) => {
                scalar(value).as_deref() != Some(default)
            }
            ((Some(value), None) | (None, Some(value)), Absent::Null) => !is_empty(value),
            ((None, Some(_)), Absent::Cloud) => true,
        }
    }

    fn change(
        &self,
        name: &Arc<str>,
        known: Option<(&'static ProviderFacts, &'static TypeFacts)>,
        own: Option<&AttributeFacts>,
        (old, new): (Option<&Value>, Option<&Value>),
    ) -> AttributeChange {
        let effect = own.map_or(Effect::Unread, |own| own.effect);
        let forces = effect.replaces(old, new).then_some(match (effect, known) {
            (Effect::Unread, _) | (_, None) => Forces::Unread,
            (Effect::InPlace | Effect::Replaces | Effect::When(_), Some((provider, facts))) => {
                Forces::Known { provider, source: facts.source }
            }
        });
        AttributeChange {
            name: Arc::clone(name),
            old: old.cloned(),
            new: new.cloned(),
            known_after_apply: new.is_some_and(|new| self.is_pending(new)),
            forces,
            follows: old.zip(new).and_then(|(old, new)| self.follows(old, new)),
        }
    }

    /// Every resource has a region since 6.0 of the AWS provider: that of its provider's configuration, if no other.
    fn region(
        &self,
        known: Option<(&'static ProviderFacts, &'static TypeFacts)>,
        old: &Instance,
        new: &Instance,
    ) -> Option<AttributeChange> {
        let own = known.and_then(|(_, facts)| facts.attribute("region"))?;
        let written = |instance: &Instance| instance.attributes.get("region").is_some();
        if own.absent != Absent::Cloud || written(old) || written(new) {
            return None;
        }
        let (old, new) = (region((self.old?, old)), region((self.new, new)));
        (old != new).then(|| self.change(&"region".into(), known, Some(own), (old, new)))
    }

    /// Tags that the provider adds to what has none of that name.
    fn default_tags(&self, old: &Instance, new: &Instance) -> Option<AttributeChange> {
        let all = |root: &Root, instance: &Instance| {
            let defaults =
                root.providers.get(&instance.provider).and_then(|provider| provider.default_tags());
            let own = instance.attributes.get("tags").and_then(Value::map);
            let all = defaults.into_iter().chain(own).flat_map(Map::iter);
            let all: Map = all.map(|(name, value)| (Arc::clone(name), value.clone())).collect();
            let place = instance.place.clone();
            Value { data: Data::Map(Arc::new(all)), place }
        };
        let (old, new) = (all(self.old?, old), all(self.new, new));
        (old != new).then(|| AttributeChange {
            name: "tags_all".into(),
            old: Some(old),
            new: Some(new),
            known_after_apply: false,
            forces: None,
            follows: None,
        })
    }
}

/// Whether blocks that people added are written otherwise, of those that are no resources with values of their own.
fn is_rewritten(old: &Root, new: &Root) -> bool {
    let loose = |root: &Root| -> BTreeMap<String, Arc<str>> {
        let is_loose = |what: &str| {
            !what.starts_with("resource ") || root.unread.iter().any(|unread| unread.what == what)
        };
        root.added
            .iter()
            .filter(|(what, _)| is_loose(what))
            .map(|(w, text)| (w.clone(), text.clone()))
            .collect()
    };
    old.added != new.added && loose(old) != loose(new)
}

/// Whether something in a value is not known.
fn holds_unknown(value: &Value) -> bool {
    match &value.data {
        Data::Unknown => true,
        Data::List(items) | Data::Set(items) => items.iter().any(holds_unknown),
        Data::Map(map) => map.iter().any(|(_, item)| holds_unknown(item)),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Reference(_) => false,
    }
}

/// What is given for an argument; null is nothing.
fn given<'v>(attributes: &'v Map, name: &str) -> Option<&'v Value> {
    attributes.get(name).filter(|value| value.data != Data::Null)
}

/// Providers do not tell an empty collection from none.
fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::List(items) | Data::Set(items) => items.is_empty(),
        Data::Map(map) => map.is_empty(),
        Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Reference(_) | Data::Unknown => false,
    }
}
