//! A folder as a Terraform module: what it declares, by name.

mod declare;
mod meta;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::added::{self, Added, is_added};
use super::types::Type;
use crate::observed::{Address, Data, Place, Value};
use crate::syntax::{Body, Expr, Name, Names, parse};
use crate::{Files, ReadError};

/// Everything that a folder declares.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) directory: String,
    pub(crate) variables: Table<Variable>,
    pub(crate) locals: Table<Located>,
    pub(crate) outputs: Table<Located>,
    /// Outputs that are the same for everyone who calls the module, once somebody has asked.
    pub(crate) constants: Vec<OnceLock<Value>>,
    pub(crate) calls: Table<Call>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) providers: Vec<ProviderBlock>,
    pub(crate) backend: Option<(Name, Body, Place)>,
    pub(crate) moved: Vec<(Address, Address, Place)>,
    pub(crate) removed: Vec<(Address, bool, Place)>,
    pub(crate) imports: Vec<(Address, Located)>,
    /// Blocks of files that were added to a root.
    pub(crate) added: Vec<Added>,
    /// What is not understood of them.
    pub(crate) unread: Vec<ReadError>,
    /// What that would be referred to by, sorted.
    opaque: BTreeSet<String>,
}

/// An expression and the file that it stands in.
pub(crate) struct Located {
    pub(crate) expr: Expr,
    pub(crate) file: Name,
}

/// A variable of a module.
pub(crate) struct Variable {
    pub(crate) of: Type,
    pub(crate) default: Option<Data>,
}

/// A call of another module.
pub(crate) struct Call {
    /// The folder that is called, relative to the tree.
    pub(crate) directory: String,
    /// Provider configurations of the called module (`aws.hub`) and which of this one they are.
    pub(crate) providers: Option<Vec<(Name, Name)>>,
    pub(crate) arguments: Table<Expr>,
    pub(crate) place: Place,
}

/// A block that makes instances.
pub(crate) struct Resource {
    /// Not a data source.
    pub(crate) managed: bool,
    pub(crate) type_name: Name,
    pub(crate) name: Name,
    pub(crate) repeat: Repeat,
    pub(crate) provider: Name,
    /// Arguments and nested blocks.
    pub(crate) body: Body,
    pub(crate) place: Place,
}

/// How many instances a block makes.
pub(crate) enum Repeat {
    Once,
    Count(Expr),
    ForEach(Expr),
}

/// A provider configuration.
pub(crate) struct ProviderBlock {
    pub(crate) name: Name,
    pub(crate) alias: Option<Name>,
    pub(crate) body: Body,
    pub(crate) place: Place,
}

/// Things by name, sorted; each has a number.
pub(crate) struct Table<T>(Vec<(Name, T)>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Table<T> {
    pub(crate) fn get(&self, name: &str) -> Option<(usize, &T)> {
        // As in a map: most names differ in length.
        let at = match self.0.len() {
            0..=12 => self.0.iter().position(|(own, _)| **own == *name)?,
            _ => self.0.binary_search_by(|(own, _)| (**own).cmp(name)).ok()?,
        };
        self.0.get(at).map(|(_, thing)| (at, thing))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Name, T)> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// `false` when the name is taken.
    fn insert(&mut self, name: Name, thing: T) -> bool {
        match self.0.binary_search_by(|(own, _)| own.cmp(&name)) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, (name, thing));
                true
            }
        }
    }
}

impl Module {
    /// Reads the Terraform files of a folder.
    pub(crate) fn read(files: &dyn Files, directory: &str) -> Result<Self, Vec<ReadError>> {
        let mut module = Self { directory: directory.to_owned(), ..Self::default() };
        let mut names = files.list(directory).map_err(|error| vec![error])?;
        names.sort();
        let mut shared = Names::new();
        let mut errors = Vec::new();
        let mut found = false;
        for name in names {
            let path = if directory.is_empty() { name.clone() } else { format!("{directory}/{name}") };
            if let Some(kind) = other_form(&name) {
                errors.push(ReadError::file(path, format!("{kind} is not read")));
                continue;
            }
            if !name.ends_with(".tf") || name.starts_with('.') {
                continue;
            }
            let text = match files.text(&path) {
                Ok(Some(text)) => text,
                // A folder with the name of a file.
                Ok(None) => continue,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            found = true;
            let parsed = parse(&path, &text, &mut shared);
            if is_added(directory, &name) {
                module.add(&path.into(), &text, parsed);
                continue;
            }
            match parsed {
                Ok(body) => module.declare(&path.into(), body, &mut errors),
                Err(error) => errors.push(error),
            }
        }
        if !found && errors.is_empty() {
            errors.push(ReadError::file(directory, "there is no module here"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        module.resources.sort_by(|a, b| a.key().cmp(&b.key()));
        module.constants.resize_with(module.outputs.len(), OnceLock::new);
        Ok(module)
    }

    /// Takes in a file that somebody added.
    fn add(&mut self, file: &Name, text: &str, parsed: Result<Body, ReadError>) {
        let mut errors = Vec::new();
        let body = parsed.map_err(|error| errors.push(error)).ok();
        self.added.extend(added::blocks(file, text, body.as_ref()));
        if let Some(body) = body {
            self.declare(file, body, &mut errors);
        }
        self.opaque.extend(added::opaque(&self.added, &errors));
        self.unread.extend(errors);
    }

    /// Whether something is declared here that is not understood: `module.own`, `aws_route.own`.
    pub(crate) fn is_opaque(&self, kind: &str, name: &str) -> bool {
        // Asked for every reference, and hardly ever is there anything.
        !self.opaque.is_empty() && self.opaque.contains(&format!("{kind}.{name}"))
    }

    /// Whether a file of this folder was added by somebody.
    pub(crate) fn is_added(&self, file: &str) -> bool {
        !self.added.is_empty() && file.rsplit('/').next().is_some_and(|name| is_added(&self.directory, name))
    }

    /// A resource or data source and its number.
    pub(crate) fn resource(&self, managed: bool, type_name: &str, name: &str) -> Option<(usize, &Resource)> {
        let at = self.resources.binary_search_by(|own| own.key().cmp(&(managed, type_name, name))).ok()?;
        self.resources.get(at).map(|resource| (at, resource))
    }

    /// Whether its outputs are the same for everyone.
    pub(crate) fn is_constant(&self) -> bool {
        self.variables.len() == 0 && self.resources.is_empty()
    }
}

impl Resource {
    fn key(&self) -> (bool, &str, &str) {
        (self.managed, &self.type_name, &self.name)
    }
}

/// Files that Terraform or OpenTofu would read, in forms that are not read here.
fn other_form(name: &str) -> Option<&'static str> {
    if name.ends_with(".tf.json") || name.ends_with(".tofu.json") {
        Some("the JSON form of Terraform")
    } else if name.ends_with(".tofu") {
        Some("a file for OpenTofu alone")
    } else if name == "override.tf" || name.ends_with("_override.tf") {
        Some("an override file")
    } else {
        None
    }
}

/// `directory` followed by a relative `path`; `None` when that leaves the tree.
pub(crate) fn join(directory: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
