//! Everything that reads or writes the disk, and nothing that knows what the files mean.
//!
//! ```text
//! Input ─…→ files ─compare→ Comparison ─write→ disk
//!             Manifest ────────┘
//! ```
//!
//! What holds whatever happens (each has a test):
//! * nothing outside the output directory is touched but the lock, and nothing through a symbolic link;
//! * a file of the output is written or removed only when its bytes are ones that an earlier run wrote;
//! * an error before the first rename leaves every byte as it was; a kill at any moment leaves a state that the next
//!   run finishes;
//! * when nothing differs, nothing is written.

pub mod compare;
pub mod conflict;
pub mod input;
pub mod known;
pub mod lock;
pub mod manifest;
pub mod place;
mod staging;
pub mod tree;
pub mod write;
