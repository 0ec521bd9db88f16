use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, FileId, Place, Severity, SourceFile, Sources};

/// How [`render`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequence.
    Plain,
    /// Colours of a terminal; legible without, since nothing is said by colour alone.
    Colour,
}

/// Places of one file that are shown in one snippet when they lie within this many bytes: what lies between is read to
/// number its lines.
const WINDOW: usize = 64 << 10;

/// Places in one file, close to each other, in the order in which they were given.
struct Excerpt<'a> {
    file: FileId,
    source: &'a SourceFile,
    places: Vec<(Range<usize>, &'a str, AnnotationKind)>,
}

/// One finding as text: severity, code, message, `file:line:column`, the line underlined, and the help. Several places
/// in one file share a snippet.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let Diagnostic { code, message, places, help } = diagnostic;
    let level = match code.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let mut group = Group::with_title(level.primary_title(message.as_str()).id(code.name));
    let mut paths = Vec::new();
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    for (i, (place, words)) in places.iter().enumerate() {
        match place {
            Place::Path(path) => paths.push(path.as_str()),
            Place::Span(span) => {
                let Some(source) = sources.file(span.file) else { continue };
                let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let place = (clamp(span.range(), &source.text), words.as_str(), kind);
                match excerpts.iter_mut().find(|excerpt| excerpt.file == span.file && excerpt.near(&place.0))
                {
                    Some(excerpt) => excerpt.places.push(place),
                    None => excerpts.push(Excerpt { file: span.file, source, places: vec![place] }),
                }
            }
        }
    }
    for excerpt in &excerpts {
        group = group.element(excerpt.snippet());
    }
    for path in &paths {
        group = group.element(Origin::path(*path));
    }
    for line in help {
        group = group.element(Level::HELP.message(line.as_str()));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    renderer.render(&[group])
}

impl<'a> Excerpt<'a> {
    fn near(&self, place: &Range<usize>) -> bool {
        self.places.iter().all(|(own, _, _)| own.start.abs_diff(place.start) <= WINDOW)
    }

    /// The lines around the places only, so that a finding in a long file costs no more than one in a short file.
    fn snippet(&self) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let text = self.source.text.as_str();
        let first = self.places.iter().map(|(place, _, _)| place.start).min().unwrap_or(0);
        let last = self.places.iter().map(|(place, _, _)| place.end).max().unwrap_or(0);
        let before = text.get(..first).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let end =
            text.get(last..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| last + newline);
        let annotation = |(place, words, kind): &(Range<usize>, &'a str, AnnotationKind)| {
            let annotation = kind.span(place.start - start..place.end - start);
            if words.is_empty() { annotation } else { annotation.label(*words) }
        };
        Snippet::source(text.get(start..end).unwrap_or_default())
            .line_start(before.matches('\n').count() + 1)
            .path(self.source.path.as_str())
            .fold(true)
            .annotations(self.places.iter().map(annotation))
    }
}

/// A span that the text can hold, on character boundaries.
fn clamp(range: Range<usize>, text: &str) -> Range<usize> {
    let floor = |mut n: usize| {
        n = n.min(text.len());
        while !text.is_char_boundary(n) {
            n -= 1;
        }
        n
    };
    let start = floor(range.start);
    start..floor(range.end).max(start)
}
