//! Facts for the pages that people read.

use tanada_model::net::Block;

/// Facts for a VPC's README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcPage {
    /// Segment's label.
    pub segment: Option<String>,
    /// Headroom of the first block.
    pub headroom: u8,
    /// Who may open connections: from, to, ports, why.
    pub flows: Vec<[String; 4]>,
    /// Blocks as text, in order.
    pub blocks: Vec<Block>,
    /// Tiers' blocks as text: name, way to the internet in words, blocks.
    pub tiers: Vec<(String, String, Vec<Block>)>,
    /// Its part in a move to other addresses.
    pub movement: Option<Movement>,
}

/// The part that a network has in a VPC's move to other addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// `team-label`: the name that the VPC has before and after.
    pub id: String,
    /// Which part.
    pub part: MovePart,
}

/// A part in a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MovePart {
    /// The network that goes, while the other one stands beside it.
    Goes {
        /// The label of the one that comes: the name of its folder.
        label: String,
        /// Its blocks.
        blocks: Vec<Block>,
    },
    /// The network that comes, while the other one still stands.
    Comes {
        /// The label of the one that goes.
        label: String,
        /// Its blocks.
        blocks: Vec<Block>,
    },
    /// The network that comes, while the other one is being destroyed.
    Stays,
}

/// Facts for a hub's README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubPage {
    /// The reason of the hub.
    pub why: Option<String>,
    /// One row a segment.
    pub segments: Vec<SegmentRow>,
}

/// A segment in a hub's README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// Its label.
    pub name: String,
    /// Ids of the VPCs in it, sorted.
    pub vpcs: Vec<String>,
    /// Names of the sites in it, as `site.NAME`.
    pub sites: Vec<String>,
    /// Segments and sites whose routes it learns.
    pub learns: Vec<String>,
    /// What it drops, in words.
    pub drops: Vec<String>,
}

/// Facts for `index.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Root pools: name and range.
    pub roots: Vec<(String, Block)>,
    /// One row a VPC, sorted by id: Name, directory, owner, blocks, headroom, segment, why.
    pub vpcs: Vec<IndexRow>,
    /// Reservations: name, range, why.
    pub reserved: Vec<(String, Block, String)>,
}

/// A VPC in `index.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRow {
    /// Name tag.
    pub name: String,
    /// Folder of its root.
    pub directory: String,
    /// Whom to ask.
    pub owner: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Headroom of the first block.
    pub headroom: u8,
    /// Segment's label, or empty.
    pub segment: String,
    /// The reason, or empty.
    pub why: String,
}
