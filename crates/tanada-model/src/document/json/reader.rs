//! JSON (RFC 8259) with the place of every value. serde_json gives no places.

use std::ops::Range;

/// A value and its bytes.
#[derive(Debug)]
pub(super) struct Json {
    pub(super) kind: JsonKind,
    pub(super) range: Range<usize>,
}

#[derive(Debug)]
pub(super) enum JsonKind {
    Null,
    Flag(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(Json, Json)>),
}

type Fault = (Range<usize>, String);

/// Reads a whole text. Depth was bounded before (`guard`), so recursion is safe.
pub(super) fn read(text: &str) -> Result<Json, Fault> {
    let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let mut reader = Reader { text, at: start };
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() { Err(reader.fault("expected the end of the file")) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn fault(&self, message: &str) -> Fault {
        let len = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (self.at..self.at + len, message.to_owned())
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<Json, Fault> {
        self.space();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.list()?,
            Some(b'"') => JsonKind::Text(self.string()?),
            Some(_) => self.word()?,
            None => return Err(self.fault("the text ends where a value was expected")),
        };
        Ok(Json { kind, range: start..self.at })
    }

    fn object(&mut self) -> Result<JsonKind, Fault> {
        self.at += 1;
        let mut entries = Vec::new();
        self.space();
        if self.take(b'}') {
            return Ok(JsonKind::Object(entries));
        }
        loop {
            self.space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault("expected a key in double quotes"));
            }
            let key = JsonKind::Text(self.string()?);
            let key = Json { kind: key, range: start..self.at };
            self.space();
            if !self.take(b':') {
                return Err(self.fault("expected `:`"));
            }
            entries.push((key, self.value()?));
            self.space();
            if self.take(b'}') {
                return Ok(JsonKind::Object(entries));
            }
            if !self.take(b',') {
                return Err(self.fault("expected `,` or `}`"));
            }
        }
    }

    fn list(&mut self) -> Result<JsonKind, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(JsonKind::List(items));
        }
        loop {
            items.push(self.value()?);
            self.space();
            if self.take(b']') {
                return Ok(JsonKind::List(items));
            }
            if !self.take(b',') {
                return Err(self.fault("expected `,` or `]`"));
            }
        }
    }

    /// A text; serde_json resolves the escapes once the end is found.
    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(byte) if byte < b' ' => return Err(self.fault("a text holds a control character")),
                Some(_) => self.at += 1,
                None => return Err((start..start + 1, "the text in quotes has no end".to_owned())),
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(quoted)
            .map_err(|_| (start..self.at, "a text holds an unknown escape".to_owned()))
    }

    fn word(&mut self) -> Result<JsonKind, Fault> {
        let start = self.at;
        let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.peek().is_some_and(part) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        match word {
            "null" => Ok(JsonKind::Null),
            "true" => Ok(JsonKind::Flag(true)),
            "false" => Ok(JsonKind::Flag(false)),
            _ => serde_json::from_str(word).map(JsonKind::Number).map_err(|_| {
                let end = self.at.max(start + usize::from(self.text.is_char_boundary(start + 1)));
                (start..end.min(self.text.len()), "expected a value".to_owned())
            }),
        }
    }
}
