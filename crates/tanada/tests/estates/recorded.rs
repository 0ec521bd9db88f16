//! Tables of `fixtures/*/recorded/`.

use std::fs;

use crate::support::directory;

/// The rows of `recorded/<table>.csv` without its head, which must be `head`. Fields hold no comma and no quote,
/// except the last one.
pub(crate) fn table<const N: usize>(estate: &str, table: &str, head: [&str; N]) -> Vec<[String; N]> {
    let path = directory(estate).join("recorded").join(format!("{table}.csv"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let row = |line: &str| -> [String; N] {
        let fields: Vec<String> = line.splitn(N, ',').map(str::to_owned).collect();
        fields.try_into().unwrap_or_else(|_| panic!("{}: `{line}` has not {N} fields", path.display()))
    };
    let mut lines = text.lines();
    assert_eq!(row(lines.next().unwrap()), head.map(str::to_owned), "head of {}", path.display());
    lines.map(row).collect()
}
