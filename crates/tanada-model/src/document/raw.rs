//! What HCL and JSON have in common: bodies of attributes and blocks, values that are data.

use crate::diagnostic::{Span, Spanned};

/// The inside of a block or file.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) attributes: Vec<Attribute>,
    pub(super) blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: Spanned<String>,
    pub(super) value: Value,
}

/// `keyword "label" { … }`.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) keyword: Spanned<String>,
    pub(super) labels: Vec<Spanned<String>>,
    pub(super) body: Body,
}

/// A value and its place.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) kind: ValueKind,
    pub(super) span: Span,
}

/// A value of the input: data only.
#[derive(Debug)]
pub(super) enum ValueKind {
    Null,
    Flag(bool),
    Number(serde_json::Number),
    Text(Text),
    List(Vec<Value>),
    Map(Vec<(Spanned<String>, Value)>),
    Reference(super::Reference),
    /// Something that was complained about already.
    Broken,
}

/// A quoted text.
#[derive(Debug)]
pub(super) struct Text {
    /// With escapes resolved and `${…}` as it stands.
    pub(super) text: String,
    /// Whether Terraform would evaluate a part of it.
    pub(super) live: bool,
    /// Whether it stands in JSON, where a reference is a text, too.
    pub(super) json: bool,
}

impl Value {
    /// What it is, with an article.
    pub(super) fn noun(&self) -> &'static str {
        match &self.kind {
            ValueKind::Null => "null",
            ValueKind::Flag(_) => "a flag",
            ValueKind::Number(_) => "a number",
            ValueKind::Text(_) => "a text",
            ValueKind::List(_) => "a list",
            ValueKind::Map(_) => "a map",
            ValueKind::Reference(_) => "a reference",
            ValueKind::Broken => "something else",
        }
    }
}
