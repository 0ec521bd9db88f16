//! The witness: reads an emitted tree back, knowing nothing of who wrote it.
//!
//! It reads the text as Terraform would: a value that refers to another module is followed through the module call
//! and its output. Whatever it does not understand is an error that names the file and line, never a guess. This
//! crate and `tanada-render` do not know each other; a test of the command line asserts it.
//!
//! [`read`] makes an [`Observed`] of a tree, [`changes::compare`] says what Terraform will do when one follows another, and
//! [`record`] is what a lost lock is rebuilt from. [`network::Network`] is what the tree builds, [`reach::reach`] who reaches
//! whom in it, [`verify::verify`] whether that is what the input says, and [`trace::trace`] one packet's way.

pub mod changes;
pub mod effects;
mod error;
mod files;
mod join;
pub mod network;
mod observed;
mod plan;
pub mod reach;
mod read;
mod record;
pub mod rules;
mod syntax;
pub mod trace;
pub mod verify;

pub use error::ReadError;
pub use files::Files;
pub use join::join;
pub use observed::{
    Address, Backend, Data, Import, Instance, Key, Map, Moved, Observed, Place, Provider, Reference, Removed,
    Root, Target, Unread, Value,
};
pub use plan::read_plan;
pub use read::{ROOT_FILES, Reader, read, read_root};
pub use record::record;
