//! The statements of two inputs that differ. Order, files, comments and spaces mean nothing.

mod renames;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::structure::{Body, Structure};
use serde::Serialize;
use tanada_model::diagnostic::Sources;

use crate::templates::Template;

/// A statement that was added, taken away or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The statement: `team "web"`.
    pub statement: String,
    /// Its file, in the new input; in the old one when it is gone.
    pub path: String,
    /// The first line that differs, from 1.
    pub line: usize,
    /// Lines that went, without the spaces around them.
    pub before: Vec<String>,
    /// Lines that came.
    pub after: Vec<String>,
    /// The statement that it was before, when it has another name now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    #[serde(skip)]
    pub(super) text: Option<String>,
    /// What inside of it has another name now: ``zone `a` is called `b` ``.
    #[serde(skip)]
    pub(super) renames: Vec<String>,
    /// Whether it is a template, and none of the input's statements.
    #[serde(skip)]
    pub(super) is_template: bool,
}

/// A statement of an input.
struct Statement<'s> {
    path: &'s str,
    /// The line on which it begins, from 1.
    line: usize,
    text: &'s str,
    /// `None` for a file that is no HCL of its own, such as JSON.
    structure: Option<Structure>,
}

/// Statements by kind and labels; of equal ones by number.
type Statements<'s> = BTreeMap<(String, usize), Statement<'s>>;

/// What differs between two inputs, in the order of files and lines. `None` when one of them cannot be parsed.
pub(super) fn edits(old: &Sources, new: &Sources) -> Option<Vec<Edit>> {
    let (before, now) = rayon::join(|| statements(old), || statements(new));
    let (before, now) = (before?, now?);
    let keys: BTreeSet<&(String, usize)> = before.keys().chain(now.keys()).collect();
    let renamed = renamed(&before, &now);
    let gone: BTreeSet<_> = renamed.values().collect();
    let mut edits: Vec<Edit> = Vec::new();
    for key in keys {
        if gone.contains(&key) {
            continue;
        }
        let old = renamed.get(key).copied().unwrap_or(key);
        if let Some(mut edit) = edit(&key.0, before.get(old), now.get(key)) {
            edit.was = (old != key).then(|| old.0.clone());
            edits.push(edit);
        }
    }
    edits.sort_by(|a, b| (file_name(&a.path), a.line).cmp(&(file_name(&b.path), b.line)));
    Some(edits)
}

/// A file of an input by what is the same on both sides: an input has no folders in it, and the two of a comparison may
/// lie anywhere.
fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The templates that differ, in the order of their paths.
pub(super) fn template_edits(old: &[Template], new: &[Template]) -> Vec<Edit> {
    let by_path = |all: &[Template]| -> BTreeMap<String, Template> {
        all.iter().map(|template| (template.path.clone(), template.clone())).collect()
    };
    let (old, new) = (by_path(old), by_path(new));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let edits = paths.into_iter().filter_map(|path| {
        let (old, new) = (old.get(path).map(whole), new.get(path).map(whole));
        Some(Edit { is_template: true, ..edit(path, old.as_ref(), new.as_ref())? })
    });
    edits.collect()
}

/// A template as one statement.
fn whole(template: &Template) -> Statement<'_> {
    Statement { path: &template.shown, line: 1, text: &template.text, structure: None }
}

/// The old templates with one edit made.
pub(super) fn with_template_edit(old: &[Template], edit: &Edit) -> Vec<Template> {
    let mut templates: Vec<Template> =
        old.iter().filter(|template| template.path != edit.statement).cloned().collect();
    templates.extend(edit.text.clone().map(|text| Template {
        path: edit.statement.clone(),
        shown: edit.path.clone(),
        text,
    }));
    templates.sort_by(|a, b| a.path.cmp(&b.path));
    templates
}

/// Statements that stand for one of another name, by themselves: `renamed_from` says so.
fn renamed<'k>(
    before: &'k Statements<'_>,
    now: &'k Statements<'_>,
) -> BTreeMap<&'k (String, usize), &'k (String, usize)> {
    let old = |key: &(String, usize), statement: &Statement<'_>| -> Option<(String, usize)> {
        let Some(Structure::Block(block)) = &statement.structure else { return None };
        let was = block.body.get_attribute("renamed_from")?.value.as_str()?;
        (block.labels.len() == 1).then(|| (format!("{} \"{was}\"", block.ident.as_str()), key.1))
    };
    let new = now.iter().filter(|(key, _)| !before.contains_key(*key));
    let pairs = new.filter_map(|(key, statement)| {
        let old = old(key, statement).filter(|old| !now.contains_key(old))?;
        Some((key, before.get_key_value(&old)?.0))
    });
    pairs.collect()
}

/// The old input with one edit made.
pub(super) fn with_edit(old: &Sources, edit: &Edit) -> Option<Sources> {
    let mut text = String::new();
    let mut sources = Sources::default();
    for ((name, _), statement) in statements(old)? {
        if statement.structure.is_none() {
            if name != edit.statement {
                sources.add(statement.path, statement.text);
            }
            continue;
        }
        if name != edit.statement && Some(&name) != edit.was.as_ref() {
            text.push_str(statement.text);
            text.push_str("\n\n");
        }
    }
    let own = edit.text.clone().unwrap_or_default();
    if edit.path.ends_with(".json") {
        sources.add(edit.path.clone(), own);
    } else {
        text.push_str(&own);
        text.push('\n');
    }
    sources.add("network/all.hcl", text);
    Some(sources)
}

fn statements(sources: &Sources) -> Option<Statements<'_>> {
    let mut found = Statements::new();
    let mut add = |name: String, statement| {
        let mut own = found.range((name.clone(), 0)..=(name.clone(), usize::MAX));
        let number = own.next_back().map_or(0, |((_, last), _)| last + 1);
        found.insert((name, number), statement);
    };
    for (_, file) in sources.iter() {
        if file.path.ends_with(".json") {
            let statement = Statement { path: &file.path, line: 1, text: &file.text, structure: None };
            add(file_name(&file.path).to_owned(), statement);
            continue;
        }
        let body: Body = file.text.parse().ok()?;
        // The line of what was counted last, and where it begins.
        let (mut line, mut counted) = (1, 0);
        for structure in body {
            let Range { start, end } = structure.span()?;
            let text = file.text.get(start..end)?.trim_end();
            line += file.text.get(counted..start)?.matches('\n').count();
            counted = start;
            let (name, structure) = (name(&structure), Some(structure));
            add(name, Statement { path: &file.path, line, text, structure });
        }
    }
    Some(found)
}

/// `team "web"`, `names`
fn name(structure: &Structure) -> String {
    match structure {
        Structure::Attribute(attribute) => attribute.key.as_str().to_owned(),
        Structure::Block(block) => {
            let labels = block.labels.iter().map(|label| format!(" \"{}\"", label.as_str()));
            std::iter::once(block.ident.as_str().to_owned()).chain(labels).collect()
        }
    }
}

fn edit(name: &str, old: Option<&Statement<'_>>, new: Option<&Statement<'_>>) -> Option<Edit> {
    let same = match (old, new) {
        (Some(old), Some(new)) => match (&old.structure, &new.structure) {
            (Some(old), Some(new)) => old == new,
            (None, _) | (_, None) => old.text == new.text,
        },
        (None, _) | (_, None) => false,
    };
    if same {
        return None;
    }
    let lines = |statement: Option<&Statement<'_>>| -> Vec<(usize, String)> {
        let Some(Statement { line, text, .. }) = statement else { return Vec::new() };
        let lines = text.lines().enumerate().map(|(at, text)| (line + at, tidy(text)));
        lines.filter(|(_, text)| !text.is_empty()).collect()
    };
    let (before, after) = (lines(old), lines(new));
    let only = |own: &[(usize, String)], other: &[(usize, String)]| -> Vec<(usize, String)> {
        let mut left: Vec<&str> = other.iter().map(|(_, text)| text.as_str()).collect();
        let mut only = Vec::new();
        for (line, text) in own {
            match left.iter().position(|other| other == text) {
                Some(at) => {
                    left.remove(at);
                }
                None => only.push((*line, text.clone())),
            }
        }
        only
    };
    let (went, came) = (only(&before, &after), only(&after, &before));
    let place = new.or(old)?;
    let line = came.first().filter(|_| new.is_some()).map_or(place.line, |(line, _)| *line);
    let texts = |lines: Vec<(usize, String)>| lines.into_iter().map(|(_, text)| text).collect();
    Some(Edit {
        statement: name.to_owned(),
        path: place.path.to_owned(),
        line,
        before: texts(went),
        after: texts(came),
        was: None,
        renames: match (old.and_then(|it| it.structure.as_ref()), new.and_then(|it| it.structure.as_ref())) {
            (Some(Structure::Block(old)), Some(Structure::Block(new))) => {
                renames::inside(&old.body, &new.body)
            }
            (Some(_) | None, _) => Vec::new(),
        },
        text: new.map(|new| new.text.to_owned()),
        is_template: false,
    })
}

/// A line without the spaces around it, and without a comment that is all of it.
fn tidy(line: &str) -> String {
    let line = line.trim();
    if line.starts_with('#') || line.starts_with("//") { String::new() } else { line.to_owned() }
}

impl Edit {
    /// Whether it gives something another name, so that edits of what names it follow from this one.
    pub(super) fn is_rename(&self) -> bool {
        self.was.is_some() || !self.renames.is_empty()
    }

    /// `network/teams.hcl:41`
    pub fn place(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }

    /// What was edited in a line: `team "web"`: `size = 19` → `size = 18`.
    pub fn words(&self) -> String {
        let Self { statement, path: _, line: _, before, after, was, text, renames, is_template: _ } = self;
        if let Some(was) = was {
            let own = [format!("`{was}` is called `{statement}`")];
            return own.iter().chain(renames).map(String::as_str).collect::<Vec<_>>().join(", ");
        }
        if !renames.is_empty() {
            return format!("`{statement}`: {}; {}", renames.join(", "), lines_apart(before, after));
        }
        if let ([old], [new]) = (before.as_slice(), after.as_slice()) {
            let (old, new) = apart(old, new);
            return format!("`{statement}`: `{}` → `{}`", cut(&old), cut(&new));
        }
        match (text, before.as_slice(), after.as_slice()) {
            (None, _, _) => format!("`{statement}` is gone"),
            (Some(_), [], []) => format!("`{statement}`"),
            (Some(text), [], after)
                if text.lines().next().map(str::trim) == after.first().map(String::as_str) =>
            {
                format!("`{statement}` is new")
            }
            (Some(_), [], after) => format!("`{statement}` gains {}", joined(after)),
            (Some(_), before, []) => format!("`{statement}` loses {}", joined(before)),
            (Some(_), before, after) => format!("`{statement}`: {}", lines_apart(before, after)),
        }
    }
}

/// `size = 19` → `size = 18`
fn lines_apart(before: &[String], after: &[String]) -> String {
    format!("{} → {}", joined(before), joined(after))
}

fn joined(lines: &[String]) -> String {
    let shown: Vec<String> = lines.iter().take(2).map(|line| format!("`{}`", cut(line))).collect();
    let more = if lines.len() > 2 { format!(" and {} more", lines.len() - 2) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// Two lines from a little before where they part.
fn apart(old: &str, new: &str) -> (String, String) {
    const ENOUGH: usize = 60;
    const BEFORE: usize = 16;
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    if old.chars().count().max(new.chars().count()) <= ENOUGH || same <= BEFORE {
        return (old.to_owned(), new.to_owned());
    }
    let rest = |line: &str| format!("…{}", line.chars().skip(same - BEFORE).collect::<String>());
    (rest(old), rest(new))
}

/// A long line's beginning. Backticks would end the quotation.
fn cut(line: &str) -> String {
    let line = line.replace('`', "'");
    if line.chars().count() <= 80 {
        return line;
    }
    let short: String = line.chars().take(79).collect();
    format!("{short}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::default();
        sources.add("network/a.hcl", text);
        sources
    }

    /// Two inputs with a file each, in two folders.
    fn apart(folders: [&str; 2], name: &str, texts: [&str; 2]) -> Vec<String> {
        let [old, new] = [0, 1].map(|at| {
            let mut sources = Sources::default();
            sources.add(format!("{}/{name}", folders[at]), texts[at]);
            sources
        });
        edits(&old, &new).unwrap().iter().map(Edit::words).collect()
    }

    #[test]
    fn where_the_two_inputs_lie_is_no_part_of_it() {
        let hcl = ["team \"a\" {}\nteam \"b\" {}\n", "team \"a\" {}\nteam \"c\" {}\nteam \"d\" {}\n"];
        let json = ["{\"team\": {\"a\": {}}}", "{\"team\": {\"a\": {\"owner\": \"@a\"}}}"];
        for folders in [["/a/network", "/z/network"], ["/z/network", "/a/network"], ["network", "network"]] {
            let told = ["`team \"b\"` is gone", "`team \"c\"` is new", "`team \"d\"` is new"];
            assert_eq!(apart(folders, "teams.hcl", hcl), told, "{folders:?}");
            assert_eq!(apart(folders, "teams.hcl.json", [json[0]; 2]), [""; 0], "{folders:?}");
            assert_eq!(apart(folders, "teams.hcl.json", json).len(), 1, "{folders:?}");
        }
    }

    fn words(old: &str, new: &str) -> Vec<String> {
        let edits = edits(&sources(old), &sources(new)).unwrap();
        edits.iter().map(|edit| format!("{} {}", edit.place(), edit.words())).collect()
    }

    #[test]
    fn what_means_nothing_is_no_edit() {
        let old = "team \"web\" { owner = \"@m3/web\" }\n\nteam \"ai\" {}\n";
        let new =
            "# A comment.\nteam \"ai\" {\n}\nteam \"web\" {\n  # Another.\n  owner   = \"@m3/web\"\n}\n";
        assert_eq!(words(old, new), [""; 0]);
    }

    #[test]
    fn an_edit_is_told_by_its_line() {
        let old = "team \"web\" {\n  owner = \"@a\"\n  # why\n  size = 19\n}\n";
        assert_eq!(
            words(old, &old.replace("19", "18")),
            ["network/a.hcl:4 `team \"web\"`: `size = 19` → `size = 18`"]
        );
        let renamed = "team \"web\" {\n  owner = \"@a\"\n  # why\n  size = 19\n  vpc \"x\" {}\n}";
        assert_eq!(
            words(renamed, &renamed.replace("\"x\" {}", "\"y\" { renamed_from = \"x\" }")),
            [
                "network/a.hcl:5 `team \"web\"`: `vpc \"x\"` is called `vpc \"y\"`; `vpc \"x\" {}` → `vpc \"y\" { renamed_from = \"x\" }`"
            ]
        );
        assert_eq!(words(old, ""), ["network/a.hcl:1 `team \"web\"` is gone"]);
        assert_eq!(words("", old), ["network/a.hcl:1 `team \"web\"` is new"]);
        assert_eq!(
            words(old, &old.replace("  size", "  x = 1\n  size")),
            ["network/a.hcl:4 `team \"web\"` gains `x = 1`"]
        );
    }
}
