//! The witness: reads an emitted tree back, knowing nothing of who wrote it.
//!
//! It reads the text as Terraform would: a value that refers to another module is followed through the module call
//! and its output. Whatever it does not understand is an error that names the file and line, never a guess. This
//! crate and `tanada-render` do not know each other; a test of the command line asserts it.
//!
//! Today it records what a lost lock is rebuilt from ([`record`]).

mod error;
mod module;
mod record;
mod value;

pub use error::ReadError;
pub use record::record;
