//! The commands: one file each, its arguments' comments are its help text.

mod check;
mod completions;
mod diff;
mod eject;
mod explain;
mod fmt;
mod free;
mod generate;
mod init;
mod list;
mod lock;
mod man;
mod matrix;
mod plan;
mod reach;
mod release;
mod relocate;
mod roots;
mod schema;
mod tree;
mod verify;
mod whois;

pub(crate) use check::CODES as CHECK_CODES;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use crate::disk::place::Place;
use crate::report::Answer;
use crate::stop::Stop;
use crate::streams::Streams;

/// One private address range in, the networks of many teams out, as ordinary Terraform.
///
/// A person writes one address and who is to have a network; the program derives every other value once and keeps
/// what it handed out in `network.lock.hcl`. Nothing is applied, and no credentials are read.
///
/// Exit status: 0 yes; 1 the answer is no (findings, stale files, refused); 2 the question could not be answered
/// (usage, invalid input, a file that cannot be read or written).
#[derive(Debug, Parser)]
#[command(
    name = "tanada",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Generate(generate::Args),
    Check(check::Args),
    Verify(verify::Args),
    Reach(reach::Args),
    Matrix(matrix::Args),
    Diff(diff::Args),
    Roots(roots::Args),
    Tree(tree::Args),
    Free(free::Args),
    List(list::Args),
    Whois(whois::Args),
    Release(release::Args),
    Move(relocate::Args),
    Lock(lock::Args),
    Eject(eject::Args),
    Fmt(fmt::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Where the estate lies.
#[derive(Clone, Debug, clap::Args)]
struct PlaceArgs {
    /// Directory of the input, `*.hcl` and `*.hcl.json`; the lock lies beside it
    #[arg(value_name = "DIR", default_value = "network")]
    dir: PathBuf,

    /// Directory of the output [default: `generated` beside DIR]
    #[arg(long, value_name = "TREE")]
    out: Option<PathBuf>,
}

impl PlaceArgs {
    fn place(&self) -> Result<Place> {
        Place::new(&self.dir, self.out.as_deref())
    }
}

/// For whom the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Runs the program on its arguments.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output; a reader that has gone is no error.
            let _ = error.print();
            return if error.use_stderr() { Answer::Unanswered.into() } else { Answer::Yes.into() };
        }
    };
    let mut streams = Streams::standard();
    let answer = run(cli.command, &mut streams).and_then(|answer| {
        std::io::Write::flush(&mut streams.out).map_err(|error| Stop::new("cannot write").because(error))?;
        Ok(answer)
    });
    match answer {
        Ok(answer) => answer.into(),
        Err(error) => {
            tell_error(&error, &mut streams);
            Answer::Unanswered.into()
        }
    }
}

fn run(command: Command, streams: &mut Streams) -> Result<Answer> {
    match command {
        Command::Init(args) => init::run(&args, streams),
        Command::Generate(args) => generate::run(&args, streams),
        Command::Check(args) => check::run(&args, streams),
        Command::Verify(args) => verify::run(&args, streams),
        Command::Reach(args) => reach::run(&args, streams),
        Command::Matrix(args) => matrix::run(&args, streams),
        Command::Diff(args) => diff::run(&args, streams),
        Command::Roots(args) => roots::run(&args, streams),
        Command::Tree(args) => tree::run(&args, streams),
        Command::Free(args) => free::run(&args, streams),
        Command::List(args) => list::run(&args, streams),
        Command::Whois(args) => whois::run(&args, streams),
        Command::Release(args) => release::run(&args, streams),
        Command::Move(args) => relocate::run(&args, streams),
        Command::Lock(args) => lock::run(&args, streams),
        Command::Eject(args) => eject::run(&args, streams),
        Command::Fmt(args) => fmt::run(&args, streams),
        Command::Explain(args) => explain::run(&args, streams),
        Command::Schema(args) => schema::run(&args, streams),
        Command::Completions(args) => completions::run(&args, streams),
        Command::Man(args) => man::run(&args, streams),
    }
}

fn tell_error(error: &anyhow::Error, streams: &mut Streams) {
    streams.tell(format_args!("error: {error:#}"));
    for line in error.downcast_ref::<Stop>().map(Stop::lines_of_help).unwrap_or_default() {
        streams.tell(format_args!("  = help: {line}"));
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_well_formed() {
        Cli::command().debug_assert();
    }
}
