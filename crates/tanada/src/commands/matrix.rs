//! `tanada matrix`.

mod svg;

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use tanada_verify::network::NetworkError;
use tanada_verify::reach::{Matrix, Services, reach};
use tanada_verify::verify::verify;

use super::Place;
use crate::report::Answer;
use crate::streams::Streams;
use crate::witness::{Doubt, Limits, Placed, PlanArgs, placed, tell_doubts};

/// Shows who reaches whom, team by team
///
/// Rows open connections to columns, over all VPCs of a team: `all`, the ports, or how many ranges of them; `-` is nothing.
/// Sites and the internet come last. What stateless rules cannot tell from answers is open, too: mostly 1024-65535;
/// `tanada verify` lists it apart, and the picture has its own pattern for where nothing else is open. The answer is read
/// from the tree; of the input only what lies at sites, and for the picture what was asked for.
///
/// What the tree contradicts itself in, or what decides and is not followed, is named on standard error, with exit status 2.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Directory of the input; the tree lies beside it
    #[arg(value_name = "DIR", default_value = "network", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// Directory of the output [default: `generated` beside DIR]
    #[arg(long, value_name = "TREE", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,

    #[command(flatten)]
    plans: PlanArgs,

    /// In which form
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for the terminal; of more than 40 parties a list
    Text,
    /// A table for a page
    Markdown,
    /// For programs: every pair that is open
    Json,
    /// A picture
    Svg,
}

/// The most parties that a table has columns for.
const WIDEST: usize = 40;

pub(super) fn run(args: &Args, streams: &mut Streams) -> Result<Answer> {
    let place = Place::new(&args.dir, args.out.as_deref())?;
    let Placed { network, errors, promised } = placed(&place, &args.plans, streams)?;
    let (matrix, limits) = (Matrix::new(&reach(&network)), Limits::new(&network));
    let out = &mut streams.out;
    match args.format {
        Form::Text if matrix.parties().len() > WIDEST => write_list(out, &matrix)?,
        Form::Text => write_text(out, &matrix)?,
        Form::Markdown => write_markdown(out, &matrix)?,
        Form::Json => {
            serde_json::to_writer_pretty(&mut *out, &json(&matrix, &limits, &errors))?;
            writeln!(out)?;
        }
        Form::Svg => {
            let asked = promised.map(|(design, lock)| verify(network, Vec::new(), &design, &lock).asked);
            svg::write(out, &matrix, asked.as_ref())?;
        }
    }
    limits.tell(streams);
    tell_doubts(&place.out, &errors, streams);
    Ok(if errors.is_empty() { Answer::Yes } else { Answer::Unanswered })
}

/// Services in a cell: few letters.
fn short(services: &Services) -> String {
    let Services { tcp, udp, icmp, other } = services;
    let ports = tcp.intervals().len() + udp.intervals().len();
    let whole = *services == Services::all();
    match (ports, tcp.intervals(), udp.intervals()) {
        (0, _, _) if !icmp && !other => "-".to_owned(),
        _ if whole => "all".to_owned(),
        (1, [(first, last)], _) if !icmp && !other => range(*first, *last),
        (1, _, [(first, last)]) if !icmp && !other => format!("udp/{}", range(*first, *last)),
        (2, [(a, b), (c, d)], _) if !icmp && !other => format!("{},{}", range(*a, *b), range(*c, *d)),
        _ => format!("{} ranges", ports + usize::from(*icmp) + usize::from(*other)),
    }
}

fn range(first: u16, last: u16) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

fn rows(matrix: &Matrix) -> impl Iterator<Item = (usize, &String)> {
    matrix.parties().iter().enumerate()
}

fn write_text(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    let size = matrix.parties().len();
    let mut table: Vec<Vec<String>> = Vec::with_capacity(size + 1);
    table.push(std::iter::once(String::new()).chain(matrix.parties().iter().cloned()).collect());
    for (from, name) in rows(matrix) {
        let cells = (0..size).map(|to| short(matrix.open(from, to)));
        table.push(std::iter::once(name.clone()).chain(cells).collect());
    }
    let widths: Vec<usize> = (0..=size)
        .map(|column| {
            table.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    for row in &table {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - cell.chars().count()));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn write_list(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    for (from, name) in rows(matrix) {
        for (to, other) in rows(matrix) {
            let services = matrix.open(from, to);
            if !services.is_empty() {
                writeln!(out, "{name}  {other}  {services}")?;
            }
        }
    }
    Ok(())
}

fn write_markdown(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    let names = matrix.parties().join(" | ");
    writeln!(out, "| from \\ to | {names} |")?;
    writeln!(out, "| --- |{}", " --- |".repeat(matrix.parties().len()))?;
    for (from, name) in rows(matrix) {
        let cells: Vec<String> = (0..matrix.parties().len()).map(|to| short(matrix.open(from, to))).collect();
        writeln!(out, "| {name} | {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// A pair for programs.
#[derive(Serialize)]
struct JsonPair<'a> {
    from: &'a str,
    to: &'a str,
    services: String,
}

#[derive(Serialize)]
struct JsonMatrix<'a> {
    parties: &'a [String],
    open: Vec<JsonPair<'a>>,
    left_out: &'a Limits,
    doubts: Vec<Doubt<'a>>,
}

fn json<'a>(matrix: &'a Matrix, limits: &'a Limits, errors: &'a [NetworkError]) -> JsonMatrix<'a> {
    let mut open = Vec::new();
    for (from, name) in rows(matrix) {
        for (to, other) in rows(matrix) {
            let services = matrix.open(from, to);
            if !services.is_empty() {
                open.push(JsonPair { from: name, to: other, services: services.to_string() });
            }
        }
    }
    JsonMatrix { parties: matrix.parties(), open, left_out: limits, doubts: Doubt::all(errors) }
}
