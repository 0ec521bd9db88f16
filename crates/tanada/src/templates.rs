//! Reads the templates beside the input, and renders them.

use std::fs;
use std::path::Path;
use std::process;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
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

/// A template as it stands in a folder or in a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Relative to the folder of templates, with `/`.
    pub path: String,
    /// Where it lies, as a person writes it.
    pub shown: String,
    /// Its text.
    pub text: String,
}

/// What the templates of an estate yield, as paths and texts. `None` when there is an error among the findings.
///
/// # Errors
/// When one cannot be read.
pub fn render(place: &Place, plan: &Plan, findings: &mut Findings) -> Result<Option<Vec<(String, String)>>> {
    yields(&read(&place.templates)?, plan, findings)
}

/// The templates of an estate; `None` when there are none, or when they cannot be used, which is then a finding.
///
/// # Errors
/// When one cannot be read.
pub fn load(place: &Place, findings: &mut Findings) -> Result<Option<Templates>> {
    Ok(understand(&read(&place.templates)?, findings))
}

/// What templates yield, as paths and texts. `None` when there is an error among the findings.
///
/// # Errors
/// When one would make a file that cannot be written.
pub fn yields(
    templates: &[Template],
    plan: &Plan,
    findings: &mut Findings,
) -> Result<Option<Vec<(String, String)>>> {
    let Some(templates) = understand(templates, findings) else {
        return Ok((!findings.has_errors()).then(Vec::new));
    };
    let (files, found) = with_patience(|| templates.render(plan));
    findings.extend(found);
    for (path, _) in &files {
        check_path(path).map_err(|error| Stop::new(error.to_string()))?;
    }
    Ok((!findings.has_errors()).then_some(files))
}

fn understand(templates: &[Template], findings: &mut Findings) -> Option<Templates> {
    if templates.is_empty() {
        return None;
    }
    let files = templates.iter().map(|Template { path, shown, text }| {
        let file = findings.sources.add(shown.clone(), text.clone());
        TemplateFile { path: path.clone(), text: text.clone(), file }
    });
    let (templates, found) = Templates::new(files.collect());
    findings.extend(found);
    templates
}

/// Whether a file in the folder of templates is one, by its path there: hidden files, backups of editors, and README.md
/// at the top are none.
pub fn is_template(path: &str) -> bool {
    let is_read = |name: &str| (!name.starts_with('.') || name == ".github") && !name.ends_with('~');
    path != "README.md" && path.split('/').all(is_read)
}

/// Reads the templates of a folder, which need not be there, in the order of their paths. Links are not followed.
///
/// # Errors
/// When one cannot be read, or there are too many.
pub fn read(directory: &Path) -> Result<Vec<Template>> {
    let mut templates = Vec::new();
    read_into(directory, "", &mut templates)?;
    templates.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(templates)
}

fn read_into(directory: &Path, prefix: &str, templates: &mut Vec<Template>) -> Result<()> {
    let cannot = |error| Stop::new(format!("cannot read `{}`", shown(directory))).because(error);
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if prefix.is_empty() && is_absent(&error) => return Ok(()),
        Err(error) => return Err(cannot(error).into()),
    };
    for entry in entries {
        let entry = entry.map_err(cannot)?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if !is_template(&path) {
            continue;
        }
        let kind = entry.file_type().map_err(cannot)?;
        if kind.is_dir() {
            read_into(&entry.path(), &format!("{path}/"), templates)?;
        } else if kind.is_file() {
            if templates.len() == MAX_FILES {
                return Err(Stop::new(format!("there are more than {MAX_FILES} templates")).into());
            }
            let text = read_text(&entry.path(), MAX_FILE)?;
            templates.push(Template { path, shown: shown(&entry.path()), text });
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
