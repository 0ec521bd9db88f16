//! The lock's text.

use thiserror::Error;

use super::Lock;

/// Why a lock cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LockError {}

/// Reads a lock.
///
/// # Errors
/// [`LockError`].
pub fn parse(_text: &str) -> Result<Lock, LockError> {
    Ok(Lock::default())
}

/// Writes a lock.
pub fn print(_lock: &Lock) -> String {
    String::new()
}
