use crate::observed::{Data, Value};

/// `length(collection)`
pub(super) fn call(arguments: &[Value]) -> Result<Data, String> {
    let [collection] = arguments else { return Err("it takes one list, set or map".to_owned()) };
    let length = match &collection.data {
        Data::List(items) => items.len(),
        // Elements that are not known yet may turn out to be equal.
        Data::Set(_) if !collection.is_known() => return Ok(Data::Unknown),
        Data::Set(items) => items.len(),
        Data::Map(map) => map.len(),
        Data::Reference(_) | Data::Unknown => return Ok(Data::Unknown),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {
            return Err("a list, set or map is missing".to_owned());
        }
    };
    i64::try_from(length).map(Data::Number).map_err(|error| error.to_string())
}
