//! What `terraform show -json` prints, as a [`Root`].

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::ReadError;
use crate::observed::{Address, Data, Instance, Key, Map, Moved, Place, Provider, Removed, Root, Value};

/// Reads what `terraform show -json` printed of a plan or of a state.
///
/// `directory` names the root, and stands in every place: a plan does not say in which line anything is written. What is
/// known only after apply is [`Data::Unknown`]; a plan does not say what it will be the attribute of. So only where the
/// network exists already do ids join its parts.
///
/// # Errors
/// It is no plan or state, or holds a number that is not whole.
pub fn read_plan(json: &str, directory: &str) -> Result<Root, ReadError> {
    let plan: Json = serde_json::from_str(json).map_err(|error| ReadError {
        path: directory.to_owned(),
        line: error.line(),
        message: format!("this is no JSON: {error}"),
    })?;
    let values = [&plan["planned_values"], &plan["values"]].into_iter().find(|values| values.is_object());
    let Some(values) = values.filter(|_| plan["format_version"].is_string()) else {
        let message = "this is neither a plan nor a state that `terraform show -json` printed";
        return Err(ReadError::file(directory, message));
    };
    let place = Place::new(directory.into(), 0);
    let mut root = Root {
        directory: directory.into(),
        backend: None,
        providers: BTreeMap::new(),
        variables: entries(&plan["variables"]).map(|(name, _)| name.as_str().into()).collect(),
        instances: BTreeMap::new(),
        data: BTreeMap::new(),
        outputs: Map::default(),
        moved: Vec::new(),
        removed: Vec::new(),
        imports: Vec::new(),
        unread: Vec::new(),
        added: BTreeMap::new(),
    };
    let mut shown = Shown { root: &mut root, place, unknown: BTreeMap::new(), providers: BTreeMap::new() };
    shown.configuration("", &plan["configuration"]["root_module"]);
    shown.changes(&plan["resource_changes"]);
    shown.provider_settings(&plan["configuration"]["provider_config"])?;
    shown.module(&plan["prior_state"]["values"]["root_module"], true)?;
    shown.module(&values["root_module"], false)?;
    for (name, output) in entries(&values["outputs"]) {
        if let Some(value) = shown.value(output.get("value"), &Json::Null)? {
            shown.root.outputs.insert(name.as_str().into(), value);
        }
    }
    Ok(root)
}

fn entries(json: &Json) -> impl Iterator<Item = (&String, &Json)> {
    json.as_object().into_iter().flatten()
}

fn items(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().into_iter().flatten()
}

/// A plan on its way to a root.
struct Shown<'p> {
    root: &'p mut Root,
    place: Place,
    /// What is known only after apply, by address: true where it is, in the form of the values.
    unknown: BTreeMap<&'p str, &'p Json>,
    /// Provider configurations by the address of a block.
    providers: BTreeMap<String, &'p str>,
}

impl<'p> Shown<'p> {
    /// Which provider configuration each block has.
    fn configuration(&mut self, prefix: &str, module: &'p Json) {
        for resource in items(&module["resources"]) {
            if let (Some(address), Some(key)) =
                (resource["address"].as_str(), resource["provider_config_key"].as_str())
            {
                let key = key.rsplit_once(':').map_or(key, |(_, key)| key);
                self.providers.insert(format!("{prefix}{address}"), key);
            }
        }
        for (name, call) in entries(&module["module_calls"]) {
            self.configuration(&format!("{prefix}module.{name}."), &call["module"]);
        }
    }

    fn changes(&mut self, changes: &'p Json) {
        for change in items(changes) {
            let Some(address) = change["address"].as_str() else { continue };
            self.unknown.insert(address, &change["change"]["after_unknown"]);
            let place = self.place.clone();
            if let Some(from) = change["previous_address"].as_str() {
                self.root.moved.push(Moved { from: from.into(), to: address.into(), place });
            } else if items(&change["change"]["actions"]).any(|action| action == "forget") {
                self.root.removed.push(Removed { from: address.into(), destroy: false, place });
            }
        }
    }

    /// Arguments of provider configurations that are written as constants.
    fn provider_settings(&mut self, configurations: &Json) -> Result<(), ReadError> {
        for (key, configuration) in entries(configurations).filter(|(key, _)| !key.contains(':')) {
            let mut settings = Map::default();
            for (name, expression) in entries(&configuration["expressions"]) {
                if let Some(value) = self.value(expression.get("constant_value"), &Json::Null)? {
                    settings.insert(name.as_str().into(), value);
                }
            }
            let (name, alias) = (configuration["name"].as_str(), configuration["alias"].as_str());
            let (name, alias) = (name.unwrap_or(key).into(), alias.map(Arc::from));
            let provider = Provider { name, alias, settings, place: self.place.clone() };
            self.root.providers.insert(key.as_str().into(), provider);
        }
        Ok(())
    }

    /// The instances of a module and of those below it; of a prior state only what was looked up.
    fn module(&mut self, module: &Json, only_data: bool) -> Result<(), ReadError> {
        let path: Arc<str> = module["address"].as_str().unwrap_or_default().into();
        for resource in items(&module["resources"]) {
            let managed = resource["mode"] == "managed";
            if managed && only_data {
                continue;
            }
            let instance = self.instance(&path, resource)?;
            let all = if managed { &mut self.root.instances } else { &mut self.root.data };
            all.insert(instance.address.clone(), instance);
        }
        items(&module["child_modules"]).try_for_each(|child| self.module(child, only_data))
    }

    fn instance(&self, module: &Arc<str>, resource: &Json) -> Result<Instance, ReadError> {
        let text = |name: &str| {
            let found = resource[name].as_str();
            found.ok_or_else(|| ReadError::file(self.place.file(), format!("a resource has no `{name}`")))
        };
        let (address, type_name, name) = (text("address")?, text("type")?, text("name")?);
        let index = &resource["index"];
        let number = index.as_u64().and_then(|index| u32::try_from(index).ok());
        let key = match (index.as_str(), number) {
            (Some(name), _) => Key::Name(name.into()),
            (None, Some(index)) => Key::Index(index),
            (None, None) => Key::Only,
        };
        let unknown = self.unknown.get(address).copied().unwrap_or(&Json::Null);
        let values = self.value(Some(&resource["values"]), unknown)?;
        let attributes = values.and_then(|values| values.map().cloned()).unwrap_or_default();
        let block = address.strip_suffix(&key.to_string()).unwrap_or(address);
        let owner = type_name.split('_').next().unwrap_or_default();
        let provider = self.providers.get(block).copied().unwrap_or(owner);
        Ok(Instance {
            address: Address::from(address),
            module: module.clone(),
            type_name: type_name.into(),
            name: name.into(),
            key,
            provider: provider.into(),
            attributes,
            place: self.place.clone(),
            block: self.place.clone(),
        })
    }

    /// A value and where it is not known; `None` when it is null.
    fn value(&self, json: Option<&Json>, unknown: &Json) -> Result<Option<Value>, ReadError> {
        let none = Json::Null;
        let data = match json.unwrap_or(&none) {
            _ if *unknown == Json::Bool(true) => Data::Unknown,
            // A map of which nothing is known yet.
            Json::Null if entries(unknown).next().is_some() => return self.object(&none, unknown).map(Some),
            Json::Null => return Ok(None),
            Json::Bool(boolean) => Data::Bool(*boolean),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Data::Number(number),
                None => {
                    return Err(ReadError::file(self.place.file(), format!("`{number}` is no whole number")));
                }
            },
            Json::String(text) => Data::Text(text.as_str().into()),
            Json::Array(items) => {
                let item = |(index, item): (usize, &Json)| {
                    let value = self.value(Some(item), &unknown[index])?;
                    Ok(value.unwrap_or_else(|| Value { data: Data::Null, place: self.place.clone() }))
                };
                Data::List(items.iter().enumerate().map(item).collect::<Result<_, _>>()?)
            }
            object @ Json::Object(_) => return self.object(object, unknown).map(Some),
        };
        Ok(Some(Value { data, place: self.place.clone() }))
    }

    fn object(&self, object: &Json, unknown: &Json) -> Result<Value, ReadError> {
        let mut map = Map::default();
        let absent =
            entries(unknown).filter(|(name, _)| object.get(name).is_none()).map(|(name, _)| (name, None));
        for (name, value) in entries(object).map(|(name, value)| (name, Some(value))).chain(absent) {
            if let Some(value) = self.value(value, &unknown[name])? {
                map.insert(name.as_str().into(), value);
            }
        }
        Ok(Value { data: Data::Map(Arc::new(map)), place: self.place.clone() })
    }
}
