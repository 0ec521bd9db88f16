//! Limits that hold before anything is parsed, so that no text can make the parsers slow or deep.

use super::{CONFLICT_MARKERS, INPUT_TOO_LARGE, MAX_FILE, NESTED_TOO_DEEP};
use crate::diagnostic::{Diagnostic, FileId, Place, SourceFile, Span};

/// Deepest nesting of brackets and interpolations.
const MAX_DEPTH: usize = 64;

/// Most entries of one pair of brackets that is not a block's body: the parser's maps are quadratic.
const MAX_ENTRIES: usize = 4096;

/// Refuses a text that is too large, too deep or in the middle of a merge.
pub(super) fn check(id: FileId, file: &SourceFile) -> Result<(), Diagnostic> {
    let text = file.text.as_str();
    if text.len() > MAX_FILE {
        let message = format!("`{}` has {} bytes, more than {MAX_FILE}", file.path, text.len());
        return Err(Diagnostic::new(INPUT_TOO_LARGE, message)
            .at(Place::Path(file.path.clone()), "")
            .help("split the input over several files; they are merged"));
    }
    if let Some(start) = conflict(text) {
        let span = Span::new(id, start..start + 7);
        return Err(Diagnostic::new(CONFLICT_MARKERS, "the file has merge conflict markers")
            .at(span, "left by git")
            .help("keep the statements of both sides that are meant, delete the marker lines, and run the command again"));
    }
    Scan { bytes: text.as_bytes(), at: 0, open: Vec::new(), last: 0, json: file.path.ends_with(".json") }
        .run(id)
}

/// Where the first conflict marker stands: a line of `<<<<<<<` or `>>>>>>>` as git writes it.
fn conflict(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// One pair of brackets that is open.
struct Open {
    /// Whether it is a quoted text (entered again after an interpolation).
    quote: bool,
    /// Whether its entries are counted: a map or list, not a block's body.
    counted: bool,
    entries: usize,
}

/// A walk over the text that knows brackets, texts and comments. A heredoc's lines are walked like code: that can only
/// refuse more, and only with brackets by the thousand.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// The last byte that was neither space nor comment.
    last: u8,
    json: bool,
}

impl Scan<'_> {
    fn run(mut self, id: FileId) -> Result<(), Diagnostic> {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            if self.open.last().is_some_and(|open| open.quote) {
                self.quoted(byte);
            } else {
                self.code(byte);
            }
            let span = Span::new(id, start..start + 1);
            if self.open.len() > MAX_DEPTH {
                return Err(Diagnostic::new(
                    NESTED_TOO_DEEP,
                    format!("brackets are nested more than {MAX_DEPTH} deep"),
                )
                .at(span, "the one too many")
                .help("no statement of the language nests deeper than five; flatten this value"));
            }
            if self.open.last().is_some_and(|open| open.counted && open.entries > MAX_ENTRIES) {
                return Err(Diagnostic::new(
                    INPUT_TOO_LARGE,
                    format!("a map or list has more than {MAX_ENTRIES} entries"),
                )
                .at(span, "the one too many")
                .help("divide it into several statements"));
            }
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    fn quoted(&mut self, byte: u8) {
        match (byte, self.peek()) {
            (b'\\', _) => self.at += 2,
            (b'$' | b'%', Some(b'{')) if !self.json => {
                self.open.push(Open { quote: false, counted: false, entries: 0 });
                self.at += 2;
            }
            // A text that is not closed ends with its line; the parser says so.
            (b'"' | b'\n', _) => {
                self.open.pop();
                self.last = b'"';
                self.at += 1;
            }
            _ => self.at += 1,
        }
    }

    fn code(&mut self, byte: u8) {
        match (byte, self.peek()) {
            (b'#', _) | (b'/', Some(b'/')) if !self.json => return self.skip(b"\n"),
            (b'/', Some(b'*')) if !self.json => return self.skip(b"*/"),
            (b'"', _) => self.open.push(Open { quote: true, counted: false, entries: 0 }),
            (b'{' | b'[' | b'(', _) => {
                let body = byte == b'{' && !matches!(self.last, b'=' | b':' | b',' | b'[' | b'(' | b'{');
                self.open.push(Open { quote: false, counted: !body && !self.json, entries: 0 });
            }
            (b'}' | b']' | b')', _) => {
                self.open.pop();
            }
            (b'=' | b',' | b'\n', _) => {
                if let Some(open) = self.open.last_mut() {
                    open.entries += 1;
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
        self.at += 1;
    }

    /// Goes behind the next `end`.
    fn skip(&mut self, end: &[u8]) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.windows(end.len()).position(|window| window == end);
        self.at = found.map_or(self.bytes.len(), |found| self.at + found + end.len());
    }
}
