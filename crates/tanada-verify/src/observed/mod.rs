//! What a tree says: every instance of every root, with values, references and places.

mod address;
mod map;
mod place;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use address::{Address, Key};
pub use map::Map;
pub use place::Place;
pub use value::{Data, Reference, Target, Value};

/// A whole tree as Terraform would understand it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// The roots by folder, such as `teams/web/production` or `hub/tokyo`.
    pub roots: BTreeMap<Arc<str>, Root>,
}

/// A root module with everything that it calls: what one state holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Its folder, relative to the tree.
    pub directory: Arc<str>,
    /// Where its state lies; `None` when it is local.
    pub backend: Option<Backend>,
    /// Provider configurations by local name and alias: `aws`, `aws.hub`.
    pub providers: BTreeMap<Arc<str>, Provider>,
    /// Names of its variables, whose values the tree does not hold.
    pub variables: Vec<Arc<str>>,
    /// Managed instances by address.
    pub instances: BTreeMap<Address, Instance>,
    /// Data sources by address, which begins with `data.` or `module.NAME.data.`.
    pub data: BTreeMap<Address, Instance>,
    /// Outputs by name.
    pub outputs: Map,
    /// `moved` blocks.
    pub moved: Vec<Moved>,
    /// `removed` blocks.
    pub removed: Vec<Removed>,
    /// `import` blocks.
    pub imports: Vec<Import>,
    /// Blocks of files that people added to the root, which are not understood; sorted by place.
    pub unread: Vec<Unread>,
    /// How the blocks of files that people added are written, by their first lines: where a value is not known, a
    /// comparison has nothing else.
    pub added: BTreeMap<String, Arc<str>>,
}

/// A block of a file that people added to a root, which is not understood. What refers to it is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Where it begins.
    pub place: Place,
    /// Its first line: `resource "random_id" "own"`.
    pub what: String,
    /// Why it is not understood.
    pub why: String,
    /// How it is written.
    pub text: Arc<str>,
    /// Whether things of its type decide who reaches whom.
    pub decides: bool,
}

/// One instance of a resource or data source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its address in the root.
    pub address: Address,
    /// The module that it stands in, `module.vpc`; empty in the root module.
    pub module: Arc<str>,
    /// `aws_subnet`
    pub type_name: Arc<str>,
    /// The name of its block, `this`.
    pub name: Arc<str>,
    /// What tells it from the others of its block.
    pub key: Key,
    /// Its provider configuration, a key of [`Root::providers`].
    pub provider: Arc<str>,
    /// What is written for it: arguments by name, nested blocks as lists of maps. What is null is absent, and so is what
    /// the provider alone decides (`id`, `arn`).
    pub attributes: Map,
    /// What decided that it exists: the row of a table behind its `for_each`, what its `count` depends on, or the call of
    /// its module.
    pub place: Place,
    /// Where its block begins.
    pub block: Place,
}

/// Where a state lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// `s3`
    pub type_name: Arc<str>,
    /// What the root says of it; the rest is given to `terraform init`.
    pub settings: Map,
    /// Where it stands.
    pub place: Place,
}

/// A provider configuration of a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// `aws`
    pub name: Arc<str>,
    /// `hub` of `aws.hub`
    pub alias: Option<Arc<str>>,
    /// Arguments, and blocks as lists of maps: `region`, `default_tags`, `assume_role`.
    pub settings: Map,
    /// Where it stands.
    pub place: Place,
}

/// A `moved` block: what was at `from` is at `to` now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// An address, also of all instances of a block or of a whole module.
    pub from: Address,
    /// An address.
    pub to: Address,
    /// Where it stands.
    pub place: Place,
}

/// A `removed` block: Terraform lets go of what was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The address of a block or of a whole module.
    pub from: Address,
    /// Whether it is destroyed, too.
    pub destroy: bool,
    /// Where it stands.
    pub place: Place,
}

/// An `import` block: something that exists is taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The address that it gets.
    pub to: Address,
    /// What the provider knows it by.
    pub id: Value,
    /// Where it stands.
    pub place: Place,
}

impl Root {
    /// The instances of a type, in the order of their addresses.
    pub fn of_type<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = &'a Instance> {
        self.instances.values().filter(move |instance| &*instance.type_name == type_name)
    }

    /// A tag of an instance: its own, else the default tag of its provider configuration. A plan lists all of them.
    pub fn tag<'a>(&'a self, instance: &'a Instance, name: &str) -> Option<&'a Value> {
        let listed = |attribute| instance.attributes.get(attribute).and_then(|tags| tags.get(name));
        let default = || self.providers.get(&instance.provider)?.default_tags()?.get(name);
        listed("tags").or_else(default).or_else(|| listed("tags_all"))
    }

    /// The instance that a value is the `id` (or another `attribute`) of.
    pub fn referred(&self, value: &Value, attribute: &str) -> Option<&Instance> {
        let address = value.refers_to(attribute)?;
        self.instances.get(address).or_else(|| self.data.get(address))
    }
}

impl Provider {
    /// The tags that everything gets that has none of that name.
    pub fn default_tags(&self) -> Option<&Map> {
        self.settings.get("default_tags")?.items().first()?.get("tags")?.map()
    }
}
