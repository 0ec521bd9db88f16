//! The words of attributes that several kinds of blocks have.

use super::meaning::{Default, Meaning, Narrow};
use super::meanings::meaning;

use Default::{Absent, Derived, Value};
use Narrow::{Any, Between, Pattern};

/// Attributes of many kinds of blocks with one meaning.
pub(super) const EVERYWHERE: &[Meaning] = &[
    meaning("why", Absent, Any, "The reason, for whoever reads it in five years. Copied into the documents."),
    meaning(
        "renamed_from",
        Absent,
        Pattern("^[A-Za-z][A-Za-z0-9_-]{0,62}$"),
        "The name it had before. Its addresses stay. May be deleted once that was applied.",
    ),
];

/// What a VPC takes from its team, and a team from the environment.
pub(super) const INHERITED: &[Meaning] = &[
    meaning("pool", Derived("inherited"), Any, "Where the blocks come from."),
    meaning(
        "size",
        Derived("inherited"),
        Any,
        "Prefix length of the VPC's block. A number one smaller doubles the VPC.",
    ),
    meaning(
        "headroom",
        Derived("inherited, else 1"),
        Between(0, 8),
        "Bits of every subnet's node that stay free for that subnet's growth: 1 keeps half, 0 nothing.",
    ),
    meaning("layout", Derived("inherited"), Any, "How the block is cut into tiers."),
    meaning(
        "hub",
        Derived("inherited, else the only hub when there is a segment"),
        Any,
        "Gateway that the VPC is attached to.",
    ),
    meaning(
        "segment",
        Derived("inherited"),
        Any,
        "Route table of the gateway that the attachment is associated with.",
    ),
    meaning("region", Derived("inherited, else the hub's"), Any, "Region of the VPC."),
    meaning("account", Derived("inherited"), Any, "AWS account of the VPC."),
    meaning(
        "tags",
        Value("{}"),
        Any,
        "Tags, merged with the outer ones; the nearest wins, `null` removes one.",
    ),
];
