//! The canonical layout of a person's input: what `terraform fmt -` makes of it, byte for byte.
//!
//! ```text
//! text → tokens → rewrites (labels, needless quotes) → lines of three cells → indentation, spaces, alignment → text
//! ```
//!
//! Only white space changes, and the two rewrites that Terraform's formatter makes: a block's labels stand in quotes,
//! and `"${value}"` as an attribute's whole value is written `value`. Comments, blank lines, the order of statements and
//! the text of strings and heredocs stay.
//!
//! The rules were derived from the behaviour of Terraform 1.11.4. Three things differ on purpose. Terraform takes one
//! layer of `"${"${value}"}"` off in each run, [`format()`] all of them at once, so that formatting twice changes nothing.
//! Terraform drops a label with `$` in it; no such label is valid here, and it stays for the parser to refuse. And where
//! Terraform takes a value of several lines out of its string such that the result is HCL no more (a comment in it that
//! ends a line, `"${(a)⏎+ (b)}"`), parentheses go around it.

mod layout;
mod lexer;
mod rewrite;
mod spacing;
mod token;

use thiserror::Error;

/// Why a text cannot be formatted: it is not HCL.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{line}:{column}: {message}")]
pub struct SyntaxError {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where, in bytes from the start of the text.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl SyntaxError {
    fn new(text: &str, offset: usize, message: impl Into<String>) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        Self { message: message.into(), offset, line, column }
    }
}

/// Formats a text of the input language as `terraform fmt -` does.
///
/// A byte order mark is dropped; line ends stay as they are, `\r\n` included, and so does a missing one at the end.
///
/// ```
/// let text = "pool m3 {\nrange = \"10.0.0.0/8\" # the estate\n  why=\"one address\"\n}\n";
/// let formatted = "pool \"m3\" {\n  range = \"10.0.0.0/8\" # the estate\n  why   = \"one address\"\n}\n";
/// assert_eq!(tanada_model::format::format(text).as_deref(), Ok(formatted));
/// ```
///
/// # Errors
/// [`SyntaxError`] when the text is not HCL.
pub fn format(text: &str) -> Result<String, SyntaxError> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len() - body.len();
    if let Some(at) = crate::document::too_deep(body) {
        return Err(SyntaxError::new(text, skipped + at, "brackets are nested deeper than the input may"));
    }
    if let Err(error) = hcl_edit::parser::parse_body(body) {
        return Err(SyntaxError::new(text, skipped + error.location().offset(), error.message()));
    }
    let tokens = lexer::lex(body).map_err(|offset| {
        SyntaxError::new(text, skipped + offset, "unexpected character or end of the text")
    })?;
    let trailing = body.len().saturating_sub(length(&tokens));
    let mut tokens = rewrite::rewrite(tokens);
    layout::lay_out(&mut tokens);
    Ok(write(&tokens, trailing))
}

/// Bytes of the text that the tokens make.
fn length(tokens: &[token::Token<'_>]) -> usize {
    tokens.iter().map(|token| token.space + token.text.len()).sum()
}

/// The text, with as many spaces after the last token as stood there: without a newline they belong to no line.
fn write(tokens: &[token::Token<'_>], trailing: usize) -> String {
    let mut out = String::with_capacity(length(tokens) + trailing);
    for token in tokens {
        out.extend(std::iter::repeat_n(' ', token.space));
        out.push_str(&token.text);
    }
    out.extend(std::iter::repeat_n(' ', trailing));
    out
}
