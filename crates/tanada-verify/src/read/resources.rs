//! Blocks to instances, and what is written for each of them.

use std::sync::Arc;

use super::evaluate::Evaluated;
use super::frame::{At, Binding, Bound, Each, Expanded, Frame, One};
use super::lookups;
use super::module::{Repeat, Resource};
use super::root::Evaluation;
use crate::ReadError;
use crate::observed::{Address, Data, Key, Map, Place, Reference, Target, Value};
use crate::syntax::{Block, Body, Name, Step};

impl Evaluation<'_> {
    /// What a reference to a block stands for, and steps into it.
    pub(super) fn instances(
        &self,
        at: At<'_>,
        managed: bool,
        type_name: &str,
        name: &str,
        steps: &[Step],
        line: u32,
    ) -> Evaluated {
        let Some((number, resource)) = at.frame.module.resource(managed, type_name, name) else {
            let kind = if managed { "" } else { "data." };
            if at.frame.module.is_opaque(&format!("{kind}{type_name}"), name) {
                return Ok(self.unknown(at, line));
            }
            return Err(self.error(at, line, format!("there is no `{kind}{type_name}.{name}` here")));
        };
        let expanded = self.expanded(at.frame, number, resource)?;
        self.walk(at, &expanded.value, steps, line)
    }

    /// The instances of a block.
    pub(super) fn expanded<'f>(
        &self,
        frame: &'f Frame,
        number: usize,
        resource: &Resource,
    ) -> Result<&'f Expanded, ReadError> {
        let at = At::top(frame, resource.place.shared_file());
        let missing = || self.error(at, resource.place.line(), "this block is not read");
        let cell = frame.resources.get(number).ok_or_else(missing)?;
        if let Some(expanded) = cell.get() {
            return Ok(expanded);
        }
        let expanded = self.expand(at, resource)?;
        for (index, one) in expanded.instances.iter().enumerate() {
            self.remember(&one.address, (frame.number, number, index));
        }
        Ok(cell.get_or_init(|| expanded))
    }

    fn expand(&self, at: At<'_>, resource: &Resource) -> Result<Expanded, ReadError> {
        let one = |key: Key, each: Each, place: Place| {
            let address = address(at.frame, resource, &key);
            let target = if resource.managed {
                Target::Resource(address.clone())
            } else {
                Target::Data(address.clone())
            };
            let reference = Reference { target, attribute: self.nothing() };
            let value = Value { data: Data::Reference(reference.into()), place: place.clone() };
            (One { address, key, each, place }, value)
        };
        match &resource.repeat {
            Repeat::Once => {
                let call = at.frame.caller.as_ref().map(|caller| caller.place.clone());
                let (only, value) =
                    one(Key::Only, Each::Nothing, call.unwrap_or_else(|| resource.place.clone()));
                Ok(Expanded { value, instances: vec![only] })
            }
            Repeat::Count(expr) => {
                let count = self.value(at, expr)?;
                let Some(number @ 0..=1) = count.number() else {
                    return Err(self.error(at, expr.line, "a `count` is 0 or 1, and known"));
                };
                let index = Value { data: Data::Number(0), place: count.place.clone() };
                let made =
                    (0..number).map(|_| one(Key::Index(0), Each::Count(index.clone()), count.place.clone()));
                let (instances, values): (Vec<_>, Vec<_>) = made.unzip();
                Ok(Expanded {
                    value: Value { data: Data::List(values.into()), place: count.place },
                    instances,
                })
            }
            Repeat::ForEach(expr) => {
                let collection = self.value(at, expr)?;
                let mut instances = Vec::new();
                let mut values = Vec::new();
                for (name, key, value) in self.entries(at, &collection, expr.line)? {
                    let place = value.place.clone();
                    let (made, value) = one(Key::Name(name.clone()), Each::Entry { key, value }, place);
                    instances.push(made);
                    values.push((name, value));
                }
                let map = Data::Map(Arc::new(values.into_iter().collect()));
                Ok(Expanded { value: Value { data: map, place: collection.place }, instances })
            }
        }
    }

    /// What a `for_each` goes over: name, key and value.
    fn entries(
        &self,
        at: At<'_>,
        collection: &Value,
        line: u32,
    ) -> Result<Vec<(Name, Value, Value)>, ReadError> {
        match &collection.data {
            Data::Map(map) => {
                let key = |name: &Name, value: &Value| Value {
                    data: Data::Text(name.clone()),
                    place: value.place.clone(),
                };
                Ok(map.iter().map(|(name, value)| (name.clone(), key(name, value), value.clone())).collect())
            }
            Data::Set(items) => {
                let name = |item: &Value| match &item.data {
                    Data::Text(name) => Ok((name.clone(), item.clone(), item.clone())),
                    Data::Null
                    | Data::Bool(_)
                    | Data::Number(_)
                    | Data::List(_)
                    | Data::Set(_)
                    | Data::Map(_)
                    | Data::Reference(_)
                    | Data::Unknown => {
                        Err(self.error(at, line, "the keys of a `for_each` are texts, and known"))
                    }
                };
                items.iter().map(name).collect()
            }
            Data::Null
            | Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Reference(_)
            | Data::Unknown => {
                Err(self.error(at, line, "a `for_each` goes over a map or a set of texts, which is known"))
            }
        }
    }

    /// Does something where the arguments of an instance are evaluated.
    fn inside<T>(&self, frame: &Frame, resource: &Resource, one: &One, work: impl FnOnce(At<'_>) -> T) -> T {
        let (name, bound) = match &one.each {
            Each::Nothing => ("", None),
            Each::Count(index) => ("count", Some(Bound::Count(index))),
            Each::Entry { key, value } => ("each", Some(Bound::Iterator { key, value })),
        };
        let binding = bound.map(|bound| Binding { name, bound, outer: None });
        work(At { frame, file: resource.place.shared_file(), names: binding.as_ref(), row: Some(&one.place) })
    }

    /// Everything that is written for an instance.
    pub(super) fn attributes(&self, frame: &Frame, resource: &Resource, one: &One) -> Result<Map, ReadError> {
        self.inside(frame, resource, one, |at| self.body(at, &resource.body))
    }

    /// Arguments by name, blocks as lists of maps; without what is null.
    pub(super) fn body(&self, at: At<'_>, body: &Body) -> Result<Map, ReadError> {
        let mut entries = Vec::with_capacity(body.attributes.len());
        for attribute in &body.attributes {
            let value = self.value(at, &attribute.value)?;
            if !matches!(value.data, Data::Null) {
                entries.push((attribute.name.clone(), value));
            }
        }
        let mut blocks: Vec<(Name, Place, Vec<Value>)> = Vec::new();
        for block in &body.blocks {
            let own = Place::new(at.file.clone(), block.line);
            let (kind, place, made) = match (&*block.kind, block.labels.as_slice()) {
                ("dynamic", [kind]) => {
                    let (place, made) = self.dynamic(at, kind, block)?;
                    (kind, place, made)
                }
                (_, []) => {
                    let map = Data::Map(Arc::new(self.body(at, &block.body)?));
                    (&block.kind, own.clone(), vec![Value { data: map, place: own }])
                }
                (kind, _) => {
                    return Err(self.error(at, block.line, format!("a block `{kind}` is not read here")));
                }
            };
            match blocks.iter_mut().find(|(other, ..)| other == kind) {
                Some((.., all)) => all.extend(made),
                None => blocks.push((kind.clone(), place, made)),
            }
        }
        for (kind, place, made) in blocks {
            if entries.iter().any(|(name, _)| *name == kind) {
                return Err(self.error(
                    at,
                    place.line(),
                    format!("`{kind}` is both an argument and a block"),
                ));
            }
            entries.push((kind, Value { data: Data::List(made.into()), place }));
        }
        // Of rows there are hundreds in a root, and two arguments in eight are null in most of them.
        if entries.capacity() > entries.len() + 1 {
            entries.shrink_to_fit();
        }
        Ok(entries.into_iter().collect())
    }

    /// The blocks that a `dynamic` block stands for.
    fn dynamic(&self, at: At<'_>, kind: &Name, block: &Block) -> Result<(Place, Vec<Value>), ReadError> {
        let wrong = || self.error(at, block.line, "a `dynamic` block has `for_each` and `content`");
        let [over] = block.body.attributes.as_slice() else { return Err(wrong()) };
        let [content] = block.body.blocks.as_slice() else { return Err(wrong()) };
        if &*over.name != "for_each" || &*content.kind != "content" || !content.labels.is_empty() {
            return Err(wrong());
        }
        let collection = self.value(at, &over.value)?;
        let one = |key: &Value, value: &Value| -> Evaluated {
            let binding = Binding { name: kind, bound: Bound::Iterator { key, value }, outer: at.names };
            let inner = At { row: Some(&value.place), ..at.with(&binding) };
            let map = self.body(inner, &content.body)?;
            Ok(Value { data: Data::Map(Arc::new(map)), place: value.place.clone() })
        };
        let made = match &collection.data {
            Data::List(items) => (0..)
                .zip(items.iter())
                .map(|(index, item)| {
                    one(&Value { data: Data::Number(index), place: item.place.clone() }, item)
                })
                .collect::<Result<_, _>>()?,
            Data::Set(items) => items.iter().map(|item| one(item, item)).collect::<Result<_, _>>()?,
            Data::Map(map) => map
                .iter()
                .map(|(name, value)| {
                    one(&Value { data: Data::Text(name.clone()), place: value.place.clone() }, value)
                })
                .collect::<Result<_, _>>()?,
            Data::Null
            | Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::Reference(_)
            | Data::Unknown => {
                return Err(self.error(
                    at,
                    over.line,
                    "a `for_each` goes over a list, set or map, which is known",
                ));
            }
        };
        Ok((collection.place, made))
    }

    /// An attribute of an instance: what is written for it, else a reference to what the provider will say.
    pub(super) fn attribute(&self, at: At<'_>, reference: &Reference, name: &str, line: u32) -> Evaluated {
        let unknown = |place: &Place| {
            let reference = Reference { target: reference.target.clone(), attribute: self.share(name) };
            Value { data: Data::Reference(reference.into()), place: place.clone() }
        };
        let (Target::Resource(address) | Target::Data(address)) = &reference.target else {
            return Ok(unknown(&Place::new(at.file.clone(), line)));
        };
        let Some((frame, number, index)) = self.recall(address) else {
            return Err(self.error(at, line, format!("there is no `{address}`")));
        };
        let frame = self.frame(frame);
        let found =
            frame.module.resources.get(number).zip(frame.resources.get(number).and_then(|cell| cell.get()));
        let Some((resource, one)) =
            found.and_then(|(resource, all)| Some((resource, all.instances.get(index)?)))
        else {
            return Err(self.error(at, line, format!("there is no `{address}`")));
        };
        if let Some(attribute) = resource.body.attribute(name) {
            let value = self.inside(&frame, resource, one, |at| self.value(at, &attribute.value))?;
            return Ok(if matches!(value.data, Data::Null) { unknown(&one.place) } else { value });
        }
        let is_block = |block: &Block| {
            &*block.kind == name || block.labels.first().is_some_and(|label| &**label == name)
        };
        if resource.body.blocks.iter().any(is_block) {
            return Err(self.error(
                at,
                line,
                format!("the blocks `{name}` of `{address}` are not read from elsewhere"),
            ));
        }
        if !resource.managed
            && let Some(setting) = lookups::setting(&resource.type_name, name)
            && let Some(value) = self.provider_setting(&frame, resource, setting)?
        {
            return Ok(value);
        }
        Ok(unknown(&one.place))
    }
}

/// The address of an instance in its root.
fn address(frame: &Frame, resource: &Resource, key: &Key) -> Address {
    let Resource { managed, type_name, name, .. } = resource;
    let dot = if frame.path.is_empty() { "" } else { "." };
    let kind = if *managed { "" } else { "data." };
    let key = key.to_string();
    [&*frame.path, dot, kind, type_name, ".", name, &key].concat().into()
}
