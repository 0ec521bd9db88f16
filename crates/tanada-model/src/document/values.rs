//! Attribute values by type.

use super::fields::Fields;
use super::raw::{Text, Value, ValueKind};
use super::{
    EMPTY_LIST, INVALID_CIDR, INVALID_PORT, NOT_DATA, OUT_OF_RANGE, Operand, Reference, Setting, Texts,
    WRONG_TYPE,
};
use crate::design::{Ports, Protocol};
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};
use crate::net::{Block, BlockError};

type Diagnostics = Vec<Diagnostic>;

impl Fields<'_> {
    /// Reads an attribute with one of the functions below; `null` is kept apart from "not written".
    fn setting<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(Value, &mut Diagnostics) -> Option<T>,
    ) -> Setting<T> {
        let value = self.take(name)?;
        let span = value.span;
        match value.kind {
            ValueKind::Null => Some(Spanned { value: None, span }),
            ValueKind::Flag(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::List(_)
            | ValueKind::Map(_)
            | ValueKind::Reference(_)
            | ValueKind::Broken => {
                read(value, self.diagnostics).map(|value| Spanned { value: Some(value), span })
            }
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Setting<String> {
        self.setting(name, text)
    }

    /// A text in which `${…}` is only text.
    pub(super) fn prose(&mut self, name: &str) -> Option<String> {
        let read = self.setting(name, |value, diagnostics| {
            let ValueKind::Text(Text { text, live: _, json: _ }) = value.kind else {
                return wrong(&value, "a text", diagnostics);
            };
            Some(text)
        });
        read?.value
    }

    pub(super) fn flag(&mut self, name: &str) -> Setting<bool> {
        self.setting(name, |value, diagnostics| {
            let ValueKind::Flag(flag) = value.kind else {
                return wrong(&value, "`true` or `false`", diagnostics);
            };
            Some(flag)
        })
    }

    pub(super) fn number(&mut self, name: &str) -> Setting<u32> {
        self.setting(name, number)
    }

    /// A prefix length, 8 to 28.
    pub(super) fn size(&mut self, name: &str) -> Setting<u8> {
        self.setting(name, |value, diagnostics| {
            let span = value.span;
            let size = number(value, diagnostics)?;
            let fits = u8::try_from(size).ok().filter(|size| (8..=28).contains(size));
            if fits.is_none() {
                diagnostics.push(
                    Diagnostic::new(
                        OUT_OF_RANGE,
                        format!("a size is a prefix length from 8 to 28, not {size}"),
                    )
                    .at(span, "")
                    .help("for a /20 write `20`: 4096 addresses; a smaller number is a larger block"),
                );
            }
            fits
        })
    }

    pub(super) fn cidr(&mut self, name: &str) -> Setting<Block> {
        self.setting(name, cidr)
    }

    pub(super) fn reference(&mut self, name: &str, roots: &[&str]) -> Setting<Reference> {
        self.setting(name, |value, diagnostics| reference(value, roots, diagnostics).map(|found| found.value))
    }

    pub(super) fn references(&mut self, name: &str, roots: &[&str]) -> Setting<Vec<Spanned<Reference>>> {
        self.setting(name, |value, diagnostics| {
            list(value, diagnostics, |item, diagnostics| reference(item, roots, diagnostics))
        })
    }

    pub(super) fn text_list(&mut self, name: &str) -> Setting<Vec<Spanned<String>>> {
        self.setting(name, |value, diagnostics| {
            list(value, diagnostics, |item, diagnostics| {
                let span = item.span;
                text(item, diagnostics).map(|value| Spanned { value, span })
            })
        })
    }

    pub(super) fn ports(&mut self, name: &str) -> Setting<Vec<Ports>> {
        self.setting(name, |value, diagnostics| list(value, diagnostics, ports))
    }

    pub(super) fn texts(&mut self, name: &str) -> Setting<Texts> {
        self.setting(name, |value, diagnostics| {
            let ValueKind::Map(entries) = value.kind else { return wrong(&value, "a map", diagnostics) };
            let mut texts: Texts = Vec::new();
            for (key, value) in entries {
                let span = value.span;
                let unset = matches!(value.kind, ValueKind::Null);
                let read = if unset { None } else { text(value, diagnostics) };
                if read.is_none() && !unset {
                    continue;
                }
                if texts.iter().any(|(other, _)| other.value == key.value) {
                    let message = format!("`{}` is written twice", key.value);
                    diagnostics.push(Diagnostic::new(super::DUPLICATE, message).at(key.span, "again"));
                } else {
                    texts.push((key, Spanned { value: read, span }));
                }
            }
            Some(texts)
        })
    }

    /// A list of CIDR blocks and references.
    pub(super) fn addresses(&mut self, name: &str, roots: &[&str]) -> Vec<Spanned<Operand<Block>>> {
        let read = self.setting(name, |value, diagnostics| {
            list(value, diagnostics, |item, diagnostics| {
                let span = item.span;
                let literal =
                    matches!(&item.kind, ValueKind::Text(text) if !text.json || path(&text.text).is_none());
                let value = if literal {
                    Operand::Literal(cidr(item, diagnostics)?)
                } else {
                    Operand::Reference(reference(item, roots, diagnostics)?.value)
                };
                Some(Spanned { value, span })
            })
        });
        read.and_then(|read| read.value).unwrap_or_default()
    }

    /// A list of references to whatever there is, or texts.
    pub(super) fn objects(&mut self, name: &str) -> Vec<Spanned<Operand<String>>> {
        let read = self.setting(name, |value, diagnostics| {
            list(value, diagnostics, |item, diagnostics| {
                let span = item.span;
                let value = match (&item.kind, reference_text(&item)) {
                    (ValueKind::Reference(reference), _) => Operand::Reference(reference.clone()),
                    (_, Some(reference)) => Operand::Reference(reference),
                    (_, None) => Operand::Literal(text(item, diagnostics)?),
                };
                Some(Spanned { value, span })
            })
        });
        read.and_then(|read| read.value).unwrap_or_default()
    }
}

/// Complains that the value is of another type.
pub(super) fn wrong<T>(value: &Value, expected: &str, diagnostics: &mut Diagnostics) -> Option<T> {
    if !matches!(value.kind, ValueKind::Broken) {
        let message = format!("expected {expected}, found {}", value.noun());
        let mut diagnostic = Diagnostic::new(WRONG_TYPE, message).at(value.span, "");
        if let ValueKind::Reference(reference) = &value.kind
            && expected == "a text"
        {
            diagnostic = diagnostic.help(format!("write it in quotes: \"{reference}\""));
        }
        if let ValueKind::Text(text) = &value.kind
            && expected == "a number"
            && text.text.parse::<u32>().is_ok()
        {
            diagnostic = diagnostic.help(format!("write it without quotes: {}", text.text));
        }
        diagnostics.push(diagnostic);
    }
    None
}

/// A text without anything that Terraform would evaluate.
pub(super) fn text(value: Value, diagnostics: &mut Diagnostics) -> Option<String> {
    let span = value.span;
    let ValueKind::Text(Text { text, live, json: _ }) = value.kind else {
        return wrong(&value, "a text", diagnostics);
    };
    if live {
        diagnostics.push(
            Diagnostic::new(NOT_DATA, "`${` in a text is not data")
                .at(span, "")
                .help("write the value itself, or `$${` where the two characters are meant"),
        );
        return None;
    }
    Some(text)
}

/// A whole number that is not negative.
pub(super) fn number(value: Value, diagnostics: &mut Diagnostics) -> Option<u32> {
    let ValueKind::Number(number) = &value.kind else { return wrong(&value, "a number", diagnostics) };
    let whole = number.as_u64().and_then(|number| u32::try_from(number).ok());
    if whole.is_none() {
        let message = format!("expected a whole number from 0 to 4294967295, found {number}");
        diagnostics.push(Diagnostic::new(OUT_OF_RANGE, message).at(value.span, ""));
    }
    whole
}

fn cidr(value: Value, diagnostics: &mut Diagnostics) -> Option<Block> {
    let span = value.span;
    let text = text(value, diagnostics)?;
    match text.parse() {
        Ok(block) => Some(block),
        Err(error) => {
            let help = match &error {
                BlockError::HostBits { text: _, block } => format!("write \"{block}\""),
                BlockError::LeadingZero(_) => "write the numbers without leading zeros".to_owned(),
                BlockError::Syntax(_) => "write an IPv4 block such as \"10.0.0.0/8\"".to_owned(),
            };
            diagnostics.push(Diagnostic::new(INVALID_CIDR, error.to_string()).at(span, "").help(help));
            None
        }
    }
}

/// `a.b.c`, or the same inside `${…}`, as JSON writes a reference.
fn path(text: &str) -> Option<Reference> {
    let inner = text.strip_prefix("${").and_then(|text| text.strip_suffix('}')).unwrap_or(text).trim();
    let name = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    inner.split('.').all(name).then(|| Reference(inner.split('.').map(str::to_owned).collect()))
}

/// The reference that a text of JSON is.
fn reference_text(value: &Value) -> Option<Reference> {
    let ValueKind::Text(Text { text, live: _, json: true }) = &value.kind else { return None };
    path(text)
}

fn reference(value: Value, roots: &[&str], diagnostics: &mut Diagnostics) -> Option<Spanned<Reference>> {
    let span = value.span;
    let found = match (&value.kind, reference_text(&value)) {
        (ValueKind::Reference(reference), _) => reference.clone(),
        (_, Some(reference)) => reference,
        (_, None) => {
            if let ValueKind::Text(text) = &value.kind
                && let Some(reference) = path(&text.text)
            {
                diagnostics.push(
                    Diagnostic::new(WRONG_TYPE, "expected a reference, found a text")
                        .at(span, "")
                        .help(format!("write it without quotes: {reference}")),
                );
                return None;
            }
            return wrong(&value, &expected(roots), diagnostics);
        }
    };
    let root = found.0.first().map_or("", String::as_str);
    if roots.contains(&root) {
        return Some(Spanned { value: found, span });
    }
    let message = format!("expected {}, found `{found}`", expected(roots));
    let mut diagnostic = Diagnostic::new(WRONG_TYPE, message).at(span, "");
    if let Some(meant) = did_you_mean(root, roots.iter().copied()) {
        diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
    } else if let ([only], 1) = (roots, found.0.len()) {
        diagnostic = diagnostic.help(format!("write `{only}.{root}`"));
    }
    diagnostics.push(diagnostic);
    None
}

/// `a reference such as `pool.…``.
fn expected(roots: &[&str]) -> String {
    let form = |root: &&str| match *root {
        "private" | "internet" | "any" | "vpc" => format!("`{root}`"),
        _ => format!("`{root}.…`"),
    };
    let forms: Vec<String> = roots.iter().map(form).collect();
    match forms.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "a reference".to_owned(),
    }
}

/// A list, each item read; wrong ones are left out.
fn list<T>(
    value: Value,
    diagnostics: &mut Diagnostics,
    read: impl Fn(Value, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let ValueKind::List(items) = value.kind else {
        if !matches!(value.kind, ValueKind::Broken) {
            let message = format!("expected a list, found {}", value.noun());
            diagnostics.push(
                Diagnostic::new(WRONG_TYPE, message).at(value.span, "").help("put it in brackets: `[…]`"),
            );
        }
        return None;
    };
    let written = items.len();
    let read: Vec<T> = items.into_iter().filter_map(|item| read(item, diagnostics)).collect();
    // A list of wrong items only was complained about; it is not an empty one.
    (written == 0 || !read.is_empty()).then_some(read)
}

fn ports(value: Value, diagnostics: &mut Diagnostics) -> Option<Ports> {
    let span = value.span;
    let text = text(value, diagnostics)?;
    let read = parse_ports(&text);
    if read.is_none() {
        let mut diagnostic = Diagnostic::new(INVALID_PORT, format!("`{text}` is not a port")).at(span, "");
        diagnostic = match text.parse::<u16>() {
            Ok(number) => diagnostic.help(format!("say the protocol: \"tcp/{number}\" or \"udp/{number}\"")),
            Err(_) => diagnostic.help("write \"tcp/443\", \"udp/1024-2048\", \"icmp\" or \"all\""),
        };
        diagnostics.push(diagnostic);
    }
    read
}

fn parse_ports(text: &str) -> Option<Ports> {
    let (protocol, range) = match text {
        "all" => return Some(Ports::All),
        "icmp" => return Some(Ports::Icmp),
        _ => text.split_once('/')?,
    };
    let protocol = match protocol {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| port.to_string() == text);
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    let (from, to) = (port(from)?, port(to)?);
    (from <= to).then_some(Ports::Range { protocol, from, to })
}

/// A literal as it is to be passed through; a reference or an interpolation is none.
pub(super) fn literal(value: Value, diagnostics: &mut Diagnostics) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    Some(match value.kind {
        ValueKind::Null => Json::Null,
        ValueKind::Flag(flag) => Json::Bool(flag),
        ValueKind::Number(number) => Json::Number(number),
        ValueKind::Text(_) => Json::String(text(value, diagnostics)?),
        ValueKind::List(items) => {
            Json::Array(items.into_iter().filter_map(|item| literal(item, diagnostics)).collect())
        }
        ValueKind::Map(entries) => {
            let mut entries: Vec<_> = entries
                .into_iter()
                .filter_map(|(key, value)| Some((key.value, literal(value, diagnostics)?)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(entries.into_iter().collect())
        }
        ValueKind::Reference(_) | ValueKind::Broken => return wrong(&value, "a literal", diagnostics),
    })
}

/// Complains of a list that must name somebody and names nobody.
pub(super) fn not_empty<T>(list: &Setting<Vec<T>>, name: &str, diagnostics: &mut Diagnostics) {
    let empty = |list: &&Spanned<Option<Vec<T>>>| list.value.as_ref().is_some_and(Vec::is_empty);
    if let Some(span) =
        list.as_ref().filter(empty).map(|list: &Spanned<Option<Vec<T>>>| -> Span { list.span })
    {
        diagnostics.push(
            Diagnostic::new(EMPTY_LIST, format!("`{name}` is empty"))
                .at(span, "names nobody")
                .help(format!("name somebody in `{name}`, or delete the statement")),
        );
    }
}
