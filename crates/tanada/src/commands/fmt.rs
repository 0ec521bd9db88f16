//! `tanada fmt`.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Result;
use tanada_model::format::format;

use crate::disk::input::{MAX_FILE, paths, read_text};
use crate::disk::place::shown;
use crate::disk::write::write_file;
use crate::report::{Answer, counted};
use crate::stop::Stop;
use crate::streams::Streams;

/// Formats input files as `terraform fmt` would
///
/// Writes files whose layout differs, and names them on standard output. `-` formats standard input to standard output.
/// JSON is left as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write nothing; exit 1 when a file is not formatted
    #[arg(long)]
    check: bool,

    /// Files, and directories whose `*.hcl` are meant
    #[arg(value_name = "PATH", default_value = "network")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return format_standard_input(args, streams);
    }
    let files = files(&args.paths)?;
    // Every file is read and formatted before one is written.
    let mut changed = Vec::new();
    let mut broken = 0;
    for file in files {
        let text = read_text(&file, MAX_FILE)?;
        match format(&text) {
            Ok(formatted) if formatted == text => {}
            Ok(formatted) => changed.push((file, formatted)),
            Err(error) => {
                broken += 1;
                streams.tell(format_args!("error: {}:{error}", shown(&file)));
            }
        }
    }
    if broken > 0 {
        streams.tell(format_args!("{} not HCL; nothing was written", counted(broken, "file")));
        return Ok(Answer::Unanswered);
    }
    for (file, formatted) in &changed {
        if !args.check {
            write_file(file, formatted)?;
        }
        writeln!(streams.out, "{}", shown(file))?;
    }
    Ok(if args.check && !changed.is_empty() { Answer::No } else { Answer::Yes })
}

/// The `*.hcl` files that the paths name, each once.
fn files(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let is_hcl = |path: &Path| path.extension().is_some_and(|extension| extension == "hcl");
    let mut files = Vec::new();
    for path in given {
        if path.is_file() {
            files.push(path.clone());
        } else {
            files.extend(paths(path)?.into_iter().filter(|path| is_hcl(path)));
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn format_standard_input(args: &Args, streams: &mut Streams) -> Result<Answer> {
    if args.paths.len() > 1 {
        return Err(Stop::new("`-` stands alone").help("name files, or standard input").into());
    }
    let mut bytes = Vec::new();
    let cannot = |error| Stop::new("cannot read standard input").because(error);
    std::io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Stop::new(format!("standard input is larger than {} MiB", MAX_FILE >> 20)).into());
    }
    let text = String::from_utf8(bytes).map_err(|_| Stop::new("standard input is not UTF-8 text"))?;
    let formatted = format(&text).map_err(|error| Stop::new(format!("standard input:{error}")))?;
    if args.check {
        return Ok(if formatted == text { Answer::Yes } else { Answer::No });
    }
    streams.out.write_all(formatted.as_bytes())?;
    Ok(Answer::Yes)
}
