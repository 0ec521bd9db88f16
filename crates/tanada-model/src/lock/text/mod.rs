//! The lock's text.

mod check;
mod error;
mod item;
mod print;
mod read;
#[cfg(test)]
mod tests;

pub use error::{CODES, LockError, LockErrorKind};
pub use print::print;
pub use read::parse;

/// The format that [`print()`] writes and the newest that [`parse`] reads.
pub const FORMAT: u32 = 1;

/// The last line of every lock: rule 7 of its evolution.
const END: &str = "# The end of the lock.";

/// The resolution of every merge, in the words that errors and the text itself use.
const RESOLUTION: &str = "take the lock of the branch you merge into, whole, and run `tanada generate` again";
