//! Which `=` stand in one column.

use super::body::{Collection, Item, Member, Value};
use super::expr::Key;
use super::text::escape_key;

/// The column of `=` in the current run of neighbouring one-line entries.
#[derive(Default)]
pub(super) struct Alignment {
    column: usize,
    /// Where the run ends.
    end: usize,
}

impl Alignment {
    /// The column for the entry at `at`: the width of the widest name of its run, or its own when it has several
    /// lines (`None` from `width`).
    pub(super) fn column<T>(&mut self, all: &[T], at: usize, width: impl Fn(&T) -> Option<usize>) -> usize {
        if at >= self.end {
            let run = all[at..].iter().map_while(&width);
            let (length, widest) =
                run.fold((0, 0), |(length, widest), width| (length + 1, width.max(widest)));
            self.column = widest;
            self.end = at + length.max(1);
        }
        self.column
    }
}

/// Width of the name, when the item is on one line.
pub(super) fn item_width(item: &Item<'_>) -> Option<usize> {
    match item {
        Item::Attribute(name, value) => is_one_line(value).then(|| name.as_str().len()),
        Item::Heredoc(name, _) => Some(name.as_str().len()),
        Item::Block(_) | Item::Comment(_) | Item::Blank => None,
    }
}

/// Width of the key, when the entry is on one line.
pub(super) fn member_width(member: &Member<'_>) -> Option<usize> {
    match member {
        Member::Entry(key, value) => is_one_line(value).then(|| key_width(key)),
        Member::Comment(_) | Member::Blank => None,
    }
}

pub(super) fn key_width(key: &Key<'_>) -> usize {
    match key {
        Key::Ident(name) => name.as_str().len(),
        Key::Text(text) => {
            let mut escaped = String::new();
            escape_key(text, &mut escaped);
            escaped.chars().count() + 2
        }
        Key::Alias(names) => {
            let [provider, alias] = &**names;
            provider.as_str().len() + 1 + alias.as_str().len()
        }
    }
}

/// Whether nothing in it needs a line of its own.
pub(super) fn is_one_line(value: &Value<'_>) -> bool {
    match value {
        Value::Expr(_) => true,
        Value::Collection(collection) | Value::Call(_, collection) => match collection {
            Collection::List(list) => list.elements().is_empty(),
            Collection::Object(object) => object.members().is_empty(),
        },
    }
}
