use std::sync::Arc;

use crate::observed::{Data, Map, Value};

/// `merge(map, …)`: of equal keys the last one counts.
pub(super) fn call(arguments: &[Value]) -> Result<Data, String> {
    let mut entries = Vec::new();
    for argument in arguments {
        match &argument.data {
            Data::Map(map) => entries.extend(map.iter().map(|(name, value)| (name.clone(), value.clone()))),
            Data::Null => {}
            Data::Reference(_) | Data::Unknown => return Ok(Data::Unknown),
            Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::List(_) | Data::Set(_) => {
                return Err("it takes maps".to_owned());
            }
        }
    }
    Ok(Data::Map(Arc::new(entries.into_iter().collect::<Map>())))
}
