use super::{Name, Names};
use crate::ReadError;

/// Deepest nesting of brackets, blocks and operators.
pub(super) const DEEPEST: usize = 64;

/// A place in a text, and what may stand around it.
pub(super) struct Scan<'t, 'n> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) line: u32,
    /// Whether the end of a line ends a value here; inside `(`, `[` and `${` it does not.
    pub(super) lines_matter: bool,
    pub(super) depth: usize,
    pub(super) path: &'t str,
    pub(super) names: &'n mut Names,
}

pub(super) type Parsed<T> = Result<T, ReadError>;

impl<'t> Scan<'t, '_> {
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn peek_second(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at + 1).copied()
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn error(&self, message: impl Into<String>) -> ReadError {
        ReadError::at(self.path, self.line, message)
    }

    /// An error that names what stands here.
    pub(super) fn unexpected(&self, wanted: &str) -> ReadError {
        match self.rest().chars().next() {
            None => self.error(format!("the file ends where {wanted} is missing")),
            Some('\n' | '\r') => self.error(format!("the line ends where {wanted} is missing")),
            Some(other) => self.error(format!("`{}` stands where {wanted} is missing", other.escape_debug())),
        }
    }

    /// One level further in.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEEPEST {
            return Err(
                self.error(format!("brackets, blocks and operators are nested more than {DEEPEST} deep"))
            );
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads with line ends that matter or do not, then as before.
    pub(super) fn within<T>(
        &mut self,
        lines_matter: bool,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let before = std::mem::replace(&mut self.lines_matter, lines_matter);
        let result = self.deeper(read);
        self.lines_matter = before;
        result
    }

    /// Skips spaces and comments, and line ends where they do not matter.
    pub(super) fn space(&mut self) -> Parsed<()> {
        self.skip(!self.lines_matter)
    }

    /// Skips spaces, comments and line ends.
    pub(super) fn lines(&mut self) -> Parsed<()> {
        self.skip(true)
    }

    #[inline]
    fn skip(&mut self, lines: bool) -> Parsed<()> {
        // Mostly there is nothing, or one space.
        self.at += usize::from(self.peek() == Some(b' '));
        match self.peek() {
            Some(b' ' | b'\t' | b'\r' | b'\n' | b'#' | b'/') => self.skip_all(lines),
            Some(_) | None => Ok(()),
        }
    }

    fn skip_all(&mut self, lines: bool) -> Parsed<()> {
        loop {
            match (self.peek(), self.peek_second()) {
                (Some(b' ' | b'\t'), _) => self.at += 1,
                (Some(b'\r'), Some(b'\n')) if lines => self.at += 1,
                (Some(b'\n'), _) if lines => {
                    self.at += 1;
                    self.line += 1;
                }
                (Some(b'#'), _) | (Some(b'/'), Some(b'/')) => {
                    let rest = self.rest();
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                (Some(b'/'), Some(b'*')) => {
                    let Some(end) = self.rest().find("*/") else {
                        return Err(self.error("a comment has no end"));
                    };
                    let comment = self.rest().get(..end + 2).unwrap_or_default();
                    self.line += count(comment);
                    self.at += comment.len();
                }
                _ => return Ok(()),
            }
        }
    }

    /// Takes a byte if it stands here.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    /// Takes a text of ASCII if it stands here.
    pub(super) fn take_all(&mut self, text: &str) -> bool {
        let here = self.rest().starts_with(text);
        self.at += if here { text.len() } else { 0 };
        here
    }

    pub(super) fn expect(&mut self, byte: u8) -> Parsed<()> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(&format!("`{}`", char::from(byte)))) }
    }

    /// The end of a line, or of what it stands in.
    pub(super) fn end_of_line(&mut self) -> Parsed<()> {
        self.space()?;
        match (self.peek(), self.peek_second()) {
            (None, _) | (Some(b'\n' | b'}'), _) | (Some(b'\r'), Some(b'\n')) => Ok(()),
            _ => Err(self.unexpected("the end of the line")),
        }
    }

    /// A name without quotes, if one stands here.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let starts = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        let continues = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let mut length =
            if starts(*bytes.first()?) { bytes.iter().take_while(|byte| continues(byte)).count() } else { 0 };
        if bytes.get(length).is_some_and(|byte| !byte.is_ascii()) {
            length = unicode_word(rest);
        }
        self.at += length;
        rest.get(..length).filter(|word| !word.is_empty())
    }

    pub(super) fn name(&mut self) -> Option<Name> {
        self.word().map(|word| self.names.share(word))
    }

    /// A keyword, if it stands here as a whole word.
    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        let start = self.at;
        if self.word() == Some(keyword) {
            return true;
        }
        self.at = start;
        false
    }
}

/// The length of a name that is not all ASCII.
fn unicode_word(text: &str) -> usize {
    let fits = |(at, letter): &(usize, char)| {
        letter.is_alphabetic() || *letter == '_' || (*at > 0 && (letter.is_numeric() || *letter == '-'))
    };
    text.char_indices().take_while(fits).last().map_or(0, |(at, letter)| at + letter.len_utf8())
}

/// How many line ends a text has.
pub(super) fn count(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}
