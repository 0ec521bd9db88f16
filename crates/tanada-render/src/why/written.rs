//! What stands in the emitted text: every value with its path, its line, and what it is when references are followed.
//!
//! A path is made of attribute names; an item of a list goes by what tells it from the others: its number, name,
//! segment and destination, tier and destination, zone, service, tier; a plain word by itself, anything else by its
//! index. `module.vpc` of a root and `value` of an output below `addresses/` are left out: `subnets.private-a.cidr`,
//! `acls.private.ingress.12400.cidr`, `tiers.private.0`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Element;

/// References to references end somewhere.
const DEEPEST: usize = 8;

/// One value of the emitted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The folder of the root or module, or `backend.hcl`.
    pub unit: String,
    /// Its path in the unit, unique there.
    pub path: String,
    /// The file, relative to the tree.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The text of the line, without the spaces around it.
    pub text: String,
    /// What stands there.
    pub written: Written,
}

/// How a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A literal; text without its quotes.
    Literal(String),
    /// A reference as path: `module.web_production.blocks.0`.
    Reference(String),
    /// A text with references in it, in order.
    Template(Vec<Written>),
    /// Anything else, as it stands.
    Other(String),
}

/// The unit that a file of a tree belongs to; `None` for files that hold no values of the estate: constant modules,
/// pages, the manifest.
pub fn unit_of(file: &str) -> Option<&str> {
    if file == "backend.hcl" {
        return Some(file);
    }
    let inside = ["addresses/", "hub/", "teams/"].iter().any(|start| file.starts_with(start));
    let (unit, name) = file.rsplit_once('/')?;
    (inside && name.ends_with(".tf")).then_some(unit)
}

/// The texts of a tree, read a unit at a time, when somebody asks.
#[derive(Debug)]
pub struct Emitted<'a> {
    files: &'a BTreeMap<String, String>,
    read: RefCell<BTreeMap<String, Rc<[Leaf]>>>,
}

impl<'a> Emitted<'a> {
    /// Of a tree's files, by path.
    pub fn new(files: &'a BTreeMap<String, String>) -> Self {
        Self { files, read: RefCell::default() }
    }

    /// Every unit that has values, sorted.
    pub fn units(&self) -> BTreeSet<&'a str> {
        self.files.keys().filter_map(|file| unit_of(file)).collect()
    }

    /// Every value of a unit, in the order of files and lines. A file that is not HCL has none.
    pub fn leaves(&self, unit: &str) -> Rc<[Leaf]> {
        if let Some(known) = self.read.borrow().get(unit) {
            return Rc::clone(known);
        }
        let inside = self.files.range(unit.to_owned()..).take_while(|(file, _)| file.starts_with(unit));
        let inside = inside.filter(|(file, _)| unit_of(file) == Some(unit));
        let leaves: Rc<[Leaf]> = inside.flat_map(|(file, text)| leaves_of(file, text)).collect();
        self.read.borrow_mut().insert(unit.to_owned(), Rc::clone(&leaves));
        leaves
    }

    /// A value with every reference followed as far as the tree tells, and the leaf that holds the literal when it is
    /// another one. A reference to a list or map gives its values, one after the other.
    pub fn resolve(&self, leaf: &Leaf) -> (String, Option<Leaf>) {
        match self.follow(&leaf.unit, &leaf.written, 0) {
            (value, Some(holder)) if holder.file != leaf.file || holder.line != leaf.line => {
                (value, Some(holder))
            }
            (value, _) => (value, None),
        }
    }

    fn follow(&self, unit: &str, written: &Written, depth: usize) -> (String, Option<Leaf>) {
        match written {
            Written::Literal(text) | Written::Other(text) => (text.clone(), None),
            Written::Template(parts) => {
                let part = |part: &Written| match (part, self.follow(unit, part, depth + 1).0) {
                    (Written::Reference(path), value) if value == *path => format!("${{{value}}}"),
                    (_, value) => value,
                };
                (parts.iter().map(part).collect(), None)
            }
            Written::Reference(path) => {
                let found = if depth < DEEPEST { self.target(unit, path) } else { None };
                let Some((unit, rest)) = found else { return (path.clone(), None) };
                let all = self.leaves(&unit);
                if let Some(leaf) = all.iter().find(|leaf| leaf.path == rest) {
                    let (value, deeper) = self.follow(&unit, &leaf.written, depth + 1);
                    return (value, deeper.or_else(|| Some(leaf.clone())));
                }
                // An output may refer to a local as a whole.
                let whole = all.iter().find_map(|leaf| match &leaf.written {
                    Written::Reference(path) => {
                        let rest = rest.strip_prefix(leaf.path.as_str())?.strip_prefix('.')?;
                        Some(Written::Reference(format!("{path}.{rest}")))
                    }
                    Written::Literal(_) | Written::Template(_) | Written::Other(_) => None,
                });
                if let Some(whole) = whole {
                    return self.follow(&unit, &whole, depth + 1);
                }
                let prefix = format!("{rest}.");
                let parts: Vec<&Leaf> = all.iter().filter(|leaf| leaf.path.starts_with(&prefix)).collect();
                let values: Vec<String> =
                    parts.iter().map(|leaf| self.follow(&unit, &leaf.written, depth + 1).0).collect();
                match parts.first() {
                    Some(first) => (values.join(", "), Some((*first).clone())),
                    None => (path.clone(), None),
                }
            }
        }
    }

    /// The unit and path that a reference leads to.
    fn target(&self, unit: &str, path: &str) -> Option<(String, String)> {
        if path.starts_with("local.") {
            return Some((unit.to_owned(), path.to_owned()));
        }
        let (name, rest) = path.strip_prefix("module.")?.split_once('.')?;
        let call = format!("module.{name}.source");
        let leaves = self.leaves(unit);
        let source = leaves.iter().find(|leaf| leaf.path == call)?;
        let Written::Literal(source) = &source.written else { return None };
        let mut parts: Vec<&str> = unit.split('/').collect();
        for part in source.split('/') {
            match part {
                ".." => drop(parts.pop()?),
                "." => {}
                name => parts.push(name),
            }
        }
        let unit = parts.join("/");
        unit.starts_with("addresses/").then(|| (unit, rest.to_owned()))
    }
}

/// Every value of one file.
pub fn leaves_of(file: &str, text: &str) -> Vec<Leaf> {
    let (Some(unit), Ok(body)) = (unit_of(file), parse_body(text)) else { return Vec::new() };
    let mut reader = Reader { unit, file, text, leaves: Vec::new() };
    reader.body(&body, "");
    reader.leaves
}

struct Reader<'a> {
    unit: &'a str,
    file: &'a str,
    text: &'a str,
    leaves: Vec<Leaf>,
}

impl Reader<'_> {
    fn body(&mut self, body: &Body, prefix: &str) {
        for attribute in body.attributes() {
            self.expression(&join(prefix, attribute.key.as_str()), &attribute.value);
        }
        for block in body.blocks() {
            self.block(block, prefix);
        }
    }

    fn block(&mut self, block: &Block, prefix: &str) {
        let kind = block.ident.as_str();
        let label = block.labels.first().map_or("", |label| label.as_str());
        let text =
            |name: &str| block.body.get_attribute(name).and_then(|one| one.value.as_str()).map(str::to_owned);
        let own = match (kind, label) {
            ("module", "vpc" | "hub") if prefix.is_empty() => String::new(),
            ("output", _) if self.unit.starts_with("addresses/") => {
                for attribute in block.body.attributes() {
                    let name = attribute.key.as_str();
                    let path =
                        if name == "value" { label.to_owned() } else { format!("output.{label}.{name}") };
                    self.expression(&path, &attribute.value);
                }
                return;
            }
            ("provider", _) => {
                text("alias").map_or("provider".to_owned(), |alias| format!("provider.{alias}"))
            }
            ("terraform", _) => String::new(),
            ("backend", _) => "backend".to_owned(),
            ("locals", _) => "local".to_owned(),
            ("moved", _) => block.body.get_attribute("to").map_or("moved".to_owned(), |to| moved(&to.value)),
            (kind, "") => kind.to_owned(),
            (kind, label) => format!("{kind}.{label}"),
        };
        self.body(&block.body, &join(prefix, &own));
    }

    fn expression(&mut self, path: &str, expression: &Expression) {
        if let Some(object) = expression.as_object() {
            for (key, value) in object {
                self.expression(&join(path, &key_text(key)), value.expr());
            }
            if object.is_empty() {
                self.push(path, expression, Written::Other("{}".to_owned()));
            }
        } else if let Some(items) = expression.as_array() {
            for (i, item) in items.iter().enumerate() {
                let key = item.as_object().and_then(item_key).or_else(|| word(item));
                self.expression(&join(path, &key.unwrap_or_else(|| i.to_string())), item);
            }
            if items.is_empty() {
                self.push(path, expression, Written::Other("[]".to_owned()));
            }
        } else {
            let written = self.written(expression);
            self.push(path, expression, written);
        }
    }

    fn written(&self, expression: &Expression) -> Written {
        match expression {
            Expression::String(text) => Written::Literal(text.value().clone()),
            Expression::Number(_) | Expression::Bool(_) | Expression::Null(_) => {
                Written::Literal(expression.to_string().trim().to_owned())
            }
            Expression::Variable(name) => Written::Reference(name.as_str().to_owned()),
            Expression::Traversal(traversal) => Written::Reference(steps(traversal)),
            Expression::StringTemplate(template) => {
                let part = |element: &Element| match element {
                    Element::Literal(text) => Written::Literal(text.value().clone()),
                    Element::Interpolation(inner) => self.written(&inner.expr),
                    Element::Directive(_) => Written::Other(String::new()),
                };
                Written::Template(template.iter().map(part).collect())
            }
            Expression::Array(_)
            | Expression::Object(_)
            | Expression::HeredocTemplate(_)
            | Expression::Parenthesis(_)
            | Expression::Conditional(_)
            | Expression::FuncCall(_)
            | Expression::UnaryOp(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => Written::Other(expression.to_string().trim().to_owned()),
        }
    }

    fn push(&mut self, path: &str, expression: &Expression, written: Written) {
        let start = expression.span().map_or(0, |span| span.start);
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let text = self.text.lines().nth(line - 1).unwrap_or_default().trim().to_owned();
        let (unit, file) = (self.unit.to_owned(), self.file.to_owned());
        self.leaves.push(Leaf { unit, path: path.to_owned(), file, line, text, written });
    }
}

fn join(prefix: &str, name: &str) -> String {
    match (prefix, name) {
        ("", name) => name.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, name) => format!("{prefix}.{name}"),
    }
}

fn key_text(key: &ObjectKey) -> String {
    match key {
        ObjectKey::Ident(name) => name.as_str().to_owned(),
        ObjectKey::Expression(expression) => match expression.as_traversal() {
            Some(traversal) => steps(traversal),
            None => {
                expression.as_str().map_or_else(|| expression.to_string().trim().to_owned(), str::to_owned)
            }
        },
    }
}

/// What tells an item of a list from the others.
fn item_key(object: &Object) -> Option<String> {
    let value = |name: &str| {
        let found = object.iter().find(|(key, _)| key_text(key) == name)?.1.expr();
        found.as_str().map(str::to_owned).or_else(|| Some(found.as_number()?.to_string()))
    };
    let both = |one: &str| Some(format!("{}/{}", value(one)?, value("to")?));
    let has_ports = value("from").is_some();
    value("number")
        .or_else(|| value("name"))
        .or_else(|| both("segment"))
        .or_else(|| if has_ports { None } else { both("tier") })
        .or_else(|| ["to", "zone", "service", "tier"].iter().find_map(|name| value(name)))
}

/// A word that can stand in a path by itself.
fn word(item: &Expression) -> Option<String> {
    let text = item.as_str()?;
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    (plain && text.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| text.to_owned())
}

/// `aws_subnet/web-a` of `module.vpc.aws_subnet.this["web-a"]`.
fn moved(to: &Expression) -> String {
    let path = to.as_traversal().map(steps).unwrap_or_default();
    let key = path.split_once('[').map_or("", |(_, key)| key.trim_matches(['"', ']']));
    let kind = path.strip_prefix("module.vpc.").and_then(|rest| rest.split('.').next()).unwrap_or_default();
    format!("moved.{kind}/{key}")
}

/// A traversal as path. Indexes are steps; a key stays as Terraform writes it.
fn steps(traversal: &Traversal) -> String {
    let mut path = traversal.expr.to_string().trim().to_owned();
    for operator in &traversal.operators {
        match operator.value() {
            TraversalOperator::GetAttr(name) => path = format!("{path}.{}", name.as_str()),
            TraversalOperator::Index(Expression::Number(index)) => path = format!("{path}.{}", index.value()),
            TraversalOperator::Index(key) => path = format!("{path}[{}]", key.to_string().trim()),
            TraversalOperator::LegacyIndex(index) => path = format!("{path}.{}", index.value()),
            TraversalOperator::AttrSplat(_) => path.push_str(".*"),
            TraversalOperator::FullSplat(_) => path.push_str("[*]"),
        }
    }
    path
}
