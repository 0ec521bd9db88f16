use super::elements;
use crate::observed::{Data, Value};

/// `contains(list, value)`
pub(super) fn call(arguments: &[Value]) -> Result<Data, String> {
    let [list, wanted] = arguments else { return Err("it takes a list and a value".to_owned()) };
    let Some(items) = elements(list)? else { return Ok(Data::Unknown) };
    if wanted.is_known() && items.iter().any(|item| item == wanted) {
        return Ok(Data::Bool(true));
    }
    let known = wanted.is_known() && list.is_known();
    Ok(if known { Data::Bool(false) } else { Data::Unknown })
}
