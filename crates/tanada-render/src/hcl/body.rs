use std::borrow::Cow;
use std::fmt;

use super::{Expr, Ident, Key, print};

/// What stands between the braces of a block, or in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body<'a> {
    items: Vec<Item<'a>>,
}

/// One thing in a [`Body`].
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// `name = value`.
    Attribute(Ident<'a>, Value<'a>),
    /// A text over several lines, `name = <<EOT`. Unless it is empty its value ends with a newline, whether the text
    /// does or not.
    Heredoc(Ident<'a>, Cow<'a, str>),
    /// A block.
    Block(Block<'a>),
    /// `# text`, one line of comment for each line of the text.
    Comment(Cow<'a, str>),
    /// An empty line. It also ends a run of aligned `=`.
    Blank,
}

/// `type "label" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block<'a> {
    kind: Ident<'a>,
    labels: Vec<Ident<'a>>,
    content: Body<'a>,
}

/// Value of an attribute or of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// On one line.
    Expr(Expr<'a>),
    /// Over several lines.
    Collection(Collection<'a>),
    /// A function with one argument, over several lines: `toset([ … ])`.
    Call(Ident<'a>, Collection<'a>),
}

/// A value over several lines.
#[derive(Clone, Debug, PartialEq)]
pub enum Collection<'a> {
    /// One item a line.
    List(List<'a>),
    /// One entry a line.
    Object(Object<'a>),
}

/// A list over several lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List<'a> {
    elements: Vec<Element<'a>>,
}

/// What stands in a [`List`].
#[derive(Clone, Debug, PartialEq)]
pub enum Element<'a> {
    /// An item.
    Item(Value<'a>),
    /// A comment.
    Comment(Cow<'a, str>),
    /// An empty line.
    Blank,
}

/// An object over several lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object<'a> {
    members: Vec<Member<'a>>,
}

/// What stands in an [`Object`].
#[derive(Clone, Debug, PartialEq)]
pub enum Member<'a> {
    /// `key = value`.
    Entry(Key<'a>, Value<'a>),
    /// A comment.
    Comment(Cow<'a, str>),
    /// An empty line. It also ends a run of aligned `=`.
    Blank,
}

impl<'a> Body<'a> {
    /// A body with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name = value`.
    pub fn attribute(self, name: Ident<'a>, value: impl Into<Value<'a>>) -> Self {
        self.item(Item::Attribute(name, value.into()))
    }

    /// Adds a block.
    pub fn block(self, block: Block<'a>) -> Self {
        self.item(Item::Block(block))
    }

    /// Adds a comment.
    pub fn comment(self, text: impl Into<Cow<'a, str>>) -> Self {
        self.item(Item::Comment(text.into()))
    }

    /// Adds an empty line.
    pub fn blank(self) -> Self {
        self.item(Item::Blank)
    }

    /// Adds anything.
    pub fn item(mut self, item: Item<'a>) -> Self {
        self.items.push(item);
        self
    }

    /// What is in it, in order.
    pub fn items(&self) -> &[Item<'a>] {
        &self.items
    }
}

/// The text of a file: canonical under `terraform fmt`.
impl fmt::Display for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::body(self))
    }
}

impl<'a> Block<'a> {
    /// A block without labels.
    pub fn new(kind: Ident<'a>) -> Self {
        Self { kind, labels: Vec::new(), content: Body::new() }
    }

    /// Adds a label, in quotes. Labels are names in all that Terraform knows; HCL has escapes of their own for others.
    pub fn label(mut self, label: Ident<'a>) -> Self {
        self.labels.push(label);
        self
    }

    /// Puts `content` between its braces.
    pub fn body(mut self, content: Body<'a>) -> Self {
        self.content = content;
        self
    }

    /// Its type: `resource`, `module`.
    pub fn kind(&self) -> &Ident<'a> {
        &self.kind
    }

    /// Its labels.
    pub fn labels(&self) -> &[Ident<'a>] {
        &self.labels
    }

    /// What stands between its braces.
    pub fn content(&self) -> &Body<'a> {
        &self.content
    }
}

impl<'a> List<'a> {
    /// `[]`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an item.
    pub fn item(mut self, value: impl Into<Value<'a>>) -> Self {
        self.elements.push(Element::Item(value.into()));
        self
    }

    /// Adds a comment, unless the text is empty.
    pub fn comment(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.elements.push(Element::Comment(text));
        }
        self
    }

    /// Adds an empty line.
    pub fn blank(mut self) -> Self {
        self.elements.push(Element::Blank);
        self
    }

    /// What is in it, in order.
    pub fn elements(&self) -> &[Element<'a>] {
        &self.elements
    }
}

impl<'a, V: Into<Value<'a>>> FromIterator<V> for List<'a> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        Self { elements: values.into_iter().map(|value| Element::Item(value.into())).collect() }
    }
}

impl<'a> Object<'a> {
    /// `{}`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `key = value`.
    pub fn entry(mut self, key: impl Into<Key<'a>>, value: impl Into<Value<'a>>) -> Self {
        self.members.push(Member::Entry(key.into(), value.into()));
        self
    }

    /// Adds a comment, unless the text is empty.
    pub fn comment(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.members.push(Member::Comment(text));
        }
        self
    }

    /// Adds an empty line, unless there is nothing before it.
    pub fn gap(mut self) -> Self {
        if !self.members.is_empty() {
            self.members.push(Member::Blank);
        }
        self
    }

    /// What is in it, in order.
    pub fn members(&self) -> &[Member<'a>] {
        &self.members
    }
}

impl<'a, E: Into<Expr<'a>>> From<E> for Value<'a> {
    fn from(expr: E) -> Self {
        Self::Expr(expr.into())
    }
}

impl<'a> From<List<'a>> for Value<'a> {
    fn from(list: List<'a>) -> Self {
        Self::Collection(Collection::List(list))
    }
}

impl<'a> From<Object<'a>> for Value<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::Collection(Collection::Object(object))
    }
}
