//! The parser against another one, on every file of the fixtures.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::too_many_lines, clippy::wildcard_enum_match_arm, reason = "one arm for each form, or none")]

use std::fmt::Write;
use std::path::Path;

use hcl_edit::expr::{BinaryOperator, Expression, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{Body as Theirs, Structure};
use hcl_edit::template::{Element, StringTemplate};

use super::{Body, Expr, Kind, Names, Operator, Part, Step, parse};

/// A body in a form that says everything but places.
fn ours(body: &Body, out: &mut String) {
    let mut items: Vec<(u32, String)> = Vec::new();
    for attribute in &body.attributes {
        items.push((attribute.line, format!("{} = {};", attribute.name, expr(&attribute.value))));
    }
    for block in &body.blocks {
        let mut inner = String::new();
        ours(&block.body, &mut inner);
        items.push((block.line, format!("{} {:?} {{{inner}}}", block.kind, block.labels)));
    }
    items.sort_by_key(|(line, _)| *line);
    items.iter().for_each(|(_, item)| out.push_str(item));
}

fn expr(value: &Expr) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(boolean) => boolean.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => format!("{text:?}"),
        Kind::Template(parts) => {
            let part = |part: &Part| match part {
                Part::Text(text) => format!("{text:?}"),
                Part::Value(value) => format!("${{{}}}", expr(value)),
            };
            format!("<{}>", parts.iter().map(part).collect::<String>())
        }
        Kind::List(items) => format!("[{}]", items.iter().map(expr).collect::<Vec<_>>().join(",")),
        Kind::Object(entries) => {
            let entry = |entry: &super::Entry| format!("{}={}", expr(&entry.key), expr(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
        }
        Kind::Variable(name) => name.to_string(),
        Kind::Traverse(base, steps) => steps.iter().fold(expr(base), |mut text, step| {
            match step {
                Step::Name(name) => write!(text, ".{name}"),
                Step::Index(key) => write!(text, "[{}]", expr(key)),
                Step::Splat => write!(text, "[*]"),
            }
            .unwrap();
            text
        }),
        Kind::Call { name, arguments, expand } => {
            let arguments: Vec<_> = arguments.iter().map(expr).collect();
            format!("{name}({}{})", arguments.join(","), if *expand { "..." } else { "" })
        }
        Kind::Not(inner) => format!("!{}", expr(inner)),
        Kind::Negate(inner) => format!("-{}", expr(inner)),
        Kind::Binary(binary) => {
            let sign = match binary.operator {
                Operator::Or => "||",
                Operator::And => "&&",
                Operator::Equal => "==",
                Operator::Different => "!=",
                Operator::Less => "<",
                Operator::LessOrEqual => "<=",
                Operator::Greater => ">",
                Operator::GreaterOrEqual => ">=",
            };
            format!("({}{sign}{})", expr(&binary.left), expr(&binary.right))
        }
        Kind::Conditional(parts) => {
            let [condition, yes, no] = &**parts;
            format!("({}?{}:{})", expr(condition), expr(yes), expr(no))
        }
        Kind::For(made) => {
            let mut text = String::from("for ");
            made.key.iter().for_each(|key| write!(text, "{key},").unwrap());
            write!(text, "{} in {}:", made.value, expr(&made.collection)).unwrap();
            made.result_key.iter().for_each(|key| write!(text, "{}=>", expr(key)).unwrap());
            text.push_str(&expr(&made.result));
            made.condition.iter().for_each(|condition| write!(text, " if {}", expr(condition)).unwrap());
            text
        }
    }
}

fn theirs(body: &Theirs, out: &mut String) {
    for item in body {
        match item {
            Structure::Attribute(attribute) => {
                write!(out, "{} = {};", attribute.key.as_str(), their_expr(&attribute.value)).unwrap();
            }
            Structure::Block(block) => {
                let mut inner = String::new();
                theirs(&block.body, &mut inner);
                let labels: Vec<_> = block.labels.iter().map(|label| label.as_str()).collect();
                write!(out, "{} {labels:?} {{{inner}}}", block.ident.as_str()).unwrap();
            }
        }
    }
}

fn their_template(template: &StringTemplate) -> String {
    let part = |part: &Element| match part {
        Element::Literal(text) => format!("{:?}", text.value()),
        Element::Interpolation(value) => format!("${{{}}}", their_expr(&value.expr)),
        Element::Directive(_) => "directive".to_owned(),
    };
    format!("<{}>", template.iter().map(part).collect::<String>())
}

fn their_expr(value: &Expression) -> String {
    match value {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(boolean) => boolean.value().to_string(),
        Expression::Number(number) => number.value().to_string(),
        Expression::String(text) => format!("{:?}", text.value()),
        Expression::StringTemplate(template) => their_template(template),
        Expression::HeredocTemplate(_) => "heredoc".to_owned(),
        Expression::Array(items) => {
            format!("[{}]", items.iter().map(their_expr).collect::<Vec<_>>().join(","))
        }
        Expression::Object(entries) => {
            let key = |key: &ObjectKey| match key {
                ObjectKey::Ident(name) => format!("{:?}", name.as_str()),
                ObjectKey::Expression(Expression::Variable(name)) => format!("{:?}", name.as_str()),
                ObjectKey::Expression(value) => their_expr(value),
            };
            let entries =
                entries.iter().map(|(name, value)| format!("{}={}", key(name), their_expr(value.expr())));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        Expression::Variable(name) => name.as_str().to_owned(),
        Expression::Parenthesis(inner) => their_expr(inner.inner()),
        Expression::Traversal(traversal) => {
            traversal.operators.iter().fold(their_expr(&traversal.expr), |mut text, step| {
                match step.value() {
                    TraversalOperator::GetAttr(name) => write!(text, ".{}", name.as_str()),
                    TraversalOperator::Index(key) => write!(text, "[{}]", their_expr(key)),
                    TraversalOperator::LegacyIndex(_) => write!(text, ".legacy"),
                    TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => write!(text, "[*]"),
                }
                .unwrap();
                text
            })
        }
        Expression::FuncCall(call) => {
            let arguments: Vec<_> = call.args.iter().map(their_expr).collect();
            let expand = if call.args.expand_final() { "..." } else { "" };
            format!("{}({}{expand})", call.name.name.as_str(), arguments.join(","))
        }
        Expression::UnaryOp(operation) => {
            let sign = match operation.operator.value() {
                UnaryOperator::Not => "!",
                UnaryOperator::Neg => "-",
            };
            format!("{sign}{}", their_expr(&operation.expr))
        }
        Expression::BinaryOp(operation) => {
            let sign = match operation.operator.value() {
                BinaryOperator::Or => "||",
                BinaryOperator::And => "&&",
                BinaryOperator::Eq => "==",
                BinaryOperator::NotEq => "!=",
                BinaryOperator::Less => "<",
                BinaryOperator::LessEq => "<=",
                BinaryOperator::Greater => ">",
                BinaryOperator::GreaterEq => ">=",
                _ => "arithmetic",
            };
            format!("({}{sign}{})", their_expr(&operation.lhs_expr), their_expr(&operation.rhs_expr))
        }
        Expression::Conditional(parts) => format!(
            "({}?{}:{})",
            their_expr(&parts.cond_expr),
            their_expr(&parts.true_expr),
            their_expr(&parts.false_expr)
        ),
        Expression::ForExpr(made) => {
            let mut text = String::from("for ");
            made.intro.key_var.iter().for_each(|key| write!(text, "{},", key.as_str()).unwrap());
            let collection = their_expr(&made.intro.collection_expr);
            write!(text, "{} in {collection}:", made.intro.value_var.as_str()).unwrap();
            made.key_expr.iter().for_each(|key| write!(text, "{}=>", their_expr(key)).unwrap());
            text.push_str(&their_expr(&made.value_expr));
            made.cond
                .iter()
                .for_each(|condition| write!(text, " if {}", their_expr(&condition.expr)).unwrap());
            text
        }
    }
}

fn compare(path: &str, text: &str) {
    let own = parse(path, text, &mut Names::new()).unwrap_or_else(|error| panic!("{error}"));
    let their = hcl_edit::parser::parse_body(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (mut left, mut right) = (String::new(), String::new());
    ours(&own, &mut left);
    theirs(&their, &mut right);
    assert_eq!(left, right, "{path}");
}

fn walk(directory: &Path, seen: &mut usize) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, seen);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            compare(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap());
            *seen += 1;
        }
    }
}

#[test]
fn files_of_fixtures_and_templates_are_parsed_as_another_parser_does() {
    let top = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut seen = 0;
    walk(&top.join("fixtures"), &mut seen);
    walk(&top.join("templates"), &mut seen);
    assert!(seen > 500, "{seen}");
}

#[test]
fn odd_forms_are_parsed_as_another_parser_does() {
    for value in [
        "a || b && c == d != e < f",
        "!a ? b : c ? d : e",
        "-1 > -x.y[0][\"k\"].z[*].w",
        "[for k, v in x : v if k != \"a\"]",
        "{ for k, v in x : \"${k}-b\" => v }",
        "{ a = 1, \"b c\" : 2\n (d.e) = 3 }",
        "f(a, [1,2,]...)",
        "\"$${a} %%{b} $ % \\n\\t\\\"\\\\ \\u00e9 ${ \"in ${x} ner\" }\"",
        "(a == b) == (c == d)",
        "[\n  # one\n  1, // two\n  2 /* three\n */ ,\n]",
    ] {
        compare("odd.tf", &format!("a = {value}\n\nb \"c\" d {{\n  e = {value}\n}}\n"));
    }
}
