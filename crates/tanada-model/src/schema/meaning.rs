//! What each attribute means, beside the grammar that says which there are.

use super::common::{EVERYWHERE, INHERITED};
use super::meanings::MEANINGS;
use crate::document::grammar::{Label, ROOT, Shape};

/// What an attribute is when it is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// Required, or nothing at all.
    Absent,
    /// A value, as JSON.
    Value(&'static str),
    /// Taken from elsewhere; in words.
    Derived(&'static str),
}

/// What narrows a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrow {
    /// Nothing.
    Any,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A number from the first to the second.
    Between(u32, u32),
    /// A text that this regular expression finds.
    Pattern(&'static str),
}

/// One attribute in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Its name.
    pub name: &'static str,
    /// Its value when it is not written.
    pub default: Default,
    /// What narrows its type.
    pub narrow: Narrow,
    /// What it says: one or two sentences in Markdown.
    pub text: &'static str,
}

/// One kind of block in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockMeaning {
    /// Its key, see [`kinds`].
    pub key: &'static str,
    /// What it is.
    pub text: &'static str,
    /// Its attributes, those that stand everywhere and those that a VPC inherits aside.
    pub attributes: &'static [Meaning],
    /// Whether it takes the attributes that a VPC inherits.
    pub inherited: bool,
}

/// Every kind of block, with a key that is its keyword; the top-level `allow` is `intent`, the top level `estate`.
pub fn kinds() -> Vec<(&'static str, &'static Shape)> {
    let mut kinds: Vec<(&'static str, &'static Shape)> = vec![("estate", &ROOT)];
    let mut at = 0;
    while let Some((_, shape)) = kinds.get(at).copied() {
        for inner in shape.blocks {
            let key = key(shape, inner);
            if !kinds.iter().any(|(known, _)| *known == key) {
                kinds.push((key, inner));
            }
        }
        at += 1;
    }
    kinds
}

/// The key of a block that stands in `parent`.
pub(super) fn key(parent: &Shape, shape: &Shape) -> &'static str {
    if parent.keyword.is_empty() && shape.keyword == "allow" { "intent" } else { shape.keyword }
}

/// What is said of a kind of block.
pub fn block(key: &str) -> Option<&'static BlockMeaning> {
    MEANINGS.iter().find(|meaning| meaning.key == key)
}

/// What is said of an attribute of a kind of block.
pub fn attribute(key: &str, name: &str) -> Option<&'static Meaning> {
    let block = block(key)?;
    let inherited = if block.inherited { INHERITED } else { &[] };
    block.attributes.iter().chain(inherited).chain(EVERYWHERE).find(|meaning| meaning.name == name)
}

/// The label of a block in words, for documentation.
pub(super) fn label(shape: &Shape) -> &'static str {
    match shape.label {
        Label::None => "",
        Label::Name => " \"NAME\"",
        Label::Word => " \"WORD\"",
    }
}

/// The keys of all kinds of blocks of which something is said.
pub fn keys() -> impl Iterator<Item = &'static str> {
    MEANINGS.iter().map(|meaning| meaning.key)
}
