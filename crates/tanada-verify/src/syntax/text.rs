//! Texts in quotes, with escapes and interpolations.

use super::scan::{Parsed, Scan};
use super::{Expr, Kind, Name, Part};

impl Scan<'_, '_> {
    /// A label: a text without interpolations.
    pub(super) fn label(&mut self) -> Parsed<Name> {
        let line = self.line;
        let label = self.quoted()?;
        let message = "a label is a text without interpolations";
        label.text().cloned().ok_or_else(|| crate::ReadError::at(self.path, line, message))
    }

    /// A text or template; its first quote stands here.
    pub(super) fn quoted(&mut self) -> Parsed<Expr> {
        let line = self.line;
        self.expect(b'"')?;
        // Most texts have neither escapes nor interpolations.
        let rest = self.rest();
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n');
        if let Some(end) = rest.as_bytes().iter().position(special)
            && rest.as_bytes().get(end) == Some(&b'"')
        {
            let text = self.names.share(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            return Ok(Expr { kind: Kind::Text(text), line });
        }
        self.template(line)
    }

    fn template(&mut self, line: u32) -> Parsed<Expr> {
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n');
            let length = rest.as_bytes().iter().position(special).unwrap_or(rest.len());
            text.push_str(rest.get(..length).unwrap_or_default());
            self.at += length;
            match (self.peek(), self.peek_second()) {
                (Some(b'"'), _) => {
                    self.at += 1;
                    break;
                }
                (Some(b'\\'), _) => text.push(self.escape()?),
                (Some(mark @ (b'$' | b'%')), Some(second))
                    if second == mark && self.third() == Some(b'{') =>
                {
                    text.push(char::from(mark));
                    text.push('{');
                    self.at += 3;
                }
                (Some(b'$'), Some(b'{')) => {
                    if !text.is_empty() {
                        parts.push(Part::Text(self.names.share(&std::mem::take(&mut text))));
                    }
                    self.at += 2;
                    parts.push(Part::Value(self.within(false, Self::interpolation)?));
                }
                (Some(b'%'), Some(b'{')) => return Err(self.error("`%{` in a text is not read")),
                (Some(mark @ (b'$' | b'%')), _) => {
                    text.push(char::from(mark));
                    self.at += 1;
                }
                (None | Some(_), _) => return Err(self.error("a text has no closing quote on its line")),
            }
        }
        if parts.is_empty() {
            return Ok(Expr { kind: Kind::Text(self.names.share(&text)), line });
        }
        if !text.is_empty() {
            parts.push(Part::Text(self.names.share(&text)));
        }
        Ok(Expr { kind: Kind::Template(parts), line })
    }

    fn third(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at + 2).copied()
    }

    fn interpolation(&mut self) -> Parsed<Expr> {
        self.space()?;
        let value = self.expression()?;
        self.space()?;
        self.expect(b'}')?;
        Ok(value)
    }

    fn escape(&mut self) -> Parsed<char> {
        self.at += 1;
        let digits = match self.peek() {
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(letter @ (b'n' | b'r' | b't' | b'"' | b'\\')) => {
                self.at += 1;
                return Ok(match letter {
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    other => char::from(other),
                });
            }
            Some(_) | None => return Err(self.error("an unknown escape after `\\` in a text")),
        };
        self.at += 1;
        let code = self.rest().get(..digits).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let letter = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let letter = letter.ok_or_else(|| self.error("an escape that is no character"))?;
        self.at += digits;
        Ok(letter)
    }
}
