use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Place, Severity, Sources};

/// How [`render`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequence.
    Plain,
    /// Colours of a terminal; legible without, since nothing is said by colour alone.
    Colour,
}

/// One finding as text: severity, code, message, `file:line:column`, the line underlined, and the help.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let Diagnostic { code, message, places, help } = diagnostic;
    let level = match code.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let mut group = Group::with_title(level.primary_title(message.as_str()).id(code.name));
    let mut paths = Vec::new();
    for (at, (place, words)) in places.iter().enumerate() {
        match place {
            Place::Path(path) => paths.push(path.as_str()),
            Place::Span(span) => {
                let Some(file) = sources.file(span.file) else { continue };
                let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let mut annotation = kind.span(clamp(span.range(), &file.text));
                if !words.is_empty() {
                    annotation = annotation.label(words.as_str());
                }
                group = group.element(
                    Snippet::source(file.text.as_str())
                        .path(file.path.as_str())
                        .fold(true)
                        .annotation(annotation),
                );
            }
        }
    }
    for path in &paths {
        group = group.element(annotate_snippets::Origin::path(*path));
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

/// A span that the text can hold, on character boundaries.
fn clamp(range: std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
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
