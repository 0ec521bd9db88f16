//! `standin COMMAND [ARGUMENT]…` runs a command, usually `terraform`, with the stand-in attached.
//!
//! ```sh
//! cd generated/teams/web/production
//! cargo run -q -p standin -- terraform get
//! cargo run -q -p standin -- terraform validate
//! ```

use std::io;
use std::process::{Command, ExitCode};

use standin::{Lookups, Server};

fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next().ok_or_else(|| io::Error::other("usage: standin COMMAND [ARGUMENT]…"))?;
    let server = Server::start(Lookups::Invented)?;
    let status = Command::new(program)
        .args(arguments)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_REATTACH_PROVIDERS", server.reattach())
        .status()?;
    // A command that was ended by a signal has no code.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(u8::MAX)))
}
