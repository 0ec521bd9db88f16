use tanada_verify::changes::{Action, Changes, ResourceChange, RootChanges};
use tanada_verify::{Data, Instance, Observed, Root, Target, Value};

/// One root's changes with the root before and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) changes: &'a RootChanges,
    pub(super) old: Option<&'a Root>,
    pub(super) new: Option<&'a Root>,
}

/// Every changed root.
pub(super) fn views<'a>(changes: &'a Changes, old: &'a Observed, new: &'a Observed) -> Vec<View<'a>> {
    let view = |changes: &'a RootChanges| {
        let was = changes.was.as_ref().unwrap_or(&changes.directory);
        View { changes, old: old.roots.get(was), new: new.roots.get(&changes.directory) }
    };
    changes.roots.iter().map(view).collect()
}

/// What a person calls the owner of a root: `web-production` for `teams/web/production`, `hub.tokyo` for `hub/tokyo`.
pub fn id(directory: &str) -> String {
    let mut parts = directory.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("teams"), Some(team), Some(label), None) => format!("{team}-{label}"),
        (Some("hub"), Some(name), None, _) => format!("hub.{name}"),
        _ => directory.to_owned(),
    }
}

impl<'a> View<'a> {
    pub(super) fn id(&self) -> String {
        id(&self.changes.directory)
    }

    /// The changes of a type.
    pub(super) fn of<'s>(&'s self, type_name: &'s str) -> impl Iterator<Item = &'a ResourceChange> + 's {
        self.changes.resources.iter().filter(move |change| &*change.type_name == type_name)
    }

    /// The first change of a type with one of some actions.
    pub(super) fn one(&self, type_name: &str, actions: &[Action]) -> Option<&'a ResourceChange> {
        self.of(type_name).find(|change| actions.contains(&change.action))
    }

    /// The resource before the change.
    pub(super) fn before(&self, change: &ResourceChange) -> Option<&'a Instance> {
        let address = change.moved_from.as_ref().unwrap_or(&change.address);
        let is_old = change.action != Action::Create && change.action != Action::Import;
        self.old.filter(|_| is_old)?.instances.get(address)
    }

    /// The resource after the change.
    pub(super) fn after(&self, change: &ResourceChange) -> Option<&'a Instance> {
        let is_new = change.action != Action::Destroy && change.action != Action::Forget;
        self.new.filter(|_| is_new)?.instances.get(&change.address)
    }

    /// Whether the VPC itself goes or comes, so that what lies in it needs no word of its own.
    pub(super) fn is_whole(&self) -> bool {
        let actions = [Action::Create, Action::Replace, Action::Destroy, Action::Forget, Action::Import];
        self.one("aws_vpc", &actions).is_some() || self.one("aws_ec2_transit_gateway", &actions).is_some()
    }
}

/// The text of an argument.
pub(super) fn text<'a>(instance: Option<&'a Instance>, name: &str) -> Option<&'a str> {
    instance?.attributes.get(name)?.text()
}

/// The key of an instance, or its name.
pub(super) fn key(instance: &Instance) -> &str {
    instance.key.name().unwrap_or(&instance.name)
}

/// The key between the quotes at the end of an address.
pub(super) fn key_of(address: &str) -> &str {
    let inner = address.rsplit_once("[\"").and_then(|(_, rest)| rest.strip_suffix("\"]"));
    inner.unwrap_or(address)
}

/// A value in a few words.
pub(super) fn words(value: &Value) -> String {
    match &value.data {
        Data::Null => "nothing".to_owned(),
        Data::Bool(it) => it.to_string(),
        Data::Number(it) => it.to_string(),
        Data::Text(it) => it.to_string(),
        Data::List(items) | Data::Set(items) => {
            let items: Vec<String> = items.iter().map(words).collect();
            format!("[{}]", items.join(", "))
        }
        Data::Map(map) => {
            let items: Vec<String> =
                map.iter().map(|(name, value)| format!("{name} = {}", words(value))).collect();
            format!("{{ {} }}", items.join(", "))
        }
        Data::Reference(reference) => {
            let dot = if reference.attribute.is_empty() { "" } else { "." };
            match &reference.target {
                Target::Resource(address) | Target::Data(address) => {
                    format!("{address}{dot}{}", reference.attribute)
                }
                Target::Variable(name) => format!("var.{name}"),
            }
        }
        Data::Unknown => "known after apply".to_owned(),
    }
}

/// A value in a few words; nothing for one that is not given.
pub(super) fn words_of(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), words)
}
