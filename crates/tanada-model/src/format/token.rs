use std::borrow::Cow;

/// What a [`Token`] is, as far as layout cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword; the language has no reserved words on this level.
    Word,
    Number,
    /// `"` at the start of a string.
    QuoteOpen,
    QuoteClose,
    /// `<<NAME` with the newline after it.
    HeredocOpen,
    /// The closing line of a heredoc with its own white space, without the newline after it.
    HeredocClose,
    /// Text of a string or of a heredoc.
    Literal,
    /// `${` or `${~`.
    InterpolationOpen,
    /// `%{` or `%{~`.
    DirectiveOpen,
    /// `}` or `~}` of either.
    TemplateClose,
    ParenOpen,
    ParenClose,
    BracketOpen,
    BracketClose,
    BraceOpen,
    BraceClose,
    Comma,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `::`
    Scope,
    Colon,
    Question,
    /// `=>`
    Arrow,
    /// `=`
    Assign,
    Minus,
    Bang,
    /// Any other operator, all of them binary.
    Operator,
    /// A comment to the end of its line holds the newline; one between `/*` and `*/` does not.
    Comment,
    Newline,
}

impl Kind {
    /// How many brackets the token opens (positive) or closes.
    pub(super) fn nesting(self) -> i32 {
        if matches!(
            self,
            Self::ParenOpen
                | Self::BracketOpen
                | Self::BraceOpen
                | Self::InterpolationOpen
                | Self::DirectiveOpen
        ) {
            1
        } else if matches!(
            self,
            Self::ParenClose | Self::BracketClose | Self::BraceClose | Self::TemplateClose
        ) {
            -1
        } else {
            0
        }
    }
}

/// A word of the text with the number of spaces before it. Concatenated they are the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: Cow<'a, str>,
    pub(super) space: usize,
}

impl<'a> Token<'a> {
    pub(super) fn new(kind: Kind, text: impl Into<Cow<'a, str>>) -> Self {
        Self { kind, text: text.into(), space: 0 }
    }

    /// Whether nothing can follow on the same line.
    pub(super) fn ends_line(&self) -> bool {
        self.kind == Kind::Newline || (self.kind == Kind::Comment && self.text.ends_with('\n'))
    }
}
