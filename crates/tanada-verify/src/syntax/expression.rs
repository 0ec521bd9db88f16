//! Expressions, by precedence: conditional, or, and, equality, comparison, not and minus, steps.

use super::scan::{Parsed, Scan};
use super::{Binary, Entry, Expr, For, Kind, Operator, Step};

/// Operators and how strongly they bind. What begins like another one stands before it.
const OPERATORS: [(&str, Operator, u8); 8] = [
    ("||", Operator::Or, 0),
    ("&&", Operator::And, 1),
    ("==", Operator::Equal, 2),
    ("!=", Operator::Different, 2),
    ("<=", Operator::LessOrEqual, 3),
    (">=", Operator::GreaterOrEqual, 3),
    ("<", Operator::Less, 3),
    (">", Operator::Greater, 3),
];

impl Scan<'_, '_> {
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.deeper(Self::conditional)
    }

    fn conditional(&mut self) -> Parsed<Expr> {
        let condition = self.operation(0)?;
        self.space()?;
        if !self.take(b'?') {
            return Ok(condition);
        }
        let line = condition.line;
        self.space()?;
        let yes = self.expression()?;
        self.space()?;
        self.expect(b':')?;
        self.space()?;
        let no = self.expression()?;
        Ok(Expr { kind: Kind::Conditional(Box::new([condition, yes, no])), line })
    }

    /// A value and everything that operators that bind at least so strongly make of it.
    fn operation(&mut self, least: u8) -> Parsed<Expr> {
        let mut left = self.unary()?;
        let mut length = 0;
        loop {
            self.space()?;
            // Most values end here.
            if !matches!(self.peek(), Some(b'|' | b'&' | b'=' | b'!' | b'<' | b'>')) {
                break;
            }
            let found = OPERATORS.iter().find(|(sign, ..)| self.rest().starts_with(sign));
            let Some((sign, operator, strength)) = found.filter(|(.., strength)| *strength >= least) else {
                break;
            };
            // What is chained is as deep as what is nested.
            length += 1;
            if length > super::scan::DEEPEST {
                return Err(self.error("too many operators in one value"));
            }
            self.at += sign.len();
            self.space()?;
            let right = self.operation(strength + 1)?;
            let line = left.line;
            left = Expr { kind: Kind::Binary(Box::new(Binary { operator: *operator, left, right })), line };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let line = self.line;
        let kind: fn(Box<Expr>) -> Kind = match self.peek() {
            Some(b'!') => Kind::Not,
            Some(b'-') => Kind::Negate,
            Some(_) | None => return self.steps(),
        };
        self.at += 1;
        self.space()?;
        let inner = self.deeper(Self::unary)?;
        Ok(Expr { kind: kind(Box::new(inner)), line })
    }

    fn steps(&mut self) -> Parsed<Expr> {
        let base = self.primary()?;
        let line = base.line;
        let mut steps = Vec::new();
        loop {
            match (self.peek(), self.peek_second()) {
                (Some(b'.'), Some(b'.')) => break,
                (Some(b'.'), Some(b'*')) => {
                    self.at += 2;
                    steps.push(Step::Splat);
                }
                (Some(b'.'), _) => {
                    self.at += 1;
                    let name = self.name().ok_or_else(|| self.unexpected("the name of an attribute"))?;
                    steps.push(Step::Name(name));
                }
                (Some(b'['), Some(b'*')) => {
                    self.at += 2;
                    self.expect(b']')?;
                    steps.push(Step::Splat);
                }
                (Some(b'['), _) => {
                    self.at += 1;
                    let key = self.within(false, Self::index)?;
                    steps.push(Step::Index(key));
                }
                _ => break,
            }
        }
        Ok(if steps.is_empty() { base } else { Expr { kind: Kind::Traverse(Box::new(base), steps), line } })
    }

    fn index(&mut self) -> Parsed<Expr> {
        self.space()?;
        let key = self.expression()?;
        self.space()?;
        self.expect(b']')?;
        Ok(key)
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let line = self.line;
        let kind = match self.peek() {
            Some(b'"') => return self.quoted(),
            Some(b'[') => {
                self.at += 1;
                self.within(false, Self::list)?
            }
            Some(b'{') => {
                self.at += 1;
                self.within(true, Self::object)?
            }
            Some(b'(') => {
                self.at += 1;
                return self.within(false, |scan| {
                    scan.space()?;
                    let inner = scan.expression()?;
                    scan.space()?;
                    scan.expect(b')')?;
                    Ok(inner)
                });
            }
            Some(b'0'..=b'9') => self.number()?,
            Some(b'<') if self.rest().starts_with("<<") => return Err(self.error("a heredoc is not read")),
            Some(_) | None => return self.named(line),
        };
        Ok(Expr { kind, line })
    }

    fn number(&mut self) -> Parsed<Kind> {
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..length).and_then(|digits| digits.parse().ok());
        let after = rest.as_bytes().get(length..).unwrap_or_default();
        let fraction = matches!(after, [b'e' | b'E', ..])
            || matches!(after, [b'.', digit, ..] if digit.is_ascii_digit());
        match number.filter(|_| !fraction) {
            Some(number) => {
                self.at += length;
                Ok(Kind::Number(number))
            }
            None => Err(self.error("only whole numbers of at most 64 bits are read")),
        }
    }

    /// A constant, a reference or a call.
    fn named(&mut self, line: u32) -> Parsed<Expr> {
        let Some(word) = self.word() else { return Err(self.unexpected("a value")) };
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            name => {
                let name = self.names.share(name);
                if self.take_all("::") {
                    return Err(self.error("functions of providers are not read"));
                }
                if self.take(b'(') {
                    self.within(false, |scan| scan.call(name))?
                } else {
                    Kind::Variable(name)
                }
            }
        };
        Ok(Expr { kind, line })
    }

    fn call(&mut self, name: super::Name) -> Parsed<Kind> {
        let mut arguments = Vec::new();
        let mut expand = false;
        loop {
            self.space()?;
            if self.take(b')') {
                return Ok(Kind::Call { name, arguments, expand });
            }
            arguments.push(self.expression()?);
            self.space()?;
            expand = self.take_all("...");
            self.space()?;
            if !self.take(b',') || expand {
                self.space()?;
                self.expect(b')')?;
                return Ok(Kind::Call { name, arguments, expand });
            }
        }
    }

    fn list(&mut self) -> Parsed<Kind> {
        self.space()?;
        if self.keyword("for") {
            let made = self.made_by_for(false)?;
            self.expect(b']')?;
            return Ok(Kind::For(Box::new(made)));
        }
        let mut items = Vec::new();
        loop {
            self.space()?;
            if self.take(b']') {
                return Ok(Kind::List(items));
            }
            items.push(self.expression()?);
            self.space()?;
            if !self.take(b',') {
                self.expect(b']')?;
                return Ok(Kind::List(items));
            }
        }
    }

    fn object(&mut self) -> Parsed<Kind> {
        self.lines()?;
        if self.keyword("for") {
            // Line ends matter between the entries of an object, not in this.
            self.lines_matter = false;
            let made = self.made_by_for(true)?;
            self.expect(b'}')?;
            return Ok(Kind::For(Box::new(made)));
        }
        let mut entries = Vec::new();
        loop {
            self.lines()?;
            if self.take(b'}') {
                return Ok(Kind::Object(entries));
            }
            let key = self.key()?;
            self.space()?;
            if !self.take(b':') {
                self.expect(b'=')?;
            }
            self.space()?;
            let value = self.expression()?;
            entries.push(Entry { key, value });
            self.space()?;
            match (self.peek(), self.peek_second()) {
                (Some(b','), _) => self.at += 1,
                (Some(b'\n' | b'}'), _) | (Some(b'\r'), Some(b'\n')) => {}
                _ => return Err(self.unexpected("`,` or `}`")),
            }
        }
    }

    fn key(&mut self) -> Parsed<Expr> {
        let line = self.line;
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'(') => self.primary(),
            Some(_) | None => {
                let name = self.name().ok_or_else(|| self.unexpected("a key"))?;
                if !self.take(b'.') {
                    return Ok(Expr { kind: Kind::Text(name), line });
                }
                // `aws.hub = aws`, in the providers of a module.
                let second = self.name().ok_or_else(|| self.unexpected("a name"))?;
                let base = Expr { kind: Kind::Variable(name), line };
                Ok(Expr { kind: Kind::Traverse(Box::new(base), vec![Step::Name(second)]), line })
            }
        }
    }

    /// What follows the word `for`, up to the closing bracket.
    fn made_by_for(&mut self, map: bool) -> Parsed<For> {
        self.space()?;
        let first = self.name().ok_or_else(|| self.unexpected("a name"))?;
        self.space()?;
        let (key, value) = if self.take(b',') {
            self.space()?;
            let second = self.name().ok_or_else(|| self.unexpected("a name"))?;
            self.space()?;
            (Some(first), second)
        } else {
            (None, first)
        };
        if !self.keyword("in") {
            return Err(self.unexpected("`in`"));
        }
        self.space()?;
        let collection = self.expression()?;
        self.space()?;
        self.expect(b':')?;
        self.space()?;
        let mut result = self.expression()?;
        let mut result_key = None;
        self.space()?;
        if map {
            if !self.take_all("=>") {
                return Err(self.unexpected("`=>`"));
            }
            self.space()?;
            result_key = Some(std::mem::replace(&mut result, self.expression()?));
            self.space()?;
        }
        let condition = if self.keyword("if") {
            self.space()?;
            Some(self.expression()?)
        } else {
            None
        };
        self.space()?;
        Ok(For { key, value, collection, result_key, result, condition })
    }
}
