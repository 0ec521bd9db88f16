use std::ops::Range;

use super::token::{Kind, Token};

/// Writes labels in quotes and `"${value}"` as `value`, however often it is wrapped; all else stays.
pub(super) fn rewrite(mut tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    loop {
        let (rewritten, unwrapped) = pass(&tokens);
        tokens = rewritten;
        // Each turn takes the quotes off at least one value, so this ends.
        if !unwrapped {
            return tokens;
        }
    }
}

/// One layer of it; the second value says whether any value was wrapped.
fn pass<'a>(tokens: &[Token<'a>]) -> (Vec<Token<'a>>, bool) {
    let mut out = Vec::with_capacity(tokens.len());
    let mut unwrapped = false;
    let mut at = 0;
    while at < tokens.len() {
        at = match statement(tokens, at) {
            Statement::Attribute { value } => {
                out.extend_from_slice(tokens.get(at..value.start).unwrap_or_default());
                let one_line_block = tokens.get(value.end).is_some_and(|next| next.kind == Kind::BraceClose);
                let wrapped = tokens.get(value.clone()).unwrap_or_default();
                match interpolation(wrapped) {
                    Some(inner) => unwrap(inner, one_line_block, &mut out),
                    None => out.extend_from_slice(wrapped),
                }
                unwrapped |= interpolation(wrapped).is_some();
                value.end
            }
            Statement::Block { body } => {
                labels(tokens.get(at..body).unwrap_or_default(), &mut out);
                body
            }
            Statement::Other => {
                out.extend(tokens.get(at).cloned());
                at + 1
            }
        };
    }
    (out, unwrapped)
}

/// What begins at a token of a body.
enum Statement {
    /// `name = value`, with where the value stands, comments around it aside.
    Attribute { value: Range<usize> },
    /// A block's head, with where its `{` stands.
    Block { body: usize },
    /// A newline, a comment, the end of a block.
    Other,
}

fn statement(tokens: &[Token<'_>], at: usize) -> Statement {
    let kind = |at: usize| tokens.get(at).map(|token| token.kind);
    if kind(at) != Some(Kind::Word) {
        return Statement::Other;
    }
    let mut next = at + 1;
    while kind(next) == Some(Kind::Comment) {
        next += 1;
    }
    if kind(next) == Some(Kind::Assign) {
        return Statement::Attribute { value: value(tokens, next + 1) };
    }
    let head = (next..tokens.len())
        .find(|&at| kind(at) == Some(Kind::BraceOpen) || tokens.get(at).is_some_and(Token::ends_line));
    match head {
        Some(body) if kind(body) == Some(Kind::BraceOpen) => Statement::Block { body },
        Some(_) | None => Statement::Other,
    }
}

/// Where the value that starts at `from` stands, without the comments before and after it.
fn value(tokens: &[Token<'_>], from: usize) -> Range<usize> {
    let is_comment = |at: usize| tokens.get(at).is_some_and(|token| token.kind == Kind::Comment);
    let mut start = from;
    while is_comment(start) {
        start += 1;
    }
    let mut depth = 0;
    let mut end = start;
    while let Some(token) = tokens.get(end) {
        depth += token.kind.nesting();
        if depth < 0 || (depth == 0 && token.ends_line()) {
            break;
        }
        end += 1;
    }
    while end > start && is_comment(end - 1) {
        end -= 1;
    }
    start..end
}

/// A value, taken out of its string.
fn unwrap<'a>(inner: &[Token<'a>], one_line_block: bool, out: &mut Vec<Token<'a>>) {
    // Outside of the string a newline would end the attribute.
    let exposed = ends_early(inner) || (one_line_block && inner.last().is_some_and(Token::ends_line));
    if exposed {
        out.push(Token::new(Kind::ParenOpen, "("));
    }
    out.extend_from_slice(inner);
    if exposed {
        out.push(Token::new(Kind::ParenClose, ")"));
    }
}

/// Whether Terraform puts parentheses around a value that it takes out of its string, or should.
fn ends_early(value: &[Token<'_>]) -> bool {
    let [first, .., last] = value else { return false };
    let bracketed = (first.kind, last.kind) == (Kind::ParenOpen, Kind::ParenClose);
    let mut depth = 0;
    let outside_brackets = value.iter().take(value.len() - 1).any(|token| {
        depth += token.kind.nesting();
        depth == 0 && token.ends_line()
    });
    outside_brackets || (!bracketed && value.iter().any(|token| token.kind == Kind::Newline))
}

/// What stands in `"${ … }"`, without newlines at its ends; `None` when the value is anything else.
fn interpolation<'t, 'a>(value: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let [open, start, inner @ .., end, close] = value else { return None };
    if [open.kind, start.kind, end.kind, close.kind]
        != [Kind::QuoteOpen, Kind::InterpolationOpen, Kind::TemplateClose, Kind::QuoteClose]
    {
        return None;
    }
    let mut depth = 0;
    for token in inner {
        depth += token.kind.nesting();
        if depth < 0 {
            return None;
        }
    }
    let mut inner = inner;
    while let [first, rest @ ..] = inner
        && first.kind == Kind::Newline
    {
        inner = rest;
    }
    while let [rest @ .., last] = inner
        && last.kind == Kind::Newline
    {
        inner = rest;
    }
    (!inner.is_empty()).then_some(inner)
}

/// The head of a block, its labels in quotes. Comments between them go, as Terraform's formatter has it.
fn labels<'a>(head: &[Token<'a>], out: &mut Vec<Token<'a>>) {
    let last =
        head.iter().rposition(|token| matches!(token.kind, Kind::Word | Kind::QuoteClose)).unwrap_or(0);
    for (at, token) in head.iter().enumerate() {
        if at == 0 || at > last || !matches!(token.kind, Kind::Word | Kind::Comment) {
            out.push(token.clone());
        } else if token.kind == Kind::Word {
            out.push(Token::new(Kind::QuoteOpen, "\""));
            out.push(Token::new(Kind::Literal, token.text.clone()));
            out.push(Token::new(Kind::QuoteClose, "\""));
        }
    }
}
