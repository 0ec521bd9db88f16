//! The order of rows, and those that decide nothing.

use tanada_model::design::Action;

use super::rows::Row;

/// Drops rows that decide nothing. `rows` are in the order in which they are read; what passes stays the same.
///
/// A row decides nothing when an earlier one covers it, or when a later one covers it and says the same (or nothing
/// follows and it denies, as the last rule `*` does) and nothing in between says otherwise about any of its packets.
/// Each check looks at two rows at a time, so some rows stay that several others together make idle.
pub(super) fn decisive(mut rows: Vec<(u32, Row)>) -> Vec<(u32, Row)> {
    let mut at = 0;
    while let Some((_, row)) = rows.get(at) {
        if idle(row, &rows, at) {
            rows.remove(at);
        } else {
            at += 1;
        }
    }
    rows
}

fn idle(row: &Row, rows: &[(u32, Row)], at: usize) -> bool {
    let (before, rest) = rows.split_at(at);
    if before.iter().any(|(_, earlier)| earlier.covers(row)) {
        return true;
    }
    for (_, later) in rest.iter().skip(1) {
        if later.action == row.action && later.covers(row) {
            return true;
        }
        if later.action != row.action && later.overlaps(row) {
            return false;
        }
    }
    row.action == Action::Deny
}
