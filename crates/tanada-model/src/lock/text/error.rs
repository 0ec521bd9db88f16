use std::ops::Range;

use thiserror::Error;

use super::{FORMAT, RESOLUTION};
use crate::diagnostic::{Code, Diagnostic, FileId, Severity, Span};

const fn code(name: &'static str, explanation: &'static str) -> Code {
    Code { name, severity: Severity::Error, explanation }
}

const CONFLICT: Code = code(
    "lock-conflict",
    "The lock holds the marks of a merge that git could not finish. Two branches claimed the same addresses; whoever \
     is merged second gets others.",
);
const SYNTAX: Code =
    code("lock-syntax", "The lock is not HCL, so what earlier runs promised cannot be read.");
const TRUNCATED: Code = code(
    "lock-truncated",
    "The lock does not end with its end mark. Claims behind the cut would be handed out again.",
);
const FUTURE: Code = code(
    "lock-format",
    "The lock says no format, or one that this program is too old for. Reading it by half would lose claims.",
);
const UNKNOWN: Code =
    code("lock-unknown", "The lock holds a section or attribute that is not part of its format.");
const VALUE: Code = code("lock-value", "A value of the lock is missing or is not what its attribute takes.");
const OVERLAP: Code = code("lock-overlap", "Two entries of the lock claim the same addresses.");
const DUPLICATE: Code = code("lock-duplicate", "Two entries of the lock have one name.");

/// Every code that reading a lock can raise.
pub const CODES: &[Code] = &[CONFLICT, SYNTAX, TRUNCATED, FUTURE, UNKNOWN, VALUE, OVERLAP, DUPLICATE];

/// Why a lock cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {kind}")]
pub struct LockError {
    /// What is wrong.
    pub kind: LockErrorKind,
    /// Line of the text, from 1.
    pub line: usize,
    /// Bytes of the text.
    pub span: Range<usize>,
}

/// What is wrong with a lock.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LockErrorKind {
    /// A merge that git could not finish.
    #[error("the lock holds conflict markers")]
    Conflict,
    /// Not HCL.
    #[error("the lock is not HCL: {0}")]
    Syntax(String),
    /// The end mark is missing.
    #[error("the lock was cut off: its last line is missing")]
    Truncated,
    /// `format` is missing.
    #[error("the lock does not say its format")]
    NoFormat,
    /// A format that this program does not know.
    #[error("the lock has format {0}; this program knows formats up to {FORMAT}")]
    Future(u64),
    /// A section or attribute that the format does not have.
    #[error("`{name}` is not known in {place}")]
    Unknown {
        /// What was written.
        name: String,
        /// Where, in words.
        place: &'static str,
    },
    /// An attribute without which an entry means nothing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A value that its attribute does not take.
    #[error("`{attribute}` must be {expected}")]
    Value {
        /// The attribute.
        attribute: String,
        /// What it takes, in words.
        expected: &'static str,
    },
    /// Two claims of the same addresses.
    #[error("{first} and {second} overlap")]
    Overlap {
        /// The one that stands first.
        first: String,
        /// The other.
        second: String,
    },
    /// Two entries of one name.
    #[error("{0} stands twice")]
    Duplicate(String),
}

impl LockErrorKind {
    fn code(&self) -> Code {
        match self {
            Self::Conflict => CONFLICT,
            Self::Syntax(_) => SYNTAX,
            Self::Truncated => TRUNCATED,
            Self::NoFormat | Self::Future(_) => FUTURE,
            Self::Unknown { .. } => UNKNOWN,
            Self::Missing(_) | Self::Value { .. } => VALUE,
            Self::Overlap { .. } => OVERLAP,
            Self::Duplicate(_) => DUPLICATE,
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Conflict => format!(
                "{RESOLUTION}; no block of that branch moves: `git checkout --ours` while you are on it, `--theirs` while \
                 you merge it into a branch of yours"
            ),
            Self::Overlap { .. } | Self::Duplicate(_) => {
                format!("{RESOLUTION}; no block of that branch moves")
            }
            Self::Future(_) => "use the release of tanada that wrote it, or a newer one".to_owned(),
            Self::Syntax(_)
            | Self::Truncated
            | Self::NoFormat
            | Self::Unknown { .. }
            | Self::Missing(_)
            | Self::Value { .. } => {
                "the lock is not written by hand: restore it with `git checkout`, or rebuild \
                                     it from the generated tree with `tanada lock rebuild`"
                    .to_owned()
            }
        }
    }
}

impl LockError {
    pub(super) fn new(kind: LockErrorKind, text: &str, span: Range<usize>) -> Self {
        let start = span.start.min(text.len());
        let line =
            text.as_bytes().get(..start).unwrap_or_default().iter().filter(|&&b| b == b'\n').count() + 1;
        Self { kind, line, span: start..span.end.clamp(start, text.len()) }
    }

    /// The error as a finding, with what to do; `file` is the lock's file among the sources.
    pub fn diagnostic(&self, file: FileId) -> Diagnostic {
        let Self { kind, line: _, span } = self;
        Diagnostic::new(kind.code(), kind.to_string()).at(Span::new(file, span.clone()), "").help(kind.help())
    }
}
