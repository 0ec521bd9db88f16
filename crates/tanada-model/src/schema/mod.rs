//! The language in words and as a JSON Schema, both made from one table: the [grammar](crate::document::grammar) says
//! which blocks and attributes there are, [`meaning`] what they say.

mod common;
mod json;
pub mod meaning;
mod meanings;
mod reference;

pub use json::schema;
pub use reference::reference;
