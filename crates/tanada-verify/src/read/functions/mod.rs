//! The functions that are read, one line and one file each.

mod contains;
mod length;
mod merge;
mod setunion;
mod slice;
mod toset;

use crate::observed::{Data, Value};

/// A function: its arguments to a value, or what is wrong with them.
pub(super) type Function = fn(&[Value]) -> Result<Data, String>;

/// By name.
const FUNCTIONS: [(&str, Function); 6] = [
    ("contains", contains::call),
    ("length", length::call),
    ("merge", merge::call),
    ("setunion", setunion::call),
    ("slice", slice::call),
    ("toset", toset::call),
];

/// The function of a name.
pub(super) fn find(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(own, _)| *own == name).map(|(_, function)| *function)
}

/// The elements of a list or set; `None` when they are known only after apply.
fn elements(value: &Value) -> Result<Option<&[Value]>, String> {
    match &value.data {
        Data::List(items) | Data::Set(items) => Ok(Some(items)),
        Data::Reference(_) | Data::Unknown => Ok(None),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Map(_) => {
            Err("a list or set is missing".to_owned())
        }
    }
}

/// Fails unless all elements of a set are of one simple kind: Terraform would convert them.
fn of_one_kind(items: &[Value]) -> Result<(), String> {
    let kind = |value: &Value| match value.data {
        Data::Text(_) => Ok(Some(0)),
        Data::Number(_) => Ok(Some(1)),
        Data::Bool(_) => Ok(Some(2)),
        Data::Reference(_) | Data::Unknown => Ok(None),
        Data::Null | Data::List(_) | Data::Set(_) | Data::Map(_) => {
            Err("only sets of texts or numbers are read".to_owned())
        }
    };
    let mut first = None;
    for item in items {
        let own = kind(item)?;
        if first.is_some() && own.is_some() && own != first {
            return Err("the elements are of several kinds".to_owned());
        }
        first = first.or(own);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn every_file_has_its_line() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/read/functions");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert!(files.iter().eq(FUNCTIONS.iter().map(|(name, _)| name)), "{files:?}");
    }
}
