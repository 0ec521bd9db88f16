//! The table of the language against the parser, the schema and docs/language.md.

mod document;
mod schema;
mod table;
