//! An explanation as text, or as JSON.

use std::io::Write as _;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use tanada_model::diagnostic::{Sources, Span};
use tanada_render::why::written::{Emitted, Leaf};
use tanada_render::why::{Source, Step, lock_line};

use crate::disk::place::{Place, shown};
use crate::report::Answer;
use crate::streams::Streams;
use crate::table::write_table;

/// Values that have one explanation.
pub(super) struct Shown {
    pub(super) values: Vec<(Leaf, String)>,
    pub(super) steps: Vec<Step>,
    /// Where the literal stands, when the values refer to it.
    pub(super) holder: Option<Leaf>,
}

impl Shown {
    /// The line of its last value.
    pub(super) fn line(&self) -> usize {
        self.values.last().map_or(0, |(leaf, _)| leaf.line)
    }
}

/// Everything that is shown.
pub(super) struct Scene<'a> {
    pub(super) list: &'a [Shown],
    pub(super) sources: &'a Sources,
    pub(super) lock: &'a str,
    pub(super) place: &'a Place,
}

/// A value for programs.
#[derive(Serialize)]
struct JsonValue<'a> {
    folder: &'a str,
    path: &'a str,
    value: &'a str,
    written: JsonPlace,
    /// Where the literal stands, when this place refers to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    literal: Option<JsonPlace>,
    because: Vec<JsonStep<'a>>,
}

/// A step: what it rests on is of the input, of the lock, or a rule without a place.
#[derive(Serialize)]
struct JsonStep<'a> {
    from: &'static str,
    what: &'a str,
    #[serde(flatten)]
    place: Option<JsonPlace>,
}

/// A line, counted from 1.
#[derive(Clone, Serialize)]
struct JsonPlace {
    file: String,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    text: String,
}

impl JsonPlace {
    fn of_leaf(leaf: &Leaf, out: &Path) -> Self {
        Self { file: shown(&out.join(&leaf.file)), line: leaf.line, column: None, text: leaf.text.clone() }
    }

    fn of_span(span: Span, sources: &Sources) -> Option<Self> {
        let file = sources.file(span.file)?;
        let before = file.text.get(..span.start as usize)?;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let text = file.text.get(start..)?.lines().next().unwrap_or_default().trim().to_owned();
        let column = before.get(start..)?.chars().count() + 1;
        Some(Self {
            file: file.path.clone(),
            line: before.matches('\n').count() + 1,
            column: Some(column),
            text,
        })
    }

    fn of_lock(section: &str, words: &[String], scene: &Scene<'_>) -> Option<Self> {
        let (line, text) = lock_line(scene.lock, section, words)?;
        Some(Self { file: shown(&scene.place.lock), line, column: None, text: text.to_owned() })
    }
}

impl std::fmt::Display for JsonPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, line, column, text } = self;
        let column = column.map(|column| format!(":{column}")).unwrap_or_default();
        write!(f, "{file}:{line}{column}: {text}")
    }
}

impl<'a> JsonStep<'a> {
    fn new(Step { what, source }: &'a Step, scene: &Scene<'_>) -> Self {
        let (from, place) = match source {
            Source::Input(span, _) => ("input", JsonPlace::of_span(*span, scene.sources)),
            Source::Lock(section, words) => ("lock", JsonPlace::of_lock(section, words, scene)),
            Source::Rule => ("rule", None),
        };
        Self { from, what, place }
    }
}

/// Writes explanations.
pub(super) fn show(scene: &Scene<'_>, json: bool, streams: &mut Streams) -> Result<()> {
    let out = &scene.place.out;
    if json {
        let mut values = Vec::new();
        for Shown { values: own, steps, holder } in scene.list {
            values.extend(own.iter().map(|(leaf, value)| JsonValue {
                folder: &leaf.unit,
                path: &leaf.path,
                value,
                written: JsonPlace::of_leaf(leaf, out),
                literal: holder.as_ref().map(|holder| JsonPlace::of_leaf(holder, out)),
                because: steps.iter().map(|step| JsonStep::new(step, scene)).collect(),
            }));
        }
        serde_json::to_writer_pretty(&mut streams.out, &values)?;
        writeln!(streams.out)?;
        return Ok(());
    }
    for (i, Shown { values, steps, holder }) in scene.list.iter().enumerate() {
        if i > 0 {
            writeln!(streams.out)?;
        }
        for (leaf, value) in values {
            writeln!(streams.out, "{} = {value}", leaf.path)?;
        }
        for step in steps {
            let JsonStep { from: _, what, place } = JsonStep::new(step, scene);
            match place {
                Some(place) => writeln!(streams.out, "  {place}\n      {what}")?,
                None => writeln!(streams.out, "  {what}")?,
            }
        }
        if let Some(holder) = holder {
            writeln!(streams.out, "  {}\n      the literal", JsonPlace::of_leaf(holder, out))?;
        }
        if let Some((leaf, _)) = values.first() {
            let what = if holder.is_some() { "refers to it" } else { "the literal" };
            writeln!(streams.out, "  {}\n      {what}", JsonPlace::of_leaf(leaf, out))?;
        }
    }
    Ok(())
}

/// Says which template makes a file: what stands there is a person's.
pub(super) fn made_by(
    file: &Path,
    line: usize,
    template: &Path,
    json: bool,
    streams: &mut Streams,
) -> Result<Answer> {
    let (file, template) = (shown(file), shown(template));
    if json {
        let value = serde_json::json!({ "file": file, "line": line, "template": template });
        serde_json::to_writer_pretty(&mut streams.out, &value)?;
        writeln!(streams.out)?;
    } else {
        writeln!(streams.out, "{file}:{line} is made by the template {template}")?;
    }
    Ok(Answer::Yes)
}

/// Lists values without their reasons.
pub(super) fn list(
    leaves: &[Leaf],
    emitted: &Emitted<'_>,
    place: &Place,
    json: bool,
    streams: &mut Streams,
) -> Result<Answer> {
    #[derive(Serialize)]
    struct Line<'a> {
        path: &'a str,
        value: String,
        written: JsonPlace,
    }
    let value = |leaf: &Leaf| emitted.resolve(leaf).0;
    if json {
        let mut lines = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            let written = JsonPlace::of_leaf(leaf, &place.out);
            lines.push(Line { path: &leaf.path, value: value(leaf), written });
        }
        serde_json::to_writer_pretty(&mut streams.out, &lines)?;
        writeln!(streams.out)?;
        return Ok(Answer::Yes);
    }
    let row = |leaf: &Leaf| {
        let file = shown(&place.out.join(&leaf.file));
        [leaf.path.clone(), value(leaf), format!("{file}:{}", leaf.line)]
    };
    let rows: Vec<[String; 3]> = leaves.iter().map(row).collect();
    write_table(&mut streams.out, ["PATH", "VALUE", "PLACE"], &rows)?;
    Ok(Answer::Yes)
}
