//! What a root sets once for all of its instances: providers, backend, and what became of instances.

use super::frame::{At, Frame};
use super::module::{ProviderBlock, Resource};
use super::root::Evaluation;
use crate::ReadError;
use crate::observed::{Backend, Import, Map, Moved, Place, Provider, Removed, Root, Value};
use crate::syntax::Name;

impl Evaluation<'_> {
    /// What the configuration of an instance's provider sets.
    pub(super) fn provider_setting(
        &self,
        frame: &Frame,
        resource: &Resource,
        setting: &str,
    ) -> Result<Option<Value>, ReadError> {
        let key = self.provider(frame, &resource.provider, &resource.place)?;
        let root = self.frame(0);
        let found =
            root.module.providers.iter().find(|one| provider_key(&one.name, one.alias.as_ref()) == *key);
        let Some((block, attribute)) = found.and_then(|one| Some((one, one.body.attribute(setting)?))) else {
            return Ok(None);
        };
        let value = self.value(At::top(&root, block.place.shared_file()), &attribute.value)?;
        Ok(value.is_known().then_some(value))
    }

    /// The provider configuration of the root that a module knows by `name`.
    pub(super) fn provider(&self, frame: &Frame, name: &Name, place: &Place) -> Result<Name, ReadError> {
        let wrong =
            || ReadError::at(place.file(), place.line(), format!("there is no provider `{name}` here"));
        let Some(caller) = &frame.caller else {
            let has = |one: &ProviderBlock| provider_key(&one.name, one.alias.as_ref()) == **name;
            // One without settings need not be written.
            let known = !name.contains('.') || frame.module.providers.iter().any(has);
            return if known { Ok(name.clone()) } else { Err(wrong()) };
        };
        let outer = self.frame(caller.frame);
        let call = outer.module.calls.get(&caller.name).map(|(_, call)| call).ok_or_else(wrong)?;
        match &call.providers {
            Some(all) => {
                let (_, theirs) = all.iter().find(|(own, _)| own == name).ok_or_else(wrong)?;
                self.provider(&outer, theirs, &call.place)
            }
            None if name.contains('.') => Err(wrong()),
            None => self.provider(&outer, name, &call.place),
        }
    }

    /// Arguments that the root gives to a module, and its backend.
    pub(super) fn arguments(
        &self,
        call: &str,
        names: &[&str],
    ) -> Result<Option<(Map, Option<Backend>)>, ReadError> {
        let frame = self.frame(0);
        let Some((_, call)) = frame.module.calls.get(call) else { return Ok(None) };
        let at = At::top(&frame, call.place.shared_file());
        let mut arguments = Map::default();
        for name in names {
            if let Some((_, expr)) = call.arguments.get(name) {
                arguments.insert((*name).into(), self.value(at, expr)?);
            }
        }
        Ok(Some((arguments, self.backend(&frame)?)))
    }

    fn backend(&self, frame: &Frame) -> Result<Option<Backend>, ReadError> {
        let Some((type_name, body, place)) = &frame.module.backend else { return Ok(None) };
        let settings = self.body(At::top(frame, place.shared_file()), body)?;
        Ok(Some(Backend { type_name: type_name.clone(), settings, place: place.clone() }))
    }

    /// Backend, providers, and the blocks that tell Terraform what became of instances.
    pub(super) fn settings(&self, frame: &Frame, root: &mut Root, errors: &mut Vec<ReadError>) {
        let module = &frame.module;
        let mut take = |result: Result<(), ReadError>| errors.extend(result.err());
        take(self.backend(frame).map(|backend| root.backend = backend));
        for block in &module.providers {
            let place = &block.place;
            let key: Name = provider_key(&block.name, block.alias.as_ref()).into();
            if root.providers.contains_key(&key) {
                take(Err(ReadError::at(
                    place.file(),
                    place.line(),
                    format!("there are two providers `{key}`"),
                )));
                continue;
            }
            take(self.body(At::top(frame, place.shared_file()), &block.body).map(|settings| {
                let (name, alias) = (block.name.clone(), block.alias.clone());
                root.providers.insert(key, Provider { name, alias, settings, place: place.clone() });
            }));
        }
        for (from, to, place) in &module.moved {
            root.moved.push(Moved { from: from.clone(), to: to.clone(), place: place.clone() });
        }
        for (from, destroy, place) in &module.removed {
            root.removed.push(Removed { from: from.clone(), destroy: *destroy, place: place.clone() });
        }
        for (to, located) in &module.imports {
            take(self.value(At::top(frame, &located.file), &located.expr).map(|id| {
                let place = Place::new(located.file.clone(), located.expr.line);
                root.imports.push(Import { to: to.clone(), id, place });
            }));
        }
    }
}

/// `aws` or `aws.hub`
fn provider_key(name: &str, alias: Option<&Name>) -> String {
    alias.map_or_else(|| name.to_owned(), |alias| format!("{name}.{alias}"))
}
