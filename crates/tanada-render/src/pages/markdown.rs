use std::io::{Result, Write};

use crate::hcl::{Plain, turns_direction};

/// Bytes that stand for themselves wherever they stand. `_` is left to the slow path.
static PLAIN: Plain = Plain::all_but(br"&<>\`*[]|~$_");

/// Writes `text` so that Markdown, and a table around it, show it as it stands, on one line.
pub(super) fn escape_to(text: &str, out: &mut dyn Write) -> Result<()> {
    let mut escaped = String::with_capacity(text.len());
    escape(text, &mut escaped);
    out.write_all(escaped.as_bytes())
}

/// Appends a link to a file, whose path needs no escape.
pub(super) fn link(text: &str, path: &str, page: &mut String) {
    page.push('[');
    escape(text, page);
    page.push_str("](");
    page.push_str(path);
    page.push(')');
}

/// Appends a row of a table.
pub(super) fn row<const N: usize>(cells: [&str; N], table: &mut String) {
    for cell in cells {
        table.push_str("| ");
        escape(cell, table);
        table.push(' ');
    }
    table.push_str("|\n");
}

/// See [`escape_to`].
fn escape(text: &str, escaped: &mut String) {
    if PLAIN.is_all_of(text) {
        escaped.push_str(text.trim_matches(' '));
        return;
    }
    let mut last = ' ';
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let inside = last.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => escaped.extend(['\\', c]),
            // Inside a word it means nothing.
            '_' if !inside => escaped.extend(['\\', c]),
            c if c.is_control() || c.is_whitespace() || turns_direction(c) => escaped.push(' '),
            c => escaped.push(c),
        }
        last = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut escaped = String::new();
        escape(text, &mut escaped);
        escaped
    }

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(
            escaped("a | b\n# <img> `x` [y](z) *b* \\"),
            r"a \| b # &lt;img&gt; \`x\` \[y\](z) \*b\* \\"
        );
        assert_eq!(escaped(" plain, text: a/b "), "plain, text: a/b");
        assert_eq!(escaped("live_data _x_ $y$"), r"live_data \_x\_ \$y\$");
    }
}
