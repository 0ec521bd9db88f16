//! Which line of which template a line of output came from.
//!
//! A template is rendered a second time with a mark at the start of each of its lines that stands in no tag; the last
//! mark before a place in the output names the line. Only done when there is something to complain about.

/// Around a mark: control characters that no template means.
const START: char = '\u{1}';
const END: char = '\u{2}';

/// A template with marks. `file` is its number.
pub(super) fn mark(file: usize, text: &str) -> String {
    let mut marked = String::with_capacity(text.len() * 2);
    let mut tag: Option<&str> = None;
    for (i, line) in text.split_inclusive('\n').enumerate() {
        if tag.is_none() {
            marked.push_str(&format!("{START}{file}:{}{END}", i + 1));
        }
        marked.push_str(line);
        let mut rest = line;
        loop {
            match tag {
                None => {
                    let opens =
                        ["{{", "{%", "{#"].iter().filter_map(|open| Some((rest.find(open)?, *open))).min();
                    let Some((at, open)) = opens else { break };
                    rest = rest.get(at + 2..).unwrap_or_default();
                    tag = Some(match open {
                        "{{" => "}}",
                        "{%" => "%}",
                        _ => "#}",
                    });
                }
                Some(close) => {
                    let Some(at) = rest.find(close) else { break };
                    rest = rest.get(at + 2..).unwrap_or_default();
                    tag = None;
                }
            }
        }
    }
    marked
}

/// The number of the template and its line that line `line` (from 0) of a marked output came from.
pub(super) fn line_of(marked: &str, line: usize) -> Option<(usize, usize)> {
    let end = marked.match_indices('\n').nth(line).map_or(marked.len(), |(at, _)| at);
    let before = marked.get(..end)?;
    // A line may begin with several marks: those of tags without output. The last one stands before its text.
    let start = before.rfind(START)?;
    let mark = before.get(start + START.len_utf8()..)?.split(END).next()?;
    let (file, line) = mark.split_once(':')?;
    Some((file.parse().ok()?, line.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_several_lines_are_left_alone() {
        let text = "a\n{% if x\n  and y %}b\n{# c\nd #}\ne {{ f }} {{\ng }}\nh\n";
        let marked = mark(3, text);
        let strip: String = {
            let mut parts = marked.split(START);
            let first = parts.next().unwrap().to_owned();
            parts.fold(first, |all, part| all + part.split_once(END).unwrap().1)
        };
        assert_eq!(strip, text);
        let lines: Vec<&str> =
            marked.split(START).skip(1).map(|part| part.split(END).next().unwrap()).collect();
        assert_eq!(lines, ["3:1", "3:2", "3:4", "3:6", "3:8"]);
        assert_eq!(line_of(&mark(0, "a\nb\nc\n"), 1), Some((0, 2)));
    }
}
