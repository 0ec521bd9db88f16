//! Values of expressions that stand for constants: literals, lists, maps, and references to them.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, ObjectKey, Traversal, TraversalOperator};

use crate::ReadError;
use crate::module::{Located, Module, Modules};

/// References to references end somewhere, or they are a circle.
const DEEPEST: usize = 16;

/// What an expression stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// A number, a boolean, null: nothing that an address is made of.
    Other,
}

/// The value of an expression of a module.
pub(crate) fn evaluate(modules: &Modules<'_>, module: &Module, at: Located<'_>) -> Result<Value, ReadError> {
    Evaluator { modules, depth: 0 }.value(module, at)
}

struct Evaluator<'m, 'f> {
    modules: &'m Modules<'f>,
    depth: usize,
}

impl Evaluator<'_, '_> {
    fn value(&mut self, module: &Module, at: Located<'_>) -> Result<Value, ReadError> {
        match at.expression {
            Expression::String(text) => Ok(Value::Text(text.value().clone())),
            Expression::Number(_) | Expression::Bool(_) | Expression::Null(_) => Ok(Value::Other),
            Expression::Array(items) => items
                .iter()
                .map(|item| self.value(module, at.part(item)))
                .collect::<Result<_, _>>()
                .map(Value::List),
            Expression::Object(entries) => {
                let mut map = BTreeMap::new();
                for (key, value) in entries {
                    let key = key_text(key).ok_or_else(|| at.error("a key that is no constant"))?;
                    if map.insert(key.clone(), self.value(module, at.part(value.expr()))?).is_some() {
                        return Err(at.part(value.expr()).error(format!("the key `{key}` stands twice")));
                    }
                }
                Ok(Value::Map(map))
            }
            Expression::Traversal(traversal) => self.reference(module, at, traversal),
            Expression::Parenthesis(inner) => self.value(module, at.part(inner.inner())),
            Expression::StringTemplate(_)
            | Expression::HeredocTemplate(_)
            | Expression::Variable(_)
            | Expression::Conditional(_)
            | Expression::FuncCall(_)
            | Expression::UnaryOp(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => {
                Err(at.error("a value that is neither a constant nor a reference to one"))
            }
        }
    }

    /// `module.NAME.OUTPUT…` or `local.NAME…`.
    fn reference(
        &mut self,
        module: &Module,
        at: Located<'_>,
        traversal: &Traversal,
    ) -> Result<Value, ReadError> {
        let unknown = || at.error("a reference to neither a module's output nor a local value");
        let steps: Vec<Step> = traversal
            .operators
            .iter()
            .map(|step| Step::read(step))
            .collect::<Option<_>>()
            .ok_or_else(unknown)?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(at.error("references go round in a circle"));
        }
        let root = traversal.expr.as_variable().map_or("", |name| name.as_str());
        let (value, rest) = match (root, steps.as_slice()) {
            ("module", [Step::Name(call), Step::Name(output), rest @ ..]) => {
                let called = self.modules.get(&module.called(call)?)?;
                let value = called.block("output", output).and_then(|block| block.attribute("value"));
                let missing = || at.error(format!("`{}` has no output `{output}`", called.directory));
                (self.value(&called, value.ok_or_else(missing)?)?, rest)
            }
            ("local", [Step::Name(name), rest @ ..]) => {
                let missing = || at.error(format!("there is no local value `{name}`"));
                (self.value(module, module.local(name).ok_or_else(missing)?)?, rest)
            }
            _ => return Err(unknown()),
        };
        self.depth -= 1;
        rest.iter()
            .try_fold(value, |value, step| step.take(value))
            .ok_or_else(|| at.error("it leads to no value"))
    }
}

/// A step of a reference.
enum Step {
    Name(String),
    Index(usize),
}

impl Step {
    fn read(operator: &TraversalOperator) -> Option<Self> {
        match operator {
            TraversalOperator::GetAttr(name) => Some(Self::Name(name.as_str().to_owned())),
            TraversalOperator::Index(Expression::String(key)) => Some(Self::Name(key.value().clone())),
            TraversalOperator::Index(Expression::Number(index)) => {
                index.value().as_u64().and_then(|index| usize::try_from(index).ok()).map(Self::Index)
            }
            TraversalOperator::Index(_)
            | TraversalOperator::LegacyIndex(_)
            | TraversalOperator::AttrSplat(_)
            | TraversalOperator::FullSplat(_) => None,
        }
    }

    fn take(&self, value: Value) -> Option<Value> {
        match (self, value) {
            (Self::Name(key), Value::Map(mut map)) => map.remove(key),
            (Self::Index(index), Value::List(mut list)) => {
                (*index < list.len()).then(|| list.swap_remove(*index))
            }
            (Self::Name(_), Value::Text(_) | Value::List(_) | Value::Other)
            | (Self::Index(_), Value::Text(_) | Value::Map(_) | Value::Other) => None,
        }
    }
}

fn key_text(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(expression) => expression.as_str().map(str::to_owned),
    }
}
