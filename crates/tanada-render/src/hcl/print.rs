//! The rules of `terraform fmt`, as far as the model can meet them:
//!
//! * two spaces for each open bracket; one space around `=`, behind `,` and inside braces, none inside `()` and `[]`;
//! * the `=` of neighbouring one-line attributes (or entries) are aligned; a comment, an empty line, a block and a
//!   value over several lines end such a run;
//! * a text that is nothing but `${x}` is written as `x`.

use super::align::{Alignment, item_width, key_width, member_width};
use super::body::{Body, Collection, Element, Item, List, Member, Object, Value};
use super::expr::{Expr, Key, Part, Reference, Step, Template};
use super::text::{escape, escape_key};
use super::{Block, Ident};

/// The text of a file.
pub(super) fn body(body: &Body<'_>) -> String {
    let mut printer = Printer { out: String::with_capacity(4096), depth: 0 };
    printer.body(body);
    printer.out
}

pub(super) struct Printer {
    pub(super) out: String,
    /// Open brackets, each worth two spaces.
    pub(super) depth: usize,
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
}
