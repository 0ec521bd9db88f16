//! Standard output for data, standard error for talk.

use std::env;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, StderrLock, StdoutLock, Write};

use tanada_model::diagnostic::Style;

/// Where a command writes.
#[derive(Debug)]
pub struct Streams {
    /// What was asked for.
    pub out: Output<BufWriter<StdoutLock<'static>>>,
    /// How findings look on standard output.
    pub out_style: Style,
    /// How findings look on standard error.
    pub err_style: Style,
}

impl Streams {
    /// The process's own, both locked or buffered once.
    pub fn standard() -> Self {
        let style = |terminal| if terminal && colour_is_welcome() { Style::Colour } else { Style::Plain };
        Self {
            out: Output::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
            out_style: style(io::stdout().is_terminal()),
            err_style: style(io::stderr().is_terminal()),
        }
    }

    /// Writes on standard error; when nobody reads it there is nobody to tell.
    pub fn tell(&mut self, text: impl fmt::Display) {
        let mut err: StderrLock<'_> = io::stderr().lock();
        let _ = writeln!(err, "{text}");
    }
}

/// <https://no-color.org>, and terminals that have none.
fn colour_is_welcome() -> bool {
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    !no_colour && !dumb
}

/// A writer whose reader may go away: what is written after that is dropped, so that `tanada list | head -1` is quiet
/// and the exit status still says what it would have said.
#[derive(Debug)]
pub struct Output<W> {
    inner: W,
    closed: bool,
}

impl<W: Write> Output<W> {
    /// Around a writer.
    pub fn new(inner: W) -> Self {
        Self { inner, closed: false }
    }

    /// Whether the reader has gone, so that no more need be made.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    fn note<T>(&mut self, result: io::Result<T>, dropped: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(dropped)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.note(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.note(flushed, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error() {
        let mut output = Output::new(Gone);
        assert!(!output.is_closed());
        writeln!(output, "x").unwrap();
        assert!(output.is_closed());
        output.flush().unwrap();
    }
}
