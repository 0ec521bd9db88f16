//! Limits that hold before anything is parsed, so that no text can make the parsers slow or deep.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{CONFLICT_MARKERS, DUPLICATE, INPUT_TOO_LARGE, MAX_FILE, NESTED_TOO_DEEP};
use crate::diagnostic::{Diagnostic, FileId, Place, SourceFile, Span};

/// Deepest nesting of brackets and interpolations in HCL: where one is wrong the parser tries twice what stands in it.
const MAX_DEPTH: usize = 12;

/// And in JSON, where every label is a pair of brackets, and a list may be another.
const MAX_DEPTH_JSON: usize = 64;

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
    Scan::new(text, file.path.ends_with(".json")).run(id)
}

/// Where brackets of HCL are nested deeper than the parser may go.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let mut scan = Scan::new(text, false);
    while let Some(&byte) = scan.bytes.get(scan.at) {
        let start = scan.at;
        scan.step(byte);
        if scan.depth() > MAX_DEPTH {
            return Some(start);
        }
    }
    None
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
    /// Whether what comes next is an entry of its own: after the bracket, a comma or the end of a line.
    fresh: bool,
    /// Keys of a map and where they stand: the parser keeps the last of two equal keys without a word.
    keys: BTreeMap<Vec<u8>, usize>,
}

impl Open {
    fn new(quote: bool, counted: bool) -> Self {
        Self { quote, counted, entries: 0, fresh: true, keys: BTreeMap::new() }
    }
}

/// A walk over the text that knows brackets, texts and comments. A heredoc's lines are walked like code: that can only
/// refuse more, and only with brackets by the thousand.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// The last byte that was neither space nor comment.
    last: u8,
    /// The last word or quoted text, without its quotes: a key, if `=` follows.
    word: Range<usize>,
    json: bool,
    /// The first key that is written twice in one map: where first, and where again.
    twice: Option<(usize, Range<usize>)>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, json: bool) -> Self {
        let bytes = text.as_bytes();
        Self { bytes, at: 0, open: Vec::new(), last: 0, word: 0..0, json, twice: None }
    }

    fn step(&mut self, byte: u8) {
        if self.open.last().is_some_and(|open| open.quote) {
            self.quoted(byte);
        } else {
            self.code(byte);
        }
    }

    /// A text in the innermost brackets is not a bracket.
    fn depth(&self) -> usize {
        let text = self.open.last().is_some_and(|open| open.quote);
        self.open.len() - usize::from(text)
    }

    fn run(mut self, id: FileId) -> Result<(), Diagnostic> {
        let deepest = if self.json { MAX_DEPTH_JSON } else { MAX_DEPTH };
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            self.step(byte);
            let span = Span::new(id, start..start + usize::from(!byte.is_ascii_whitespace()));
            if self.depth() > deepest {
                return Err(Diagnostic::new(
                    NESTED_TOO_DEEP,
                    format!("brackets are nested more than {deepest} deep"),
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
        let Some((first, again)) = self.twice else { return Ok(()) };
        let key = String::from_utf8_lossy(self.bytes.get(again.clone()).unwrap_or_default()).into_owned();
        let first = first..first + key.len();
        Err(Diagnostic::new(DUPLICATE, format!("the key `{key}` is written twice"))
            .at(Span::new(id, again), "again")
            .at(Span::new(id, first), "first")
            .help("keep one of the two"))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    fn quoted(&mut self, byte: u8) {
        match (byte, self.peek()) {
            (b'\\', _) => self.at += 2,
            (b'$' | b'%', Some(b'{')) if !self.json => {
                self.open.push(Open::new(false, false));
                self.at += 2;
            }
            // A text that is not closed ends with its line; the parser says so.
            (b'"' | b'\n', _) => {
                self.open.pop();
                self.word.end = self.at;
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
            _ => self.count(byte),
        }
        match (byte, self.peek()) {
            (b'"', _) => {
                self.word = self.at + 1..self.at + 1;
                self.open.push(Open::new(true, false));
            }
            (b'{' | b'[' | b'(', _) => {
                let body = byte == b'{' && !matches!(self.last, b'=' | b':' | b',' | b'[' | b'(' | b'{');
                self.open.push(Open::new(false, !body && !self.json));
            }
            (b'}' | b']' | b')', _) => {
                self.open.pop();
            }
            (b'=' | b':' | b',' | b'\n', _) => {
                if let Some(open) = self.open.last_mut() {
                    let key = self.bytes.get(self.word.clone()).filter(|key| !key.is_empty());
                    if let (b'=' | b':', true, Some(key)) = (byte, open.counted, key)
                        && let Some(first) = open.keys.insert(key.to_vec(), self.word.start)
                    {
                        self.twice.get_or_insert((first, self.word.clone()));
                    }
                }
                self.word = self.at..self.at;
            }
            _ if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii() => {
                if self.word.end != self.at {
                    self.word = self.at..self.at;
                }
                self.word.end = self.at + 1;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
        self.at += 1;
    }

    /// Counts an entry of the innermost brackets where it begins.
    fn count(&mut self, byte: u8) {
        let Some(open) = self.open.last_mut() else { return };
        match byte {
            b',' | b'\n' => open.fresh = true,
            b'}' | b']' | b')' => {}
            _ if byte.is_ascii_whitespace() => {}
            _ => open.entries += usize::from(std::mem::take(&mut open.fresh)),
        }
    }

    /// Goes behind the next `end`.
    fn skip(&mut self, end: &[u8]) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.windows(end.len()).position(|window| window == end);
        self.at = found.map_or(self.bytes.len(), |found| self.at + found + end.len());
    }
}
