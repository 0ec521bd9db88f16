//! What a resource will be, and whether a change replaces it.

use rmpv::Value;

use crate::protocol::{AttributePath, Diagnostic};
use crate::provider::configuration::Configuration;
use crate::schema::{Attribute, Block, Replaces};
use crate::value::{self, Object};

/// Completes what Terraform proposes: defaults, tags, and unknown for what the cloud will tell.
///
/// For a resource that exists Terraform's proposal already carries what the cloud told before.
pub(crate) fn plan(
    block: &Block,
    config: &Object,
    prior: Option<&Object>,
    mut proposed: Object,
    configuration: &Configuration,
) -> Object {
    for (name, attribute) in &block.attributes {
        if config.get(name).is_some_and(|value| !value.is_nil()) {
            continue;
        }
        if let Some(value) = unconfigured(name, attribute, prior.is_none(), configuration) {
            proposed.insert(name.clone(), value);
        }
    }
    if block.attributes.contains_key("tags_all") {
        let all = configuration.all_tags(proposed.get("tags").filter(|tags| !tags.is_nil()));
        proposed.insert("tags_all".to_owned(), all);
    }
    proposed
}

/// What an attribute that nobody configured will be; `None`: what is proposed.
fn unconfigured(
    name: &str,
    attribute: &Attribute,
    is_new: bool,
    configuration: &Configuration,
) -> Option<Value> {
    if !attribute.mode.is_computed() {
        return value::literal(&attribute.default);
    }
    match (name, is_new) {
        ("region", _) => Some(configuration.region()),
        (_, true) => Some(value::unknown()),
        (_, false) => None,
    }
}

/// What the changes of a resource lead to.
#[derive(Default)]
pub(crate) struct Verdict {
    /// Attributes and blocks whose change replaces the resource.
    pub(crate) replacing: Vec<AttributePath>,
    /// Changes of which nobody knows whether they do.
    pub(crate) undecided: Vec<Diagnostic>,
}

/// Judges the changes from one state of a resource to another.
pub(crate) fn compare(block: &Block, prior: &Object, planned: &Object) -> Verdict {
    let attributes = block.attributes.iter().map(|(name, attribute)| (name, attribute.replaces));
    let blocks = block.blocks.iter().map(|(name, block)| (name, block.replaces));
    let mut verdict = Verdict::default();
    for (name, replaces) in
        attributes.chain(blocks).filter(|(name, _)| prior.get(*name) != planned.get(*name))
    {
        match replaces {
            Replaces::No => {}
            Replaces::Yes => verdict.replacing.push(AttributePath::of(name)),
            Replaces::Unknown => verdict.undecided.push(Diagnostic::error(
                name,
                "Unknown effect of a change",
                "changes, and the stand-in's schema does not say whether that replaces the resource",
            )),
        }
    }
    verdict
}
