//! `tanada check`.

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use tanada_model::diagnostic::{self, Code, Diagnostic, Severity, SourceFile, Sources, Span};
use tanada_model::lock::{self, Lock};
use tanada_render::derive::derive;
use tanada_render::emit::emit;
use tanada_render::outlook::outlook;

use super::PlaceArgs;
use crate::disk;
use crate::disk::place::{Place, shown};
use crate::disk::tree::read_terraform;
use crate::estate::{Asked, Estate};
use crate::report::{Answer, Findings};
use crate::review::promises::{Broken, broken};
use crate::revision::{Side, Spec};
use crate::rules;
use crate::stop::Stop;
use crate::streams::Streams;
use crate::templates;

/// The lock does not keep what it promised.
pub(crate) const PROMISE_BROKEN: Code = Code {
    name: "promise-broken",
    severity: Severity::Error,
    explanation: "The lock of an earlier revision promised addresses that this one gives to nobody, to somebody else, or \
                  elsewhere, without a rename, growth, an acceptance or a release. Reverting a commit does that: when it was \
                  applied, the network still runs, and its addresses would be handed out a second time.",
};

/// Every code that checking against a revision can raise.
pub(crate) const CODES: &[Code] = &[PROMISE_BROKEN];

/// Says everything that is wrong with input, lock, templates and what follows from them
///
/// Emits the tree in memory and holds it to the rules of AWS: what would fail at apply, and what works and hurts.
/// Findings go to standard output, all at once, each with its code, its place and what to type. Exit 1 when one of them
/// is an error. Warnings and notes do not stop anything; `accept` in the input says that one is a choice, `severity` that
/// it weighs more or less here.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: PlaceArgs,

    /// Also compare the lock with that of this revision or directory: what it promised must be kept
    #[arg(long, value_name = "REV")]
    base: Option<String>,

    /// Hold this tree to the rules, as it lies on the disk, in place of the one that would be generated
    #[arg(long, value_name = "TREE")]
    tree: Option<PathBuf>,

    /// For whom the findings are
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// A form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions: notes at the lines of a pull request
    Github,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    let mut findings = Findings::default();
    if let Some(estate) = Estate::load(&place, &Asked::default(), None, &mut findings)? {
        let (plan, found) = derive(&estate.design, &estate.allocation);
        findings.extend(found);
        findings.extend(outlook(&estate.design, &estate.allocation));
        let added = match &plan {
            Some(plan) => templates::render(&place, plan, &mut findings)?.unwrap_or_default(),
            None => Vec::new(),
        };
        if let Some(plan) = plan.filter(|_| !findings.has_errors()) {
            let read = match &args.tree {
                Some(tree) => {
                    let files = read_terraform(tree)?;
                    rules::apply(&estate, &files, &shown(tree), &mut findings)
                }
                None => {
                    let mut files = emit(&plan).files;
                    files.extend(added.into_iter().filter(|(path, _)| path.ends_with(".tf")));
                    rules::apply(&estate, &files, &shown(&place.out), &mut findings)
                }
            };
            read.map_err(unreadable)?;
        }
        findings.weigh(&estate.design);
    }
    if let Some(base) = &args.base {
        let found = broken_promises(&place, base, &findings.sources)?;
        findings.extend(found);
    }
    match args.format {
        Form::Text => findings.write_text(&mut streams.out, streams.out_style)?,
        Form::Json => findings.write_json(&mut streams.out)?,
        Form::Sarif => findings.write_sarif(&mut streams.out)?,
        Form::Github => findings.write_github(&mut streams.out)?,
    }
    let heaviest = findings.list.iter().rev().max_by_key(|finding| finding.code.severity);
    let more = match (args.format, heaviest) {
        (Form::Text, Some(finding)) => {
            format!("; `tanada explain {}` says what that means", finding.code.name)
        }
        (Form::Text | Form::Json | Form::Sarif | Form::Github, _) => String::new(),
    };
    streams.tell(format!("{}{more}", findings.summary()));
    Ok(if findings.has_errors() { Answer::No } else { Answer::Yes })
}

/// Places that were promised at `base` and are no longer kept.
fn broken_promises(place: &Place, base: &str, sources: &Sources) -> Result<Vec<Diagnostic>> {
    let base = Side::open(place, &Spec::new(base))?;
    let read = |text: &str, whose: &str| {
        lock::parse(text).map_err(|error| Stop::new(format!("cannot read the lock of {whose}: {error}")))
    };
    let promised = match &base.lock {
        Some(text) => read(text, &base.label)?,
        None => return Ok(Vec::new()),
    };
    let now = match disk::lock::read(&place.lock)? {
        Some(text) => read(&text, "the working tree")?,
        None => Lock::default(),
    };
    let name = shown(&place.lock);
    let is_lock = |file: &SourceFile| file.path == name;
    let file = sources.iter().find(|(_, file)| is_lock(file)).map(|(id, _)| id);
    let broken = broken(&promised, &now).into_iter().filter(|broken| !broken.accepted);
    Ok(broken
        .map(|Broken { holder, words, accepted: _ }| {
            let finding = Diagnostic::new(PROMISE_BROKEN, words);
            let finding = match file {
                Some(file) => finding.at(Span::new(file, 0..0), ""),
                None => finding.at(diagnostic::Place::Path(name.clone()), ""),
            };
            finding
                .help(format!("take the lines of `{holder}` from the lock of `{}`", base.label))
                .help("a network leaves by `tanada generate --destroy NAME`, its addresses by `tanada release NAME`")
        })
        .collect())
}

/// A tree that is none of ours.
fn unreadable(errors: Vec<tanada_verify::ReadError>) -> Stop {
    let all = errors.len();
    let mut errors = errors.into_iter();
    let first = errors.next().map_or_else(String::new, |error| error.to_string());
    let stop = Stop::new(format!("the tree cannot be read: {first}"));
    let stop = errors.take(3).fold(stop, |stop, error| stop.help(format!("also: {error}")));
    if all > 4 { stop.help(format!("and {} more", all - 4)) } else { stop }
}
