use std::fmt::Write;

use super::meaning::{Default, Narrow, attribute, block, key, kinds, label};
use super::meanings::type_words;
use crate::document::grammar::{Attribute, Shape};

/// The tables of every block and attribute in Markdown, as docs/language.md holds them.
pub fn reference() -> String {
    let mut out = String::new();
    for (key, shape) in kinds() {
        section(key, shape, &mut out);
    }
    out
}

fn section(key_of: &str, shape: &'static Shape, out: &mut String) {
    let Shape { keyword, label: _, times: _, attributes, free: _, blocks } = shape;
    let text = block(key_of).map_or("", |meaning| meaning.text);
    let title =
        if keyword.is_empty() { "Top level".to_owned() } else { format!("`{keyword}{}`", label(shape)) };
    let title = if key_of == "intent" { format!("{title} at top level") } else { title };
    // Writing to a String cannot fail.
    let _ = write!(out, "### {title}\n\n{text}\n\n");
    if !attributes.is_empty() {
        out.push_str("| attribute | type | default | meaning |\n| --- | --- | --- | --- |\n");
    }
    for attribute in *attributes {
        row(key_of, attribute, out);
    }
    if !attributes.is_empty() {
        out.push('\n');
    }
    if !blocks.is_empty() {
        let mut names: Vec<String> = blocks.iter().map(|inner| format!("`{}`", inner.keyword)).collect();
        names.dedup_by(|a, b| a == b);
        debug_assert!(blocks.iter().all(|inner| block(key(shape, inner)).is_some()));
        let _ = write!(out, "Blocks inside: {}.\n\n", names.join(", "));
    }
}

fn row(key: &str, of: &Attribute, out: &mut String) {
    let Attribute { name, ty, required } = of;
    let Some(meaning) = attribute(key, name) else { return };
    let default = match meaning.default {
        Default::Absent if *required => "required".to_owned(),
        Default::Absent => "-".to_owned(),
        Default::Value(value) => format!("`{value}`"),
        Default::Derived(words) => words.to_owned(),
    };
    let default = if *required { "required".to_owned() } else { default };
    let range = match meaning.narrow {
        Narrow::Between(least, u32::MAX) => format!(" from {least}"),
        Narrow::Between(least, most) => format!(" {least} to {most}"),
        Narrow::OneOf(words) => format!(": `\"{}\"`", words.join("\"`, `\"")),
        Narrow::Any | Narrow::Pattern(_) => String::new(),
    };
    let _ = writeln!(out, "| `{name}` | {}{range} | {default} | {} |", type_words(*ty), meaning.text);
}
