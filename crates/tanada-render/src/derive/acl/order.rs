//! Rows that decide nothing.

use tanada_model::acl::{Match, idle};

use super::rows::Row;

/// Drops rows that decide nothing. `rows` are in the order in which they are read; what passes stays the same.
///
/// A row decides nothing when what comes before leaves it no packet, or when what comes after says the same of all that
/// it gets (the last rule, `*`, denies); by one other row, or by several together.
pub(super) fn decisive(mut rows: Vec<(u32, Row<'_>)>) -> Vec<(u32, Row<'_>)> {
    let mut matches: Vec<(bool, Match)> = rows.iter().map(|(_, row)| row.matches()).collect();
    let mut at = 0;
    while at < rows.len() {
        if idle(&matches, at) {
            rows.remove(at);
            matches.remove(at);
        } else {
            at += 1;
        }
    }
    rows
}
