//! From the blocks of a file to what they declare.

use super::super::constant::constant;
use super::super::types::Type;
use super::meta::{address, provider_name};
use super::{Call, Located, Module, ProviderBlock, Repeat, Resource, Table, Variable, join};
use crate::ReadError;
use crate::effects;
use crate::observed::Place;
use crate::syntax::{Attribute, Block, Body, Expr, Kind, Name};

/// An error at a line of the file at hand.
pub(super) type Wrong = (u32, String);

impl Module {
    /// Takes in what a file declares.
    pub(super) fn declare(&mut self, file: &Name, body: Body, errors: &mut Vec<ReadError>) {
        let Body { attributes, blocks } = body;
        if let Some(attribute) = attributes.first() {
            errors.push(ReadError::at(
                &**file,
                attribute.line,
                format!("`{}` stands in no block", attribute.name),
            ));
        }
        for block in blocks {
            if let Err((line, message)) = self.block(file, block) {
                errors.push(ReadError::at(&**file, line, message));
            }
        }
    }

    fn block(&mut self, file: &Name, block: Block) -> Result<(), Wrong> {
        let Block { kind, labels, body, line } = block;
        let place = Place::new(file.clone(), line);
        let fresh = match (&*kind, labels.as_slice()) {
            ("locals", []) => {
                self.take_locals(file, body)?;
                true
            }
            ("variable", [name]) => self.variables.insert(name.clone(), variable(file, body, line)?),
            ("output", [name]) => {
                let expr = output(body, line)?;
                self.outputs.insert(name.clone(), Located { expr, file: file.clone() })
            }
            ("module", [name]) => {
                let call = self.call(body, place)?;
                self.calls.insert(name.clone(), call)
            }
            ("resource" | "data", [type_name, name]) => {
                let managed = &*kind == "resource";
                let body = if self.is_added(file) { without_lifecycle(type_name, body) } else { body };
                let made = resource(managed, type_name, name, body, place)?;
                let fresh = self.resources.iter().all(|other| other.key() != made.key());
                self.resources.push(made);
                fresh
            }
            // What is not of the known provider is named with its resources.
            ("provider", [name]) if &**name != PROVIDER && self.is_added(file) => true,
            ("provider", [name]) => {
                self.providers.push(provider(name, body, place)?);
                true
            }
            ("terraform", []) => {
                self.terraform(file, body)?;
                true
            }
            ("moved", []) => {
                let [from, to] = only(&body, ["from", "to"], line)?;
                self.moved.push((address(from)?, address(to)?, place));
                true
            }
            ("removed", []) => {
                self.removed.push(removed(body, place)?);
                true
            }
            ("import", []) => {
                let to = only(&body, ["to", "id"], line).and_then(|[to, _]| address(to))?;
                let id = body.attributes.into_iter().find(|attribute| &*attribute.name == "id");
                self.imports.extend(id.map(|id| (to, Located { expr: id.value, file: file.clone() })));
                true
            }
            (kind, labels) => {
                let labels: String = labels.iter().map(|label| format!(" \"{label}\"")).collect();
                return Err((line, format!("a block `{kind}{labels}` is not read")));
            }
        };
        let names: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
        if fresh { Ok(()) } else { Err((line, format!("there are two {kind} blocks {}", names.join(" ")))) }
    }

    fn take_locals(&mut self, file: &Name, body: Body) -> Result<(), Wrong> {
        no_blocks(&body)?;
        for Attribute { name, value, line } in body.attributes {
            if !self.locals.insert(name.clone(), Located { expr: value, file: file.clone() }) {
                return Err((line, format!("there are two local values `{name}`")));
            }
        }
        Ok(())
    }

    fn call(&self, body: Body, place: Place) -> Result<Call, Wrong> {
        no_blocks(&body)?;
        let mut call = Call {
            directory: String::new(),
            providers: None,
            arguments: Table::default(),
            place: place.clone(),
        };
        let mut found = false;
        for Attribute { name, value, line } in body.attributes {
            match &*name {
                "source" => {
                    let Kind::Text(source) = &value.kind else {
                        return Err((line, "a `source` is a text".to_owned()));
                    };
                    if !source.starts_with("./") && !source.starts_with("../") {
                        return Err((line, format!("`{source}` is no module of this tree")));
                    }
                    let directory = join(&self.directory, source);
                    call.directory =
                        directory.ok_or_else(|| (line, format!("`{source}` leads out of the tree")))?;
                    found = true;
                }
                "providers" => call.providers = Some(providers(&value)?),
                "count" | "for_each" | "version" => {
                    return Err((line, format!("`{name}` of a module is not read")));
                }
                "depends_on" => {}
                _ => {
                    let mut value = value;
                    sort_rows(&mut value);
                    call.arguments.insert(name, value);
                }
            }
        }
        if found { Ok(call) } else { Err((place.line(), "a module has no `source`".to_owned())) }
    }

    fn terraform(&mut self, file: &Name, body: Body) -> Result<(), Wrong> {
        let Body { attributes, blocks } = body;
        if let Some(other) = attributes.iter().find(|attribute| &*attribute.name != "required_version") {
            return Err((other.line, format!("`{}` is not read", other.name)));
        }
        for block in blocks {
            match (&*block.kind, block.labels.as_slice()) {
                ("backend", [type_name]) => {
                    let place = Place::new(file.clone(), block.line);
                    if self.backend.is_some() {
                        return Err((block.line, "there are two backends".to_owned()));
                    }
                    self.backend = Some((type_name.clone(), block.body, place));
                }
                ("required_providers", []) => {
                    let other = block.body.attributes.iter().find(|attribute| &*attribute.name != PROVIDER);
                    if let Some(other) = other.filter(|_| !self.is_added(file)) {
                        return Err(unknown_provider(&other.name, other.line));
                    }
                }
                (kind, _) => return Err((block.line, format!("a block `{kind}` is not read"))),
            }
        }
        Ok(())
    }
}

/// The one provider whose resources are known.
const PROVIDER: &str = "aws";

/// How people want something to be replaced says nothing of what it is, where nobody looks at it further.
fn without_lifecycle(type_name: &str, body: Body) -> Body {
    if effects::facts(type_name).is_some() {
        return body;
    }
    let Body { attributes, mut blocks } = body;
    blocks.retain(|block| &*block.kind != "lifecycle");
    Body { attributes, blocks }
}

fn unknown_provider(name: &str, line: u32) -> Wrong {
    (line, format!("the provider `{name}` is not known; trees of `{PROVIDER}` are read"))
}

fn no_blocks(body: &Body) -> Result<(), Wrong> {
    match body.blocks.first() {
        None => Ok(()),
        Some(block) => Err((block.line, format!("a block `{}` is not read", block.kind))),
    }
}

/// The values of attributes, which are all that a block has.
fn only<'b, const N: usize>(body: &'b Body, names: [&str; N], line: u32) -> Result<[&'b Expr; N], Wrong> {
    no_blocks(body)?;
    if let Some(other) = body.attributes.iter().find(|attribute| !names.contains(&&*attribute.name)) {
        return Err((other.line, format!("`{}` is not read", other.name)));
    }
    let mut found = Vec::new();
    for name in names {
        let attribute = body.attribute(name).ok_or_else(|| (line, format!("`{name}` is missing")))?;
        found.push(&attribute.value);
    }
    found.try_into().map_err(|_| (line, "attributes are missing".to_owned()))
}

fn variable(file: &Name, body: Body, line: u32) -> Result<Variable, Wrong> {
    let Body { attributes, blocks } = body;
    if let Some(block) = blocks.iter().find(|block| &*block.kind != "validation") {
        return Err((block.line, format!("a block `{}` is not read", block.kind)));
    }
    let (mut of, mut default) = (None, None);
    for Attribute { name, value, line } in attributes {
        match &*name {
            "description" => {}
            "type" => of = Some(Type::read(file, &value)?),
            "default" => default = Some(constant(file, &value)?.data),
            other => return Err((line, format!("`{other}` is not read"))),
        }
    }
    let of = of.ok_or_else(|| (line, "a variable without `type` is not read".to_owned()))?;
    Ok(Variable { of, default })
}

fn output(body: Body, line: u32) -> Result<Expr, Wrong> {
    no_blocks(&body)?;
    let mut found = None;
    for Attribute { name, value, line } in body.attributes {
        match &*name {
            "description" | "sensitive" => {}
            "value" => found = Some(value),
            other => return Err((line, format!("`{other}` is not read"))),
        }
    }
    found.ok_or_else(|| (line, "an output has no `value`".to_owned()))
}

fn resource(
    managed: bool,
    type_name: &Name,
    name: &Name,
    body: Body,
    place: Place,
) -> Result<Resource, Wrong> {
    let owner = type_name.split('_').next().unwrap_or_default();
    if owner != PROVIDER {
        return Err(unknown_provider(owner, place.line()));
    }
    let mut repeat = Repeat::Once;
    let mut provider = Name::from(PROVIDER);
    let mut rest = Body { attributes: Vec::new(), blocks: body.blocks };
    if let Some(block) =
        rest.blocks.iter().find(|block| matches!(&*block.kind, "lifecycle" | "provisioner" | "connection"))
    {
        return Err((block.line, format!("a block `{}` is not read", block.kind)));
    }
    for attribute in body.attributes {
        let repeated = !matches!(repeat, Repeat::Once);
        match &*attribute.name {
            "count" | "for_each" if repeated => {
                return Err((attribute.line, "`count` and `for_each` exclude each other".to_owned()));
            }
            "count" => repeat = Repeat::Count(attribute.value),
            "for_each" => repeat = Repeat::ForEach(attribute.value),
            "provider" => provider = provider_name(&attribute.value)?,
            "depends_on" => {}
            _ => rest.attributes.push(attribute),
        }
    }
    sort(&mut rest);
    let (type_name, name) = (type_name.clone(), name.clone());
    Ok(Resource { managed, type_name, name, repeat, provider, body: rest, place })
}

/// Rows of tables with their keys in the order of a [`Map`](crate::Map), which is then made without looking for places.
fn sort_rows(table: &mut Expr) {
    if let Kind::List(items) = &mut table.kind {
        items.iter_mut().for_each(sort_rows);
    } else if let Kind::Object(entries) = &mut table.kind
        && entries.iter().all(|entry| entry.key.text().is_some())
    {
        entries.sort_by(|a, b| a.key.text().cmp(&b.key.text()));
        entries.iter_mut().for_each(|entry| sort_rows(&mut entry.value));
    }
}

/// Attributes by name, as a [`Map`](crate::Map) has them: every instance is made of them.
fn sort(body: &mut Body) {
    body.attributes.sort_by(|a, b| a.name.cmp(&b.name));
    body.blocks.iter_mut().for_each(|block| sort(&mut block.body));
}

fn provider(name: &Name, body: Body, place: Place) -> Result<ProviderBlock, Wrong> {
    if &**name != PROVIDER {
        return Err(unknown_provider(name, place.line()));
    }
    let mut alias = None;
    let mut rest = Body { attributes: Vec::new(), blocks: body.blocks };
    for attribute in body.attributes {
        match (&*attribute.name, &attribute.value.kind) {
            ("alias", Kind::Text(text)) => alias = Some(text.clone()),
            ("alias", _) => return Err((attribute.line, "an `alias` is a text".to_owned())),
            _ => rest.attributes.push(attribute),
        }
    }
    Ok(ProviderBlock { name: name.clone(), alias, body: rest, place })
}

/// `{ aws = aws, aws.hub = aws }`: the keys may be references.
fn providers(value: &Expr) -> Result<Vec<(Name, Name)>, Wrong> {
    let Kind::Object(entries) = &value.kind else {
        return Err((value.line, "`providers` is a map".to_owned()));
    };
    entries.iter().map(|entry| Ok((provider_name(&entry.key)?, provider_name(&entry.value)?))).collect()
}

fn removed(body: Body, place: Place) -> Result<(crate::Address, bool, Place), Wrong> {
    let line = place.line();
    let Body { attributes, blocks } = body;
    let mut destroy = true;
    for block in &blocks {
        if &*block.kind != "lifecycle" {
            return Err((block.line, format!("a block `{}` is not read", block.kind)));
        }
        let [value] = only(&block.body, ["destroy"], block.line)?;
        let Kind::Bool(says) = value.kind else {
            return Err((value.line, "`destroy` is true or false".to_owned()));
        };
        destroy = says;
    }
    let rest = Body { attributes, blocks: Vec::new() };
    let [from] = only(&rest, ["from"], line)?;
    Ok((address(from)?, destroy, place))
}
