//! The matrix as a picture. Every kind of cell has a shape of its own, so that it can be read without colours, too.

use std::io::{self, Write};

use tanada_verify::reach::{Matrix, Services};
use tanada_verify::verify::Asked;

/// Sides of a cell, and room for a letter, in pixels.
const CELL: usize = 14;
const LETTER: usize = 7;

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Everything,
    Ports,
    /// Nothing but what stateless rules cannot tell from answers.
    Excess,
    Nothing,
}

/// What each kind is called in the picture, and what it means.
const KINDS: [(Kind, &str, &str); 4] = [
    (Kind::Everything, "everything", "everything"),
    (Kind::Ports, "ports", "some ports"),
    (Kind::Excess, "excess", "only what stateless rules cannot tell from answers; nobody asked for it"),
    (Kind::Nothing, "nothing", "nothing"),
];

/// A full cell, a smaller square in it, stripes, an empty one. Patterns are drawn in the cell's own measure.
const PATTERNS: &str = r##"<defs>
<pattern id="everything" width="1" height="1"><rect width="13" height="13" fill="#0b5394"/></pattern>
<pattern id="ports" width="1" height="1"><rect width="13" height="13" fill="#cfe2f3"/><rect x="3" y="3" width="7" height="7" fill="#0b5394"/></pattern>
<pattern id="excess" width="1" height="1"><rect width="13" height="13" fill="#ffffff"/><path d="M0 4L4 0M0 8.5L8.5 0M0 13L13 0M4.5 13L13 4.5M9 13L13 9" stroke="#b45f06"/></pattern>
<pattern id="nothing" width="1" height="1"><rect width="13" height="13" fill="#f3f3f3"/></pattern>
</defs>"##;

fn kind(services: &Services, is_asked: bool) -> Kind {
    match (services.is_empty(), is_asked) {
        (true, _) => Kind::Nothing,
        (false, false) => Kind::Excess,
        (false, true) if *services == Services::all() => Kind::Everything,
        (false, true) => Kind::Ports,
    }
}

/// Draws a matrix. `asked`: between whom more is open than what stateless rules cannot tell from answers; without it nothing
/// is told apart.
pub(super) fn write(out: &mut impl Write, matrix: &Matrix, asked: Option<&Asked>) -> io::Result<()> {
    let size = matrix.parties().len();
    let longest = matrix.parties().iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let margin = longest * LETTER + CELL;
    let edge = margin + size * CELL;
    let kinds: Vec<_> =
        KINDS.into_iter().filter(|(kind, _, _)| *kind != Kind::Excess || asked.is_some()).collect();
    let (width, height) = ((edge + CELL).max(LEGEND), edge + (kinds.len() + 3) * CELL);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"10\">"
    )?;
    writeln!(out, "<title>Who can open connections to whom: rows to columns</title>\n{PATTERNS}")?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
    for (at, name) in matrix.parties().iter().enumerate() {
        let (text, middle) = (escaped(name), margin + at * CELL + CELL - 4);
        let edge = margin - 4;
        writeln!(out, "<text x=\"{edge}\" y=\"{middle}\" text-anchor=\"end\">{text}</text>")?;
        writeln!(out, "<text transform=\"translate({middle} {edge}) rotate(-90)\">{text}</text>")?;
    }
    for (from, name) in matrix.parties().iter().enumerate() {
        for (to, other) in matrix.parties().iter().enumerate() {
            let services = matrix.open(from, to);
            let kind = kind(services, asked.is_none_or(|asked| asked.has(name, other)));
            let note = if kind == Kind::Excess { "; nobody asked for it" } else { "" };
            // Without a word for what is closed, a picture of a thousand teams stays readable as text, too.
            let words = (kind != Kind::Nothing)
                .then(|| format!("{} to {}: {services}{note}", escaped(name), escaped(other)));
            write_cell(out, (margin + to * CELL, margin + from * CELL), kind, words.as_deref())?;
        }
    }
    write_legend(out, edge + CELL, &kinds)?;
    writeln!(out, "</svg>")
}

/// How wide the legend is.
const LEGEND: usize = 470;

fn write_legend(out: &mut impl Write, mut top: usize, kinds: &[(Kind, &str, &str)]) -> io::Result<()> {
    let left = 2 * CELL + 3;
    for (kind, _, meaning) in kinds {
        write_cell(out, (CELL, top), *kind, None)?;
        writeln!(out, "<text x=\"{left}\" y=\"{}\">{meaning}</text>", top + CELL - 4)?;
        top += CELL;
    }
    writeln!(out, "<text x=\"{CELL}\" y=\"{}\">rows open connections to columns</text>", top + CELL - 4)
}

fn write_cell(
    out: &mut impl Write,
    (x, y): (usize, usize),
    kind: Kind,
    words: Option<&str>,
) -> io::Result<()> {
    let side = CELL - 1;
    let name = KINDS.iter().find(|(own, _, _)| *own == kind).map_or("nothing", |(_, name, _)| name);
    let cell = format!("<rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" fill=\"url(#{name})\"");
    match words {
        Some(words) => writeln!(out, "{cell}><title>{words}</title></rect>"),
        None => writeln!(out, "{cell}/>"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
