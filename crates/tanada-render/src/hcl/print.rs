//! The rules of `terraform fmt`, as far as the model can meet them:
//!
//! * two spaces for each open bracket; one space around `=`, behind `,` and inside braces, none inside `()` and `[]`;
//! * the `=` of neighbouring one-line attributes (or entries) are aligned; a comment, an empty line, a block and a
//!   value over several lines end such a run;
//! * a text that is nothing but `${x}` is written as `x`.

use std::fmt::Write;

use tanada_model::net;

use super::body::{Body, Collection, Element, Item, List, Member, Object, Value};
use super::expr::{Expr, Key, Part, Reference, Step, Template};
use super::text::{comment_lines, escape, escape_heredoc, escape_key, is_printable};
use super::{Block, Ident};

/// The text of a file.
pub(super) fn body(body: &Body<'_>) -> String {
    let mut printer = Printer { out: String::with_capacity(4096), depth: 0 };
    printer.body(body);
    printer.out
}

struct Printer {
    out: String,
    /// Open brackets, each worth two spaces.
    depth: usize,
}

impl Printer {
    fn body(&mut self, body: &Body<'_>) {
        let mut aligned = Alignment::default();
        for (at, item) in body.items().iter().enumerate() {
            match item {
                Item::Attribute(name, value) => {
                    let column = aligned.column(body.items(), at, item_width);
                    self.start();
                    self.name(name, column);
                    self.value(value);
                    self.out.push('\n');
                }
                Item::Heredoc(name, text) => {
                    let column = aligned.column(body.items(), at, item_width);
                    self.start();
                    self.name(name, column);
                    self.heredoc(text);
                }
                Item::Block(block) => self.block(block),
                Item::Comment(text) => self.comment(text),
                Item::Blank => self.out.push('\n'),
            }
        }
    }

    fn block(&mut self, block: &Block<'_>) {
        self.start();
        self.out.push_str(block.kind().as_str());
        for label in block.labels() {
            self.out.push_str(" \"");
            self.out.push_str(label.as_str());
            self.out.push('"');
        }
        if block.content().items().is_empty() {
            self.out.push_str(" {}\n");
            return;
        }
        self.out.push_str(" {\n");
        self.depth += 1;
        self.body(block.content());
        self.depth -= 1;
        self.start();
        self.out.push_str("}\n");
    }

    fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Expr(expr) => self.expr(expr),
            Value::Collection(collection) => self.collection(collection),
            Value::Call(function, argument) => {
                self.out.push_str(function.as_str());
                self.out.push('(');
                self.collection(argument);
                self.out.push(')');
            }
        }
    }

    fn collection(&mut self, collection: &Collection<'_>) {
        match collection {
            Collection::List(list) => self.list(list),
            Collection::Object(object) => self.object(object),
        }
    }

    fn list(&mut self, list: &List<'_>) {
        if list.elements().is_empty() {
            self.out.push_str("[]");
            return;
        }
        self.out.push_str("[\n");
        self.depth += 1;
        for element in list.elements() {
            match element {
                Element::Item(value) => {
                    self.start();
                    self.value(value);
                    self.out.push_str(",\n");
                }
                Element::Comment(text) => self.comment(text),
                Element::Blank => self.out.push('\n'),
            }
        }
        self.depth -= 1;
        self.start();
        self.out.push(']');
    }

    fn object(&mut self, object: &Object<'_>) {
        if object.members().is_empty() {
            self.out.push_str("{}");
            return;
        }
        self.out.push_str("{\n");
        self.depth += 1;
        let mut aligned = Alignment::default();
        for (at, member) in object.members().iter().enumerate() {
            match member {
                Member::Entry(key, value) => {
                    let column = aligned.column(object.members(), at, member_width);
                    self.start();
                    self.key(key);
                    self.equals(key_width(key), column);
                    self.value(value);
                    self.out.push('\n');
                }
                Member::Comment(text) => self.comment(text),
                Member::Blank => self.out.push('\n'),
            }
        }
        self.depth -= 1;
        self.start();
        self.out.push('}');
    }

    fn expr(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Null => self.out.push_str("null"),
            Expr::Bool(true) => self.out.push_str("true"),
            Expr::Bool(false) => self.out.push_str("false"),
            Expr::Number(number) => match number.as_u64() {
                Some(number) => self.whole(number),
                None => self.display(number),
            },
            Expr::Text(text) => self.quoted(text),
            Expr::Cidr(block) => {
                self.out.push('"');
                self.cidr(*block);
                self.out.push('"');
            }
            Expr::Template(template) => self.template(template),
            Expr::Reference(reference) => self.reference(reference),
            Expr::List(items) => {
                self.out.push('[');
                self.separated(items, Self::expr);
                self.out.push(']');
            }
            Expr::Object(entries) if entries.is_empty() => self.out.push_str("{}"),
            Expr::Object(entries) => {
                self.out.push_str("{ ");
                self.separated(entries, |printer, (key, value)| {
                    printer.key(key);
                    printer.out.push_str(" = ");
                    printer.expr(value);
                });
                self.out.push_str(" }");
            }
            Expr::Call(function, arguments) => {
                self.out.push_str(function.as_str());
                self.out.push('(');
                self.separated(arguments, Self::expr);
                self.out.push(')');
            }
        }
    }

    fn separated<T>(&mut self, items: &[T], print: impl Fn(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            print(self, item);
        }
    }

    fn template(&mut self, template: &Template<'_>) {
        if let [Part::Reference(reference)] = template.parts() {
            return self.reference(reference);
        }
        self.out.push('"');
        let mut parts = template.parts().iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                // A `$` at the end would escape the `${` behind it.
                Part::Text(text) if parts.peek().is_some() && text.ends_with('$') => {
                    escape(&text[..text.len() - 1], &mut self.out);
                    self.out.push_str("\\u0024");
                }
                Part::Text(text) => escape(text, &mut self.out),
                Part::Reference(reference) => {
                    self.out.push_str("${");
                    self.reference(reference);
                    self.out.push('}');
                }
            }
        }
        self.out.push('"');
    }

    fn reference(&mut self, reference: &Reference<'_>) {
        self.out.push_str(reference.root().as_str());
        for step in reference.steps() {
            match step {
                Step::Attribute(name) => {
                    self.out.push('.');
                    self.out.push_str(name.as_str());
                }
                Step::Index(index) => {
                    self.out.push('[');
                    self.whole(*index as u64);
                    self.out.push(']');
                }
                Step::Key(key) => {
                    self.out.push('[');
                    self.quoted(key);
                    self.out.push(']');
                }
            }
        }
    }

    fn key(&mut self, key: &Key<'_>) {
        match key {
            Key::Ident(name) => self.out.push_str(name.as_str()),
            Key::Text(text) => {
                self.out.push('"');
                escape_key(text, &mut self.out);
                self.out.push('"');
            }
            Key::Alias(names) => {
                let [provider, alias] = &**names;
                self.out.push_str(provider.as_str());
                self.out.push('.');
                self.out.push_str(alias.as_str());
            }
        }
    }

    fn name(&mut self, name: &Ident<'_>, column: usize) {
        self.out.push_str(name.as_str());
        self.equals(name.as_str().len(), column);
    }

    /// `=`, so that it stands in `column` behind something `width` wide.
    fn equals(&mut self, width: usize, column: usize) {
        self.spaces(column.saturating_sub(width));
        self.out.push_str(" = ");
    }

    fn heredoc(&mut self, text: &str) {
        let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        // A heredoc has no escapes for what must not stand in a file as it is. (And two empty ones in nested blocks
        // make hcl-edit 0.10 refuse the file.)
        if text.is_empty() || !is_printable(text) {
            self.quoted(&format!("{text}{newline}"));
            self.out.push('\n');
            return;
        }
        let mut end = String::from("EOT");
        while text.lines().any(|line| line.trim() == end) {
            end.push('T');
        }
        self.out.push_str("<<");
        self.out.push_str(&end);
        self.out.push('\n');
        escape_heredoc(text, &mut self.out);
        self.out.push_str(newline);
        self.out.push_str(&end);
        self.out.push('\n');
    }

    fn comment(&mut self, text: &str) {
        for line in comment_lines(text) {
            self.start();
            self.out.push('#');
            if !line.is_empty() {
                self.out.push(' ');
                self.out.push_str(&line);
            }
            self.out.push('\n');
        }
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        escape(text, &mut self.out);
        self.out.push('"');
    }

    fn start(&mut self) {
        self.spaces(2 * self.depth);
    }

    fn spaces(&mut self, mut count: usize) {
        const SPACES: &str = "                                ";
        while count > 0 {
            let now = count.min(SPACES.len());
            self.out.push_str(&SPACES[..now]);
            count -= now;
        }
    }

    /// `10.1.0.0/16`, digit by digit: every other row has one, and the way through `Display` is long.
    fn cidr(&mut self, block: net::Block) {
        for (at, octet) in block.address().octets().into_iter().enumerate() {
            self.out.push_str(if at > 0 { "." } else { "" });
            self.whole(octet.into());
        }
        self.out.push('/');
        self.whole(block.prefix_len().into());
    }

    /// A whole number: every other cell of a table has one.
    fn whole(&mut self, mut number: u64) {
        let mut digits = [b'0'; 20];
        let mut places = 0;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
            places += 1;
            if number == 0 {
                break;
            }
        }
        let written = digits.get(digits.len() - places..).unwrap_or_default();
        self.out.push_str(str::from_utf8(written).unwrap_or_default());
    }

    fn display(&mut self, value: impl std::fmt::Display) {
        // Writing to a `String` cannot fail.
        let _ = write!(self.out, "{value}");
    }
}

/// The column of `=` in the current run of neighbouring one-line entries.
#[derive(Default)]
struct Alignment {
    column: usize,
    /// Where the run ends.
    end: usize,
}

impl Alignment {
    /// The column for the entry at `at`: the width of the widest name of its run, or its own when it has several
    /// lines (`None` from `width`).
    fn column<T>(&mut self, all: &[T], at: usize, width: impl Fn(&T) -> Option<usize>) -> usize {
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
fn item_width(item: &Item<'_>) -> Option<usize> {
    match item {
        Item::Attribute(name, value) => is_one_line(value).then(|| name.as_str().len()),
        Item::Heredoc(name, _) => Some(name.as_str().len()),
        Item::Block(_) | Item::Comment(_) | Item::Blank => None,
    }
}

/// Width of the key, when the entry is on one line.
fn member_width(member: &Member<'_>) -> Option<usize> {
    match member {
        Member::Entry(key, value) => is_one_line(value).then(|| key_width(key)),
        Member::Comment(_) | Member::Blank => None,
    }
}

fn key_width(key: &Key<'_>) -> usize {
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
fn is_one_line(value: &Value<'_>) -> bool {
    match value {
        Value::Expr(_) => true,
        Value::Collection(collection) | Value::Call(_, collection) => match collection {
            Collection::List(list) => list.elements().is_empty(),
            Collection::Object(object) => object.members().is_empty(),
        },
    }
}
