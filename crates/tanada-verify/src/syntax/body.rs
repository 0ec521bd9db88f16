//! Attributes and blocks.

use super::scan::{Parsed, Scan};
use super::{Attribute, Block, Body, Names};
use crate::ReadError;

/// Largest file that is read, in bytes.
const LARGEST: usize = 16 << 20;

/// The body of a file.
pub(crate) fn parse(path: &str, text: &str, names: &mut Names) -> Result<Body, ReadError> {
    if text.len() > LARGEST {
        return Err(ReadError::at(path, 0, format!("it has {} bytes, more than {LARGEST}", text.len())));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut scan = Scan { text, at: 0, line: 1, lines_matter: true, depth: 0, path, names };
    let body = scan.body()?;
    if scan.peek().is_some() {
        return Err(scan.unexpected("an attribute or a block"));
    }
    Ok(body)
}

impl Scan<'_, '_> {
    /// Everything up to `}` or the end.
    fn body(&mut self) -> Parsed<Body> {
        let mut body = Body::default();
        loop {
            self.lines()?;
            if matches!(self.peek(), None | Some(b'}')) {
                return Ok(body);
            }
            self.item(&mut body)?;
            self.end_of_line()?;
        }
    }

    fn item(&mut self, body: &mut Body) -> Parsed<()> {
        let line = self.line;
        let Some(name) = self.name() else {
            let conflict = ["<<<<<<<", ">>>>>>>", "======="].iter().any(|mark| self.rest().starts_with(mark));
            let conflict = conflict.then(|| self.error("git left the marks of a merge conflict here"));
            return Err(conflict.unwrap_or_else(|| self.unexpected("an attribute or a block")));
        };
        self.space()?;
        if self.peek() == Some(b'=') && self.peek_second() != Some(b'=') {
            self.at += 1;
            self.space()?;
            let value = self.expression()?;
            if body.attribute(&name).is_some() {
                return Err(ReadError::at(self.path, line, format!("`{name}` is set twice")));
            }
            body.attributes.push(Attribute { name, value, line });
            return Ok(());
        }
        let mut labels = Vec::new();
        while self.peek() != Some(b'{') {
            let label = if self.peek() == Some(b'"') { Some(self.label()?) } else { self.name() };
            labels.push(label.ok_or_else(|| self.unexpected("`=`, a label or `{`"))?);
            self.space()?;
        }
        self.at += 1;
        let content = self.within(true, Self::body)?;
        self.expect(b'}')?;
        body.blocks.push(Block { kind: name, labels, body: content, line });
        Ok(())
    }
}
