//! Expressions to values.

use std::sync::Arc;

use super::constant::is_constant;
use super::frame::{At, Binding, Bound};
use super::root::Evaluation;
use super::{functions, operators};
use crate::ReadError;
use crate::observed::{Data, Map, Place, Value};
use crate::syntax::{Entry, Expr, For, Kind, Part};

/// A value, or why there is none.
pub(crate) type Evaluated = Result<Value, ReadError>;

impl Evaluation<'_> {
    /// The value of an expression.
    pub(crate) fn value(&self, at: At<'_>, expr: &Expr) -> Evaluated {
        self.step(at, expr.line)?;
        let result = self.kind(at, expr);
        self.step_out();
        result
    }

    fn kind(&self, at: At<'_>, expr: &Expr) -> Evaluated {
        let here = || Place::new(at.file.clone(), expr.line);
        match &expr.kind {
            Kind::Null => Ok(Value { data: Data::Null, place: here() }),
            Kind::Bool(boolean) => Ok(Value { data: Data::Bool(*boolean), place: here() }),
            Kind::Number(number) => Ok(Value { data: Data::Number(*number), place: here() }),
            Kind::Text(text) => Ok(Value { data: Data::Text(text.clone()), place: here() }),
            Kind::Template(parts) => self.template(at, parts, expr.line),
            Kind::List(items) => {
                let items = items.iter().map(|item| self.value(at, item)).collect::<Result<_, _>>()?;
                Ok(Value { data: Data::List(items), place: here() })
            }
            Kind::Object(entries) => self.object(at, entries, expr.line),
            Kind::Variable(name) => self.reference(at, name, &[], expr.line),
            Kind::Traverse(base, steps) => {
                if let Some(name) = base.variable() {
                    return self.reference(at, name, steps, expr.line);
                }
                let base = self.value(at, base)?;
                self.walk(at, &base, steps, expr.line)
            }
            Kind::Call { name, arguments, expand } => self.call(at, name, arguments, *expand, expr.line),
            Kind::Not(inner) => {
                let value = self.value(at, inner)?;
                operators::not(&value).ok_or_else(|| self.error(at, expr.line, "`!` needs true or false"))
            }
            Kind::Negate(inner) => {
                let value = self.value(at, inner)?;
                operators::negate(&value).ok_or_else(|| self.error(at, expr.line, "`-` needs a number"))
            }
            Kind::Binary(binary) => {
                let (left, right) = (self.value(at, &binary.left)?, self.value(at, &binary.right)?);
                let data = operators::binary(binary.operator, &left.data, &right.data);
                let data =
                    data.ok_or_else(|| self.error(at, expr.line, "these two cannot be compared here"))?;
                let decided = if is_constant(&binary.left) { right } else { left };
                Ok(Value { data, place: decided.place })
            }
            Kind::Conditional(parts) => self.conditional(at, parts),
            Kind::For(made) => self.made(at, made, expr.line),
        }
    }

    fn conditional(&self, at: At<'_>, [condition, yes, no]: &[Expr; 3]) -> Evaluated {
        if let (Some(yes), Some(no)) = (simple_kind(yes), simple_kind(no))
            && yes != no
        {
            return Err(self.error(
                at,
                condition.line,
                "both results of a condition must be of one kind here",
            ));
        }
        let decided = self.value(at, condition)?;
        let chosen = match decided.data {
            Data::Bool(true) => yes,
            Data::Bool(false) => no,
            // Terraform says the same of either branch.
            Data::Reference(_) | Data::Unknown => {
                return Ok(Value { data: Data::Unknown, place: decided.place });
            }
            Data::Null | Data::Number(_) | Data::Text(_) | Data::List(_) | Data::Set(_) | Data::Map(_) => {
                return Err(self.error(at, condition.line, "a condition is true or false"));
            }
        };
        let value = self.value(at, chosen)?;
        Ok(if is_constant(chosen) { Value { place: decided.place, ..value } } else { value })
    }

    fn template(&self, at: At<'_>, parts: &[Part], line: u32) -> Evaluated {
        if let [Part::Value(only)] = parts {
            return self.value(at, only);
        }
        let mut text = String::new();
        let mut place = None;
        let mut unknown = false;
        for part in parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Value(expr) => {
                    let value = self.value(at, expr)?;
                    match &value.data {
                        Data::Text(part) => text.push_str(part),
                        Data::Number(number) => text.push_str(&number.to_string()),
                        Data::Bool(boolean) => text.push_str(if *boolean { "true" } else { "false" }),
                        Data::Reference(_) | Data::Unknown => unknown = true,
                        Data::Null | Data::List(_) | Data::Set(_) | Data::Map(_) => {
                            return Err(self.error(at, expr.line, "this is no text to put into another"));
                        }
                    }
                    if !is_constant(expr) && place.is_none() {
                        place = Some(value.place);
                    }
                }
            }
        }
        let place = place.unwrap_or_else(|| Place::new(at.file.clone(), line));
        let data = if unknown { Data::Unknown } else { Data::Text(text.into()) };
        Ok(Value { data, place })
    }

    fn object(&self, at: At<'_>, entries: &[Entry], line: u32) -> Evaluated {
        let mut map = Map::with_capacity(entries.len());
        for Entry { key, value } in entries {
            let name = key.text().map_or_else(|| self.key(at, key), |name| Ok(name.clone()))?;
            let value = self.value(at, value)?;
            if map.insert(name.clone(), value).is_some() {
                return Err(self.error(at, key.line, format!("the key `{name}` stands twice")));
            }
        }
        let place = at.row.cloned().unwrap_or_else(|| Place::new(at.file.clone(), line));
        Ok(Value { data: Data::Map(Arc::new(map)), place })
    }

    /// The key of an entry that is not written out.
    fn key(&self, at: At<'_>, expr: &Expr) -> Result<Arc<str>, ReadError> {
        let value = self.value(at, expr)?;
        match &value.data {
            Data::Text(text) => Ok(text.clone()),
            Data::Number(number) => Ok(number.to_string().into()),
            Data::Bool(boolean) => Ok(boolean.to_string().into()),
            Data::Reference(_) | Data::Unknown => {
                Err(self.error(at, expr.line, "a key that is known only after apply"))
            }
            Data::Null | Data::List(_) | Data::Set(_) | Data::Map(_) => {
                Err(self.error(at, expr.line, "a key is a text"))
            }
        }
    }

    fn call(&self, at: At<'_>, name: &str, arguments: &[Expr], expand: bool, line: u32) -> Evaluated {
        let Some(function) = functions::find(name) else {
            if at.frame.module.is_added(at.file) {
                return Ok(self.unknown(at, line));
            }
            return Err(self.error(at, line, format!("the function `{name}` is not read")));
        };
        let mut values = arguments.iter().map(|one| self.value(at, one)).collect::<Result<Vec<_>, _>>()?;
        let place = values.iter().zip(arguments).find(|(_, expr)| !is_constant(expr));
        let place = place.map_or_else(|| Place::new(at.file.clone(), line), |(value, _)| value.place.clone());
        if expand && let Some(last) = values.pop() {
            match &last.data {
                Data::List(items) | Data::Set(items) => values.extend(items.iter().cloned()),
                Data::Reference(_) | Data::Unknown => return Ok(Value { data: Data::Unknown, place }),
                Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Map(_) => {
                    return Err(self.error(at, line, "only a list can be expanded with `...`"));
                }
            }
        }
        self.spend(at, line, values.len())?;
        let data =
            function(&values).map_err(|message| self.error(at, line, format!("`{name}`: {message}")))?;
        Ok(Value { data, place })
    }

    fn made(&self, at: At<'_>, made: &For, line: u32) -> Evaluated {
        let collection = self.value(at, &made.collection)?;
        let place = collection.place.clone();
        let mut list = Vec::new();
        let mut map = Map::default();
        let mut each = |key: &Value, value: &Value| -> Result<(), ReadError> {
            let by_key = Binding {
                name: made.key.as_deref().unwrap_or_default(),
                bound: Bound::Value(key),
                outer: at.names,
            };
            let outer = if made.key.is_some() { Some(&by_key) } else { at.names };
            let by_value = Binding { name: &made.value, bound: Bound::Value(value), outer };
            let inner = At { row: Some(&value.place), ..at.with(&by_value) };
            if let Some(condition) = &made.condition {
                match self.value(inner, condition)?.boolean() {
                    Some(true) => {}
                    Some(false) => return Ok(()),
                    None => {
                        return Err(self.error(
                            inner,
                            condition.line,
                            "a condition is true or false, and known",
                        ));
                    }
                }
            }
            let Some(key) = &made.result_key else {
                list.push(self.value(inner, &made.result)?);
                return Ok(());
            };
            let name = self.key(inner, key)?;
            let result = self.value(inner, &made.result)?;
            if map.insert(name.clone(), result).is_some() {
                let message = format!("there are two rows `{name}`");
                return Err(ReadError::at(value.place.file(), value.place.line(), message));
            }
            Ok(())
        };
        match &collection.data {
            Data::List(items) => {
                for (index, item) in (0..).zip(items.iter()) {
                    each(&Value { data: Data::Number(index), place: item.place.clone() }, item)?;
                }
            }
            Data::Set(items) => items.iter().try_for_each(|item| each(item, item))?,
            Data::Map(map) => {
                for (key, value) in map.iter() {
                    each(&Value { data: Data::Text(key.clone()), place: value.place.clone() }, value)?;
                }
            }
            Data::Reference(_) | Data::Unknown => return Ok(Value { data: Data::Unknown, place }),
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {
                return Err(self.error(at, line, "a `for` goes over a list, a set or a map"));
            }
        }
        let data = if made.result_key.is_some() { Data::Map(Arc::new(map)) } else { Data::List(list.into()) };
        Ok(Value { data, place })
    }
}

/// The kind of a value that is written out: Terraform would convert one of two kinds into the other.
fn simple_kind(expr: &Expr) -> Option<u8> {
    match expr.kind {
        Kind::Bool(_) => Some(0),
        Kind::Number(_) => Some(1),
        Kind::Text(_) | Kind::Template(_) => Some(2),
        Kind::Null
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Variable(_)
        | Kind::Traverse(..)
        | Kind::Call { .. }
        | Kind::Not(_)
        | Kind::Negate(_)
        | Kind::Binary(_)
        | Kind::Conditional(_)
        | Kind::For(_) => None,
    }
}
