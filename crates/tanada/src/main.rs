//! The command line of tanada. Under construction.
fn main() {}
