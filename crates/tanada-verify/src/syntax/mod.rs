//! The text of a Terraform file as a tree: the part of HCL that is emitted, with the line of everything.
//!
//! A parser of its own, because reading back has to be several times as fast as a general parser is, and because the
//! depth of what it builds is bounded. What lies outside that part is an error, also where Terraform would take it.

mod ast;
mod body;
mod expression;
mod names;
mod scan;
mod text;

pub(crate) use ast::{Attribute, Binary, Block, Body, Entry, Expr, For, Kind, Name, Operator, Part, Step};
pub(crate) use body::parse;
pub(crate) use names::Names;

#[cfg(test)]
mod tests;
