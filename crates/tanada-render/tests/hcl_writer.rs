//! Random documents against two judges: `terraform fmt` for the form, hcl-edit for the meaning.
//!
//! `TANADA_DOCUMENTS=20000 cargo test --release -p tanada-render --test hcl_writer` for the large run.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(clippy::wildcard_enum_match_arm, reason = "what the writer cannot write must not be read")]

mod support;

use std::fs;

use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::Structure;
use hcl_edit::template::Element as TemplateElement;
use support::random::Random;
use support::terraform::assert_canonical;
use tanada_render::hcl::{
    Block, Body, Collection, Element, Expr, Ident, Item, Key, List, Member, Object, Part, Reference, Step,
    Template, Value,
};

const NAMES: [&str; 10] =
    ["a", "cidr_block", "availability_zone", "tags", "vpc-id", "x1", "for_each", "forx", "_u", "name"];
const TEXTS: [&str; 30] = [
    "",
    "10.0.0.0/16",
    "tier name",
    "kubernetes.io/role/internal-elb",
    "日本語のタグ",
    "e\u{301}tat 👩‍👩‍👧 🇯🇵",
    "\u{301}first",
    "क्षत्रिय 각",
    "\u{600}1",
    "a\"b\\c",
    "line\nbreak\ttab\rreturn",
    "${not}",
    "%{if x}",
    "$${x}",
    "$$$",
    "$",
    "%",
    "{",
    "%%{",
    "\\${a}",
    "for",
    "null",
    "a.b",
    "5%",
    "\u{0}\u{1b}[0m\u{7f}",
    "\u{202e}txet",
    "\u{2028}\u{85}",
    "a = b",
    "# no comment",
    "EOT",
];

fn name(random: &mut Random) -> Ident<'static> {
    Ident::new(random.pick(&NAMES)).unwrap()
}

/// A name that its document has not yet, since equal ones are errors.
fn fresh(random: &mut Random, at: usize) -> String {
    format!("{}{at}", random.pick(&NAMES))
}

fn key(random: &mut Random, at: usize) -> Key<'static> {
    match random.below(12) {
        0 => Key::alias(name(random), Ident::new(fresh(random, at)).unwrap()),
        1..=5 => Key::text(fresh(random, at)),
        _ => Key::text(format!("{}{at}", random.pick(&TEXTS))),
    }
}

fn reference(random: &mut Random) -> Reference<'static> {
    let steps = random.several(4, |random| match random.below(4) {
        0 => Step::Index(random.below(300)),
        1 => Step::Key(random.pick(&TEXTS).into()),
        _ => Step::Attribute(name(random)),
    });
    steps.into_iter().fold(Reference::new(name(random)), Reference::step)
}

fn template(random: &mut Random) -> Template<'static> {
    (0..random.below(5)).fold(Template::new(), |template, _| match random.below(3) {
        0 => template.reference(reference(random)),
        _ => template.text(random.pick(&TEXTS)),
    })
}

fn expr(random: &mut Random, depth: usize) -> Expr<'static> {
    match random.below(if depth == 0 { 8 } else { 12 }) {
        0 => Expr::Null,
        1 => Expr::Bool(random.below(2) == 0),
        2 => Expr::Number(
            [0.5.into_number(), (-3).into(), 0.into(), 4_294_967_294_u64.into()][random.below(4)].clone(),
        ),
        3 => "10.0.0.0/8".parse::<tanada_model::net::Block>().unwrap().into(),
        4 => reference(random).into(),
        5 => template(random).into(),
        6 | 7 => random.pick(&TEXTS).into(),
        8 => Expr::call(name(random), random.several(4, |random| expr(random, depth - 1))),
        9 => Expr::List(random.several(4, |random| expr(random, depth - 1))),
        _ => {
            Expr::Object((0..random.below(4)).map(|at| (key(random, at), expr(random, depth - 1))).collect())
        }
    }
}

trait IntoNumber {
    fn into_number(self) -> serde_json::Number;
}

impl IntoNumber for f64 {
    fn into_number(self) -> serde_json::Number {
        serde_json::Number::from_f64(self).unwrap()
    }
}

fn value(random: &mut Random, depth: usize) -> Value<'static> {
    match random.below(if depth == 0 { 4 } else { 8 }) {
        4 => Value::Collection(collection(random, depth - 1)),
        5 => list(random, depth - 1).into(),
        6 => object(random, depth - 1).into(),
        7 => Value::Call(name(random), collection(random, depth - 1)),
        _ => expr(random, 2).into(),
    }
}

fn collection(random: &mut Random, depth: usize) -> Collection<'static> {
    if random.below(2) == 0 {
        Collection::List(list(random, depth))
    } else {
        Collection::Object(object(random, depth))
    }
}

fn list(random: &mut Random, depth: usize) -> List<'static> {
    (0..random.below(5)).fold(List::new(), |list, _| match random.below(8) {
        0 => list.comment(random.pick(&TEXTS)),
        1 => list.blank(),
        _ => list.item(value(random, depth)),
    })
}

fn object(random: &mut Random, depth: usize) -> Object<'static> {
    (0..random.below(6)).fold(Object::new(), |object, at| match random.below(10) {
        0 => object.comment(random.pick(&TEXTS)),
        1 => object.gap(),
        _ => object.entry(key(random, at), value(random, depth)),
    })
}

fn body(random: &mut Random, depth: usize) -> Body<'static> {
    (0..random.below(8)).fold(Body::new(), |body, at| match random.below(12) {
        0 => body.comment(random.pick(&TEXTS)),
        1 => body.blank(),
        2 | 3 if depth > 0 => body.block(block(random, depth - 1)),
        4 => {
            let text: String = random.several(5, |random| format!("  {}\n", random.pick(&TEXTS))).concat();
            let cut = text.len() - random.below(2).min(text.len());
            body.item(Item::Heredoc(Ident::new(fresh(random, at)).unwrap(), text[..cut].to_owned().into()))
        }
        _ => body.attribute(Ident::new(fresh(random, at)).unwrap(), value(random, 3)),
    })
}

fn block(random: &mut Random, depth: usize) -> Block<'static> {
    let labels = random.several(3, name);
    labels.into_iter().fold(Block::new(name(random)), Block::label).body(body(random, depth))
}

// The meaning of a document, as one text: written once from the model and once from what hcl-edit reads.

fn meant(body: &Body<'_>) -> String {
    body.items()
        .iter()
        .filter_map(|item| match item {
            Item::Attribute(name, value) => Some(format!("{name}={}\n", meant_value(value))),
            Item::Heredoc(name, text) => {
                let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
                Some(format!("{name}={:?}\n", format!("{text}{end}")))
            }
            Item::Block(block) => Some(meant_block(block)),
            Item::Comment(_) | Item::Blank => None,
        })
        .collect()
}

fn meant_block(block: &Block<'_>) -> String {
    let labels: Vec<&str> = block.labels().iter().map(Ident::as_str).collect();
    format!("{}{labels:?}<\n{}>\n", block.kind(), meant(block.content()))
}

fn meant_value(value: &Value<'_>) -> String {
    match value {
        Value::Expr(expr) => meant_expr(expr),
        Value::Collection(collection) => meant_collection(collection),
        Value::Call(name, collection) => format!("{name}({},)", meant_collection(collection)),
    }
}

fn meant_collection(collection: &Collection<'_>) -> String {
    match collection {
        Collection::List(list) => {
            let items = list.elements().iter().filter_map(|element| match element {
                Element::Item(value) => Some(meant_value(value) + ","),
                Element::Comment(_) | Element::Blank => None,
            });
            format!("[{}]", items.collect::<String>())
        }
        Collection::Object(object) => {
            let entries = object.members().iter().filter_map(|member| match member {
                Member::Entry(key, value) => Some(format!("{}:{},", meant_key(key), meant_value(value))),
                Member::Comment(_) | Member::Blank => None,
            });
            format!("{{{}}}", entries.collect::<String>())
        }
    }
}

fn meant_expr(expr: &Expr<'_>) -> String {
    let all = |exprs: &[Expr<'_>]| exprs.iter().map(|expr| meant_expr(expr) + ",").collect::<String>();
    match expr {
        Expr::Null => "null".into(),
        Expr::Bool(value) => value.to_string(),
        Expr::Number(number) => number.as_f64().unwrap().to_string(),
        Expr::Text(text) => format!("{text:?}"),
        Expr::Cidr(block) => format!("{:?}", block.to_string()),
        Expr::Template(template) => meant_template(template),
        Expr::Reference(reference) => meant_reference(reference),
        Expr::List(items) => format!("[{}]", all(items)),
        Expr::Object(entries) => {
            let entry =
                |(key, value): &(Key<'_>, Expr<'_>)| format!("{}:{},", meant_key(key), meant_expr(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<String>())
        }
        Expr::Call(name, arguments) => format!("{name}({})", all(arguments)),
    }
}

fn meant_template(template: &Template<'_>) -> String {
    match template.parts() {
        [] => "\"\"".into(),
        [Part::Text(text)] => format!("{text:?}"),
        [Part::Reference(reference)] => meant_reference(reference),
        parts => {
            let part = |part: &Part<'_>| match part {
                Part::Text(text) => format!("{text:?}"),
                Part::Reference(reference) => meant_reference(reference),
            };
            format!("`{}`", parts.iter().map(part).collect::<String>())
        }
    }
}

fn meant_reference(reference: &Reference<'_>) -> String {
    let step = |step: &Step<'_>| match step {
        Step::Attribute(name) => format!(".{name}"),
        Step::Index(index) => format!("[{index}]"),
        Step::Key(key) => format!("[{key:?}]"),
    };
    format!("{}{}", reference.root(), reference.steps().iter().map(step).collect::<String>())
}

fn meant_key(key: &Key<'_>) -> String {
    match key {
        Key::Ident(name) => format!("{:?}", name.as_str()),
        Key::Text(text) => format!("{text:?}"),
        Key::Alias(names) => {
            let [provider, alias] = &**names;
            format!("{provider}.{alias}")
        }
    }
}

fn read(body: &hcl_edit::structure::Body) -> String {
    body.iter()
        .map(|structure| match structure {
            Structure::Attribute(attribute) => {
                format!("{}={}\n", attribute.key.as_str(), read_expr(&attribute.value))
            }
            Structure::Block(block) => {
                let labels: Vec<&str> =
                    block.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect();
                format!("{}{labels:?}<\n{}>\n", block.ident.as_str(), read(&block.body))
            }
        })
        .collect()
}

fn read_expr(expr: &Expression) -> String {
    match expr {
        Expression::Null(_) => "null".into(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(number) => number.value().as_f64().unwrap().to_string(),
        Expression::String(text) => format!("{:?}", text.value()),
        Expression::Variable(name) => name.value().to_string(),
        Expression::Array(items) => {
            format!("[{}]", items.iter().map(|item| read_expr(item) + ",").collect::<String>())
        }
        Expression::Object(entries) => {
            let entry = entries.iter().map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(name) => format!("{:?}", name.as_str()),
                    ObjectKey::Expression(expr) => read_expr(expr),
                };
                format!("{key}:{},", read_expr(value.expr()))
            });
            format!("{{{}}}", entry.collect::<String>())
        }
        Expression::FuncCall(call) => {
            let arguments = call.args.iter().map(|argument| read_expr(argument) + ",").collect::<String>();
            format!("{}({arguments})", call.name.name.as_str())
        }
        Expression::Traversal(traversal) => {
            let step = traversal.operators.iter().map(|operator| match operator.value() {
                TraversalOperator::GetAttr(name) => format!(".{}", name.as_str()),
                TraversalOperator::Index(index) => format!("[{}]", read_expr(index)),
                other => panic!("{other:?} was never written"),
            });
            format!("{}{}", read_expr(&traversal.expr), step.collect::<String>())
        }
        Expression::UnaryOp(op) => format!("-{}", read_expr(&op.expr)),
        Expression::StringTemplate(template) => {
            format!("`{}`", template.iter().map(read_element).collect::<String>())
        }
        Expression::HeredocTemplate(heredoc) => {
            let literal = |element: &TemplateElement| match element {
                TemplateElement::Literal(text) => text.value().to_string(),
                other => panic!("{other:?} was never written"),
            };
            format!("{:?}", heredoc.template.iter().map(literal).collect::<String>())
        }
        other => panic!("{other:?} was never written"),
    }
}

fn read_element(element: &TemplateElement) -> String {
    match element {
        TemplateElement::Literal(text) => format!("{:?}", text.value().as_str()),
        TemplateElement::Interpolation(interpolation) => read_expr(&interpolation.expr),
        TemplateElement::Directive(directive) => panic!("{directive:?} was never written"),
    }
}

#[test]
fn random_documents_are_canonical_and_mean_what_was_said() {
    let count: u64 = std::env::var("TANADA_DOCUMENTS").map_or(300, |count| count.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let mut bytes = 0;
    for seed in 0..count {
        let document = body(&mut Random::new(seed), 3);
        let text = document.to_string();
        bytes += text.len();
        let parsed = text.parse::<hcl_edit::structure::Body>();
        let parsed = parsed.unwrap_or_else(|error| panic!("document {seed}: {error}\n{text}"));
        assert_eq!(meant(&document), read(&parsed), "document {seed} reads otherwise:\n{text}");
        fs::write(directory.path().join(format!("{seed:05}.tf")), text).unwrap();
    }
    assert_canonical(directory.path());
    println!("{count} documents, {bytes} bytes: canonical, and read back as meant");
}
