//! IPv4 arithmetic: blocks that are always aligned, positions in a binary tree, sets of addresses.

mod block;
mod position;
mod set;

pub use block::{Block, BlockError};
pub use position::{Position, PositionError};
pub use set::BlockSet;
