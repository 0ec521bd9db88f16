//! What the witness reads in a root is what Terraform plans for it: the same instances, the same values, and unknown
//! exactly where Terraform does not know either.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use tanada_verify::{Data, Instance, Map, Reference, Root, Target, Value};

/// Everything in which a root as it was read differs from what `terraform show -json` says of its plan.
pub(crate) fn differences(root: &Root, plan: &Json, variable: impl Fn(&str) -> String) -> Vec<String> {
    let judged = Judged::read(plan);
    let witness = Witness { root, judged: &judged, variable: &variable };
    let mut found = Vec::new();
    names("instances", root.instances.keys().map(|address| address.as_str()), &judged.managed, &mut found);
    names("data sources", root.data.keys().map(|address| address.as_str()), &judged.data, &mut found);
    for instance in root.instances.values() {
        if let Some(planned) = judged.managed.get(instance.address.as_str()) {
            witness.instance(instance, planned, &mut found);
        }
    }
    for instance in root.data.values() {
        if let Some(planned) = judged.data.get(instance.address.as_str()) {
            witness.instance(instance, planned, &mut found);
        }
    }
    found
}

/// Everything in which the same plan, read into the witness's own terms, differs from the root as it was read.
pub(crate) fn shown_differences(root: &Root, shown: &Root) -> Vec<String> {
    let mut found = Vec::new();
    if !root.instances.keys().eq(shown.instances.keys()) || !root.data.keys().eq(shown.data.keys()) {
        found.push("the plan has other instances".to_owned());
    }
    let both = root.instances.values().zip(shown.instances.values());
    for (own, shown) in both.chain(root.data.values().zip(shown.data.values())) {
        let names = |one: &Instance| {
            (
                one.module.clone(),
                one.type_name.clone(),
                one.name.clone(),
                one.key.clone(),
                one.provider.clone(),
            )
        };
        if names(own) != names(shown) {
            found.push(format!("{}: {:?} is {:?} in the plan", own.address, names(own), names(shown)));
        }
        for (name, value) in own.attributes.iter() {
            let planned = shown.attributes.get(name);
            let same = match &value.data {
                Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => planned == Some(value),
                Data::Map(map) => {
                    map.iter().all(|(key, value)| planned.and_then(|map| map.get(key)) == Some(value))
                }
                Data::List(items) | Data::Set(items) => {
                    planned.is_some_and(|planned| {
                        planned.items().len() == items.len() || planned.data == Data::Unknown
                    }) || items.is_empty()
                }
                // Of look-ups the plan knows more.
                Data::Reference(_) | Data::Unknown => planned.is_some(),
            };
            if !same {
                found.push(format!("{}.{name}: {value:?} is {planned:?} in the plan", own.address));
            }
        }
    }
    found
}

fn names<'a>(
    what: &str,
    own: impl Iterator<Item = &'a str>,
    judged: &BTreeMap<String, Json>,
    found: &mut Vec<String>,
) {
    let own: BTreeSet<&str> = own.collect();
    let judged: BTreeSet<&str> = judged.keys().map(String::as_str).collect();
    found.extend(judged.difference(&own).map(|address| format!("{what}: {address} was not read")));
    found.extend(own.difference(&judged).map(|address| format!("{what}: {address} is not planned")));
}

/// What a plan says.
struct Judged {
    /// Values by address; what is not known before apply is absent.
    managed: BTreeMap<String, Json>,
    data: BTreeMap<String, Json>,
    /// What is written for each block, by its address without keys: names of arguments.
    written: BTreeMap<String, BTreeSet<String>>,
}

impl Judged {
    fn read(plan: &Json) -> Self {
        let mut judged = Self { managed: BTreeMap::new(), data: BTreeMap::new(), written: BTreeMap::new() };
        judged.values(&plan["prior_state"]["values"]["root_module"]);
        judged.values(&plan["planned_values"]["root_module"]);
        judged.configuration("", &plan["configuration"]["root_module"]);
        judged
    }

    fn values(&mut self, module: &Json) {
        for resource in module["resources"].as_array().into_iter().flatten() {
            let all = if resource["mode"] == "managed" { &mut self.managed } else { &mut self.data };
            all.insert(resource["address"].as_str().unwrap().to_owned(), resource["values"].clone());
        }
        for child in module["child_modules"].as_array().into_iter().flatten() {
            self.values(child);
        }
    }

    fn configuration(&mut self, prefix: &str, module: &Json) {
        for resource in module["resources"].as_array().into_iter().flatten() {
            let address = format!("{prefix}{}", resource["address"].as_str().unwrap());
            let expressions = resource["expressions"].as_object().into_iter().flatten();
            self.written.insert(address, expressions.map(|(name, _)| name.clone()).collect());
        }
        for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
            self.configuration(&format!("{prefix}module.{name}."), &call["module"]);
        }
    }

    /// Whether an argument or block of an instance is written down; blocks made by `dynamic` are not listed.
    fn is_written(&self, address: &str, name: &str) -> bool {
        let block = address
            .strip_suffix(']')
            .and_then(|rest| rest.rsplit_once('['))
            .map_or(address, |(block, _)| block);
        self.written.get(block).unwrap_or_else(|| panic!("no configuration of {block}")).contains(name)
    }
}

struct Witness<'a> {
    root: &'a Root,
    judged: &'a Judged,
    variable: &'a dyn Fn(&str) -> String,
}

impl Witness<'_> {
    fn instance(&self, instance: &Instance, planned: &Json, found: &mut Vec<String>) {
        let address = instance.address.as_str();
        for (name, value) in instance.attributes.iter() {
            if let Err(reason) = self.value(value, planned.get(&**name)) {
                found.push(format!("{address}.{name}: {reason}"));
            }
        }
        for (name, value) in planned.as_object().into_iter().flatten() {
            if instance.attributes.get(name).is_some() || is_nothing(value) {
                continue;
            }
            let explained = match name.as_str() {
                "tags_all" => self.tags(instance, value),
                "region" => self.region(instance, value),
                // What the provider sets by itself.
                _ => !self.judged.is_written(address, name) && !value.is_array(),
            };
            if !explained && self.root.instances.contains_key(address) {
                found.push(format!("{address}.{name}: {value} was not read"));
            }
        }
    }

    /// Whether the tags of a plan are those that are read: an instance's own and those of its provider.
    fn tags(&self, instance: &Instance, planned: &Json) -> bool {
        let planned = planned.as_object().unwrap();
        let own = instance.attributes.get("tags").and_then(Value::map);
        let default =
            self.root.providers.get(&instance.provider).and_then(|provider| provider.default_tags());
        let names =
            [own, default].into_iter().flatten().flat_map(|tags| tags.iter().map(|(name, _)| &**name));
        names.collect::<BTreeSet<_>>() == planned.keys().map(String::as_str).collect::<BTreeSet<_>>()
            && planned
                .iter()
                .all(|(name, value)| self.root.tag(instance, name).and_then(Value::text) == value.as_str())
    }

    fn region(&self, instance: &Instance, planned: &Json) -> bool {
        let provider = self.root.providers.get(&instance.provider);
        provider.and_then(|provider| provider.settings.get("region")).and_then(Value::text)
            == planned.as_str()
    }

    /// Whether a value is the planned one; `None`: not known before apply.
    fn value(&self, own: &Value, planned: Option<&Json>) -> Result<(), String> {
        let differs = |own: &dyn std::fmt::Debug| {
            let planned = planned.map_or_else(|| "not known".to_owned(), ToString::to_string);
            Err(format!("read {own:?}, planned {planned}"))
        };
        let same = match &own.data {
            Data::Null => planned.is_none_or(is_nothing),
            Data::Bool(boolean) => planned == Some(&Json::from(*boolean)),
            Data::Number(number) => planned == Some(&Json::from(*number)),
            Data::Text(text) => planned == Some(&Json::from(&**text)),
            Data::Unknown => planned.is_none(),
            Data::Reference(reference) => self.reference(reference, planned)?,
            Data::Map(map) => return planned.map_or_else(|| differs(map), |planned| self.map(map, planned)),
            Data::List(items) | Data::Set(items) => return self.items(items, planned),
        };
        if same { Ok(()) } else { differs(&own.data) }
    }

    fn reference(&self, reference: &Reference, planned: Option<&Json>) -> Result<bool, String> {
        match &reference.target {
            Target::Resource(address) => {
                let known = self.judged.managed.get(address.as_str());
                let known = known.ok_or_else(|| format!("refers to {address}, which is not planned"))?;
                Ok(known.get(&*reference.attribute) == planned)
            }
            Target::Data(address) => {
                let known = self.judged.data.get(address.as_str());
                let known = known.ok_or_else(|| format!("refers to {address}, which is not planned"))?;
                Ok(known.get(&*reference.attribute) == planned)
            }
            Target::Variable(name) => {
                Ok(planned.and_then(Json::as_str) == Some((self.variable)(name).as_str()))
            }
        }
    }

    /// The entries of a map or block; what a block has besides is nothing.
    fn map(&self, own: &Map, planned: &Json) -> Result<(), String> {
        let planned = planned.as_object().ok_or_else(|| format!("read a map, planned {planned}"))?;
        for (name, value) in own.iter() {
            self.value(value, planned.get(&**name)).map_err(|reason| format!("{name}: {reason}"))?;
        }
        match planned.iter().find(|(name, value)| own.get(name).is_none() && !is_nothing(value)) {
            None => Ok(()),
            Some((name, value)) => Err(format!("{name}: {value} was not read")),
        }
    }

    /// A list of which nobody says whether it is a set to the provider: the order does not count.
    fn items(&self, own: &[Value], planned: Option<&Json>) -> Result<(), String> {
        // A set with an element that is not known is not known as a whole.
        let Some(planned) = planned else {
            let known = own.is_empty() || own.iter().all(|item| item.is_known());
            return if known && !own.is_empty() {
                Err(format!("read {own:?}, planned not known"))
            } else {
                Ok(())
            };
        };
        let mut rest: Vec<&Json> =
            planned.as_array().ok_or_else(|| format!("read a list, planned {planned}"))?.iter().collect();
        if rest.len() != own.len() {
            return Err(format!("read {} elements, planned {}", own.len(), rest.len()));
        }
        for item in own {
            // Terraform shows null for an element that is not known.
            let known = |planned: &Json| (!planned.is_null()).then_some(planned).cloned();
            let fits = rest.iter().position(|planned| self.value(item, known(planned).as_ref()).is_ok());
            match fits {
                Some(at) => drop(rest.swap_remove(at)),
                None => return Err(format!("{item:?} is not planned; {rest:?}")),
            }
        }
        Ok(())
    }
}

/// Null, or what a provider says for it.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(entries) => entries.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}
