//! `tanada verify`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use tanada_model::design::Design;
use tanada_model::diagnostic::Severity;
use tanada_verify::Unread;
use tanada_verify::reach::End;
use tanada_verify::trace::Hop;
use tanada_verify::verify::{FLOW_INHERENT, Finding, Inherent, NOT_UNDERSTOOD, Report, place_sites, verify};

use super::{Format, PlaceArgs};
use crate::estate::read_promised;
use crate::report::{Answer, Findings, counted, level};
use crate::streams::Streams;
use crate::witness::{Limits, PlanArgs, located, network};

/// Says whether the generated tree does what the input says, and nothing else
///
/// Reads the tree as Terraform would and follows every flow through it, there and back, as exact sets and not as
/// samples. Every intent has to hold; nothing may be open that no intent, rule or standard asks for; ACLs, routes,
/// segments and addresses have to be the ones that input and lock stand for. What is wrong is said with the file and
/// line that decides, and the hops of the flow.
///
/// What people's templates add and this program does not understand is named; nothing is said of what it does. It is an
/// error where it may decide who reaches whom, and so is what decides and is not followed, such as a peering.
///
/// What stateless rules cannot keep out, and the excess of wider rows that `accept "acl-excess"` allows, is listed as
/// its own class and fails nothing; with `--strict`, or `severity "flow-inherent"` in the input, the former
/// does.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: PlaceArgs,

    #[command(flatten)]
    plans: PlanArgs,

    /// Exit 1 also for what stateless rules cannot keep out
    #[arg(long)]
    strict: bool,

    /// For whom the answer is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = args.place.place()?;
    let mut findings = Findings::default();
    let Some((design, lock)) = read_promised(&place, &mut findings)? else {
        findings.write_text(&mut io::stderr().lock(), streams.err_style)?;
        streams.tell(findings.summary());
        return Ok(Answer::Unanswered);
    };
    let (mut network, errors) = network(&place.out, &args.plans)?;
    place_sites(&mut network, &design, &lock);
    let limits = Limits::new(&network);
    let report = verify(network, errors, &design, &lock);
    let weight = weight(&design, args.strict);
    match args.format {
        Format::Text => write_text(&mut streams.out, &report, &place.out, weight)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut streams.out, &JsonReport::new(&report, &limits))?;
            writeln!(streams.out)?;
        }
    }
    limits.tell(streams);
    streams.tell(summary(&report));
    let heavy = weight == Severity::Error && !report.inherent.is_empty();
    Ok(if report.findings.is_empty() && !heavy { Answer::Yes } else { Answer::No })
}

/// What it weighs that stateless rules cannot keep something out.
fn weight(design: &Design, strict: bool) -> Severity {
    let said = design.severities.get(FLOW_INHERENT.name).map(|weight| weight.severity);
    if strict { Severity::Error } else { said.unwrap_or(FLOW_INHERENT.severity) }
}

fn summary(report: &Report) -> String {
    let Report { findings, accepted, inherent, asked: _, unread, vpcs, intents, pairs, classes: _ } = report;
    let verdict = if findings.is_empty() {
        let hold = if *intents == 1 { "holds" } else { "hold" };
        format!("{} {hold} and nothing else is open", counted(*intents, "intent"))
    } else {
        counted(findings.len(), "error")
    };
    let mut text = format!("{verdict}: {}, {pairs} pairs of ends", counted(*vpcs, "VPC"));
    if !accepted.is_empty() {
        text += &format!("; {} accepted", accepted.len());
    }
    if !inherent.is_empty() {
        text += &format!("; {} inherent in stateless rules", inherent.len());
    }
    if !unread.is_empty() {
        text += &format!("; {} not understood, of which nothing is said", counted(unread.len(), "block"));
    }
    text
}

fn write_text(out: &mut impl Write, report: &Report, tree: &Path, weight: Severity) -> io::Result<()> {
    // A template makes the same in many roots.
    let mut unread: BTreeMap<(&str, &str), Vec<&Unread>> = BTreeMap::new();
    for one in &report.unread {
        unread.entry((&one.what, &one.why)).or_default().push(one);
    }
    for ((what, why), places) in unread {
        let more = match places.len() {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        let first = places.first().map(|one| located(tree, &one.place)).unwrap_or_default();
        writeln!(out, "note[{}]: `{what}`: {why}\n  --> {first}{more}", NOT_UNDERSTOOD.name)?;
    }
    for one in &report.inherent {
        let Inherent { from, to, services, clients } = one;
        let (from, to) = (ends(from), ends(to));
        let (weight, code) = (level(weight), FLOW_INHERENT.name);
        writeln!(out, "{weight}[{code}]: {from} can open {services} to {to}, from {clients}")?;
    }
    for finding in &report.accepted {
        write_finding(out, "accepted", finding, tree)?;
    }
    report.findings.iter().try_for_each(|finding| write_finding(out, "error", finding, tree))
}

fn write_finding(out: &mut impl Write, weight: &str, finding: &Finding, tree: &Path) -> io::Result<()> {
    let Finding { code, place, message, hops, ends: _ } = finding;
    writeln!(out, "{weight}[{}]: {message}", code.name)?;
    if let Some(place) = place {
        writeln!(out, "  --> {}", located(tree, place))?;
    }
    write_hops(out, hops, tree)?;
    writeln!(out)
}

/// Hops, one a line, with their places.
pub(super) fn write_hops(out: &mut impl Write, hops: &[Hop], tree: &Path) -> io::Result<()> {
    for Hop { what, place, passes } in hops {
        let mark = if *passes { "|" } else { "x" };
        match place {
            Some(place) => writeln!(out, "  {mark} {what}  ({})", located(tree, place))?,
            None => writeln!(out, "  {mark} {what}")?,
        }
    }
    Ok(())
}

/// Up to a few ends by name.
fn ends(ends: &[End]) -> String {
    const SHOWN: usize = 6;
    let names: Vec<String> = ends.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = ends.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.join(", "))
}

/// A report for programs.
#[derive(Serialize)]
struct JsonReport<'a> {
    vpcs: usize,
    intents: usize,
    pairs: u64,
    findings: Vec<JsonFinding>,
    accepted: Vec<JsonFinding>,
    inherent: Vec<JsonInherent>,
    unread: Vec<JsonUnread>,
    left_out: &'a Limits,
}

/// A block that somebody added and that is not understood.
#[derive(Serialize)]
struct JsonUnread {
    what: String,
    why: String,
    place: JsonPlace,
}

#[derive(Serialize)]
struct JsonFinding {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<JsonPlace>,
    ends: Vec<String>,
    hops: Vec<JsonHop>,
}

#[derive(Serialize)]
struct JsonPlace {
    path: String,
    line: u32,
}

/// A hop for programs.
#[derive(Serialize)]
pub(super) struct JsonHop {
    what: String,
    passes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<JsonPlace>,
}

#[derive(Serialize)]
struct JsonInherent {
    from: Vec<String>,
    to: Vec<String>,
    services: String,
    clients: String,
}

impl JsonHop {
    pub(super) fn new(hop: &Hop) -> Self {
        let Hop { what, place, passes } = hop;
        Self { what: what.clone(), passes: *passes, place: place.as_ref().map(JsonPlace::new) }
    }
}

impl JsonPlace {
    fn new(place: &tanada_verify::Place) -> Self {
        Self { path: place.file().to_owned(), line: place.line() }
    }
}

impl JsonUnread {
    fn new(unread: &Unread) -> Self {
        let Unread { place, what, why, text: _, decides: _ } = unread;
        Self { what: what.clone(), why: why.clone(), place: JsonPlace::new(place) }
    }
}

impl<'a> JsonReport<'a> {
    fn new(report: &Report, limits: &'a Limits) -> Self {
        let Report { findings, accepted, inherent, asked: _, unread, vpcs, intents, pairs, classes: _ } =
            report;
        let finding = |finding: &Finding| {
            let Finding { code, place, message, hops, ends } = finding;
            JsonFinding {
                code: code.name,
                message: message.clone(),
                place: place.as_ref().map(JsonPlace::new),
                ends: ends.iter().map(ToString::to_string).collect(),
                hops: hops.iter().map(JsonHop::new).collect(),
            }
        };
        let excess = |one: &Inherent| {
            let Inherent { from, to, services, clients } = one;
            let names = |ends: &[End]| ends.iter().map(ToString::to_string).collect();
            JsonInherent {
                from: names(from),
                to: names(to),
                services: services.to_string(),
                clients: clients.to_string(),
            }
        };
        Self {
            vpcs: *vpcs,
            intents: *intents,
            pairs: *pairs,
            findings: findings.iter().map(finding).collect(),
            accepted: accepted.iter().map(finding).collect(),
            inherent: inherent.iter().map(excess).collect(),
            unread: unread.iter().map(JsonUnread::new).collect(),
            left_out: limits,
        }
    }
}
