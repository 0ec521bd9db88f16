//! `tanada man`.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use clap::CommandFactory as _;
use clap_mangen::Man;

use super::Cli;
use crate::disk::place::shown;
use crate::disk::write::write_file;
use crate::report::{Answer, counted};
use crate::stop::Stop;
use crate::streams::Streams;

/// Prints the manual page, or writes those of all commands
///
/// Without `--to` the page of COMMAND (of the program, when none is named) goes to standard output: `tanada man generate
/// | man -l -`. With it, every page goes to a directory: `tanada man --to ~/.local/share/man/man1`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A command, for example `generate` or `lock rebuild`
    #[arg(conflicts_with = "to")]
    command: Vec<String>,

    /// Directory for the pages of all commands
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// A page: its name without suffix, and its text.
struct Page {
    name: String,
    text: Vec<u8>,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let pages = pages()?;
    let Some(directory) = &args.to else {
        let name = std::iter::once("tanada").chain(args.command.iter().map(String::as_str));
        let name = name.collect::<Vec<_>>().join("-");
        let Some(page) = pages.iter().find(|page| page.name == name) else {
            return Err(Stop::new(format!("there is no command `{}`", args.command.join(" ")))
                .help("`tanada --help` lists them")
                .into());
        };
        std::io::Write::write_all(&mut streams.out, &page.text)?;
        return Ok(Answer::Yes);
    };
    let cannot = |error| Stop::new(format!("cannot make `{}`", shown(directory))).because(error);
    fs::create_dir_all(directory).map_err(cannot)?;
    for Page { name, text } in &pages {
        write_file(&directory.join(format!("{name}.1")), &String::from_utf8_lossy(text))?;
    }
    streams.tell(format_args!("{} written in `{}`", counted(pages.len(), "page"), shown(directory)));
    Ok(Answer::Yes)
}

/// The pages of the program and of every command, outer ones first.
fn pages() -> Result<Vec<Page>> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let mut commands = vec![program];
    let mut pages = Vec::new();
    while let Some(command) = commands.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        commands.extend(command.get_subcommands().cloned());
        let mut text = Vec::new();
        Man::new(command).title(name.to_uppercase()).render(&mut text)?;
        pages.push(Page { name, text });
    }
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pages)
}
