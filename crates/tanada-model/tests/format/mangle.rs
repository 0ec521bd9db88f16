//! Destroys the layout of a well-formed text and nothing else.

use crate::random::Random;

const WHITE: [&str; 6] = ["", " ", "  ", "\t", "     ", " \t "];
const INLINE: [&str; 4] = ["/* c */", "/**/", "/* 棚田 */", "/* two\n  lines */"];
const TRAILING: [&str; 6] = ["# why", "// why", "#", "# 理由 🏳️‍🌈", "/* c */", "/* a */ # b"];

/// The text with other white space, other comments, unquoted labels.
pub(crate) fn mangle(text: &str, random: &mut Random) -> String {
    let line_end = if random.once_in(6) { "\r\n" } else { "\n" };
    let mut out = String::new();
    if random.once_in(12) {
        out.push('\u{feff}');
    }
    let lists = random.once_in(3);
    for line in text.lines() {
        noise_before(&mut out, line_end, random);
        mangle_line(line.trim(), lists, line_end, &mut out, random);
        out.push_str(random.pick(&WHITE));
        if random.once_in(5) && !line.contains('#') {
            out.push(' ');
            out.push_str(random.pick(&TRAILING));
        }
        out.push_str(line_end);
    }
    if random.once_in(5) { out.trim_end().to_owned() } else { out }
}

fn noise_before(out: &mut String, line_end: &str, random: &mut Random) {
    if random.once_in(8) {
        out.push_str(random.pick(&WHITE));
        out.push_str(random.pick(&["", "# alone", "// alone", "/* alone */", "/* alone\n and more */"]));
        out.push_str(line_end);
    }
}

fn mangle_line(line: &str, lists: bool, line_end: &str, out: &mut String, random: &mut Random) {
    out.push_str(random.pick(&WHITE));
    let header = line.starts_with(char::is_alphabetic)
        && (!line.contains('=') || line.split('=').next().is_some_and(|head| head.contains('{')));
    let mut quoted = false;
    let mut depth = 0_usize;
    let mut before = ' ';
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if quoted {
            quoted = c != '"';
            out.push(c);
        } else if c == '#' {
            out.push(c);
            out.extend(chars);
            return;
        } else if c == '"' {
            quoted = true;
            if header && depth == 0 && random.once_in(3) {
                let label: String = chars.by_ref().take_while(|&c| c != '"').collect();
                out.push_str(&format!(" {label} "));
                quoted = false;
            } else {
                out.push(c);
            }
        } else if c == ' ' {
            let next = chars.peek().copied().unwrap_or(' ');
            let needed = is_word(before) && (is_word(next));
            out.push_str(if needed { " " } else { "" });
            out.push_str(random.pick(&WHITE));
            if random.once_in(12) {
                out.push_str(random.pick(&INLINE));
            }
        } else {
            depth = match c {
                '[' | '{' => depth + 1,
                ']' | '}' => depth.saturating_sub(1),
                _ => depth,
            };
            if c == ']' && lists && random.once_in(2) && before != ' ' {
                out.push_str(line_end);
            }
            out.push(c);
            if depth > 0 && lists && !line.contains('{') && (c == '[' || c == ',') && random.once_in(2) {
                out.push_str(line_end);
            }
        }
        before = c;
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_-\"".contains(c)
}
