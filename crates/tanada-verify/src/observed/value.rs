use std::sync::Arc;

use super::{Address, Map, Place};

/// A value and where it was decided.
///
/// Two values are equal when what they say is equal; where they stand does not matter.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it says.
    pub data: Data,
    /// Where the literal stands that decided it. Of a map that a `for` makes: the row that it is made from.
    pub place: Place,
}

/// What a value says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// Nothing: an argument that is null is one that is not given.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number. Others are not part of what is emitted, and an error.
    Number(i64),
    /// A text.
    Text(Arc<str>),
    /// A list or tuple, in its order. Nested blocks of one kind are a list of maps too, each with the place of its row.
    List(Arc<[Value]>),
    /// A set: sorted, each element once. What is not known before apply comes last.
    Set(Arc<[Value]>),
    /// An object or map.
    Map(Arc<Map>),
    /// An attribute of something else that is known only after apply.
    Reference(Arc<Reference>),
    /// Known only after apply, and made of more than one reference or from what a reference leads to.
    Unknown,
}

/// An attribute that is not written down anywhere, of an instance, a data source or a variable of the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// What has the attribute.
    pub target: Target,
    /// The attribute, such as `id`; steps further inside are appended as Terraform writes them (`ipv6[0].cidr`).
    /// Empty when the whole is meant, as it is with a variable.
    pub attribute: Arc<str>,
}

/// What a [`Reference`] leads to; all in the same root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An instance in [`Root::instances`](super::Root::instances).
    Resource(Address),
    /// An instance in [`Root::data`](super::Root::data).
    Data(Address),
    /// A variable of the root module, by name, such as the id of an account.
    Variable(Arc<str>),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
    }
}

impl Eq for Value {}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            Data::Null
            | Data::Bool(_)
            | Data::Number(_)
            | Data::List(_)
            | Data::Set(_)
            | Data::Map(_)
            | Data::Reference(_)
            | Data::Unknown => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<i64> {
        if let Data::Number(number) = self.data { Some(number) } else { None }
    }

    /// `true` or `false`, if it is one of them.
    pub fn boolean(&self) -> Option<bool> {
        if let Data::Bool(boolean) = self.data { Some(boolean) } else { None }
    }

    /// The elements of a list or set; none of anything else.
    pub fn items(&self) -> &[Value] {
        match &self.data {
            Data::List(items) | Data::Set(items) => items,
            Data::Null
            | Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::Map(_)
            | Data::Reference(_)
            | Data::Unknown => &[],
        }
    }

    /// The map, if it is one.
    pub fn map(&self) -> Option<&Map> {
        if let Data::Map(map) = &self.data { Some(map) } else { None }
    }

    /// An entry of a map.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.map().and_then(|map| map.get(name))
    }

    /// Where it leads, if it is a reference.
    pub fn reference(&self) -> Option<&Reference> {
        if let Data::Reference(reference) = &self.data { Some(reference) } else { None }
    }

    /// The instance whose `id` (or other `attribute`) this is.
    pub fn refers_to(&self, attribute: &str) -> Option<&Address> {
        match &self.reference()?.target {
            Target::Resource(address) | Target::Data(address) => {
                (&*self.reference()?.attribute == attribute).then_some(address)
            }
            Target::Variable(_) => None,
        }
    }

    /// Whether it says something: states and plans write what is not given as an empty text.
    pub(crate) fn is_given(&self) -> bool {
        !matches!(&self.data, Data::Null) && self.text() != Some("")
    }

    /// Whether all of it is known before apply.
    pub fn is_known(&self) -> bool {
        match &self.data {
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => true,
            Data::List(items) | Data::Set(items) => items.iter().all(Self::is_known),
            Data::Map(map) => map.iter().all(|(_, value)| value.is_known()),
            Data::Reference(_) | Data::Unknown => false,
        }
    }
}
