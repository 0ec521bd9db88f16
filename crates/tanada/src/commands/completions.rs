//! `tanada completions`.

use anyhow::Result;
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Cli;
use crate::report::Answer;
use crate::streams::Streams;

/// Prints a shell's completions, for example `tanada completions bash > ~/.local/share/bash-completion/completions/tanada`
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    // The generator panics when it cannot write, so it writes to memory.
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tanada", &mut text);
    std::io::Write::write_all(&mut streams.out, &text)?;
    Ok(Answer::Yes)
}
