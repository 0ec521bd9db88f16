use std::io::{self, Write};

use serde::Serialize;
use tanada_verify::changes::{
    Action, AttributeChange, Elsewhere, Forces, ResourceChange, RootChanges, RootFate,
};
use tanada_verify::{Data, Value};

use super::view::words;
use super::{Cause, Danger, Owner, QuotaChange, RangeChange, ReachChange, Review, RowChange, Totals};

/// Writes a review for programs; `docs/diff.schema.json` tells its form.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_json(review: &Review, out: &mut impl Write) -> io::Result<()> {
    let Review { base, head, changes, dangers, causes, ranges, reach, rules, routes, quotas, owners } =
        review;
    let roots = changes.roots.iter().map(JsonRoot::new).collect();
    let totals = review.totals();
    let whole = JsonReview {
        format: 1,
        base,
        head,
        totals,
        dangers,
        causes,
        ranges,
        reach,
        rules,
        routes,
        quotas,
        owners,
        roots,
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

#[derive(Serialize)]
struct JsonReview<'a> {
    /// Grows when something that was there goes or changes its meaning.
    format: u32,
    base: &'a str,
    head: &'a str,
    totals: Totals,
    dangers: &'a [Danger],
    causes: &'a [Cause],
    ranges: &'a [RangeChange],
    reach: &'a [ReachChange],
    rules: &'a [RowChange],
    routes: &'a [RowChange],
    quotas: &'a [QuotaChange],
    owners: &'a [Owner],
    roots: Vec<JsonRoot<'a>>,
}

#[derive(Serialize)]
struct JsonRoot<'a> {
    directory: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'a str>,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<usize>,
    resources: Vec<JsonResource<'a>>,
}

#[derive(Serialize)]
struct JsonResource<'a> {
    address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<&'a str>,
    r#type: &'a str,
    action: &'static str,
    place: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<JsonAttribute<'a>>,
}

#[derive(Serialize)]
struct JsonAttribute<'a> {
    name: &'a str,
    old: serde_json::Value,
    new: serde_json::Value,
    known_after_apply: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    forces_replacement: Option<JsonForces>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follows_from: Option<JsonElsewhere<'a>>,
}

/// A resource of another root whose change alone changes a value.
#[derive(Serialize)]
struct JsonElsewhere<'a> {
    directory: &'a str,
    address: &'a str,
    action: &'static str,
}

#[derive(Serialize)]
struct JsonForces {
    /// Whether somebody has read in the provider that it does.
    known: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    provider: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'static str,
}

impl<'a> JsonRoot<'a> {
    fn new(root: &'a RootChanges) -> Self {
        let RootChanges { directory, was, fate, resources, accounts: _ } = root;
        let (fate, left) = match fate {
            RootFate::New => ("new", None),
            RootFate::Stays => ("stays", None),
            RootFate::Gone { left } => ("gone", Some(*left)),
        };
        let resources = resources.iter().map(JsonResource::new).collect();
        Self { directory, was: was.as_deref(), fate, left, resources }
    }
}

impl<'a> JsonResource<'a> {
    fn new(change: &'a ResourceChange) -> Self {
        let ResourceChange { address, moved_from, type_name, action, attributes, place } = change;
        Self {
            address: address.as_str(),
            moved_from: moved_from.as_ref().map(tanada_verify::Address::as_str),
            r#type: type_name,
            action: action_name(*action),
            place: place.to_string(),
            attributes: attributes.iter().map(JsonAttribute::new).collect(),
        }
    }
}

impl<'a> JsonElsewhere<'a> {
    fn new(elsewhere: &'a Elsewhere) -> Self {
        let Elsewhere { directory, address, action } = elsewhere;
        Self { directory, address: address.as_str(), action: action_name(*action) }
    }
}

impl<'a> JsonAttribute<'a> {
    fn new(attribute: &'a AttributeChange) -> Self {
        let AttributeChange { name, old, new, known_after_apply, forces, follows } = attribute;
        let json = |value: &Option<Value>| value.as_ref().map_or(serde_json::Value::Null, json);
        let forces_replacement = forces.map(|forces| match forces {
            Forces::Known { provider, source } => JsonForces {
                known: true,
                provider: format!("{} {}", provider.name, provider.version),
                source,
            },
            Forces::Unread => JsonForces { known: false, provider: String::new(), source: "" },
        });
        Self {
            name,
            old: json(old),
            new: json(new),
            known_after_apply: *known_after_apply,
            forces_replacement,
            follows_from: follows.as_ref().map(JsonElsewhere::new),
        }
    }
}

/// Terraform's word for what happens.
pub(super) fn action_name(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Import => "import",
        Action::Update => "update",
        Action::Move => "move",
        Action::Forget => "forget",
        Action::Replace => "replace",
        Action::Destroy => "destroy",
    }
}

/// A value; a reference as `${address.attribute}`.
fn json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match &value.data {
        Data::Null => Json::Null,
        Data::Bool(it) => Json::from(*it),
        Data::Number(it) => Json::from(*it),
        Data::Text(it) => Json::from(&**it),
        Data::List(items) | Data::Set(items) => Json::Array(items.iter().map(json).collect()),
        Data::Map(map) => {
            Json::Object(map.iter().map(|(name, value)| (name.to_string(), json(value))).collect())
        }
        Data::Reference(_) => Json::from(format!("${{{}}}", words(value))),
        Data::Unknown => Json::from("${…}"),
    }
}
