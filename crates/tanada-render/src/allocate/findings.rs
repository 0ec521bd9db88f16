//! What allocation complains of: the codes, and the list that knows what the estate accepts.

use tanada_model::design::{Design, Vpc};
use tanada_model::diagnostic::{Diagnostic, Severity, acceptance};

use crate::codes::codes;

codes! { "Every code that allocation, rebuilding and releasing can raise."
    POOL_FULL Error "pool-full"
        "A pool has no free node of the size that is asked for. Free addresses in smaller pieces do not help: a block is one aligned node.";
    POOL_SHRINKS Error "pool-shrinks"
        "A pool was made smaller than what was cut from it. Its place is fixed, because positions count from its start.";
    VANISHED_VPC Error "vanished-vpc"
        "A VPC of the lock is no longer in the input. A deleted root would leave its state an orphan, so somebody has to say what becomes of it.";
    VANISHED_BLOCK Error "vanished-block"
        "A further block of a VPC is no longer asked for. Its subnets would be destroyed.";
    BLOCK_CHANGES_SIZE Error "block-changes-size"
        "A VPC's first block can never be resized, and a named block does not grow: another size replaces what stands in it.";
    HEADROOM_GROWS Error "headroom-grows"
        "More headroom than a block was left with takes subnets back.";
    HEADROOM_OUTSIDE Error "headroom-outside"
        "The lock remembers with a block's position how much room its subnets were cut with. A block outside every root has none, so growth would cut its subnets anew.";
    POSITION_OUTSIDE Error "position-outside"
        "A block's position does not exist in the range that its pool has now. Nothing is scaled silently.";
    BLOCKS_OVERLAP Error "blocks-overlap"
        "Two blocks have addresses in common; their routes would hide each other.";
    BLOCKS_QUOTA Error "blocks-quota"
        "AWS allows five IPv4 CIDR blocks a VPC unless the quota is raised (to at most 50).";
    CIDR_COMBINATION Error "cidr-combination"
        "AWS refuses some combinations of address families in one VPC, judged by what the VPC has when a block is added.";
    LINK_LOCAL Error "link-local"
        "AWS refuses blocks in 169.254.0.0/16, which is link-local.";
    TIER_DOES_NOT_FIT Error "tier-does-not-fit"
        "A tier has no room in the blocks of a layout: its slots must be free one behind the other.";
    TIER_CHANGES_SIZE Error "tier-changes-size"
        "Another size of a tier replaces its subnets in every block with this layout.";
    ZONE_RENAMED_IN_PART Error "zone-renamed-in-part"
        "A layout is cut in several regions, and its zones have the same letters in all of them. Where one region says that a zone had another letter and the others do not, their subnets would be in another zone.";
    ZONE_REMOVED Error "zone-removed"
        "A layout lost a zone. The subnets in it would be destroyed.";
    RENAMED_FROM_LIVING Error "renamed-from-living"
        "Something says that it had a name before which something else has now. Only one of the two can have what was promised to that name.";
    RENAMED_TO_RETIRED Error "renamed-to-retired"
        "Something has a name under which the lock keeps what something else left. It would get that thing's place instead of its own.";
    UNKNOWN_CONSENT Error "unknown-consent"
        "What was named on the command line is not what the option is for, so it was probably meant for something else.";
    NOT_PRIVATE Warning "not-private"
        "A block is in none of the ranges for private use (RFC 1918, RFC 6598). Whoever has it on the internet becomes unreachable.";
    OUTSIDE_POOL Warning "outside-pool"
        "A block lies outside the pool that it is meant to come from, so rules and routes for the pool do not cover it.";
    RESERVED_OVERLAP Warning "reserved-overlap"
        "A block lies in a range that is reserved for others.";
    TROUBLESOME_RANGE Warning "troublesome-range"
        "A range that well-known software uses for itself; who has an address there cannot be reached from it. Reserved out of the box.";
    RELEASE_LIVE Error "release-live"
        "Only what is retired can be released; its addresses are in use.";
    RELEASE_UNKNOWN Error "release-unknown"
        "The lock has nothing of this name.";
    REBUILD_CONTRADICTION Error "rebuild-contradiction"
        "The generated tree holds an address that the input cannot have led to, so the lock cannot be rebuilt from the two.";
    REBUILD_FORGETS Warning "rebuild-forgets"
        "A root on its way out says nothing of its addresses any more, so a rebuilt lock cannot keep them from being handed out while they are still in use.";
}

/// Findings so far.
pub(super) struct Findings<'a> {
    design: &'a Design,
    list: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(design: &'a Design) -> Self {
        Self { design, list: Vec::new() }
    }

    /// Adds a finding that nobody can accept.
    pub(super) fn raise(&mut self, finding: Diagnostic) {
        self.list.push(finding);
    }

    /// Adds a finding about an object (written as a reference), unless the estate accepts it.
    pub(super) fn raise_unless_accepted(&mut self, finding: Diagnostic, object: &str) {
        if !self.design.accepted(finding.code.name, object) {
            let line = acceptance(&finding.code, object);
            self.list.push(finding.help(format!("or write {line}")));
        }
    }

    /// Whether nothing can be written.
    pub(super) fn stops(&self) -> bool {
        self.list.iter().any(|finding| finding.code.severity == Severity::Error)
    }

    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }
}

/// A VPC as references name it: `team.payments.production`.
pub(super) fn reference(design: &Design, vpc: &Vpc) -> String {
    format!("team.{}.{}", design.teams.name(vpc.team), vpc.entity.name)
}

/// `a`, `b` and 3 more.
pub(super) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
