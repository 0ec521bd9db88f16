//! What Terraform will do when one tree follows another: the comparison of two [`Observed`](crate::Observed).
//!
//! The old tree stands for the state, as if it had been applied. Decided as Terraform decides: a reference to what is
//! made anew is not known before the apply, and where a change of that argument replaces, it replaces; an argument that
//! is no longer given keeps what the cloud said, where the provider says so. Roots are taken in the order of their
//! apply: hubs first, so that what a VPC looks up there is what the hub's own change leaves. So a root changes, too, whose
//! files stay the same; [`lookups_hold`] says whether there can be such, and [`Elsewhere`] what each change follows from.

mod compare;
mod follow;
mod instance;
mod lookup;
mod moves;
mod same;

pub use compare::{compare, lookups_hold};

use std::sync::Arc;

use crate::effects::ProviderFacts;
use crate::{Address, Place, Value};

/// Everything that happens, root by root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Roots in which something happens, in the order of their apply: hubs, then VPCs, each by folder.
    pub roots: Vec<RootChanges>,
}

/// What happens in one root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootChanges {
    /// Its folder in the new tree; in the old one when it is gone.
    pub directory: Arc<str>,
    /// Its folder before, when that was another one.
    pub was: Option<Arc<str>>,
    /// What becomes of the root itself.
    pub fate: RootFate,
    /// What happens to its resources, by address; those that stay as they are do not stand here.
    pub resources: Vec<ResourceChange>,
    /// Providers that work in another account now, by name. Terraform does not look for what it made in the old one.
    pub accounts: Vec<AccountChange>,
}

/// What becomes of a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RootFate {
    /// It did not exist.
    New,
    /// It stays.
    Stays,
    /// Its folder is gone while its state still holds `left` resources: nobody will plan them again.
    Gone {
        /// How many resources its state holds.
        left: usize,
    },
}

/// A provider configuration that works in another account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// `aws` or `aws.hub`
    pub provider: Arc<str>,
    /// What said which account before.
    pub old: Option<Value>,
    /// What says it now.
    pub new: Option<Value>,
    /// Where the provider stands now.
    pub place: Place,
}

/// What happens to one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceChange {
    /// Its address in the root: after the change, or before when it goes.
    pub address: Address,
    /// Its address before, when a `moved` block leads from there.
    pub moved_from: Option<Address>,
    /// `aws_subnet`
    pub type_name: Arc<str>,
    /// What Terraform will do.
    pub action: Action,
    /// Arguments whose value changes, by name; empty for what is made or goes.
    pub attributes: Vec<AttributeChange>,
    /// Where it is decided, in the new tree; in the old one when it goes.
    pub place: Place,
}

/// What Terraform will do with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Make it.
    Create,
    /// Take in one that exists, by an `import` block.
    Import,
    /// Change it in place.
    Update,
    /// Only its address changes, by a `moved` block.
    Move,
    /// Leave it to itself, by a `removed` block.
    Forget,
    /// Destroy it and make it anew.
    Replace,
    /// Destroy it.
    Destroy,
}

/// An argument whose value changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeChange {
    /// `cidr_block`
    pub name: Arc<str>,
    /// Its value before; `None` when it was not given.
    pub old: Option<Value>,
    /// Its value now; `None` when it is not given.
    pub new: Option<Value>,
    /// Whether the new value is known only after the apply, because what it refers to is made anew.
    pub known_after_apply: bool,
    /// Why the change replaces the resource; `None` when it does not.
    pub forces: Option<Forces>,
    /// What happens in another root, when that alone changes the value: as it is written it stays the same.
    pub follows: Option<Elsewhere>,
}

/// A resource of another root from whose change something follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The folder of its root: after the change, or before when it goes.
    pub directory: Arc<str>,
    /// Its address there.
    pub address: Address,
    /// What happens to it. [`Action::Update`]: it has another Name, or something else has its Name, too.
    pub action: Action,
}

/// Why a change replaces a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forces {
    /// The provider says so.
    Known {
        /// The provider and its version.
        provider: &'static ProviderFacts,
        /// The file of the provider in which it was read.
        source: &'static str,
    },
    /// Nobody has read what a change does, so it is taken to replace.
    Unread,
}

impl Changes {
    /// Every change of a resource with its root.
    pub fn all(&self) -> impl Iterator<Item = (&RootChanges, &ResourceChange)> {
        self.roots.iter().flat_map(|root| root.resources.iter().map(move |change| (root, change)))
    }

    /// Whether nothing happens.
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }
}

impl Action {
    /// Whether what runs is lost.
    pub fn is_destructive(self) -> bool {
        match self {
            Self::Replace | Self::Destroy => true,
            Self::Create | Self::Import | Self::Update | Self::Move | Self::Forget => false,
        }
    }
}

impl ResourceChange {
    /// The arguments that force its replacement.
    pub fn forcing(&self) -> impl Iterator<Item = &AttributeChange> {
        self.attributes.iter().filter(|attribute| attribute.forces.is_some())
    }

    /// What happens in another root, when this follows from that alone.
    pub fn follows(&self) -> Option<&Elsewhere> {
        let first = self.attributes.iter().find_map(|attribute| attribute.follows.as_ref())?;
        let is_carried = |attribute: &AttributeChange| attribute.follows.is_some();
        let alone = match self.action {
            Action::Replace => self.forcing().all(is_carried),
            Action::Update => self.attributes.iter().all(is_carried),
            Action::Create | Action::Import | Action::Move | Action::Forget | Action::Destroy => false,
        };
        alone.then_some(first)
    }
}
