//! Reads the templates beside the input, and renders them.

use std::fs;
use std::path::Path;
use std::process;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use tanada_model::diagnostic::Sources;
use tanada_render::plan::Plan;
use tanada_render::templates::{TemplateFile, Templates};

use crate::disk::input::read_text;
use crate::disk::place::{Place, shown};
use crate::disk::tree::{check_path, is_absent};
use crate::report::Findings;
use crate::stop::Stop;

/// The largest template in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The most templates. Each is rendered for every VPC.
const MAX_FILES: usize = 1000;

/// How long templates may take. Their loops are over what there is, but loops in loops can be made to take for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the templates of an estate yield, as paths and texts. `None` when there is an error among the findings.
///
/// # Errors
/// When one cannot be read.
pub fn render(place: &Place, plan: &Plan, findings: &mut Findings) -> Result<Option<Vec<(String, String)>>> {
    let Some(templates) = load(place, findings)? else {
        return Ok((!findings.has_errors()).then(Vec::new));
    };
    let (files, found) = with_patience(|| templates.render(plan));
    findings.extend(found);
    for (path, _) in &files {
        check_path(path).map_err(|error| Stop::new(error.to_string()))?;
    }
    Ok((!findings.has_errors()).then_some(files))
}

/// The templates of an estate; `None` when there are none, or when they cannot be used, which is then a finding.
///
/// # Errors
/// When one cannot be read.
pub fn load(place: &Place, findings: &mut Findings) -> Result<Option<Templates>> {
    let mut files = Vec::new();
    read(&place.templates, "", &mut files, &mut findings.sources)?;
    if files.is_empty() {
        return Ok(None);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let (templates, found) = Templates::new(files);
    findings.extend(found);
    Ok(templates)
}

/// Reads a directory of templates. Hidden files, backups of editors, and README.md at the top are not read; links are
/// not followed.
fn read(directory: &Path, prefix: &str, files: &mut Vec<TemplateFile>, sources: &mut Sources) -> Result<()> {
    let cannot = |error| Stop::new(format!("cannot read `{}`", shown(directory))).because(error);
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if prefix.is_empty() && is_absent(&error) => return Ok(()),
        Err(error) => return Err(cannot(error).into()),
    };
    let mut found = entries.collect::<Result<Vec<_>, _>>().map_err(cannot)?;
    found.sort_by_key(fs::DirEntry::file_name);
    for entry in found {
        let name = entry.file_name().to_string_lossy().into_owned();
        if (name.starts_with('.') && name != ".github")
            || name.ends_with('~')
            || (prefix.is_empty() && name == "README.md")
        {
            continue;
        }
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(cannot)?;
        if kind.is_dir() {
            read(&entry.path(), &format!("{path}/"), files, sources)?;
        } else if kind.is_file() {
            if files.len() == MAX_FILES {
                return Err(Stop::new(format!("there are more than {MAX_FILES} templates")).into());
            }
            let text = read_text(&entry.path(), MAX_FILE)?;
            let file = sources.add(shown(&entry.path()), text.clone());
            files.push(TemplateFile { path, text, file });
        }
    }
    Ok(())
}

/// Does something that may take for ever, and ends the process when it does. Nothing has been written by then.
fn with_patience<T>(work: impl FnOnce() -> T) -> T {
    let (done, waiting) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        if waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            tell_impatience();
            process::exit(2);
        }
    });
    let result = work();
    drop(done);
    // The watch ends with the channel; what it returns says nothing.
    let _ = watch.join();
    result
}

#[expect(clippy::print_stderr, reason = "the streams belong to the thread that does not come back")]
fn tell_impatience() {
    eprintln!(
        "error: the templates did not come to an end within {} seconds; nothing was written",
        PATIENCE.as_secs()
    );
    eprintln!("  = help: look for loops inside loops");
}
