use std::sync::Arc;

/// A name or text, shared between all that use it.
pub(crate) type Name = Arc<str>;

/// What stands between the braces of a block, or in a file.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Block>,
}

/// `name = value`
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Name,
    pub(crate) value: Expr,
    pub(crate) line: u32,
}

/// `kind "label" { … }`
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: Name,
    pub(crate) labels: Vec<Name>,
    pub(crate) body: Body,
    pub(crate) line: u32,
}

impl Body {
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }
}

/// An expression and the line where it begins.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) line: u32,
}

impl Expr {
    /// A text without interpolations.
    pub(crate) fn text(&self) -> Option<&Name> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// A name that stands alone.
    pub(crate) fn variable(&self) -> Option<&Name> {
        if let Kind::Variable(name) = &self.kind { Some(name) } else { None }
    }

    /// What steps are taken from, and the steps.
    pub(crate) fn path(&self) -> (&Expr, &[Step]) {
        if let Kind::Traverse(base, steps) = &self.kind { (base, steps) } else { (self, &[]) }
    }
}

#[derive(Debug)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(i64),
    Text(Name),
    /// A text with interpolations; at least one part is one.
    Template(Vec<Part>),
    List(Vec<Expr>),
    Object(Vec<Entry>),
    /// The name that a reference begins with.
    Variable(Name),
    /// Steps into a value; at least one.
    Traverse(Box<Expr>, Vec<Step>),
    Call {
        name: Name,
        arguments: Vec<Expr>,
        /// Whether the last argument is a list of arguments: `f(list...)`.
        expand: bool,
    },
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(Box<Binary>),
    Conditional(Box<[Expr; 3]>),
    For(Box<For>),
}

/// A part of a template.
#[derive(Debug)]
pub(crate) enum Part {
    Text(Name),
    Value(Expr),
}

/// `key = value` of an object.
#[derive(Debug)]
pub(crate) struct Entry {
    /// A name without quotes is a text here.
    pub(crate) key: Expr,
    pub(crate) value: Expr,
}

/// A step into a value.
#[derive(Debug)]
pub(crate) enum Step {
    /// `.name`
    Name(Name),
    /// `[key]`
    Index(Expr),
    /// `[*]` or `.*`: the steps that follow are taken in each element.
    Splat,
}

/// `left operator right`
#[derive(Debug)]
pub(crate) struct Binary {
    pub(crate) operator: Operator,
    pub(crate) left: Expr,
    pub(crate) right: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// `[for key, value in collection : result if condition]`, or `{ for … : key => result }`.
#[derive(Debug)]
pub(crate) struct For {
    pub(crate) key: Option<Name>,
    pub(crate) value: Name,
    pub(crate) collection: Expr,
    /// The key of each entry when it makes a map.
    pub(crate) result_key: Option<Expr>,
    pub(crate) result: Expr,
    pub(crate) condition: Option<Expr>,
}
