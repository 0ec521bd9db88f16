//! Files that a person adds to the tree, or puts in the place of its own, from templates with the derived values.
//!
//! ```text
//! templates/vpc/NAME.tera     a file NAME in the root of every VPC for which it yields something
//! templates/hub/NAME.tera     the same for hubs
//! templates/team/NAME.tera    a file teams/TEAM/NAME
//! templates/estate/NAME.tera  a file at the top of the tree
//! templates/_NAME.tera        included by others, yields nothing
//! ```
//!
//! `place` decides which file a template makes, `context` what it is given, `mark` finds the line of a template
//! that an output came from, `references` follows what an output refers to.

mod codes;
mod context;
mod mark;
mod place;
mod references;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use rayon::prelude::*;
use tanada_model::diagnostic::{Diagnostic, FileId, Span, did_you_mean};
use tanada_model::format::format;
use tera::{Context, ErrorKind, Tera};

use crate::emit::root_files;
use crate::plan::Plan;
pub use codes::CODES;
use codes::{TEMPLATE_ADDRESS, TEMPLATE_ERROR, TEMPLATE_OUTPUT};
use context::Scene;
pub use place::is_added;
use place::{Kind, Target};
use references::Addresses;

/// The largest file that a template may yield, in bytes.
pub const MAX_OUTPUT: usize = 1 << 20;

/// A template as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFile {
    /// Relative to the folder of the templates, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its place among the sources, for messages.
    pub file: FileId,
}

/// Templates that can be used.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    files: Vec<TemplateFile>,
    targets: Vec<Target>,
}

/// A file of the tree: path and text.
type File = (String, String);

/// A file with the names of the modules that it refers to, when there is one; and what is wrong about it.
type Rendered = (Option<(File, BTreeSet<String>)>, Vec<Diagnostic>);

/// One thing to render: a template, the file that it makes, and what it is given.
struct Job<'a> {
    target: &'a Target,
    /// The folder that the file lies in, empty for the top of the tree.
    folder: String,
    context: Context,
    /// Names of the address modules that its root calls anyway.
    root: Option<&'a str>,
}

impl Templates {
    /// Reads templates; complains about every one that cannot be used.
    pub fn new(files: Vec<TemplateFile>) -> (Option<Self>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let targets = place::targets(&files, &mut diagnostics);
        let tera = match engine(files.iter().map(|file| (file.path.clone(), file.text.clone()))) {
            Ok(tera) => tera,
            Err(error) => {
                diagnostics.push(complaint(&error, &files, None));
                return (None, diagnostics);
            }
        };
        if diagnostics.is_empty() {
            (Some(Self { tera, files, targets }), diagnostics)
        } else {
            (None, diagnostics)
        }
    }

    /// Every field that templates of each kind are given for a plan, as `docs/templates.md` writes them.
    pub fn fields(plan: &Plan) -> BTreeSet<String> {
        context::fields(plan)
    }

    /// The template that makes a file of the tree.
    pub fn maker(&self, plan: &Plan, path: &str) -> Option<&str> {
        let made = |target: &&Target| {
            let folders = target.kind.folders(plan);
            folders.iter().any(|folder| target.kind.path(folder, &target.name) == path)
        };
        self.targets.iter().find(made).map(|target| target.template.as_str())
    }

    /// Renders every template for everything that it is for. What comes out is formatted as `terraform fmt` does; a
    /// file of nothing but white space is left out.
    pub fn render(&self, plan: &Plan) -> (Vec<File>, Vec<Diagnostic>) {
        let scene = Scene::new(plan);
        let addresses = Addresses::new(plan);
        let jobs: Vec<Job<'_>> = self.targets.iter().flat_map(|target| scene.jobs(target)).collect();
        let rendered: Vec<Rendered> = jobs.par_iter().map(|job| self.one(job, &addresses)).collect();
        let mut files: Vec<File> = Vec::new();
        let mut diagnostics = Vec::new();
        // By folder of a root: the modules that its templates refer to.
        let mut called: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (job, (made, found)) in jobs.iter().zip(rendered) {
            diagnostics.extend(found);
            let Some((file, modules)) = made else { continue };
            if let Some(root) = job.root {
                called.entry(root).or_default().extend(modules);
            }
            files.push(file);
        }
        for (root, modules) in called {
            files.extend(calls(plan, &addresses, root, modules));
        }
        (files, once(diagnostics))
    }

    fn one(&self, job: &Job<'_>, addresses: &Addresses) -> Rendered {
        let Job { target, folder, context, root: _ } = job;
        let path = target.kind.path(folder, &target.name);
        let text = match render(&self.tera, &target.template, context) {
            Ok(text) if text.trim().is_empty() => return (None, Vec::new()),
            Ok(text) => text,
            Err(error) => return (None, vec![complaint(&error, &self.files, Some(folder))]),
        };
        let ending = path.rsplit('.').next().unwrap_or_default();
        let formatted = match ending {
            "tf" | "tfvars" | "hcl" => format(&text).map_err(|error| (error.offset, error.message)),
            "json" => match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
                Ok(_) => Ok(text.clone()),
                Err(error) => Err((offset_of(&text, error.line()), error.to_string())),
            },
            _ => Ok(text.clone()),
        };
        let mut formatted = match formatted {
            Ok(formatted) => formatted,
            Err((offset, message)) => {
                let span = self.origin(target, context, &text, offset);
                let line = text.get(..offset).unwrap_or_default().matches('\n').count();
                let line = text.lines().nth(line).unwrap_or_default().trim();
                let diagnostic = Diagnostic::new(
                    TEMPLATE_OUTPUT,
                    format!(
                        "what `{}` yields for `{}` is not {}: {message}",
                        target.template,
                        named(folder),
                        kind(ending)
                    ),
                );
                return (
                    None,
                    vec![diagnostic.at(span, "").help(format!("it yields the line `{line}` there"))],
                );
            }
        };
        // Tags leave empty lines behind them.
        formatted.truncate(formatted.trim_end().len());
        formatted.push('\n');
        let (modules, literals) =
            if ending == "tf" { references::of(&formatted) } else { Default::default() };
        let copies = literals
            .into_iter()
            .filter_map(|(offset, block)| Some((offset, block, addresses.writer(block)?)));
        let found: Vec<Diagnostic> = copies
            .map(|(offset, block, reference)| {
                let span = self.origin(target, context, &text, find(&text, &formatted, offset));
                let message = format!(
                    "`{}` writes {block} for `{}`, which stands in the tree already",
                    target.template,
                    named(folder)
                );
                Diagnostic::new(TEMPLATE_ADDRESS, message)
                    .at(span, "")
                    .help(format!("refer to it: `{reference}` (templates have it as `ref` beside `cidr`)"))
            })
            .collect();
        if found.is_empty() { (Some(((path, formatted), modules)), found) } else { (None, found) }
    }

    /// The place in a template that a place in its output came from.
    fn origin(&self, target: &Target, context: &Context, text: &str, offset: usize) -> Span {
        let line = text.get(..offset).unwrap_or_default().matches('\n').count();
        let marked = engine(
            self.files.iter().enumerate().map(|(i, file)| (file.path.clone(), mark::mark(i, &file.text))),
        );
        let marked = marked.and_then(|tera| render(&tera, &target.template, context)).unwrap_or_default();
        let found = mark::line_of(&marked, line);
        let own = self.files.iter().position(|file| file.path == target.template).unwrap_or(0);
        let (file, line) = found.unwrap_or((own, 1));
        self.files.get(file).map_or(Span::new(FileId(0), 0..0), |file| line_span(file, line))
    }
}

/// What a line of a template does wrong for many is said once, with how many more there are.
fn once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<(Diagnostic, usize)> = Vec::new();
    for finding in found {
        let same = |(own, _): &&mut (Diagnostic, usize)| {
            !own.places.is_empty()
                && (own.code, &own.places, &own.help) == (finding.code, &finding.places, &finding.help)
        };
        match told.iter_mut().find(same) {
            Some((_, more)) => *more += 1,
            None => told.push((finding, 0)),
        }
    }
    told.into_iter()
        .map(|(finding, more)| match more {
            0 => finding,
            1 => finding.help("it is the same for one more"),
            more => finding.help(format!("it is the same for {more} more")),
        })
        .collect()
}

/// The files that a root's templates need beside their own: calls of modules that the root does not call itself.
fn calls(plan: &Plan, addresses: &Addresses, root: &str, mut modules: BTreeSet<String>) -> Option<File> {
    modules.retain(|module| addresses.folder(module).is_some());
    if modules.is_empty() {
        return None;
    }
    for (path, text) in root_files(plan, root) {
        if path.ends_with("/addresses.tf") {
            modules.retain(|module| !text.contains(&format!("module \"{module}\" {{")));
        }
    }
    let calls: Vec<(String, String)> = modules
        .into_iter()
        .filter_map(|module| Some((module.clone(), addresses.folder(&module)?.to_owned())))
        .collect();
    (!calls.is_empty()).then(|| (format!("{root}/{CALLS}"), crate::emit::calls(root, &calls)))
}

/// The file with the calls of modules that templates refer to.
pub(crate) const CALLS: &str = "addresses_templates.tf";

fn engine(templates: impl Iterator<Item = (String, String)>) -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![".tf.tera", ".tf.replace.tera", ".hcl.tera", ".tfvars.tera"]);
    tera.set_escape_fn(escape);
    tera.add_raw_templates(templates.collect::<Vec<_>>())?;
    Ok(tera)
}

/// Writes a text so that it stands for itself between the quotes of HCL.
fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut escaped = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '"' => escaped.push_str("\\\""),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '$' | '%' if text.get(i + 1..).is_some_and(|rest| rest.starts_with('{')) => {
                escaped.push(c);
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    out.write_all(escaped.as_bytes())
}

/// A text that refuses to grow beyond [`MAX_OUTPUT`].
#[derive(Default)]
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn render(tera: &Tera, template: &str, context: &Context) -> Result<String, tera::Error> {
    let mut out = Bounded::default();
    tera.render_to(template, context, &mut out)?;
    String::from_utf8(out.0).map_err(|_| tera::Error::message("the output is not UTF-8"))
}

/// What the template engine says, at the line that it is about.
#[expect(clippy::wildcard_enum_match_arm, reason = "the engine's list of errors is open")]
fn complaint(error: &tera::Error, files: &[TemplateFile], folder: Option<&str>) -> Diagnostic {
    let whom = folder.map(|folder| format!(" (for `{}`)", named(folder))).unwrap_or_default();
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let said = report.message().trim_end_matches('.');
            // The engine adds what there is to a field that there is not.
            let (said, fields) = match said.split_once(". Available fields: ") {
                Some((said, fields)) => (said, Some(fields)),
                None => (said, None),
            };
            let mut diagnostic = Diagnostic::new(TEMPLATE_ERROR, format!("{}{whom}", lower(said)));
            if let Some(fields) = fields {
                diagnostic = diagnostic.help(there_are(said, fields));
            }
            match files.iter().find(|file| file.path == report.filename()) {
                Some(file) => diagnostic.at(line_span(file, report.span().start_line), ""),
                None => diagnostic,
            }
        }
        ErrorKind::Io(io::ErrorKind::FileTooLarge) => Diagnostic::new(
            TEMPLATE_OUTPUT,
            format!("a template yields more than {} MiB{whom}", MAX_OUTPUT >> 20),
        ),
        other => Diagnostic::new(
            TEMPLATE_ERROR,
            format!("{}{whom}", lower(other.to_string().trim_end_matches('.'))),
        ),
    }
}

/// The field that was probably meant, or all of them.
fn there_are(said: &str, fields: &str) -> String {
    let word = said.split(['`', '\'']).nth(1).unwrap_or_default();
    match did_you_mean(word, fields.split(", ")) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are `{}`", fields.replace(", ", "`, `")),
    }
}

/// A sentence of another program in the form of ours.
fn lower(text: &str) -> String {
    let text = text.lines().next().unwrap_or_default().replace('\'', "`");
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}

fn kind(ending: &str) -> &'static str {
    if ending == "json" { "JSON" } else { "HCL" }
}

fn named(folder: &str) -> &str {
    if folder.is_empty() { "the estate" } else { folder }
}

/// A line of a template, without the spaces before it.
fn line_span(file: &TemplateFile, line: usize) -> Span {
    let start = offset_of(&file.text, line);
    let text = file.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let indent = text.len() - text.trim_start().len();
    Span::new(file.file, start + indent..start + text.len())
}

/// Where a line begins, counted from 1.
fn offset_of(text: &str, line: usize) -> usize {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).nth(line.saturating_sub(1)).unwrap_or(text.len())
}

/// The place in a text that a place in its formatted form stood at: formatting keeps lines.
fn find(text: &str, formatted: &str, offset: usize) -> usize {
    let line = formatted.get(..offset).unwrap_or_default().matches('\n').count();
    offset_of(text, line + 1)
}

impl Kind {
    /// The path of a file that a template of this kind makes.
    fn path(self, folder: &str, name: &str) -> String {
        match self {
            Self::Vpc | Self::Hub | Self::Team => format!("{folder}/{name}"),
            Self::Estate => name.to_owned(),
        }
    }

    /// The folders that it makes files in.
    fn folders(self, plan: &Plan) -> Vec<String> {
        match self {
            Self::Vpc => plan.vpcs.iter().map(|vpc| vpc.directory.clone()).collect(),
            Self::Hub => plan.hubs.iter().map(|hub| format!("hub/{}", hub.name)).collect(),
            Self::Team => {
                let teams: BTreeSet<&str> = plan.vpcs.iter().map(|vpc| vpc.team.as_str()).collect();
                teams.into_iter().map(|team| format!("teams/{team}")).collect()
            }
            Self::Estate => vec![String::new()],
        }
    }
}
