//! What follows from another root's change, in words.

use std::collections::BTreeMap;

use tanada_verify::changes::{Action, Elsewhere, RootChanges};

use super::guard::Loss;
use super::text::listed;
use super::view::id;

/// `module.hub.aws_ec2_transit_gateway.this` of `hub.tokyo` is replaced
pub(super) fn words(elsewhere: &Elsewhere) -> String {
    let Elsewhere { directory, address, action } = elsewhere;
    let done = match action {
        Action::Create | Action::Import => "is new",
        Action::Update => "has another Name, or its Name is another's, too",
        Action::Move => "is called otherwise",
        Action::Forget => "is left to itself",
        Action::Replace => "is replaced",
        Action::Destroy => "is destroyed",
    };
    format!("`{address}` of `{}` {done}", id(directory))
}

/// The root from which everything in another one follows.
pub(super) fn source(root: &RootChanges) -> Option<String> {
    let mut source = None;
    for change in &root.resources {
        source = source.or(Some(id(&change.follows()?.directory)));
    }
    source
}

/// Of each loss by its name: who loses something by it, in a few words.
pub fn followers(losses: &[Loss<'_>]) -> BTreeMap<String, String> {
    let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for loss in losses {
        if let Some(cause) = &loss.follows {
            names.entry(&cause.name).or_default().push(format!("`{}`", loss.name));
        }
    }
    names.into_iter().map(|(cause, names)| (cause.to_owned(), listed(&names, 3))).collect()
}
