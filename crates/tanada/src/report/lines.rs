//! Lines and columns of many places.

use tanada_model::diagnostic::{Place, Sources};

/// A place as programs name it. Lines and columns count from 1, columns in characters; a path as a whole has neither.
pub(super) struct At<'a> {
    pub(super) path: &'a str,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
}

/// Where the lines of each file start, so that ten thousand findings need not count from the top ten thousand times.
pub(super) struct Lines(Vec<Vec<usize>>);

impl Lines {
    pub(super) fn of(sources: &Sources) -> Self {
        let starts = |text: &str| {
            let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        };
        Self(sources.iter().map(|(_, file)| starts(&file.text)).collect())
    }

    pub(super) fn locate(&self, file: usize, text: &str, at: usize) -> (usize, usize) {
        let Some(starts) = self.0.get(file) else { return (1, 1) };
        let line = starts.partition_point(|&start| start <= at).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let before = text.get(start..at.min(text.len())).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Where a place is; `None` only for one of other sources.
    pub(super) fn at<'a>(&self, place: &'a Place, sources: &'a Sources) -> Option<At<'a>> {
        let span = match place {
            Place::Path(path) => return Some(At { path, line: None, column: None }),
            Place::Span(span) => span,
        };
        let file = sources.file(span.file)?;
        let (line, column) = self.locate(span.file.0 as usize, &file.text, span.start as usize);
        Some(At { path: &file.path, line: Some(line), column: Some(column) })
    }
}
