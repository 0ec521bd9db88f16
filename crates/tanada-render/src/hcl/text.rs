use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

/// Appends `text` as the inside of a quoted HCL string: nothing in it is evaluated, and nothing in it can deceive a
/// reader (control characters and the marks that turn the direction of writing are escaped).
pub(super) fn escape(text: &str, out: &mut String) {
    if PLAIN.is_all_of(text) {
        out.push_str(text);
        return;
    }
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            c if c.is_control() || turns_direction(c) => escape_char(c, out),
            c => out.push(c),
        }
    }
}

/// Appends `text` as the inside of a quoted key whose width must be beyond doubt, since `=` is aligned behind it.
///
/// `terraform fmt` counts grapheme clusters, and versions of Unicode differ about them. So in clusters of several
/// characters those beyond ASCII are escaped; every character that is left counts as one.
pub(super) fn escape_key(text: &str, out: &mut String) {
    let start = out.len();
    escape(text, out);
    if !text.is_ascii() {
        let escaped = out.split_off(start);
        for cluster in escaped.graphemes(true) {
            let single = cluster.chars().nth(1).is_none();
            for c in cluster.chars() {
                if single || c.is_ascii() { out.push(c) } else { escape_char(c, out) }
            }
        }
    }
}

/// Appends `text` as lines of a heredoc.
pub(super) fn escape_heredoc(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '$' | '%') && chars.peek() == Some(&'{') {
            out.push(c);
        }
        out.push(c);
    }
}

/// Whether `text` can stand in a file as it is, over several lines.
pub(super) fn is_printable(text: &str) -> bool {
    !text.chars().any(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || turns_direction(c))
}

/// Bytes that a comment shows as they are.
static PRINTABLE: Plain = Plain::all_but(b"");

/// What of `text` may stand in a comment: its lines, each without control characters and without blanks at the end.
pub(super) fn comment_lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split(ends_line).map(|line| {
        if PRINTABLE.is_all_of(line) {
            return Cow::Borrowed(line.trim_end());
        }
        let visible = line.chars().map(|c| if c.is_control() || turns_direction(c) { ' ' } else { c });
        Cow::Owned(visible.collect::<String>().trim_end().to_owned())
    })
}

/// Whether a reader, or an editor, begins a new line behind it.
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Bytes that stand for themselves whatever follows. `$` and `%` are left to the slow path.
static PLAIN: Plain = Plain::all_but(br#""\$%"#);

/// Bytes of printable ASCII that need no escape, as a table: nearly every text has no others.
pub(crate) struct Plain([bool; 256]);

impl Plain {
    /// Printable ASCII without `special`.
    pub(crate) const fn all_but(special: &[u8]) -> Self {
        let mut table = [false; 256];
        let mut byte = b' ';
        while byte <= b'~' {
            table[byte as usize] = true;
            byte += 1;
        }
        let mut at = 0;
        while at < special.len() {
            table[special[at] as usize] = false;
            at += 1;
        }
        Self(table)
    }

    /// Whether `text` has no other bytes. Looks at all of them: texts are short, and asking after each whether to go on
    /// takes longer.
    pub(crate) fn is_all_of(&self, text: &str) -> bool {
        text.bytes().fold(true, |plain, byte| plain & self.0[usize::from(byte)])
    }
}

/// Marks that make a line read in another order than it is.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escape_char(c: char, out: &mut String) {
    let code = u32::from(c);
    let escaped = if code > 0xffff { format!("\\U{code:08x}") } else { format!("\\u{code:04x}") };
    out.push_str(&escaped);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        escape(text, &mut out);
        out
    }

    fn key(text: &str) -> String {
        let mut out = String::new();
        escape_key(text, &mut out);
        out
    }

    #[test]
    fn nothing_is_evaluated() {
        assert_eq!(escaped("${x} %{if} $${x} $ % {"), "$${x} %%{if} $$${x} $ % {");
        assert_eq!(escaped("a\"b\\c\nd\t\u{0}\u{202e}日本"), r#"a\"b\\c\nd\t\u0000\u202e日本"#);
    }

    #[test]
    fn a_key_is_as_wide_as_it_has_characters() {
        assert_eq!(key("日本"), "日本");
        assert_eq!(key("e\u{301}tat"), r"e\u0301tat");
        assert_eq!(key("\u{301}x"), "\u{301}x");
        assert_eq!(key("👩\u{200d}👧"), r"\U0001f469\u200d\U0001f467");
    }

    #[test]
    fn a_comment_stays_one() {
        let lines: Vec<_> = comment_lines("why\r\nresource \"x\" {}\u{2028}tail \u{1b}[0m ").collect();
        assert_eq!(lines, ["why", "", "resource \"x\" {}", "tail  [0m"]);
    }
}
