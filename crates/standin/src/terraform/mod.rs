//! Real Terraform, run on a copy of an emitted tree.

mod failure;
mod modules;
mod outline;
mod plan;
mod root;
mod skip;
mod workspace;

pub use failure::Failure;
pub use outline::{Outline, Step};
pub use plan::{Action, Change, Counts, Plan, Resource};
pub use root::Root;
pub use skip::judge_or_skip;
pub use workspace::Workspace;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::provider::Lookups;
use crate::server::Server;

/// The `terraform` on `PATH` with a stand-in of its own.
///
/// ```no_run
/// use standin::{Judge, Lookups, Workspace};
///
/// let judge = Judge::start(Lookups::Invented)?.expect("terraform is on PATH");
/// let workspace = Workspace::from_directory("generated".as_ref())?;
/// let plan = workspace.root(&judge, "teams/web/production").plan()?;
/// assert!(plan.counts().destroy == 0);
/// # Ok::<(), standin::Failure>(())
/// ```
#[derive(Debug)]
pub struct Judge {
    terraform: PathBuf,
    server: Server,
}

impl Judge {
    /// Starts a stand-in; `None` where there is no `terraform` on `PATH`.
    ///
    /// # Errors
    ///
    /// The stand-in cannot be started.
    pub fn start(lookups: Lookups) -> io::Result<Option<Self>> {
        let Some(terraform) = find() else { return Ok(None) };
        Ok(Some(Self { terraform, server: Server::start(lookups)? }))
    }

    /// A call of Terraform in `directory` that reads no settings of the machine and asks nobody else.
    pub(crate) fn command(&self, directory: &Path) -> Command {
        let mut command = Command::new(&self.terraform);
        let settings = std::env::vars_os().map(|(name, _)| name);
        for name in settings.filter(|name| name.to_str().is_some_and(|name| name.starts_with("TF_"))) {
            command.env_remove(name);
        }
        command
            .current_dir(directory)
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1")
            // A run lives shorter than its garbage is worth collecting; a large root stays below this all the same.
            .env("GOGC", "off")
            .env("GOMEMLIMIT", "1GiB")
            .env("TF_REATTACH_PROVIDERS", self.server.reattach());
        command
    }
}

/// The `terraform` on `PATH`.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("terraform")).find(|program| program.is_file())
}
