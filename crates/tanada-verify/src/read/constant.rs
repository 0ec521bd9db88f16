//! Values that refer to nothing: defaults.

use std::sync::Arc;

use crate::observed::{Data, Map, Place, Value};
use crate::syntax::{Expr, Kind, Name};

/// The value of an expression without references; an error has the line and what is wrong.
pub(crate) fn constant(file: &Name, expr: &Expr) -> Result<Value, (u32, String)> {
    let data = match &expr.kind {
        Kind::Null => Data::Null,
        Kind::Bool(boolean) => Data::Bool(*boolean),
        Kind::Number(number) => Data::Number(*number),
        Kind::Negate(inner) => {
            let Kind::Number(number) = inner.kind else {
                return Err((expr.line, "a constant is missing".to_owned()));
            };
            Data::Number(-number)
        }
        Kind::Text(text) => Data::Text(text.clone()),
        Kind::List(items) => {
            Data::List(items.iter().map(|item| constant(file, item)).collect::<Result<_, _>>()?)
        }
        Kind::Object(entries) => {
            let entry = |(key, value): (&Expr, &Expr)| {
                let name = key.text().ok_or_else(|| (key.line, "a constant is missing".to_owned()))?;
                Ok((name.clone(), constant(file, value)?))
            };
            let entries = entries.iter().map(|one| entry((&one.key, &one.value)));
            Data::Map(Arc::new(entries.collect::<Result<Map, _>>()?))
        }
        Kind::Template(_)
        | Kind::Variable(_)
        | Kind::Traverse(..)
        | Kind::Call { .. }
        | Kind::Not(_)
        | Kind::Binary(_)
        | Kind::Conditional(_)
        | Kind::For(_) => return Err((expr.line, "a constant is missing".to_owned())),
    };
    Ok(Value { data, place: Place::new(file.clone(), expr.line) })
}

/// Whether an expression is written out, so that its place says nothing of what decided it.
pub(crate) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => true,
        Kind::Negate(inner) => is_constant(inner),
        Kind::List(items) => items.iter().all(is_constant),
        Kind::Object(entries) => {
            entries.iter().all(|entry| is_constant(&entry.key) && is_constant(&entry.value))
        }
        Kind::Call { arguments, .. } => arguments.iter().all(is_constant),
        Kind::Template(_)
        | Kind::Variable(_)
        | Kind::Traverse(..)
        | Kind::Not(_)
        | Kind::Binary(_)
        | Kind::Conditional(_)
        | Kind::For(_) => false,
    }
}
