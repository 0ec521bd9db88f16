use std::borrow::Cow;
use std::fmt;

use thiserror::Error;

/// Words that HCL reads as something else than a name where a name stands.
const KEYWORDS: [&str; 6] = ["for", "if", "in", "null", "true", "false"];

/// A name that HCL reads as one: an ASCII letter or `_`, then letters, digits, `_` and `-`, and no keyword.
///
/// HCL allows more of Unicode; nothing that is generated needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident<'a>(Cow<'a, str>);

/// Why a text is not an [`Ident`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not an identifier")]
pub struct NotAnIdentifier(pub String);

/// An [`Ident`](crate::hcl::Ident) from a literal, checked when this program is compiled.
///
/// ```
/// assert_eq!(tanada_render::ident!("for_each").as_str(), "for_each");
/// ```
/// ```compile_fail
/// tanada_render::ident!("for each");
/// ```
#[macro_export]
macro_rules! ident {
    ($name:literal) => {
        const { $crate::hcl::Ident::literal($name) }
    };
}

impl<'a> Ident<'a> {
    /// Takes `name` as it stands.
    ///
    /// # Errors
    /// When it is not an identifier, or is a keyword of HCL's expressions.
    pub fn new(name: impl Into<Cow<'a, str>>) -> Result<Self, NotAnIdentifier> {
        Self::check(name.into()).map_err(|name| NotAnIdentifier(name.into_owned()))
    }

    /// `name` as an identifier, or as it was given.
    pub(super) fn check(name: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
        if is_ident(&name) { Ok(Self(name)) } else { Err(name) }
    }

    /// The identifier for a label of the input: `_` for `-` and for everything that no identifier holds. Different
    /// labels may meet; the input is checked for that.
    ///
    /// ```
    /// use tanada_render::hcl::Ident;
    ///
    /// assert_eq!(Ident::of_label("web-production").as_str(), "web_production");
    /// assert_eq!(Ident::of_label("1st").as_str(), "_1st");
    /// ```
    pub fn of_label(label: impl Into<Cow<'a, str>>) -> Self {
        let label = label.into();
        if !label.contains('-') && is_ident(&label) {
            return Self(label);
        }
        let mut name = label.into_owned();
        if name.bytes().any(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')) {
            name = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        }
        name = name.replace('-', "_");
        if !is_ident(&name) {
            name.insert(0, '_');
        }
        Self(name.into())
    }

    /// Use [`ident!`](crate::ident), which calls this while the program is compiled.
    ///
    /// # Panics
    /// When `name` is not an identifier.
    #[doc(hidden)]
    pub const fn literal(name: &'static str) -> Ident<'static> {
        assert!(is_ident(name), "not an identifier");
        Ident(Cow::Borrowed(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether HCL reads `name` as one plain name wherever it stands. `const`, hence the loops by hand.
const fn is_ident(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let inside = byte.is_ascii_digit() || byte == b'-';
        if !(byte.is_ascii_alphabetic() || byte == b'_' || (inside && at > 0)) {
            return false;
        }
        at += 1;
    }
    !bytes.is_empty() && !is_keyword(bytes)
}

const fn is_keyword(name: &[u8]) -> bool {
    let mut word = 0;
    while word < KEYWORDS.len() {
        let keyword = KEYWORDS[word].as_bytes();
        let mut same = 0;
        while same < keyword.len() && same < name.len() && keyword[same] == name[same] {
            same += 1;
        }
        if same == keyword.len() && same == name.len() {
            return true;
        }
        word += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "_", "for_each", "vpc-id", "x1", "forx", "fo"] {
            assert!(Ident::new(good).is_ok(), "{good}");
        }
        for bad in ["", "1a", "-a", "a b", "a.b", "日本", "for", "null", "true", "in", "a\n", "${a}"] {
            assert!(Ident::new(bad).is_err(), "{bad}");
            assert!(is_ident(Ident::of_label(bad).as_str()), "{bad}");
        }
    }
}
