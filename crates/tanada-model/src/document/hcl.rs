//! HCL text to [`raw`](super::raw) bodies.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Block as HclBlock, BlockLabel, Body as HclBody, Structure};
use hcl_edit::template::Element;

use super::raw::{Attribute, Block, Body, Text, Value, ValueKind};
use super::{DUPLICATE, NOT_DATA, Reference, SYNTAX_ERROR};
use crate::diagnostic::{Diagnostic, FileId, Span, Spanned};

/// Reads one file. `None`: it does not parse.
pub(super) fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Body> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - bare.len();
    match hcl_edit::parser::parse_body(bare) {
        Ok(body) => Some(Reader { file, text: bare, offset, diagnostics }.body(&body)),
        Err(error) => {
            let at = offset + error.location().offset();
            let next =
                text.get(at..).and_then(|rest| rest.chars().next()).filter(|next| !next.is_whitespace());
            let end = at + next.map_or(0, char::len_utf8);
            let words = one_line(error.message());
            let span = Span::new(file, at..end);
            // The parser itself stops at the second attribute of one name in one body.
            diagnostics.push(if words.contains("redefined attribute") {
                Diagnostic::new(DUPLICATE, "an attribute of this block is written twice")
                    .at(span, "again, before here")
                    .help("keep one of the two")
            } else {
                Diagnostic::new(SYNTAX_ERROR, format!("this is not HCL: {words}")).at(span, "")
            });
            None
        }
    }
}

/// The parser's words on one line.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    /// Bytes before `text` in the file.
    offset: usize,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn span(&self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        Span::new(self.file, range.start + self.offset..range.end + self.offset)
    }

    fn body(&mut self, body: &HclBody) -> Body {
        let mut read = Body::default();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let name = self.named(attribute.key.as_str(), attribute.key.span());
                    let value = self.value(&attribute.value);
                    read.attributes.push(Attribute { name, value });
                }
                Structure::Block(block) => {
                    let block = self.block(block);
                    read.blocks.push(block);
                }
            }
        }
        read
    }

    fn block(&mut self, block: &HclBlock) -> Block {
        let keyword = self.named(block.ident.as_str(), block.ident.span());
        let label = |label: &BlockLabel| match label {
            BlockLabel::Ident(ident) => self.named(ident.as_str(), ident.span()),
            BlockLabel::String(text) => self.named(text.as_str(), text.span()),
        };
        let labels = block.labels.iter().map(label).collect();
        Block { keyword, labels, body: self.body(&block.body) }
    }

    fn named(&self, name: &str, range: Option<Range<usize>>) -> Spanned<String> {
        Spanned { value: name.to_owned(), span: self.span(range) }
    }

    fn value(&mut self, expression: &Expression) -> Value {
        let span = self.span(expression.span());
        let kind = match expression {
            Expression::Null(_) => ValueKind::Null,
            Expression::Bool(flag) => ValueKind::Flag(*flag.value()),
            Expression::Number(number) => number_kind(number.value(), false),
            Expression::String(text) => {
                ValueKind::Text(Text { text: text.as_str().to_owned(), live: false, json: false })
            }
            Expression::Array(array) => ValueKind::List(array.iter().map(|item| self.value(item)).collect()),
            Expression::Object(object) => ValueKind::Map(
                object.iter().map(|(key, value)| (self.key(key), self.value(value.expr()))).collect(),
            ),
            Expression::StringTemplate(template) => self.template(template.iter()),
            Expression::HeredocTemplate(heredoc) => self.template(heredoc.template.iter()),
            Expression::Parenthesis(inner) => return self.value(inner.inner()),
            Expression::Variable(name) => ValueKind::Reference(Reference(vec![name.as_str().to_owned()])),
            Expression::Traversal(traversal) => match reference(traversal) {
                Some(reference) => ValueKind::Reference(reference),
                None => self.refuse(span, "an index or `*` in a reference"),
            },
            Expression::UnaryOp(operation) => match operation.expr.as_number() {
                Some(number) if operation.operator.value().as_str() == "-" => number_kind(number, true),
                Some(_) | None => self.refuse(span, "an operator"),
            },
            Expression::BinaryOp(_) => self.refuse(span, "an operator"),
            Expression::Conditional(_) => self.refuse(span, "a condition"),
            Expression::FuncCall(_) => self.refuse(span, "a function"),
            Expression::ForExpr(_) => self.refuse(span, "a loop"),
        };
        Value { kind, span }
    }

    fn refuse(&mut self, span: Span, what: &str) -> ValueKind {
        self.diagnostics.push(Diagnostic::new(NOT_DATA, format!("{what} is not data")).at(span, "").help(
            "write the value itself: a literal, a list, a map, or a reference such as `pool.production`",
        ));
        ValueKind::Broken
    }

    fn key(&mut self, key: &ObjectKey) -> Spanned<String> {
        match key {
            ObjectKey::Ident(ident) => self.named(ident.as_str(), ident.span()),
            ObjectKey::Expression(Expression::String(text)) => self.named(text.as_str(), text.span()),
            ObjectKey::Expression(Expression::Number(number)) => {
                self.named(&number.value().to_string(), number.span())
            }
            ObjectKey::Expression(other) => {
                let span = self.span(other.span());
                self.refuse(span, "a computed key");
                Spanned { value: String::new(), span }
            }
        }
    }

    /// A text with interpolations: they stay as they stand in the source.
    fn template<'t>(&self, elements: impl Iterator<Item = &'t Element>) -> ValueKind {
        let (mut text, mut live) = (String::new(), false);
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_str(literal.as_str()),
                Element::Interpolation(_) | Element::Directive(_) => {
                    live = true;
                    text.push_str(element.span().and_then(|range| self.text.get(range)).unwrap_or("${}"));
                }
            }
        }
        ValueKind::Text(Text { text, live, json: false })
    }
}

fn number_kind(number: &hcl_edit::Number, negative: bool) -> ValueKind {
    let whole = number.as_i64().map(|n| if negative { n.saturating_neg() } else { n });
    let exact = whole.map(serde_json::Number::from);
    let float = || number.as_f64().and_then(|n| serde_json::Number::from_f64(if negative { -n } else { n }));
    exact.or_else(float).map_or(ValueKind::Broken, ValueKind::Number)
}

/// `a.b.c`, or `None` when a part of it is not a name. `["b"]` counts as `.b`.
fn reference(traversal: &hcl_edit::expr::Traversal) -> Option<Reference> {
    let mut names = vec![traversal.expr.as_variable()?.as_str().to_owned()];
    for operator in &traversal.operators {
        names.push(match operator.value() {
            TraversalOperator::GetAttr(name) => name.as_str().to_owned(),
            TraversalOperator::Index(Expression::String(name)) => name.as_str().to_owned(),
            TraversalOperator::Index(_)
            | TraversalOperator::AttrSplat(_)
            | TraversalOperator::FullSplat(_)
            | TraversalOperator::LegacyIndex(_) => return None,
        });
    }
    Some(Reference(names))
}
