use super::token::Kind;

/// Whether a space stands between two tokens of one line.
///
/// `before` is the token in front of `left`; it tells a subtraction from a negation.
pub(super) fn separated(before: Option<(Kind, &str)>, left: (Kind, &str), right: Kind) -> bool {
    let (kind, word) = left;
    if right == Kind::Newline || glued(kind, right) {
        return false;
    }
    if kind == Kind::Comma {
        return true;
    }
    if word == "in" && matches!(before, Some((Kind::Word, _))) {
        return true;
    }
    if right == Kind::BracketOpen && is_index(kind) {
        return false;
    }
    if kind == Kind::Minus {
        return is_subtraction(before);
    }
    if matches!(kind, Kind::ParenOpen | Kind::BracketOpen)
        || matches!(right, Kind::ParenClose | Kind::BracketClose)
    {
        return false;
    }
    if is_brace(kind) || is_brace(right) {
        return !(kind == Kind::BraceOpen && right == Kind::BraceClose);
    }
    kind != Kind::Bang && kind != Kind::TemplateClose && kind.nesting() <= 0 && right.nesting() >= 0
}

/// Pairs that touch whatever stands around them.
fn glued(left: Kind, right: Kind) -> bool {
    matches!(left, Kind::Dot | Kind::Scope | Kind::QuoteOpen | Kind::HeredocOpen | Kind::Literal)
        || matches!(
            right,
            Kind::Dot
                | Kind::Scope
                | Kind::Comma
                | Kind::Ellipsis
                | Kind::Literal
                | Kind::QuoteClose
                | Kind::HeredocClose
        )
        || (left == Kind::Word && right == Kind::ParenOpen)
}

/// Whether `[` after this token is an index.
fn is_index(left: Kind) -> bool {
    matches!(left, Kind::Word | Kind::Number) || left.nesting() < 0
}

fn is_brace(kind: Kind) -> bool {
    matches!(kind, Kind::BraceOpen | Kind::BraceClose)
}

/// Whether a minus after this token has a left operand.
fn is_subtraction(before: Option<(Kind, &str)>) -> bool {
    before.is_some_and(|(kind, _)| {
        !matches!(
            kind,
            Kind::ParenOpen
                | Kind::BracketOpen
                | Kind::BraceOpen
                | Kind::Assign
                | Kind::Colon
                | Kind::Comma
                | Kind::Question
                | Kind::Operator
                | Kind::Minus
        )
    })
}
