use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Number;
use tanada_model::net;

use super::Ident;

/// An expression on one line. Small, since a table has many: what is large or shared lies elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text, printed so that nothing in it is evaluated.
    Text(Cow<'a, str>),
    /// A block of addresses, printed as a text.
    Cidr(net::Block),
    /// A text with references in it.
    Template(Template<'a>),
    /// A reference. Rows of one file name the same places again and again, and share them.
    Reference(Arc<Reference<'a>>),
    /// `[a, b]`.
    List(Vec<Self>),
    /// `{ a = 1, b = 2 }`.
    Object(Vec<(Key<'a>, Self)>),
    /// `f(a, b)`.
    Call(Box<Ident<'a>>, Vec<Self>),
}

impl<'a> Expr<'a> {
    /// An object on one line: a row of a table.
    pub fn object<const N: usize>(entries: [(Ident<'a>, Self); N]) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (Key::Ident(key), value)).collect())
    }

    /// `function(arguments)`.
    pub fn call(function: Ident<'a>, arguments: Vec<Self>) -> Self {
        Self::Call(Box::new(function), arguments)
    }

    /// A list of texts on one line.
    pub fn texts(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::List(texts.into_iter().map(Self::from).collect())
    }
}

/// Key of an object's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// A bare name.
    Ident(Ident<'a>),
    /// Any other text, printed in quotes.
    Text(Cow<'a, str>),
    /// `aws.hub`, in the `providers` of a module.
    Alias(Box<[Ident<'a>; 2]>),
}

impl<'a> Key<'a> {
    /// The key for a text: bare where HCL allows it, else in quotes.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Ident::check(text.into()).map_or_else(Self::Text, Self::Ident)
    }

    /// The key for a provider under another name: `provider.alias`.
    pub fn alias(provider: Ident<'a>, alias: Ident<'a>) -> Self {
        Self::Alias(Box::new([provider, alias]))
    }
}

impl<'a> From<Ident<'a>> for Key<'a> {
    fn from(name: Ident<'a>) -> Self {
        Self::Ident(name)
    }
}

/// `root.attribute[0]["key"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    root: Ident<'a>,
    steps: Vec<Step<'a>>,
}

/// Steps of most references that do not end where they start: `module.name.tiers.private[0]`.
const USUAL_STEPS: usize = 4;

/// A step of a [`Reference`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// `.name`
    Attribute(Ident<'a>),
    /// `[0]`
    Index(usize),
    /// `["key"]`
    Key(Cow<'a, str>),
}

impl<'a> Reference<'a> {
    /// A plain name: `local`, `var`, `string`.
    pub fn new(root: Ident<'a>) -> Self {
        Self { root, steps: Vec::new() }
    }

    /// `root.first.second`.
    pub fn path<const N: usize>(root: Ident<'a>, attributes: [Ident<'a>; N]) -> Self {
        let mut steps = Vec::with_capacity(N.max(USUAL_STEPS));
        steps.extend(attributes.into_iter().map(Step::Attribute));
        Self { root, steps }
    }

    /// Adds `.name`.
    pub fn attribute(self, name: Ident<'a>) -> Self {
        self.step(Step::Attribute(name))
    }

    /// Adds `[index]`.
    pub fn index(self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    /// Adds `["key"]`.
    pub fn key(self, key: impl Into<Cow<'a, str>>) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// Adds a step.
    pub fn step(mut self, step: Step<'a>) -> Self {
        self.steps.push(step);
        self
    }

    /// The first name.
    pub fn root(&self) -> &Ident<'a> {
        &self.root
    }

    /// What follows it.
    pub fn steps(&self) -> &[Step<'a>] {
        &self.steps
    }
}

/// A text with references in it: `arn:aws:iam::${module.account.id}:role/x`.
///
/// INVARIANT: no text is empty, and no two stand side by side, so that what each of them escapes cannot join.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template<'a> {
    parts: Vec<Part<'a>>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text as it stands.
    Text(Cow<'a, str>),
    /// `${reference}`.
    Reference(Reference<'a>),
}

impl<'a> Template<'a> {
    /// The empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends text.
    pub fn text(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(last)) => last.to_mut().push_str(&text),
            Some(Part::Reference(_)) | None => self.parts.push(Part::Text(text)),
        }
        self
    }

    /// Appends `${reference}`.
    pub fn reference(mut self, reference: Reference<'a>) -> Self {
        self.parts.push(Part::Reference(reference));
        self
    }

    /// Its parts.
    pub fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }
}

impl<'a> From<&'a str> for Expr<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<Cow<'a, str>> for Expr<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl From<String> for Expr<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Expr<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u16> for Expr<'_> {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Expr<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<net::Block> for Expr<'_> {
    fn from(block: net::Block) -> Self {
        Self::Cidr(block)
    }
}

impl<'a> From<Reference<'a>> for Expr<'a> {
    fn from(reference: Reference<'a>) -> Self {
        Self::Reference(reference.into())
    }
}

impl<'a> From<Arc<Reference<'a>>> for Expr<'a> {
    fn from(reference: Arc<Reference<'a>>) -> Self {
        Self::Reference(reference)
    }
}

impl<'a> From<Template<'a>> for Expr<'a> {
    fn from(template: Template<'a>) -> Self {
        Self::Template(template)
    }
}

/// JSON has the same values, and texts of JSON are texts: `${` in them is not evaluated.
impl<'a> From<&'a serde_json::Value> for Expr<'a> {
    fn from(value: &'a serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => Self::Number(number.clone()),
            serde_json::Value::String(text) => Self::Text(text.into()),
            serde_json::Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => {
                Self::Object(entries.iter().map(|(key, value)| (Key::text(key), value.into())).collect())
            }
        }
    }
}
