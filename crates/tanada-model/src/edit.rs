//! Edits of a person's input that a command makes on request. Only the lines that say something else are touched, and
//! the file is formatted, as `tanada fmt` does.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::structure::{Attribute, Block, Body};

use crate::format::format;
use crate::lock::VpcName;
use crate::net;

/// Where a VPC is to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To whatever block this pool hands out.
    Pool(String),
    /// To this block.
    Range(net::Block),
}

/// Writes a VPC's new place and `moves_from` into the text in which its team stands; `None` when the team does not, or
/// when the text is not HCL.
///
/// A VPC that has no block of its own, because its environment says everything, gets one.
///
/// ```
/// use tanada_model::edit::{Target, begin_move};
/// use tanada_model::lock::VpcName;
///
/// let text = "team \"web\" {}\n";
/// let vpc = VpcName::new("web", "production");
/// let edited = begin_move(text, &vpc, &Target::Pool("new".into()), "10.0.32.0/19".parse().unwrap());
/// let expected = "team \"web\" {\n  vpc \"production\" {\n    pool       = pool.new\n    moves_from = \"10.0.32.0/19\"\n  }\n}\n";
/// assert_eq!(edited.as_deref(), Some(expected));
/// ```
pub fn begin_move(text: &str, vpc: &VpcName, target: &Target, from: net::Block) -> Option<String> {
    let body: Body = text.parse().ok()?;
    let team = labelled(&body, "team", &vpc.team)?;
    let place = match target {
        Target::Pool(pool) => format!("pool = pool.{pool}"),
        Target::Range(range) => format!("range = \"{range}\""),
    };
    let moves_from = format!("moves_from = \"{from}\"");
    let edits = match labelled(&team.body, "vpc", &vpc.label) {
        Some(own) => edit_block(text, own, target, &place, &moves_from)?,
        None => {
            let block = format!("\nvpc \"{}\" {{\n{place}\n{moves_from}\n}}\n", vpc.label);
            append(text, team, &block)?
        }
    };
    format(&apply(text, edits)?).ok()
}

/// Stretches of a text and what is to stand there.
type Edits = Vec<(Range<usize>, String)>;

fn labelled<'b>(body: &'b Body, kind: &'static str, label: &str) -> Option<&'b Block> {
    let is_it = |block: &&Block| matches!(block.labels.as_slice(), [own] if own.as_str() == label);
    body.get_blocks(kind).find(is_it)
}

/// The place is written where `range` or `pool` stands, so that a comment behind it stays; else at the end.
fn edit_block(text: &str, block: &Block, target: &Target, place: &str, moves_from: &str) -> Option<Edits> {
    let old = |name: &str| block.body.get_attribute(name);
    let (range, pool, size, from) = (old("range"), old("pool"), old("size"), old("moves_from"));
    let mut gone: Vec<&Attribute> = from.into_iter().collect();
    let at = range.or(pool);
    if range.is_some() {
        gone.extend(pool);
    }
    // A pin excludes a size; in a pool the size that is written stays.
    if let Target::Range(_) = target {
        gone.extend(size);
    }
    let new = format!("{place}\n{moves_from}");
    let inside = inside(text, block)?;
    let mut edits = Edits::new();
    if !text.get(inside.clone())?.contains('\n') {
        // One line holds one attribute: it stays, or the place takes its room.
        let own =
            block.body.attributes().find(|own| at.is_none() && !gone.iter().any(|gone| gone.key == own.key));
        let kept = own.and_then(|own| text.get(own.span()?)).map_or(String::new(), |own| format!("{own}\n"));
        edits.push((inside, format!("\n{kept}{new}\n")));
        return Some(edits);
    }
    match at {
        Some(at) => edits.push((at.span()?, new)),
        None => edits.extend(append(text, block, &format!("{new}\n"))?),
    }
    for attribute in gone {
        edits.push((line(text, attribute.span()?), String::new()));
    }
    Some(edits)
}

/// Lines before the closing brace.
fn append(text: &str, block: &Block, lines: &str) -> Option<Edits> {
    let inside = inside(text, block)?;
    let content = text.get(inside.clone())?;
    let mut edits = Edits::new();
    if !content.contains('\n') {
        edits.push((inside.start..inside.start, "\n".to_owned()));
    }
    // What stood there alone on the line of its block needs an end of its own; nothing needs no empty line either.
    let lines = if content.trim().is_empty() { lines.trim_start_matches('\n') } else { lines };
    let end = if content.trim().is_empty() || content.ends_with('\n') { "" } else { "\n" };
    let at = inside.start + content.trim_end_matches([' ', '\t']).len();
    edits.push((at..inside.end, format!("{end}{lines}")));
    Some(edits)
}

/// What stands between a block's braces.
fn inside(text: &str, block: &Block) -> Option<Range<usize>> {
    let span = block.span()?;
    let header = block.labels.last().and_then(hcl_edit::Span::span).or_else(|| block.ident.span())?;
    let open = header.end + text.get(header.end..span.end)?.find('{')? + 1;
    let close = open + text.get(open..span.end)?.rfind('}')?;
    Some(open..close)
}

/// The whole line of an attribute when nothing else stands on it.
fn line(text: &str, span: Range<usize>) -> Range<usize> {
    let before = text.get(..span.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let after = text.get(span.end..).unwrap_or_default();
    let length = after.find('\n').map_or(after.len(), |newline| newline + 1);
    let alone = text.get(start..span.start).is_some_and(|rest| rest.trim().is_empty())
        && after.get(..length).is_some_and(|rest| rest.trim().is_empty());
    if alone { start..span.end + length } else { span }
}

fn apply(text: &str, mut edits: Edits) -> Option<String> {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edited = String::with_capacity(text.len() + 128);
    let mut done = 0;
    for (range, new) in edits {
        edited.push_str(text.get(done..range.start)?);
        edited.push_str(&new);
        done = range.end;
    }
    edited.push_str(text.get(done..)?);
    Some(edited)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(text: &str, target: &Target) -> String {
        let from = "10.0.32.0/19".parse().unwrap_or_else(|_| unreachable!());
        begin_move(text, &VpcName::new("web", "prod"), target, from).unwrap_or_default()
    }

    fn range() -> Target {
        Target::Range("10.9.0.0/19".parse().unwrap_or_else(|_| unreachable!()))
    }

    #[test]
    fn a_place_is_replaced_where_it_stands_and_its_comment_stays() {
        let text = "team \"web\" {\n  vpc \"prod\" {\n    range = \"10.0.32.0/19\" # as agreed\n    why   = \"x\"\n  }\n}\n";
        let new = "team \"web\" {\n  vpc \"prod\" {\n    range      = \"10.9.0.0/19\"\n    moves_from = \"10.0.32.0/19\" # as agreed\n    why        = \"x\"\n  }\n}\n";
        assert_eq!(moved(text, &range()), new);
    }

    #[test]
    fn what_a_pin_excludes_goes() {
        let text =
            "team \"web\" {\n  vpc \"prod\" {\n    pool = pool.a\n    size = 19\n    why  = \"x\"\n  }\n}\n";
        let new = "team \"web\" {\n  vpc \"prod\" {\n    range      = \"10.9.0.0/19\"\n    moves_from = \"10.0.32.0/19\"\n    why        = \"x\"\n  }\n}\n";
        assert_eq!(moved(text, &range()), new);
        let new = "team \"web\" {\n  vpc \"prod\" {\n    pool       = pool.b\n    moves_from = \"10.0.32.0/19\"\n    size       = 19\n    why        = \"x\"\n  }\n}\n";
        assert_eq!(moved(text, &Target::Pool("b".to_owned())), new);
    }

    #[test]
    fn blocks_of_one_line_open() {
        let text = "team \"web\" {\n  vpc \"prod\" { range = \"10.0.32.0/19\" }\n}\n";
        let new = "team \"web\" {\n  vpc \"prod\" {\n    range      = \"10.9.0.0/19\"\n    moves_from = \"10.0.32.0/19\"\n  }\n}\n";
        assert_eq!(moved(text, &range()), new);
        let text = "team \"web\" {\n  vpc \"prod\" { headroom = 0 }\n}\n";
        let new = "team \"web\" {\n  vpc \"prod\" {\n    headroom   = 0\n    range      = \"10.9.0.0/19\"\n    moves_from = \"10.0.32.0/19\"\n  }\n}\n";
        assert_eq!(moved(text, &range()), new);
        let text = "team \"web\" {\n  vpc \"prod\" { size = 20 }\n}\n";
        let new = "team \"web\" {\n  vpc \"prod\" {\n    range      = \"10.9.0.0/19\"\n    moves_from = \"10.0.32.0/19\"\n  }\n}\n";
        assert_eq!(moved(text, &range()), new);
        let text = "team \"web\" { owner = \"w\" } # web\n";
        let new = "team \"web\" {\n  owner = \"w\"\n\n  vpc \"prod\" {\n    range      = \"10.9.0.0/19\"\n    moves_from = \"10.0.32.0/19\"\n  }\n} # web\n";
        assert_eq!(moved(text, &range()), new);
    }

    #[test]
    fn a_second_move_takes_the_place_of_the_first() {
        let text = "team \"web\" {\n  vpc \"prod\" {\n    moves_from = \"10.1.0.0/19\"\n    range      = \"10.0.32.0/19\"\n  }\n}\n";
        let new = "team \"web\" {\n  vpc \"prod\" {\n    range      = \"10.9.0.0/19\"\n    moves_from = \"10.0.32.0/19\"\n  }\n}\n";
        assert_eq!(moved(text, &range()), new);
    }

    #[test]
    fn another_text_is_left_alone() {
        assert_eq!(moved("team \"other\" {}\n", &range()), "");
        assert_eq!(moved("team \"web\" {\n", &range()), "");
    }
}
