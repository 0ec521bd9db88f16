//! The command line of tanada: the only part that reads or writes anything.

pub mod disk;
pub mod stop;
