//! Columns for people.

use std::io::{self, Write};

/// Writes rows under a head, each column as wide as its widest cell, two spaces between them. No line ends in
/// spaces.
///
/// # Errors
/// When `out` cannot be written.
pub(crate) fn write_table<const N: usize>(
    out: &mut impl Write,
    head: [&str; N],
    rows: &[[String; N]],
) -> io::Result<()> {
    let mut widths = head.map(width);
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    write_row(out, &head.map(str::to_owned), &widths)?;
    rows.iter().try_for_each(|row| write_row(out, row, &widths))
}

fn write_row<const N: usize>(out: &mut impl Write, row: &[String; N], widths: &[usize; N]) -> io::Result<()> {
    let mut line = String::new();
    for (cell, &widest) in row.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', widest + 2 - width(cell)));
    }
    writeln!(out, "{}", line.trim_end())
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_do_not_end_in_spaces() {
        let mut out = Vec::new();
        let rows = [["a", "bb", "c"], ["dddd", "e", ""]].map(|row| row.map(str::to_owned));
        write_table(&mut out, ["X", "Y", "Z"], &rows).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "X     Y   Z\na     bb  c\ndddd  e\n");
    }
}
