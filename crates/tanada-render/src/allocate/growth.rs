//! Growth: a block's free buddy, else any node of that size; and room inside the subnets' nodes.

use tanada_model::diagnostic::{Diagnostic, Span};
use tanada_model::lock::ClaimState;
use tanada_model::net::Block;

use super::Consent;
use super::findings::{Findings, HEADROOM_GROWS};

/// What the input says about headroom.
#[derive(Clone, Copy)]
pub(super) struct Headroom {
    pub(super) wanted: u8,
    /// Where it stands when it is on the very VPC or block: only then it changes what exists.
    pub(super) written: Option<Span>,
}

/// Headroom and cut of a block from now on; `before` is what the lock has.
pub(super) fn settle_headroom(
    block: &str,
    before: Option<(u8, u8, ClaimState)>,
    headroom: Headroom,
    consent: &Consent,
    findings: &mut Findings<'_>,
) -> (u8, u8) {
    let Headroom { wanted, written } = headroom;
    let Some((now, cut, state)) = before else { return (wanted, wanted) };
    let Some(span) = written else { return (now, cut) };
    if wanted > now && state == ClaimState::Live && !consent.accept.contains(block) {
        let message = format!("headroom {wanted} takes subnets of `{block}` back, which has headroom {now}");
        findings.raise(Diagnostic::new(HEADROOM_GROWS, message).at(span, "").help(format!(
            "`--accept {block}` destroys the subnets that growth added; or write `headroom = {now}`"
        )));
        return (now, cut);
    }
    (wanted, cut.max(wanted))
}

/// The node that `first` and what it grew by fill together; `None` when they are not one node.
pub(super) fn union(first: Block, grown: impl IntoIterator<Item = Block>) -> Option<Block> {
    grown
        .into_iter()
        .try_fold(first, |node, next| if node.buddy() == Some(next) { node.parent() } else { None })
}

/// Prefix length of the `n`-th block (from 2) of something whose first block is a `/first`: each step doubles.
pub(super) fn step(first: u8, n: u32) -> u8 {
    first.saturating_sub(u8::try_from(n.saturating_sub(2)).unwrap_or(u8::MAX))
}
