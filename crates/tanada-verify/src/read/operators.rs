//! Operators; what one of them cannot say of its operands is `None`.

use crate::observed::{Data, Value};
use crate::syntax::Operator;

pub(super) fn not(value: &Value) -> Option<Value> {
    let data = match value.data {
        Data::Bool(boolean) => Data::Bool(!boolean),
        Data::Reference(_) | Data::Unknown => Data::Unknown,
        Data::Null | Data::Number(_) | Data::Text(_) | Data::List(_) | Data::Set(_) | Data::Map(_) => {
            return None;
        }
    };
    Some(Value { data, place: value.place.clone() })
}

pub(super) fn negate(value: &Value) -> Option<Value> {
    let data = match value.data {
        Data::Number(number) => Data::Number(number.checked_neg()?),
        Data::Reference(_) | Data::Unknown => Data::Unknown,
        Data::Null | Data::Bool(_) | Data::Text(_) | Data::List(_) | Data::Set(_) | Data::Map(_) => {
            return None;
        }
    };
    Some(Value { data, place: value.place.clone() })
}

pub(super) fn binary(operator: Operator, left: &Data, right: &Data) -> Option<Data> {
    if matches!(left, Data::Reference(_) | Data::Unknown)
        || matches!(right, Data::Reference(_) | Data::Unknown)
    {
        return Some(Data::Unknown);
    }
    let truth = match (operator, left, right) {
        (Operator::Or, Data::Bool(left), Data::Bool(right)) => *left || *right,
        (Operator::And, Data::Bool(left), Data::Bool(right)) => *left && *right,
        (Operator::Equal, left, right) => equal(left, right)?,
        (Operator::Different, left, right) => !equal(left, right)?,
        (Operator::Less, Data::Number(left), Data::Number(right)) => left < right,
        (Operator::LessOrEqual, Data::Number(left), Data::Number(right)) => left <= right,
        (Operator::Greater, Data::Number(left), Data::Number(right)) => left > right,
        (Operator::GreaterOrEqual, Data::Number(left), Data::Number(right)) => left >= right,
        (
            Operator::Or
            | Operator::And
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual,
            _,
            _,
        ) => return None,
    };
    Some(Data::Bool(truth))
}

/// Whether two simple values are equal, or one is null. Lists and maps are not compared: whether Terraform finds two of
/// them equal depends on types that are not written down.
fn equal(left: &Data, right: &Data) -> Option<bool> {
    match (left, right) {
        (Data::Null, Data::Null) => Some(true),
        (Data::Null, _) | (_, Data::Null) => Some(false),
        (Data::Bool(left), Data::Bool(right)) => Some(left == right),
        (Data::Number(left), Data::Number(right)) => Some(left == right),
        (Data::Text(left), Data::Text(right)) => Some(left == right),
        (
            Data::Bool(_) | Data::Number(_) | Data::Text(_),
            Data::Bool(_) | Data::Number(_) | Data::Text(_),
        ) => Some(false),
        (
            Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Set(_)
            | Data::Map(_)
            | Data::Reference(_)
            | Data::Unknown,
            Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Set(_)
            | Data::Map(_)
            | Data::Reference(_)
            | Data::Unknown,
        ) => None,
    }
}
