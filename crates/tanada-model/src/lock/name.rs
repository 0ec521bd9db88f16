use std::fmt;
use std::str::FromStr;

/// A VPC's name in the lock: its team and its label.
///
/// Kept apart, because `a-b-c` does not tell whether the team is `a` or `a-b`, and the folder of a root that is
/// leaving has to be found after the input has forgotten both.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VpcName {
    /// The team's label.
    pub team: String,
    /// The VPC's label.
    pub label: String,
}

impl VpcName {
    /// A name of two labels.
    pub fn new(team: impl Into<String>, label: impl Into<String>) -> Self {
        Self { team: team.into(), label: label.into() }
    }

    /// `team-label`: its name on the command line and of its folder in `addresses/`.
    pub fn id(&self) -> String {
        format!("{}-{}", self.team, self.label)
    }

    /// `teams/<team>/<label>`: the folder of its root, and the path of its state unless another name was first.
    pub fn directory(&self) -> String {
        format!("teams/{}/{}", self.team, self.label)
    }
}

/// `team/label`, as in the lock.
impl fmt::Display for VpcName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.team, self.label)
    }
}

/// From `team/label`; both must be labels.
impl FromStr for VpcName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once('/') {
            Some((team, label)) if is_label(team) && is_label(label) => Ok(Self::new(team, label)),
            Some(_) | None => Err(()),
        }
    }
}

/// Whether a text is a label of the input: `[A-Za-z][A-Za-z0-9_-]{0,62}`.
pub(super) fn is_label(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 63
        && bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Whether a text is a path of a state: labels (or numbers behind one) between single slashes.
pub(super) fn is_birth(text: &str) -> bool {
    let part = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    text.len() <= 255 && text.split('/').all(|segment| !segment.is_empty() && part(segment))
}
