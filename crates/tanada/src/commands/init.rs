//! `tanada init`.

use std::fs;
use std::path::Path;

use anyhow::Result;
use tanada_model::net::Block;

use crate::disk::tree::is_absent;
use crate::disk::write::write_file;
use crate::report::Answer;
use crate::starter::{DEFAULT_RANGE, StarterFile, starter};
use crate::stop::Stop;
use crate::streams::Streams;

/// Writes a first input, and examples for git and CI, into the working directory
///
/// The input in `network/` is small and complete: read it, change it, and run `tanada generate`. Nothing that is there
/// is replaced.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The one address of the estate: the private range that everything is cut from
    #[arg(default_value = DEFAULT_RANGE)]
    range: Block,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let files = starter(args.range).map_err(|error| {
        Stop::new(error.to_string()).help(format!("for example `tanada init {DEFAULT_RANGE}`"))
    })?;
    let mut new = Vec::new();
    let mut kept = Vec::new();
    for file in files {
        match fs::symlink_metadata(file.path) {
            Err(error) if is_absent(&error) => new.push(file),
            Err(error) => {
                return Err(Stop::new(format!("cannot look at `{}`", file.path)).because(error).into());
            }
            Ok(_) => kept.push(file),
        }
    }
    if let Some(StarterFile { path, text: _ }) = kept.iter().find(|file| file.path.starts_with("network/")) {
        streams.tell(format_args!("refused: there is a `{path}` already; nothing was written"));
        return Ok(Answer::No);
    }
    for StarterFile { path, text } in &new {
        let path = Path::new(path);
        if let Some(directory) = path.parent() {
            let cannot = |error| Stop::new(format!("cannot make `{}`", directory.display())).because(error);
            fs::create_dir_all(directory).map_err(cannot)?;
        }
        write_file(path, text)?;
        streams.tell(format_args!("wrote {}", path.display()));
    }
    for StarterFile { path, text } in &kept {
        streams.tell(format_args!("kept {path}, which is there already; it should hold:"));
        text.lines().for_each(|line| streams.tell(format_args!("  {line}")));
    }
    streams.tell("next: read `network/`, then run `tanada generate`");
    Ok(Answer::Yes)
}
