//! The formatter of the input against real Terraform and against its own promises.

mod generate;
mod mangle;
mod promises;
mod random;
mod terraform;
