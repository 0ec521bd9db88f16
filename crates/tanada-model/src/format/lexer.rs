use super::token::{Kind, Token};

/// What the characters at hand belong to.
enum Mode<'a> {
    /// Code, at the top level (`template: false`) or inside `${ }` or `%{ }`.
    Code { braces: usize, template: bool },
    /// Between two quotes.
    Quoted,
    /// Inside a heredoc that this word ends.
    Heredoc { marker: &'a str },
}

/// Cuts a text into tokens.
///
/// # Errors
/// The byte offset at which no token begins, or the end of the text when a string, comment or template is open there.
pub(super) fn lex(text: &str) -> Result<Vec<Token<'_>>, usize> {
    let mut lexer =
        Lexer { text, at: 0, modes: vec![Mode::Code { braces: 0, template: false }], tokens: Vec::new() };
    while lexer.at < text.len() {
        let stuck = lexer.at;
        match lexer.modes.last() {
            Some(Mode::Code { .. }) => lexer.code()?,
            Some(Mode::Quoted) => lexer.quoted(),
            Some(&Mode::Heredoc { marker }) => lexer.heredoc(marker),
            None => return Err(lexer.at),
        }
        if lexer.at == stuck {
            return Err(stuck);
        }
    }
    match lexer.modes.as_slice() {
        [Mode::Code { .. }] => Ok(lexer.tokens),
        _ => Err(text.len()),
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    modes: Vec<Mode<'a>>,
    tokens: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the next `length` bytes as a token.
    fn push(&mut self, kind: Kind, length: usize) {
        let end = self.at + length;
        if let Some(text) = self.text.get(self.at..end).filter(|text| !text.is_empty()) {
            self.tokens.push(Token::new(kind, text));
            self.at = end;
        }
    }

    /// One token of code, with the white space before it.
    fn code(&mut self) -> Result<(), usize> {
        let rest = self.rest();
        let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.at += space;
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(());
        }
        let count = self.tokens.len();
        let (kind, length) = self.recognise(rest)?;
        self.push(kind, length);
        self.switch(kind, rest.get(..length).unwrap_or_default());
        if let Some(token) = self.tokens.get_mut(count) {
            token.space = space;
        }
        Ok(())
    }

    fn recognise(&self, rest: &str) -> Result<(Kind, usize), usize> {
        let closes = matches!(self.modes.last(), Some(Mode::Code { braces: 0, template: true }));
        if closes && rest.starts_with("~}") {
            return Ok((Kind::TemplateClose, 2));
        }
        if closes && rest.starts_with('}') {
            return Ok((Kind::TemplateClose, 1));
        }
        if let Some(found) = fixed(rest) {
            return Ok(found);
        }
        let open = self.text.len();
        match rest.chars().next() {
            Some('#') => Ok((Kind::Comment, line_length(rest))),
            Some('/') if rest.starts_with("//") => Ok((Kind::Comment, line_length(rest))),
            Some('/') if rest.starts_with("/*") => {
                let body = rest.get(2..).unwrap_or_default();
                body.find("*/").map(|end| (Kind::Comment, end + 4)).ok_or(open)
            }
            Some('/') => Ok((Kind::Operator, 1)),
            Some('<') => heredoc_opening(rest)
                .map(|length| (Kind::HeredocOpen, length))
                .or_else(|| Some((Kind::Operator, if rest.starts_with("<=") { 2 } else { 1 })))
                .ok_or(self.at),
            Some(c) if c.is_ascii_digit() => Ok((Kind::Number, number_length(rest))),
            Some(c) if is_word(c) => {
                Ok((Kind::Word, rest.find(|c| !is_word(c) && c != '-').unwrap_or(rest.len())))
            }
            Some(_) | None => Err(self.at),
        }
    }

    /// Enters or leaves a mode after a token of code.
    fn switch(&mut self, kind: Kind, text: &'a str) {
        if kind == Kind::TemplateClose {
            self.modes.pop();
        } else if kind == Kind::QuoteOpen {
            self.modes.push(Mode::Quoted);
        } else if kind == Kind::HeredocOpen {
            let marker = text.trim_start_matches('<').trim_start_matches('-').trim();
            self.modes.push(Mode::Heredoc { marker });
        } else if let Some(Mode::Code { braces, .. }) = self.modes.last_mut() {
            if kind == Kind::BraceOpen {
                *braces += 1;
            } else if kind == Kind::BraceClose {
                *braces = braces.saturating_sub(1);
            }
        }
    }

    /// Text of a string up to its end or to the next template.
    fn quoted(&mut self) {
        let rest = self.rest();
        let mut length = 0;
        while let Some(c) = rest.get(length..).and_then(|rest| rest.chars().next()) {
            let here = rest.get(length..).unwrap_or_default();
            if c == '"' || template_opening(here).is_some() {
                break;
            }
            length += if c == '\\' {
                1 + here.get(1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
            } else {
                literal_step(here, c)
            };
        }
        self.push(Kind::Literal, length);
        if self.rest().starts_with('"') {
            self.push(Kind::QuoteClose, 1);
            self.modes.pop();
        } else {
            self.template();
        }
    }

    /// One line of a heredoc, or what is left of it, up to the next template.
    fn heredoc(&mut self, marker: &str) {
        let rest = self.rest();
        let line = rest.get(..line_length(rest)).unwrap_or_default();
        let line_start = self.text.get(..self.at).is_some_and(|before| before.ends_with('\n'))
            && !matches!(self.tokens.last(), Some(token) if token.kind == Kind::TemplateClose);
        if line_start && line.ends_with('\n') && line.trim() == marker {
            self.push(Kind::HeredocClose, line.trim_end_matches('\n').trim_end_matches('\r').len());
            self.modes.pop();
            return;
        }
        let mut length = 0;
        while let Some(here) = line.get(length..).filter(|here| !here.is_empty()) {
            if template_opening(here).is_some() {
                break;
            }
            length += literal_step(here, here.chars().next().unwrap_or(' '));
        }
        self.push(Kind::Literal, length);
        if length < line.len() {
            self.template();
        }
    }

    /// `${` or `%{`, when it stands here.
    fn template(&mut self) {
        if let Some((kind, length)) = template_opening(self.rest()) {
            self.push(kind, length);
            self.modes.push(Mode::Code { braces: 0, template: true });
        }
    }
}

/// Tokens with one spelling, the longest first.
fn fixed(rest: &str) -> Option<(Kind, usize)> {
    const SPELLINGS: [(&str, Kind); 33] = [
        ("...", Kind::Ellipsis),
        ("\r\n", Kind::Newline),
        ("::", Kind::Scope),
        ("=>", Kind::Arrow),
        ("==", Kind::Operator),
        ("!=", Kind::Operator),
        (">=", Kind::Operator),
        ("&&", Kind::Operator),
        ("||", Kind::Operator),
        ("\n", Kind::Newline),
        ("\"", Kind::QuoteOpen),
        ("(", Kind::ParenOpen),
        (")", Kind::ParenClose),
        ("[", Kind::BracketOpen),
        ("]", Kind::BracketClose),
        ("{", Kind::BraceOpen),
        ("}", Kind::BraceClose),
        (",", Kind::Comma),
        (".", Kind::Dot),
        (":", Kind::Colon),
        ("?", Kind::Question),
        ("=", Kind::Assign),
        ("-", Kind::Minus),
        ("!", Kind::Bang),
        ("+", Kind::Operator),
        ("*", Kind::Operator),
        ("%", Kind::Operator),
        (">", Kind::Operator),
        ("&", Kind::Operator),
        ("|", Kind::Operator),
        ("^", Kind::Operator),
        ("~", Kind::Operator),
        (";", Kind::Operator),
    ];
    SPELLINGS
        .iter()
        .find(|(spelling, _)| rest.starts_with(spelling))
        .map(|(spelling, kind)| (*kind, spelling.len()))
}

/// A character of a word, the hyphen aside. What is not ASCII is left to the parser to judge.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && !c.is_whitespace())
}

/// Bytes up to and with the next newline.
fn line_length(rest: &str) -> usize {
    rest.find('\n').map_or(rest.len(), |end| end + 1)
}

/// Bytes of a number: digits, perhaps a fraction, perhaps an exponent.
fn number_length(rest: &str) -> usize {
    let digits = |from: usize| {
        let tail = rest.get(from..).unwrap_or_default();
        tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len())
    };
    let mut length = digits(0);
    if rest.get(length..).is_some_and(|tail| tail.starts_with('.')) && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if rest.get(length..).is_some_and(|tail| tail.starts_with(['e', 'E'])) {
        let sign = usize::from(rest.get(length + 1..).is_some_and(|tail| tail.starts_with(['+', '-'])));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// Bytes of `<<NAME` or `<<-NAME` with its newline.
fn heredoc_opening(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("<<")?;
    let name = after.strip_prefix('-').unwrap_or(after);
    let length = name.find(|c| !is_word(c) && c != '-').filter(|&length| length > 0)?;
    let tail = name.get(length..)?;
    let newline = if tail.starts_with("\r\n") { 2 } else { usize::from(tail.starts_with('\n')) };
    (newline > 0).then(|| rest.len() - tail.len() + newline)
}

/// Kind and bytes of the template that opens here.
fn template_opening(here: &str) -> Option<(Kind, usize)> {
    let kind = if here.starts_with("${") {
        Kind::InterpolationOpen
    } else if here.starts_with("%{") {
        Kind::DirectiveOpen
    } else {
        return None;
    };
    Some((kind, if here.get(2..).is_some_and(|tail| tail.starts_with('~')) { 3 } else { 2 }))
}

/// Bytes of literal text that are taken at once: a character, or an escaped `$${` or `%%{`.
fn literal_step(here: &str, first: char) -> usize {
    if here.starts_with("$${") || here.starts_with("%%{") { 3 } else { first.len_utf8() }
}
