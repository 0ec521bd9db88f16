//! The one HCL writer: a small document model whose text is canonical, byte for byte, under `terraform fmt`.
//!
//! ```text
//! Body ── Attribute name Value ── Expr      one line: text, number, reference, list, object, call
//!      │                       ├─ List      one item a line
//!      │                       ├─ Object    one entry a line
//!      │                       └─ Call      a function around a list or object
//!      ├─ Heredoc, Block, Comment, Blank
//! ```
//!
//! The model has what generated data needs and nothing else: no operators, conditions or `for` (logic lives in the
//! constant modules under `templates/modules`). What it can hold, it prints right: texts are escaped so that nothing
//! in them is ever evaluated, identifiers are checked when they are made, references are built from steps. What it
//! does not check is meaning: two attributes of one name, or a reference to nothing, are the caller's affair.
//!
//! Documents borrow from the plan, so printing a row costs little more than copying its bytes.
//!
//! ```
//! use tanada_render::hcl::{Block, Body, List, Expr};
//! use tanada_render::ident;
//!
//! let rows = List::new().item(Expr::object([(ident!("name"), "a".into()), (ident!("cost"), 3_u32.into())]));
//! let module = Block::new(ident!("module")).label(ident!("vpc")).body(
//!     Body::new().attribute(ident!("source"), "../vpc").attribute(ident!("rows"), rows),
//! );
//! assert_eq!(
//!     Body::new().block(module).to_string(),
//!     r#"module "vpc" {
//!   source = "../vpc"
//!   rows = [
//!     { name = "a", cost = 3 },
//!   ]
//! }
//! "#
//! );
//! ```

mod align;
mod body;
mod expr;
mod letters;
mod name;
mod print;
mod text;

pub use body::{Block, Body, Collection, Element, Item, List, Member, Object, Value};
pub use expr::{Expr, Key, Part, Reference, Step, Template};
pub use name::{Ident, NotAnIdentifier};
pub(crate) use text::{Plain, turns_direction};
