//! Types of variables, and what Terraform makes of a value that is given to one.

use std::sync::Arc;

use super::constant::constant;
use crate::observed::{Data, Map, Place, Value};
use crate::syntax::{Expr, Kind, Name};

/// A type constraint.
#[derive(Debug)]
pub(crate) enum Type {
    String,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    /// Sorted by name.
    Object(Vec<Field>),
}

/// An attribute of an object type.
#[derive(Debug)]
pub(crate) struct Field {
    name: Name,
    of: Type,
    /// `optional(type, default)`; the default is null if there is none.
    default: Option<Data>,
}

impl Type {
    /// The type that an expression says; an error has the line and what is wrong.
    pub(crate) fn read(file: &Name, expr: &Expr) -> Result<Self, (u32, String)> {
        let wrong = |message: &str| Err((expr.line, message.to_owned()));
        if let Some(name) = expr.variable() {
            return match &**name {
                "string" => Ok(Self::String),
                "number" => Ok(Self::Number),
                "bool" => Ok(Self::Bool),
                other => wrong(&format!("`{other}` is a type that is not read")),
            };
        }
        let Kind::Call { name, arguments, expand: false } = &expr.kind else {
            return wrong("a type that is not read");
        };
        match (&**name, arguments.as_slice()) {
            ("list", [of]) => Ok(Self::List(Box::new(Self::read(file, of)?))),
            ("set", [of]) => Ok(Self::Set(Box::new(Self::read(file, of)?))),
            ("map", [of]) => Ok(Self::Map(Box::new(Self::read(file, of)?))),
            ("object", [Expr { kind: Kind::Object(entries), .. }]) => {
                let fields = entries.iter().map(|entry| Field::read(file, &entry.key, &entry.value));
                let mut fields = fields.collect::<Result<Vec<_>, _>>()?;
                fields.sort_by(|a, b| a.name.cmp(&b.name));
                Ok(Self::Object(fields))
            }
            _ => wrong("a type that is not read"),
        }
    }

    /// The value as one of this type. The error says what does not fit, and where.
    pub(crate) fn convert(&self, value: &Value) -> Result<Value, (Place, String)> {
        Ok(self.converted(value)?.unwrap_or_else(|| value.clone()))
    }

    /// The value as one of this type; `None` when it is one already, as most are: then it is shared and not copied.
    fn converted(&self, value: &Value) -> Result<Option<Value>, (Place, String)> {
        let data = match (self, &value.data) {
            (_, Data::Null | Data::Unknown | Data::Reference(_))
            | (Self::String, Data::Text(_))
            | (Self::Number, Data::Number(_))
            | (Self::Bool, Data::Bool(_)) => None,
            (Self::String, Data::Number(number)) => Some(Data::Text(number.to_string().into())),
            (Self::String, Data::Bool(boolean)) => Some(Data::Text(boolean.to_string().into())),
            (Self::Number, Data::Text(text)) => match text.parse() {
                Ok(number) => Some(Data::Number(number)),
                Err(_) => return Err(self.misfit(value)),
            },
            (Self::Bool, Data::Text(text)) => match &**text {
                "true" => Some(Data::Bool(true)),
                "false" => Some(Data::Bool(false)),
                _ => return Err(self.misfit(value)),
            },
            (Self::List(of), Data::List(items)) => each(of, items)?.map(|items| Data::List(items.into())),
            (Self::List(of), Data::Set(items)) => {
                Some(Data::List(each(of, items)?.map_or_else(|| Arc::clone(items), Arc::from)))
            }
            (Self::Set(of), Data::Set(items)) => each(of, items)?.map(|items| Data::Set(set(items))),
            (Self::Set(of), Data::List(items)) => {
                Some(Data::Set(set(each(of, items)?.unwrap_or_else(|| items.to_vec()))))
            }
            (Self::Map(of), Data::Map(map)) => {
                let entries = map.iter().map(|(name, value)| Ok((name.clone(), of.convert(value)?)));
                Some(Data::Map(Arc::new(entries.collect::<Result<Map, _>>()?)))
            }
            (Self::Object(fields), Data::Map(map)) => {
                object(fields, map, &value.place)?.map(|map| Data::Map(Arc::new(map)))
            }
            (
                Self::String
                | Self::Number
                | Self::Bool
                | Self::List(_)
                | Self::Set(_)
                | Self::Map(_)
                | Self::Object(_),
                Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::List(_) | Data::Set(_) | Data::Map(_),
            ) => return Err(self.misfit(value)),
        };
        Ok(data.map(|data| Value { data, place: value.place.clone() }))
    }

    fn misfit(&self, value: &Value) -> (Place, String) {
        let message = match self {
            Self::String => "this is no text",
            Self::Number => "this is no whole number",
            Self::Bool => "this is neither true nor false",
            Self::List(_) => "this is no list",
            Self::Set(_) => "this is no set",
            Self::Map(_) => "this is no map",
            Self::Object(_) => "this is no object",
        };
        (value.place.clone(), message.to_owned())
    }
}

/// The elements as those of a type; `None` when all of them are.
fn each(of: &Type, items: &[Value]) -> Result<Option<Vec<Value>>, (Place, String)> {
    let mut all: Option<Vec<Value>> = None;
    for (at, item) in items.iter().enumerate() {
        match (of.converted(item)?, &mut all) {
            (None, None) => {}
            (None, Some(all)) => all.push(item.clone()),
            (Some(new), Some(all)) => all.push(new),
            (Some(new), None) => {
                let mut before = items.get(..at).unwrap_or_default().to_vec();
                before.push(new);
                all = Some(before);
            }
        }
    }
    Ok(all)
}

fn object(fields: &[Field], map: &Map, place: &Place) -> Result<Option<Map>, (Place, String)> {
    // Of names in the same order nothing is missing and nothing is left out.
    let same = map.len() == fields.len() && map.iter().zip(fields).all(|((name, _), own)| *name == own.name);
    let mut all: Vec<(Name, Value)> = Vec::new();
    let mut is_new = !same;
    let given = |own: &Field| map.get(&own.name);
    for (at, own) in fields.iter().enumerate() {
        let converted = match (given(own), &own.default) {
            (Some(Value { data: Data::Null, place }), Some(default)) => {
                let default = Value { data: default.clone(), place: place.clone() };
                Some(own.of.convert(&default)?)
            }
            (Some(value), _) => own.of.converted(value)?,
            (None, Some(default)) => {
                Some(own.of.convert(&Value { data: default.clone(), place: place.clone() })?)
            }
            (None, None) => return Err((place.clone(), format!("`{}` is missing here", own.name))),
        };
        if converted.is_some() && !is_new {
            is_new = true;
            all.extend(map.iter().take(at).map(|(name, value)| (name.clone(), value.clone())));
        }
        if is_new {
            all.extend(converted.or_else(|| given(own).cloned()).map(|value| (own.name.clone(), value)));
        }
    }
    Ok(is_new.then(|| all.into_iter().collect()))
}

impl Field {
    fn read(file: &Name, key: &Expr, value: &Expr) -> Result<Self, (u32, String)> {
        let Kind::Text(name) = &key.kind else { return Err((key.line, "a name is missing".to_owned())) };
        let optional = match &value.kind {
            Kind::Call { name, arguments, expand: false } if &**name == "optional" => {
                Some(arguments.as_slice())
            }
            Kind::Call { .. }
            | Kind::Null
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Template(_)
            | Kind::List(_)
            | Kind::Object(_)
            | Kind::Variable(_)
            | Kind::Traverse(..)
            | Kind::Not(_)
            | Kind::Negate(_)
            | Kind::Binary(_)
            | Kind::Conditional(_)
            | Kind::For(_) => None,
        };
        let (of, default) = match optional {
            None => (value, None),
            Some([of]) => (of, Some(Data::Null)),
            Some([of, default]) => (of, Some(constant(file, default)?.data)),
            Some(_) => return Err((value.line, "`optional` takes a type and a default".to_owned())),
        };
        Ok(Self { name: name.clone(), of: Type::read(file, of)?, default })
    }
}

/// The elements of a set: sorted, each once, the first of equals kept.
pub(crate) fn set(mut items: Vec<Value>) -> Arc<[Value]> {
    items.sort_by(|a, b| order(&a.data, &b.data));
    items.dedup_by(|later, kept| later.data == kept.data && !matches!(later.data, Data::Unknown));
    items.into()
}

/// Simple values by what they say, what is not known last.
fn order(a: &Data, b: &Data) -> std::cmp::Ordering {
    match (a, b) {
        (Data::Text(a), Data::Text(b)) => a.cmp(b),
        (Data::Number(a), Data::Number(b)) => a.cmp(b),
        (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
        (Data::Reference(a), Data::Reference(b)) => a.cmp(b),
        (Data::List(a) | Data::Set(a), Data::List(b) | Data::Set(b)) => {
            let pairs = a.iter().zip(b.iter()).map(|(a, b)| order(&a.data, &b.data));
            pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(a.len().cmp(&b.len()))
        }
        (Data::Map(a), Data::Map(b)) => {
            let pairs = a
                .iter()
                .zip(b.iter())
                .map(|((ka, a), (kb, b))| ka.cmp(kb).then_with(|| order(&a.data, &b.data)));
            pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(a.len().cmp(&b.len()))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rank(data: &Data) -> u8 {
    match data {
        Data::Null => 0,
        Data::Bool(_) => 1,
        Data::Number(_) => 2,
        Data::Text(_) => 3,
        Data::List(_) | Data::Set(_) => 4,
        Data::Map(_) => 5,
        Data::Reference(_) => 6,
        Data::Unknown => 7,
    }
}
