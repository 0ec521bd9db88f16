//! What git writes into a file that two branches changed at the same lines.

use std::collections::BTreeSet;

/// A line that git leaves in a file that it could not merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// Before what the branch has that was merged into.
    Start,
    /// Before what both began with; only where git was asked to show it.
    Base,
    /// Before what the branch has that was merged.
    Middle,
    /// After it.
    End,
}

impl Marker {
    /// The marker that a line is.
    pub fn of(line: &str) -> Option<Self> {
        let is =
            |mark: &str| line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        if is("<<<<<<<") {
            Some(Self::Start)
        } else if is("|||||||") {
            Some(Self::Base)
        } else if is("=======") {
            Some(Self::Middle)
        } else if is(">>>>>>>") {
            Some(Self::End)
        } else {
            None
        }
    }
}

/// One of the two branches of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one that was merged into; of a rebase the one that is rebased onto.
    Ours,
    /// The other one.
    Theirs,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Ours => Self::Theirs,
            Self::Theirs => Self::Ours,
        }
    }
}

/// A text in conflict as one branch has it, each line where it was: what is not of this branch are empty lines. What git
/// merged stays merged. `None` for a text without marks, and for one whose marks are not git's.
pub fn of_side(text: &str, side: Side) -> Option<String> {
    if !text.starts_with("<<<<<<<") && !text.contains("\n<<<<<<<") {
        return None;
    }
    let mut kept = String::with_capacity(text.len());
    let mut within = None;
    let mut found = false;
    for line in text.lines() {
        let marker = Marker::of(line);
        within = match (within, marker) {
            (before, None) => {
                let stays = match before {
                    None => true,
                    Some(Marker::Start) => side == Side::Ours,
                    Some(Marker::Middle) => side == Side::Theirs,
                    Some(Marker::Base | Marker::End) => false,
                };
                kept.push_str(if stays { line } else { "" });
                before
            }
            (None, Some(Marker::Start)) => Some(Marker::Start),
            (Some(Marker::Start), Some(Marker::Base)) => Some(Marker::Base),
            (Some(Marker::Start | Marker::Base), Some(Marker::Middle)) => Some(Marker::Middle),
            (Some(Marker::Middle), Some(Marker::End)) => {
                found = true;
                None
            }
            (_, Some(_)) => return None,
        };
        kept.push('\n');
    }
    (found && within.is_none()).then_some(kept)
}

/// The same for a file of Terraform in its canonical form, and behind it the blocks that only the other branch has: of two
/// files that name each other git may have merged one, so neither branch alone has all that it names.
pub fn with_blocks_of_both(text: &str, side: Side) -> Option<String> {
    let mut own = of_side(text, side)?;
    let other = of_side(text, side.other())?;
    let headers: BTreeSet<String> = own.lines().filter(|line| is_header(line)).map(str::to_owned).collect();
    let mut is_new = false;
    for line in other.lines() {
        if is_header(line) {
            is_new = !headers.contains(line);
        }
        if is_new {
            own.push_str(line);
            own.push('\n');
        }
        is_new &= line != "}";
    }
    Some(own)
}

/// Whether a block begins here, not inside another one.
fn is_header(line: &str) -> bool {
    line.ends_with('{') && line.starts_with(|first: char| first.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\nc = 2\n>>>>>>> topic\nd\n";

    #[test]
    fn a_side_is_what_its_branch_has_at_the_same_lines() {
        assert_eq!(of_side(TEXT, Side::Ours).unwrap(), "a\n\nb = 1\n\n\n\n\nd\n");
        assert_eq!(of_side(TEXT, Side::Theirs).unwrap(), "a\n\n\n\nb = 2\nc = 2\n\nd\n");
        let with_base = TEXT.replace("=======", "||||||| 1234567\nb = 0\n=======");
        assert_eq!(of_side(&with_base, Side::Ours).unwrap(), "a\n\nb = 1\n\n\n\n\n\n\nd\n");
        assert_eq!(of_side(&with_base, Side::Theirs).unwrap(), "a\n\n\n\n\n\nb = 2\nc = 2\n\nd\n");
        let twice = of_side(&TEXT.repeat(2), Side::Ours).unwrap();
        assert_eq!(twice, of_side(TEXT, Side::Ours).unwrap().repeat(2));
    }

    #[test]
    fn a_block_that_one_branch_has_is_there_on_both_sides() {
        // As git leaves two neighbours: the last line is of both.
        let text = "a \"x\" {\n  n = 0\n<<<<<<< HEAD\n}\n\na \"y\" {\n  n = 1\n=======\n  m = 2\n}\n\na \"z\" {\n  n = 2\n>>>>>>> topic\n}\n";
        let of = |side| {
            let text = with_blocks_of_both(text, side).unwrap();
            text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(Side::Ours), "a \"x\" {   n = 0 } a \"y\" {   n = 1 } a \"z\" {   n = 2 }");
        assert_eq!(of(Side::Theirs), "a \"x\" {   n = 0   m = 2 } a \"z\" {   n = 2 } a \"y\" {   n = 1 }");
        assert_eq!(with_blocks_of_both("a {\n}\n", Side::Ours), None);
    }

    #[test]
    fn marks_that_are_not_gits_have_no_sides() {
        let broken = [
            String::new(),
            "a\n".to_owned(),
            "<<<<<<< ours\na\n".to_owned(),
            TEXT.replace("=======\n", ""),
            TEXT.replace(">>>>>>> topic\n", ""),
            TEXT.replace("<<<<<<< HEAD\n", ""),
            TEXT.replace("b = 1\n", "<<<<<<< HEAD\n"),
            TEXT.replace("b = 2\n", "=======\n"),
            format!("{TEXT}>>>>>>> topic\n"),
        ];
        for text in broken {
            assert_eq!(of_side(&text, Side::Ours), None, "{text}");
        }
    }
}
