//! One block held against its shape: every name known, nothing twice, every value of its type.

use std::collections::BTreeMap;

use super::grammar::{Label, Shape, Times};
use super::raw::{Attribute, Block, Body, Value, ValueKind};
use super::{
    DUPLICATE, Header, INVALID_NAME, MISSING_ATTRIBUTE, Setting, UNKNOWN_ATTRIBUTE, UNKNOWN_BLOCK,
    WRONG_LABELS,
};
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};

/// The attributes and blocks of one block that are still to be read.
pub(super) struct Fields<'a> {
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    /// The label, or the keyword where there is none.
    pub(super) name: Spanned<String>,
    /// For messages: `pool "m3"`.
    title: String,
    attributes: BTreeMap<String, (Span, Value)>,
    blocks: Vec<Block>,
}

impl<'a> Fields<'a> {
    /// Opens a block. Whatever does not fit the shape is complained about and left out.
    pub(super) fn open(block: Block, shape: &Shape, diagnostics: &'a mut Vec<Diagnostic>) -> Option<Self> {
        let Block { keyword, labels, body } = block;
        let name = label(&keyword, labels, shape, diagnostics)?;
        let title = if shape.label == Label::None {
            keyword.value
        } else {
            format!("{} {:?}", keyword.value, name.value)
        };
        Some(Self::fit(body, shape, name, title, diagnostics))
    }

    /// Opens the top level.
    pub(super) fn root(body: Body, shape: &Shape, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        let nowhere = Span::new(crate::diagnostic::FileId(0), 0..0);
        Self::fit(body, shape, Spanned { value: String::new(), span: nowhere }, String::new(), diagnostics)
    }

    fn fit(
        body: Body,
        shape: &Shape,
        name: Spanned<String>,
        title: String,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let Body { attributes, blocks } = body;
        let mut fields = Self { diagnostics, name, title, attributes: BTreeMap::new(), blocks: Vec::new() };
        for attribute in attributes {
            fields.attribute(attribute, shape);
        }
        let mut seen: BTreeMap<(String, String), Span> = BTreeMap::new();
        for block in blocks {
            fields.block(block, shape, &mut seen);
        }
        for attribute in shape.attributes.iter().filter(|attribute| attribute.required) {
            let written = fields.attributes.get(attribute.name);
            if written.is_none_or(|(_, value)| matches!(value.kind, ValueKind::Null)) {
                let message = format!("`{}` has no `{}`", fields.title, attribute.name);
                let place = written.map_or(fields.name.span, |(name, _)| *name);
                let help = format!("add `{} = …`", attribute.name);
                fields.diagnostics.push(Diagnostic::new(MISSING_ATTRIBUTE, message).at(place, "").help(help));
            }
        }
        fields
    }

    fn attribute(&mut self, attribute: Attribute, shape: &Shape) {
        let Attribute { name, value } = attribute;
        if shape.attribute(&name.value).is_none() && shape.free.is_none() {
            self.unknown_attribute(&name, shape);
            return;
        }
        if let Some((first, _)) = self.attributes.get(&name.value) {
            let message = format!("`{}` is written twice", name.value);
            let help = "keep one of the two; the files of a directory are merged";
            let diagnostic = Diagnostic::new(DUPLICATE, message).at(name.span, "again").at(*first, "first");
            self.diagnostics.push(diagnostic.help(help));
            return;
        }
        self.attributes.insert(name.value, (name.span, value));
    }

    fn unknown_attribute(&mut self, name: &Spanned<String>, shape: &Shape) {
        let at = if self.title.is_empty() { "at top level".into() } else { format!("in `{}`", self.title) };
        let message = format!("there is no attribute `{}` {at}", name.value);
        let mut diagnostic = Diagnostic::new(UNKNOWN_ATTRIBUTE, message).at(name.span, "");
        let names = || shape.attributes.iter().map(|attribute| attribute.name);
        if shape.block(&name.value).is_some() {
            diagnostic =
                diagnostic.help(format!("`{0}` is a block: write `{0} … {{ }}` without `=`", name.value));
        } else if let Some(meant) = did_you_mean(&name.value, names()) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
        } else if let Some(meant) = did_you_mean(&name.value, shape.blocks.iter().map(|block| block.keyword))
        {
            diagnostic = diagnostic.help(format!("did you mean the block `{meant}`?"));
        } else {
            let list: Vec<String> = names().map(|name| format!("`{name}`")).collect();
            diagnostic = diagnostic.help(format!("there are {}", list.join(", ")));
        }
        self.diagnostics.push(diagnostic);
    }

    fn block(&mut self, block: Block, shape: &Shape, seen: &mut BTreeMap<(String, String), Span>) {
        let Some(inner) = shape.block(&block.keyword.value) else {
            self.unknown_block(&block.keyword, shape);
            return;
        };
        let label = match inner.times {
            Times::Many => None,
            Times::Once => Some(Spanned { value: String::new(), span: block.keyword.span }),
            Times::OncePerLabel => block.labels.first().cloned(),
        };
        if let Some(label) = label {
            // `allow` and `deny` of one place share their names: a rule is named once.
            let keyword = if inner.keyword == "deny" { "allow" } else { inner.keyword };
            match seen.entry((keyword.to_owned(), label.value.clone())) {
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(label.span);
                }
                std::collections::btree_map::Entry::Occupied(first) => {
                    let name =
                        if label.value.is_empty() { String::new() } else { format!(" {:?}", label.value) };
                    let message = format!("`{}{name}` is written twice", block.keyword.value);
                    self.diagnostics.push(
                        Diagnostic::new(DUPLICATE, message)
                            .at(label.span, "again")
                            .at(*first.get(), "first")
                            .help("keep one of the two, or give one another name; the files of a directory are merged"),
                    );
                    return;
                }
            }
        }
        self.blocks.push(block);
    }

    fn unknown_block(&mut self, keyword: &Spanned<String>, shape: &Shape) {
        let at = if self.title.is_empty() { "at top level".into() } else { format!("in `{}`", self.title) };
        let message = format!("there is no block `{}` {at}", keyword.value);
        let mut diagnostic = Diagnostic::new(UNKNOWN_BLOCK, message).at(keyword.span, "");
        let names = || shape.blocks.iter().map(|block| block.keyword);
        if keyword.value == "deny" {
            diagnostic = diagnostic
                .help("`deny` stands in a `layout` or `tier` only; what no top-level `allow` names is closed anyway");
        } else if shape.attribute(&keyword.value).is_some() {
            diagnostic = diagnostic.help(format!("`{0}` is an attribute: write `{0} = …`", keyword.value));
        } else if let Some(meant) = did_you_mean(&keyword.value, names()) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
        } else if shape.blocks.is_empty() {
            diagnostic = diagnostic.help("there are no blocks inside it");
        } else {
            let list: Vec<String> = names().map(|name| format!("`{name}`")).collect();
            diagnostic = diagnostic.help(format!("there are {}", list.join(", ")));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Takes an attribute's value.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.attributes.remove(name).map(|(_, value)| value)
    }

    /// Takes everything that is left: attributes with free names.
    pub(super) fn rest(&mut self) -> Vec<(Spanned<String>, Value)> {
        let rest = std::mem::take(&mut self.attributes);
        rest.into_iter().map(|(value, (span, attribute))| (Spanned { value, span }, attribute)).collect()
    }

    /// Takes the blocks with one of these keywords, in written order.
    pub(super) fn blocks(&mut self, keywords: &[&str]) -> Vec<Block> {
        let is = |block: &mut Block| keywords.contains(&block.keyword.value.as_str());
        self.blocks.extract_if(.., is).collect()
    }

    /// Label, `why` and `renamed_from`.
    pub(super) fn header(&mut self) -> Header {
        let why = self.prose("why");
        let renamed_from: Setting<String> = self.text("renamed_from");
        let renamed_from = renamed_from
            .and_then(|old| old.value.map(|value| Spanned { value, span: old.span }))
            .filter(|old| check_name(old, self.diagnostics));
        Header { name: self.name.clone(), why, renamed_from }
    }
}

/// The label of a block that takes one, checked; the keyword of one that takes none.
fn label(
    keyword: &Spanned<String>,
    labels: Vec<Spanned<String>>,
    shape: &Shape,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Spanned<String>> {
    let expected = usize::from(shape.label != Label::None);
    if labels.len() != expected {
        let place = labels.get(expected).map_or(keyword.span, |label| label.span);
        let (message, help) = if expected == 0 {
            (format!("`{}` takes no label", keyword.value), format!("write `{} {{`", keyword.value))
        } else {
            let message = format!("`{}` takes one label, {} are written", keyword.value, labels.len());
            (message, format!("write `{} \"name\" {{`", keyword.value))
        };
        diagnostics.push(Diagnostic::new(WRONG_LABELS, message).at(place, "").help(help));
        return None;
    }
    let name = labels.into_iter().next().unwrap_or_else(|| keyword.clone());
    // A wrong name is read on, so that what stands inside and what refers to it is checked, too.
    if shape.label == Label::Name {
        check_name(&name, diagnostics);
    }
    Some(name)
}

/// Whether this is a name of the input: `[A-Za-z][A-Za-z0-9_-]{0,62}`.
pub(super) fn check_name(name: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let text = name.value.as_str();
    let start = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let rest = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let valid = start && rest && text.len() <= 63;
    if !valid {
        let shown: String = text
            .chars()
            .take(80)
            .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
            .collect();
        diagnostics.push(
            Diagnostic::new(INVALID_NAME, format!("`{shown}` is not a name"))
                .at(name.span, "")
                .help("a name is a letter, then at most 62 letters, digits, `_` or `-`"),
        );
    }
    valid
}
