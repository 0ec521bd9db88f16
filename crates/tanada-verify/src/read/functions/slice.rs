use crate::observed::{Data, Value};

/// `slice(list, from, to)`: without the element at `to`.
pub(super) fn call(arguments: &[Value]) -> Result<Data, String> {
    let [list, from, to] = arguments else { return Err("it takes a list and two numbers".to_owned()) };
    if [list, from, to].iter().any(|one| matches!(one.data, Data::Reference(_) | Data::Unknown)) {
        return Ok(Data::Unknown);
    }
    let Data::List(items) = &list.data else { return Err("a list is missing".to_owned()) };
    let index = |value: &Value| value.number().and_then(|number| usize::try_from(number).ok());
    let range = index(from).zip(index(to)).and_then(|(from, to)| items.get(from..to));
    range.map(|items| Data::List(items.into())).ok_or_else(|| "the list is not that long".to_owned())
}
