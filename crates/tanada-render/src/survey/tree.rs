use serde::Serialize;
use tanada_model::design::Design;
use tanada_model::net::Block;

use crate::allocation::Allocation;

/// A node of the address plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Its addresses.
    pub block: Block,
    /// What it is.
    #[serde(flatten)]
    pub kind: NodeKind,
    /// What lies in it, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NodeKind {
    /// A pool with a range that a person wrote.
    Root {
        /// Its name.
        name: String,
    },
    /// An extent of an inner pool.
    Pool {
        /// Its name.
        name: String,
    },
    /// A range of others.
    Reserved {
        /// Its name; of a built-in one, what uses it.
        name: String,
        /// The reason, if there is one.
        why: Option<String>,
        /// Whether it is reserved out of the box.
        built_in: bool,
    },
    /// A range inside a root that lies at a site.
    Site {
        /// The site.
        name: String,
        /// The reason, if there is one.
        why: Option<String>,
    },
    /// A block that is kept from being handed out.
    Retired {
        /// Whose it was, as `tanada release` takes it.
        holder: String,
    },
    /// A block of a VPC.
    Vpc {
        /// The VPC's id.
        vpc: String,
        /// Its team.
        team: String,
        /// Which of its blocks; absent for the first.
        #[serde(skip_serializing_if = "Option::is_none")]
        block: Option<String>,
        /// Bits of every subnet's node kept free for growth.
        headroom: u8,
    },
    /// Nobody's.
    Free {
        /// The pool that can hand it out.
        pool: String,
    },
}

impl NodeKind {
    /// Of two nodes with the same addresses the one with the smaller rank holds the other.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Root { .. } => 0,
            Self::Pool { .. } => 1,
            Self::Reserved { .. } => 2,
            Self::Site { .. } => 3,
            Self::Retired { .. } => 4,
            Self::Vpc { .. } => 5,
            Self::Free { .. } => 6,
        }
    }
}

/// The address plan: roots, and what lies outside all of them, with everything in it.
pub fn tree(design: &Design, allocation: &Allocation) -> Vec<Node> {
    let mut top: Vec<Node> = Vec::new();
    // The nodes that hold the next one, from the outside.
    let mut open: Vec<Node> = Vec::new();
    for (block, kind) in super::nodes(design, allocation) {
        while open.last().is_some_and(|last| !last.block.contains(block)) {
            close(&mut open, &mut top);
        }
        open.push(Node { block, kind, children: Vec::new() });
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    top
}

fn close(open: &mut Vec<Node>, top: &mut Vec<Node>) {
    if let Some(node) = open.pop() {
        open.last_mut().map_or(top, |parent| &mut parent.children).push(node);
    }
}
