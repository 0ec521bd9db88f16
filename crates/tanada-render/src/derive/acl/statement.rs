//! What somebody said about one tier: who may, or may not, open connections to whom.

use std::sync::Arc;

use tanada_model::design::Action;
use tanada_model::net::{Block, BlockSet};

use super::service::Service;
use crate::plan::Said;

/// Who opens the connection, seen from the tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::derive) enum Opens {
    /// The peer, to the tier.
    Inward,
    /// The tier, to the peer.
    Outward,
}

/// The other ends of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::derive) struct Peers {
    /// Their blocks as things have them; sorted, each once.
    pub blocks: Vec<Block>,
    /// The same addresses, summed up.
    pub sum: BlockSet,
    /// Whether `internet` is one of them, which [`Peers::blocks`] does not hold.
    pub internet: bool,
    /// As the input writes them.
    pub text: String,
}

impl Peers {
    /// These blocks.
    pub(super) fn new(mut blocks: Vec<Block>, internet: bool, text: String) -> Self {
        blocks.sort_unstable();
        blocks.dedup();
        let sum = blocks.iter().copied().collect();
        Self { blocks, sum, internet, text }
    }

    /// These and others.
    pub(super) fn and(&self, others: &Self) -> Self {
        let blocks = self.blocks.iter().chain(&others.blocks).copied().collect();
        Self::new(blocks, self.internet || others.internet, format!("{}, {}", self.text, others.text))
    }

    /// Whether there is nobody.
    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty() && !self.internet
    }

    /// Whether 0.0.0.0/0, as it stands, is among them.
    pub(super) fn any(&self) -> bool {
        self.sum.blocks().iter().any(|block| block.is_everything())
    }
}

/// Who said it. The order is the one in which rows take their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::derive) enum Voice {
    /// The standard of every tier; the number is its offset among standard rows.
    Standard(u32),
    /// A rule of the layout or tier.
    Rule,
    /// A top-level intent, by birth ordinal.
    Intent(u32),
}

/// One statement about one tier.
#[derive(Clone, Debug)]
pub(in crate::derive) struct Statement {
    /// Who opens.
    pub opens: Opens,
    /// Allow, or deny (the opening only).
    pub action: Action,
    /// What is opened: never empty.
    pub services: Vec<Service>,
    /// The other ends.
    pub peers: Arc<Peers>,
    /// Who said it.
    pub voice: Voice,
    /// Its name, for rows.
    pub name: Said,
    /// Its reason, for pages.
    pub why: Option<Arc<str>>,
}

impl Statement {
    /// Whether a page says the two in the same words.
    pub(super) fn reads_like(&self, other: &Self) -> bool {
        let Self { opens, action, services, peers, voice, name, why } = self;
        (opens, action, voice) == (&other.opens, &other.action, &other.voice)
            && (name, why, services) == (&other.name, &other.why, &other.services)
            && (Arc::ptr_eq(peers, &other.peers) || peers.text == other.peers.text)
    }

    /// What is allowed by the standard.
    pub(super) fn standard(
        offset: u32,
        opens: Opens,
        services: Vec<Service>,
        peers: Arc<Peers>,
        name: impl Into<Said>,
    ) -> Self {
        let (action, voice) = (Action::Allow, Voice::Standard(offset));
        Self { opens, action, services, peers, voice, name: name.into(), why: None }
    }
}
