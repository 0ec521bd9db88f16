use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::spacing::separated;
use super::token::{Kind, Token};

/// The tokens up to a newline, in three cells. A heredoc lies inside one line, newlines and all.
struct Line {
    lead: Range<usize>,
    /// From the `=` that is aligned with its neighbours' to the comment; may be empty.
    assign: Range<usize>,
    /// The comment that ends the line; empty when the line is nothing but a comment.
    comment: Range<usize>,
}

/// Sets the space before every token as `terraform fmt` does.
pub(super) fn lay_out(tokens: &mut [Token<'_>]) {
    let lines = lines(tokens);
    indent(tokens, &lines);
    space(tokens, &lines);
    align(tokens, &lines);
}

fn lines(tokens: &[Token<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.ends_line() {
            lines.push(line(tokens, start..at + 1));
            start = at + 1;
        }
    }
    if start < tokens.len() {
        lines.push(line(tokens, start..tokens.len()));
    }
    lines
}

fn line(tokens: &[Token<'_>], all: Range<usize>) -> Line {
    let is = |at: usize, kind: Kind| tokens.get(at).is_some_and(|token| token.kind == kind);
    let commented = all.len() > 1 && is(all.end - 1, Kind::Comment);
    let end = if commented { all.end - 1 } else { all.end };
    let assign = (all.start + 1..end)
        .find(|&at| is(at, Kind::Assign))
        .filter(|&at| nesting(tokens, at..end) == 0)
        .unwrap_or(end);
    Line { lead: all.start..assign, assign: assign..end, comment: end..all.end }
}

fn nesting(tokens: &[Token<'_>], range: Range<usize>) -> i32 {
    tokens.get(range).unwrap_or_default().iter().map(|token| token.kind.nesting()).sum()
}

/// Two spaces for every line that opens more brackets than it closes, however many it opens.
fn indent(tokens: &mut [Token<'_>], lines: &[Line]) {
    let mut open: Vec<i32> = Vec::new();
    for line in lines {
        // What opens inside a heredoc is not counted in the line that begins it, but what closes later is.
        let all = line.lead.start..line.comment.end;
        let counted = tokens.get(all.clone()).unwrap_or_default().iter();
        let counted = counted.take_while(|token| token.kind != Kind::HeredocOpen).count();
        let change = nesting(tokens, all.start..all.start + counted);
        let Some(first) = tokens.get_mut(all.start) else { continue };
        if first.kind == Kind::Newline {
            first.space = 0;
            continue;
        }
        close(&mut open, -change);
        first.space = 2 * open.len();
        if change > 0 {
            open.push(change);
        }
    }
}

/// Closes `count` brackets of those that lines opened; nothing when it is not positive.
fn close(open: &mut Vec<i32>, mut count: i32) {
    while count > 0
        && let Some(last) = open.last_mut()
    {
        let closed = count.min(*last);
        *last -= closed;
        count -= closed;
        if *last == 0 {
            open.pop();
        }
    }
}

fn space(tokens: &mut [Token<'_>], lines: &[Line]) {
    for line in lines {
        for at in line.lead.start + 1..line.comment.end {
            let [.., left, right] = tokens.get(line.lead.start..=at).unwrap_or_default() else { continue };
            let before =
                (at - line.lead.start).checked_sub(2).and_then(|back| tokens.get(line.lead.start + back));
            let before = before.map(|token| (token.kind, &*token.text));
            let space = usize::from(separated(before, (left.kind, &left.text), right.kind));
            if let Some(token) = tokens.get_mut(at) {
                token.space = space;
            }
        }
    }
}

/// Puts the `=` of consecutive assignments under each other, then the comments of consecutive lines.
fn align(tokens: &mut [Token<'_>], lines: &[Line]) {
    align_cell(tokens, lines, |line| (line.lead.start..line.assign.start, &line.assign));
    align_cell(tokens, lines, |line| (line.lead.start..line.comment.start, &line.comment));
}

/// `cell` tells of a line what stands before the cell, and the cell.
fn align_cell(
    tokens: &mut [Token<'_>],
    lines: &[Line],
    cell: impl Fn(&Line) -> (Range<usize>, &Range<usize>),
) {
    for run in lines.chunk_by(|a, b| cell(a).1.is_empty() == cell(b).1.is_empty()) {
        if run.iter().any(|line| cell(line).1.is_empty()) {
            continue;
        }
        let widths: Vec<usize> = run.iter().map(|line| width(tokens, cell(line).0)).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        for (line, width) in run.iter().zip(widths) {
            if let Some(token) = tokens.get_mut(cell(line).1.start) {
                token.space = widest - width + 1;
            }
        }
    }
}

fn width(tokens: &[Token<'_>], range: Range<usize>) -> usize {
    tokens.get(range).unwrap_or_default().iter().map(|token| token.space + graphemes(&token.text)).sum()
}

/// Grapheme clusters of a token, as of Unicode 15.0.
///
/// Since 15.1 an Indic consonant that a virama joins to the next counts as one cluster with it; Terraform's table is
/// older, and a `=` must stand where Terraform puts it.
fn graphemes(text: &str) -> usize {
    if text.is_ascii() {
        return text.len() - text.matches("\r\n").count();
    }
    text.graphemes(true).map(|cluster| 1 + cluster.chars().skip(1).filter(|&c| is_conjunct(c)).count()).sum()
}

/// Consonants of the scripts in which conjuncts are clusters.
fn is_conjunct(c: char) -> bool {
    matches!(c,
        '\u{915}'..='\u{939}' | '\u{958}'..='\u{95F}' | '\u{978}'..='\u{97F}'
        | '\u{995}'..='\u{9B9}' | '\u{9DC}'..='\u{9DF}' | '\u{9F0}'..='\u{9F1}'
        | '\u{A95}'..='\u{AB9}' | '\u{AF9}'
        | '\u{B15}'..='\u{B39}' | '\u{B5C}'..='\u{B5F}' | '\u{B71}'
        | '\u{C15}'..='\u{C39}' | '\u{C58}'..='\u{C5A}'
        | '\u{D15}'..='\u{D3A}')
}
