//! What Terraform plans, read from `terraform show -json`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

/// A plan of one root.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the managed resources will be, by address in the root, such as `module.vpc.aws_subnet.this["private-a"]`.
    pub resources: BTreeMap<String, Resource>,
    /// What happens to each managed resource, by address; those that stay as they are have [`Action::Keep`].
    pub changes: BTreeMap<String, Change>,
    /// All of it, as Terraform wrote it.
    pub json: Vec<u8>,
}

/// A managed resource as it will be.
#[derive(Clone, Debug)]
pub struct Resource {
    /// For example `aws_subnet`.
    pub type_name: String,
    /// Its key in a `for_each`; `None` for a single one and for one in a `count`.
    pub key: Option<String>,
    /// Its values by name. What is not known before apply is absent.
    pub values: Value,
}

/// What happens to a resource.
#[derive(Clone, Debug)]
pub struct Change {
    /// For example `aws_subnet`.
    pub type_name: String,
    /// What Terraform will do.
    pub action: Action,
    /// Its address before a `moved` block, when there was one.
    pub previous_address: Option<String>,
    /// Its values before; null when there was none.
    pub before: Value,
    /// Its values after; null when it goes.
    pub after: Value,
    /// The attributes that force its replacement.
    pub replacing: BTreeSet<String>,
}

/// What Terraform will do with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Nothing.
    Keep,
    /// Make it.
    Create,
    /// Change it in place.
    Update,
    /// Destroy it and make it anew, in either order.
    Replace,
    /// Destroy it.
    Destroy,
    /// Leave it to itself.
    Forget,
}

/// How many resources a plan touches, counted as Terraform does: a replaced one is one to add and one to destroy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// To add.
    pub add: usize,
    /// To change in place.
    pub change: usize,
    /// To destroy.
    pub destroy: usize,
    /// To leave to themselves.
    pub forget: usize,
}

impl Plan {
    /// Reads what `terraform show -json` wrote.
    ///
    /// # Errors
    ///
    /// It is not a plan in JSON, or holds an action that this crate does not know.
    pub fn parse(json: &[u8]) -> serde_json::Result<Self> {
        let shown: Shown = serde_json::from_slice(json)?;
        let mut resources = BTreeMap::new();
        shown.planned_values.root_module.gather(&mut resources);
        let managed = shown.resource_changes.into_iter().filter(|change| change.mode == "managed");
        let changes = managed.map(|change| Ok((change.address.clone(), change.read()?)));
        Ok(Self { resources, changes: changes.collect::<serde_json::Result<_>>()?, json: json.to_vec() })
    }

    /// The resources of a type with their addresses.
    pub fn of_type<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = (&'a str, &'a Resource)> {
        let all = self.resources.iter().map(|(address, resource)| (address.as_str(), resource));
        all.filter(move |(_, resource)| resource.type_name == type_name)
    }

    /// Everything that happens: the changes other than [`Action::Keep`].
    pub fn changed(&self) -> impl Iterator<Item = (&str, &Change)> {
        let all = self.changes.iter().map(|(address, change)| (address.as_str(), change));
        all.filter(|(_, change)| change.action != Action::Keep)
    }

    /// How many resources it touches.
    pub fn counts(&self) -> Counts {
        self.changes.values().fold(Counts::default(), |mut counts, change| {
            match change.action {
                Action::Keep => {}
                Action::Create => counts.add += 1,
                Action::Update => counts.change += 1,
                Action::Destroy => counts.destroy += 1,
                Action::Forget => counts.forget += 1,
                Action::Replace => {
                    counts.add += 1;
                    counts.destroy += 1;
                }
            }
            counts
        })
    }
}

impl Change {
    /// The attributes whose value changes. One that is not known before apply counts as changed.
    pub fn attributes(&self) -> BTreeSet<&str> {
        let values = [&self.before, &self.after];
        let names = values.into_iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys);
        names.map(String::as_str).filter(|name| self.before.get(name) != self.after.get(name)).collect()
    }
}

/// The parts of Terraform's own form that are read.
#[derive(Deserialize)]
struct Shown {
    planned_values: ShownValues,
    #[serde(default)]
    resource_changes: Vec<ShownChange>,
}

#[derive(Deserialize)]
struct ShownValues {
    #[serde(default)]
    root_module: ShownModule,
}

#[derive(Default, Deserialize)]
struct ShownModule {
    #[serde(default)]
    resources: Vec<ShownResource>,
    #[serde(default)]
    child_modules: Vec<ShownModule>,
}

impl ShownModule {
    fn gather(self, into: &mut BTreeMap<String, Resource>) {
        for resource in self.resources.into_iter().filter(|resource| resource.mode == "managed") {
            let key = resource.index.and_then(|index| index.as_str().map(str::to_owned));
            let found = Resource { type_name: resource.type_name, key, values: resource.values };
            into.insert(resource.address, found);
        }
        for module in self.child_modules {
            module.gather(into);
        }
    }
}

#[derive(Deserialize)]
struct ShownResource {
    address: String,
    mode: String,
    #[serde(rename = "type")]
    type_name: String,
    index: Option<Value>,
    /// Absent for a data source that can be read only at apply.
    #[serde(default)]
    values: Value,
}

#[derive(Deserialize)]
struct ShownChange {
    address: String,
    previous_address: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    type_name: String,
    change: ShownDifference,
}

#[derive(Deserialize)]
struct ShownDifference {
    actions: Vec<String>,
    #[serde(default)]
    before: Value,
    #[serde(default)]
    after: Value,
    #[serde(default)]
    replace_paths: Vec<Vec<Value>>,
}

impl ShownChange {
    fn read(self) -> serde_json::Result<Change> {
        let ShownDifference { actions, before, after, replace_paths } = self.change;
        let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
        let action = match actions.as_slice() {
            ["no-op"] => Action::Keep,
            ["create"] => Action::Create,
            ["update"] => Action::Update,
            ["delete", "create"] | ["create", "delete"] => Action::Replace,
            ["delete"] => Action::Destroy,
            ["forget"] => Action::Forget,
            other => {
                return Err(serde::de::Error::custom(format!("{} has the actions {other:?}", self.address)));
            }
        };
        let replacing =
            replace_paths.iter().filter_map(|path| path.first()?.as_str()).map(str::to_owned).collect();
        let (type_name, previous_address) = (self.type_name, self.previous_address);
        Ok(Change { type_name, action, previous_address, before, after, replacing })
    }
}
