use super::super::types::set;
use super::{elements, of_one_kind};
use crate::observed::{Data, Value};

/// `setunion(set, …)`
pub(super) fn call(arguments: &[Value]) -> Result<Data, String> {
    if arguments.is_empty() {
        return Err("it takes at least one set".to_owned());
    }
    let mut all = Vec::new();
    for argument in arguments {
        let Some(items) = elements(argument)? else { return Ok(Data::Unknown) };
        all.extend(items.iter().cloned());
    }
    of_one_kind(&all)?;
    Ok(Data::Set(set(all)))
}
