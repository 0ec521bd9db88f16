//! What git left of a merge: bytes that no run wrote, and promises of the branch whose lock was not taken.
//!
//! Neither says what runs. The guard leaves out what cannot be read for it, and such growth; a root that can be read is
//! compared, because its file may be as a run wrote it although git listed it twice; `tanada diff` and `tanada check --base` compare with the branch
//! that was merged into.

use std::collections::BTreeSet;

use tanada_model::lock::{BlockLabel, Claim, Holder};
use tanada_verify::ReadError;

use crate::disk::tree::read_file;
use crate::guarded::Guard;
use crate::review::guard::Loss;

impl Guard<'_> {
    /// Whether what is lost is a merge's leftover. What the lock does not know is one, too: the other branch's own new VPCs
    /// find other places.
    pub(crate) fn is_left_by_a_merge(&self, loss: &Loss<'_>) -> bool {
        !self.was_promised(loss.directory) || self.is_of_another_lock(loss)
    }

    /// Whether a root cannot be read because of what git made of one of its files: it is listed twice, or marks of a
    /// conflict stand in it (git takes what one branch changed and the other renamed for one file).
    pub(crate) fn is_unread_for_a_merge(&self, why: &ReadError) -> bool {
        let marked = || {
            let text = read_file(self.out, &why.path).ok().flatten();
            text.is_some_and(|text| text.lines().any(|line| line.starts_with("<<<<<<< ")))
        };
        self.comparison.merged.contains(&why.path) || marked()
    }

    /// Whether all that is lost stands in blocks of growth that the lock does not know: the other branch grew, its lock
    /// was not taken, and the growth finds another place.
    fn is_of_another_lock(&self, loss: &Loss<'_>) -> bool {
        let promised: BTreeSet<u32> = self.claims_of(loss.directory).filter_map(grown).collect();
        let mut unknown = BTreeSet::new();
        let mut blocks = 0;
        for change in &loss.resources {
            match &*change.type_name {
                "aws_subnet" | "aws_route_table_association" => match block_of(change.address.as_str()) {
                    Some(number) if !promised.contains(&number) => drop(unknown.insert(number)),
                    Some(_) | None => return false,
                },
                "aws_vpc_ipv4_cidr_block_association" => blocks += 1,
                _ => return false,
            }
        }
        !unknown.is_empty() && blocks <= unknown.len()
    }
}

fn grown(claim: &Claim) -> Option<u32> {
    match &claim.holder {
        Holder::Vpc { block: BlockLabel::Grown(number), .. } => Some(*number),
        Holder::Vpc { .. } | Holder::Pool { name: _, extent: _ } => None,
    }
}

/// The number behind `-block` at the end of an instance's key.
fn block_of(address: &str) -> Option<u32> {
    address.strip_suffix("\"]")?.rsplit_once("-block")?.1.parse().ok()
}
