use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why there is no verdict, or a bad one.
#[derive(Debug, Error)]
pub enum Failure {
    /// Terraform ran and refused.
    #[error("`terraform {command}` failed in {directory}:\n{output}", directory = directory.display())]
    Refused {
        /// The command with its arguments.
        command: String,
        /// Where it ran, relative to the tree.
        directory: PathBuf,
        /// What Terraform wrote about it.
        output: String,
    },
    /// A file cannot be copied, or Terraform cannot be run.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// What could not be read, written or run.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something is written in another form than this crate reads.
    #[error("{path} cannot be read: {reason}", path = path.display())]
    Form {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The stand-in cannot be started.
    #[error("the stand-in cannot be started: {0}")]
    Start(#[from] io::Error),
}

impl Failure {
    /// What Terraform wrote, when it refused; else empty.
    pub fn output(&self) -> &str {
        match self {
            Self::Refused { output, .. } => output,
            Self::Io { .. } | Self::Form { .. } | Self::Start(_) => "",
        }
    }
}
