//! Values as Terraform sends them, in msgpack.
//!
//! An object or map is a map, a list or set an array, null is nil. A number is an integer or a float, or a text of
//! digits where neither holds it exactly. Unknown is extension 0; unknown about which something is known is
//! extension 12, and here counts as unknown, too.

use std::collections::BTreeMap;

use rmpv::Value;
use serde_json::Value as Json;

use crate::grpc::Status;
use crate::protocol::DynamicValue;

/// The attributes and blocks of a resource, data source or provider, by name.
pub(crate) type Object = BTreeMap<String, Value>;

/// A value that only the cloud can tell.
pub(crate) fn unknown() -> Value {
    Value::Ext(0, vec![0])
}

/// Whether the cloud has yet to tell it.
pub(crate) fn is_unknown(value: &Value) -> bool {
    matches!(value, Value::Ext(..))
}

/// Whether the value is neither null nor unknown. An empty list counts as null: it is a block that is not there.
pub(crate) fn is_known(value: &Value) -> bool {
    !value.is_nil() && !is_unknown(value) && value.as_array().is_none_or(|items| !items.is_empty())
}

/// Reads an object; `None` is null: the resource does not exist yet, or no more.
pub(crate) fn decode(value: Option<&DynamicValue>) -> Result<Option<Object>, Status> {
    let Some(value) = value.filter(|value| !value.msgpack.is_empty()) else {
        return Ok(None);
    };
    let decoded = rmpv::decode::read_value(&mut value.msgpack.as_slice()).map_err(Status::invalid)?;
    if decoded.is_nil() {
        return Ok(None);
    }
    object(decoded).map(Some).ok_or_else(|| Status::invalid("a value is no object"))
}

/// Reads an object that has to be there.
pub(crate) fn decode_some(value: Option<&DynamicValue>) -> Result<Object, Status> {
    decode(value)?.ok_or_else(|| Status::invalid("a value is null"))
}

/// Writes an object.
pub(crate) fn encode(object: Object) -> Result<DynamicValue, Status> {
    let pairs = object.into_iter().map(|(name, value)| (Value::from(name), value)).collect();
    let mut msgpack = Vec::new();
    rmpv::encode::write_value(&mut msgpack, &Value::Map(pairs)).map_err(Status::invalid)?;
    Ok(DynamicValue { msgpack, json: Vec::new() })
}

/// A map's entries by name; `None` when the value is no map, or one with other keys than text.
pub(crate) fn object(value: Value) -> Option<Object> {
    let Value::Map(pairs) = value else { return None };
    pairs.into_iter().map(|(name, value)| Some((name.as_str()?.to_owned(), value))).collect()
}

/// The texts of a list or set; none when it is null or unknown.
pub(crate) fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// A default of the schema file; `None` when there is none.
pub(crate) fn literal(json: &Json) -> Option<Value> {
    match json {
        Json::Null | Json::Array(_) | Json::Object(_) => None,
        Json::Bool(flag) => Some(Value::from(*flag)),
        Json::Number(number) => number.as_i64().map(Value::from),
        Json::String(text) => Some(Value::from(text.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_survives_the_wire() {
        let sent = Object::from([("id".to_owned(), unknown()), ("name".to_owned(), Value::from("a"))]);
        assert_eq!(decode(Some(&encode(sent.clone()).unwrap())).unwrap(), Some(sent));
    }

    #[test]
    fn null_and_rubbish_are_told_apart() {
        let value = |msgpack: &[u8]| DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() };
        assert_eq!(decode(None).unwrap(), None);
        assert_eq!(decode(Some(&value(b"\xc0"))).unwrap(), None);
        assert!(decode(Some(&value(b"\x93\x01"))).is_err(), "cut off");
        assert!(decode(Some(&value(b"\x01"))).is_err(), "a number");
        assert!(decode(Some(&value(b"\x81\x01\x02"))).is_err(), "a key that is no text");
    }

    #[test]
    fn a_refined_unknown_is_unknown() {
        assert!(is_unknown(&Value::Ext(12, vec![0x81, 1, 0xc2])));
        assert!(!is_known(&unknown()) && !is_known(&Value::Nil) && !is_known(&Value::Array(Vec::new())));
        assert!(is_known(&Value::from(0)));
    }
}
