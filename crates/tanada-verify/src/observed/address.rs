use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The address of an instance in its root, in Terraform's words: `module.vpc.aws_subnet.this["private-a"]`.
///
/// Ordered as text. A map by address can be asked with a `&str`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// The address as Terraform prints it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Borrow<str> for Address {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What tells an instance from the others of its block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A block without `count` and `for_each`.
    Only,
    /// One of a `count`, from 0.
    Index(u32),
    /// One of a `for_each`.
    Name(Arc<str>),
}

impl Key {
    /// The key of a `for_each`.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Only | Self::Index(_) => None,
        }
    }
}

impl fmt::Display for Key {
    /// As in an address: nothing, `[0]` or `["private-a"]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only => Ok(()),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Name(name) => {
                f.write_str("[\"")?;
                quoted(name, f)?;
                f.write_str("\"]")
            }
        }
    }
}

/// A text between the quotes of an address.
fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\', '\n', '\r', '\t', '$', '%']) {
        let (before, after) = rest.split_at(at);
        f.write_str(before)?;
        let mut chars = after.chars();
        let template = after.get(1..2) == Some("{");
        match chars.next() {
            Some('\n') => f.write_str("\\n")?,
            Some('\r') => f.write_str("\\r")?,
            Some('\t') => f.write_str("\\t")?,
            Some('$') if template => f.write_str("$$")?,
            Some('%') if template => f.write_str("%%")?,
            Some('"') => f.write_str("\\\"")?,
            Some('\\') => f.write_str("\\\\")?,
            Some(other) => write!(f, "{other}")?,
            None => {}
        }
        rest = chars.as_str();
    }
    f.write_str(rest)
}
