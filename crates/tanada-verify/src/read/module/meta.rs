//! References that are names and not values: addresses and provider configurations.

use std::fmt::Write;

use super::declare::Wrong;
use crate::observed::{Address, Key};
use crate::syntax::{Expr, Kind, Name, Step};

/// The address that an expression of a `moved`, `removed` or `import` block is.
pub(super) fn address(expr: &Expr) -> Result<Address, Wrong> {
    path(expr).map(Address::from).ok_or_else(|| (expr.line, "an address is missing".to_owned()))
}

/// The provider configuration that an expression names: `aws` or `aws.hub`.
pub(super) fn provider_name(expr: &Expr) -> Result<Name, Wrong> {
    // The key of a map is a text.
    let name = expr.text().map_or_else(|| path(expr), |name| Some(name.to_string()));
    let fits = |name: &String| name.matches('.').count() < 2 && !name.contains('[');
    let name =
        name.filter(fits).ok_or_else(|| (expr.line, "a provider configuration is missing".to_owned()))?;
    Ok(name.into())
}

/// A reference as Terraform prints it.
fn path(expr: &Expr) -> Option<String> {
    let (base, steps) = expr.path();
    let mut text = base.variable()?.to_string();
    for step in steps {
        let written = match step {
            Step::Name(name) => write!(text, ".{name}"),
            Step::Index(Expr { kind: Kind::Text(name), .. }) => write!(text, "{}", Key::Name(name.clone())),
            Step::Index(Expr { kind: Kind::Number(number), .. }) => write!(text, "[{number}]"),
            Step::Index(_) | Step::Splat => return None,
        };
        written.ok()?;
    }
    Some(text)
}
