use std::io::{Result, Write};

use crate::hcl::turns_direction;

/// Writes `text` so that Markdown, and a table around it, show it as it stands, on one line.
pub(super) fn escape_to(text: &str, out: &mut dyn Write) -> Result<()> {
    out.write_all(escape(text).as_bytes())
}

/// See [`escape_to`].
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
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
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(
            escape("a | b\n# <img> `x` [y](z) *b* \\"),
            r"a \| b # &lt;img&gt; \`x\` \[y\](z) \*b\* \\"
        );
        assert_eq!(escape("live_data _x_ $y$"), r"live_data \_x\_ \$y\$");
    }
}
