use super::super::types::set;
use super::{elements, of_one_kind};
use crate::observed::{Data, Value};

/// `toset(list)`
pub(super) fn call(arguments: &[Value]) -> Result<Data, String> {
    let [list] = arguments else { return Err("it takes one list".to_owned()) };
    let Some(items) = elements(list)? else { return Ok(Data::Unknown) };
    of_one_kind(items)?;
    Ok(Data::Set(set(items.to_vec())))
}
