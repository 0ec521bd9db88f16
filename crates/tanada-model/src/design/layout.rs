//! How a block is cut: layouts and their tiers.

use super::{Entity, Rule, Spanned};

/// A way to cut a block into tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Name and reason.
    pub entity: Entity,
    /// Zones in which subnets exist, in written order (which decides their first indexes only).
    pub zones: Vec<Zone>,
    /// Zone slots that each tier keeps room for, used or not; at least the number of zones.
    pub slots: u32,
    /// Where NAT gateways stand.
    pub nat: Nat,
    /// The ACL standard, sorted by name: lands on every tier that is neither guarded nor the attachment's.
    pub rules: Vec<Rule>,
    /// Tiers, in written order (which decides their first placement only).
    pub tiers: Vec<Tier>,
}

/// Index of a tier in [`Layout::tiers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TierIndex(pub usize);

/// A zone letter of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The letter, a key of the region's `zones`.
    pub letter: String,
    /// Where it stands.
    pub span: crate::diagnostic::Span,
}

/// How many NAT gateways a VPC with `in` and `out` tiers has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// One in every zone.
    PerZone,
    /// A single one, in the first zone.
    One,
}

/// One kind of subnets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Name and reason.
    pub entity: Entity,
    /// Size of one zone's node.
    pub size: Spanned<TierSize>,
    /// Its way to the internet.
    pub internet: Internet,
    /// Whether it carries the Transit Gateway attachment.
    pub attach: bool,
    /// Which tiers of the VPC may open connections to it.
    pub accepts: Accepts,
    /// Its own ACL rules, sorted by name.
    pub rules: Vec<Rule>,
}

/// Size of one zone's node of a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierSize {
    /// Bits more than the block's prefix length.
    NewBits(u8),
    /// An absolute prefix length; the subnet uses the whole node.
    Prefix(u8),
}

/// Way of a tier to the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Internet {
    /// None.
    None,
    /// An internet gateway, both ways.
    In,
    /// Out only: through the segment's default route, else NAT.
    Out,
}

/// Who of the same VPC may open connections to a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// `accepts` is not written: every tier.
    All,
    /// The tier is guarded: these only. When it accepts somebody it also accepts itself; `accepts = []` accepts nobody.
    Only(Vec<TierIndex>),
}

impl Layout {
    /// The tier with this name.
    pub fn tier(&self, name: &str) -> Option<(TierIndex, &Tier)> {
        self.tiers().find(|(_, tier)| tier.entity.name == name)
    }

    /// Tiers with their indexes, in written order.
    pub fn tiers(&self) -> impl Iterator<Item = (TierIndex, &Tier)> {
        self.tiers.iter().enumerate().map(|(i, tier)| (TierIndex(i), tier))
    }

    /// The tier that carries the attachment.
    pub fn attach_tier(&self) -> Option<(TierIndex, &Tier)> {
        self.tiers().find(|(_, tier)| tier.attach)
    }
}

impl Tier {
    /// Whether `accepts` is written: then neither the layout's rules nor intents that name only a team land on it.
    pub fn guarded(&self) -> bool {
        match self.accepts {
            Accepts::All => false,
            Accepts::Only(_) => true,
        }
    }
}

impl std::ops::Index<TierIndex> for Layout {
    type Output = Tier;

    fn index(&self, tier: TierIndex) -> &Tier {
        &self.tiers[tier.0]
    }
}
