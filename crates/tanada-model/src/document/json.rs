//! JSON text to [`raw`](super::raw) bodies, with the meaning that Terraform gives to JSON: labels are nested keys, a
//! list repeats a block, `"//"` is a comment. Which keys are blocks the [grammar](super::grammar) says.

mod reader;

use reader::{Json, JsonKind};

use super::grammar::{Label, ROOT, Shape};
use super::raw::{Attribute, Block, Body, Text, Value, ValueKind};
use super::{SYNTAX_ERROR, WRONG_TYPE};
use crate::diagnostic::{Diagnostic, FileId, Span, Spanned};

/// Reads one file. `None`: it does not parse.
pub(super) fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Body> {
    match reader::read(text) {
        Ok(json) => Some(Lower { file, diagnostics }.body(json, &ROOT)),
        Err((range, message)) => {
            let message = format!("this is not JSON: {message}");
            diagnostics.push(Diagnostic::new(SYNTAX_ERROR, message).at(Span::new(file, range), ""));
            None
        }
    }
}

struct Lower<'a> {
    file: FileId,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Lower<'_> {
    /// The objects that a value stands for where an object or a list of objects is expected.
    fn objects(&mut self, json: Json) -> Vec<Vec<(Json, Json)>> {
        let span = Span::new(self.file, json.range);
        match json.kind {
            JsonKind::Object(entries) => vec![entries],
            JsonKind::List(items) => items.into_iter().flat_map(|item| self.objects(item)).collect(),
            JsonKind::Null => Vec::new(),
            JsonKind::Flag(_) | JsonKind::Number(_) | JsonKind::Text(_) => {
                self.diagnostics.push(
                    Diagnostic::new(WRONG_TYPE, "a block is an object in JSON")
                        .at(span, "")
                        .help("write `{ … }`, or a list of objects to repeat the block"),
                );
                Vec::new()
            }
        }
    }

    fn body(&mut self, json: Json, shape: &'static Shape) -> Body {
        let mut body = Body::default();
        for (key, value) in self.objects(json).into_iter().flatten() {
            let name = self.key(key);
            if name.value == "//" {
                continue;
            }
            match shape.block(&name.value) {
                Some(inner) => self.blocks(&name, value, inner, &mut body.blocks),
                None => {
                    let value = self.value(value);
                    body.attributes.push(Attribute { name, value });
                }
            }
        }
        body
    }

    fn blocks(
        &mut self,
        keyword: &Spanned<String>,
        json: Json,
        shape: &'static Shape,
        blocks: &mut Vec<Block>,
    ) {
        match shape.label {
            Label::None => {
                for entries in self.objects(json) {
                    let range = keyword.span.range();
                    let body = self.body(Json { kind: JsonKind::Object(entries), range }, shape);
                    blocks.push(Block { keyword: keyword.clone(), labels: Vec::new(), body });
                }
            }
            Label::Name | Label::Word => {
                for (label, value) in self.objects(json).into_iter().flatten() {
                    let label = self.key(label);
                    if label.value == "//" {
                        continue;
                    }
                    for entries in self.objects(value) {
                        let range = label.span.range();
                        let body = self.body(Json { kind: JsonKind::Object(entries), range }, shape);
                        blocks.push(Block { keyword: keyword.clone(), labels: vec![label.clone()], body });
                    }
                }
            }
        }
    }

    fn key(&self, key: Json) -> Spanned<String> {
        let span = Span::new(self.file, key.range);
        let value = match key.kind {
            JsonKind::Text(text) => text,
            JsonKind::Null
            | JsonKind::Flag(_)
            | JsonKind::Number(_)
            | JsonKind::List(_)
            | JsonKind::Object(_) => String::new(),
        };
        Spanned { value, span }
    }

    fn value(&mut self, json: Json) -> Value {
        let span = Span::new(self.file, json.range);
        let kind = match json.kind {
            JsonKind::Null => ValueKind::Null,
            JsonKind::Flag(flag) => ValueKind::Flag(flag),
            JsonKind::Number(number) => ValueKind::Number(number),
            JsonKind::Text(text) => {
                let (text, live) = plain(&text);
                ValueKind::Text(Text { text, live, json: true })
            }
            JsonKind::List(items) => {
                ValueKind::List(items.into_iter().map(|item| self.value(item)).collect())
            }
            JsonKind::Object(entries) => ValueKind::Map(
                entries.into_iter().map(|(key, value)| (self.key(key), self.value(value))).collect(),
            ),
        };
        Value { kind, span }
    }
}

/// A JSON text is a template: `$${` stands for `${`. The second value says whether a live `${` or `%{` remains.
fn plain(text: &str) -> (String, bool) {
    let (mut plain, mut live, mut rest) = (String::with_capacity(text.len()), false, text);
    while let Some(at) = rest.find(['$', '%']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let escaped = from.starts_with("$${") || from.starts_with("%%{");
        live |= from.starts_with("${") || from.starts_with("%{");
        let (sign, _) = from.split_at(1);
        plain.push_str(sign);
        rest = &from[if escaped { 2 } else { 1 }..];
    }
    plain.push_str(rest);
    (plain, live)
}
