//! Blocks that a person wrote. The input wins over the lock, and whatever holds a pin counts it as used.

use tanada_model::design::{Design, Placement, PoolId};
use tanada_model::diagnostic::{Diagnostic, Span};
use tanada_model::lock::{BlockLabel, ClaimState, Holder, VpcName};
use tanada_model::net::Block;

use super::Consent;
use super::book::{Book, Held, block_text};
use super::findings::{BLOCKS_OVERLAP, Findings};
use super::growth::{Headroom, settle_headroom};
use super::names::vpc_name;

/// A pinned block.
pub(super) struct Pin {
    pub(super) name: VpcName,
    pub(super) label: BlockLabel,
    pub(super) block: Block,
    pub(super) span: Span,
    headroom: Headroom,
    /// The pool of the VPC's environment.
    pub(super) pool: Option<PoolId>,
}

/// All pins of the input, by VPC.
pub(super) fn pins(design: &Design) -> Vec<Pin> {
    let mut pins = Vec::new();
    for vpc in design.vpcs.values() {
        let pool = design.environments[vpc.environment].pool;
        let first = (BlockLabel::First, &vpc.placement, vpc.headroom, vpc.headroom_written);
        let named = vpc.blocks.iter().map(|block| {
            (
                BlockLabel::Named(block.entity.name.clone()),
                &block.placement,
                block.headroom,
                block.headroom_written,
            )
        });
        for (label, placement, wanted, written) in std::iter::once(first).chain(named) {
            if let Placement::Pinned(range) = placement {
                // A pin keeps no room unless that is written on it.
                let headroom = Headroom { wanted: if written.is_some() { wanted } else { 0 }, written };
                let (block, span) = (range.value, range.span);
                pins.push(Pin { name: vpc_name(design, vpc), label, block, span, headroom, pool });
            }
        }
    }
    pins
}

/// Records the pins where they lie.
pub(super) fn record(book: &mut Book<'_>, pins: &[Pin], consent: &Consent, findings: &mut Findings<'_>) {
    for pin in pins {
        let before = book.before_pin.get(&(pin.name.clone(), pin.label.clone())).copied();
        let text = block_text(&pin.name, &pin.label);
        let (headroom, cut) = settle_headroom(&text, before, pin.headroom, consent, findings);
        let holder = Holder::Vpc { vpc: pin.name.clone(), block: pin.label.clone(), headroom, cut };
        let place = book.innermost(pin.block);
        book.add(Held { place, block: pin.block, holder, state: ClaimState::Live });
    }
}

/// Refuses pins that meet somebody else's block.
///
/// Claims of a valid lock are disjoint, so a meeting involves a pin, or ranges that were moved onto each other.
pub(super) fn refuse_overlaps(book: &Book<'_>, pins: &[Pin], findings: &mut Findings<'_>) {
    let mut blocks: Vec<(Block, bool, &Held)> = book
        .held()
        .map(|held| match held.holder {
            Holder::Pool { .. } => (held.block, true, held),
            Holder::Vpc { .. } => (held.block, false, held),
        })
        .collect();
    // At one block the pool first: what fills a pool lies in it.
    blocks.sort_by_key(|(block, is_pool, _)| (*block, !is_pool));
    let mut over: Vec<(Block, bool, &Held)> = Vec::new();
    for next in blocks {
        while over.last().is_some_and(|last| !last.0.contains(next.0)) {
            over.pop();
        }
        if let Some(&(_, is_pool, first)) = over.last()
            && !is_pool
        {
            findings.raise(overlap(book, pins, first, next.2));
        }
        over.push(next);
    }
}

fn overlap(book: &Book<'_>, pins: &[Pin], first: &Held, second: &Held) -> Diagnostic {
    let text = |held: &Held| {
        let retired = if held.state == ClaimState::Retired { "retired " } else { "" };
        format!("{retired}`{}` of `{}`", held.block, super::book::holder_text(&held.holder))
    };
    let mut finding =
        Diagnostic::new(BLOCKS_OVERLAP, format!("{} and {} overlap", text(first), text(second)));
    for held in [first, second] {
        let pin = pins.iter().find(|pin| {
            matches!(&held.holder, Holder::Vpc { vpc, block, .. } if *vpc == pin.name && *block == pin.label)
        });
        if let Some(pin) = pin {
            finding = finding.at(pin.span, "");
        }
    }
    let retired = [first, second].into_iter().find(|held| held.state == ClaimState::Retired);
    let pool =
        [first, second].into_iter().find_map(|held| held.place).map(|(pool, _)| &book.pools[pool].name);
    match (retired, pool) {
        (Some(held), _) => {
            finding.help(format!("`tanada release {}`", super::book::holder_text(&held.holder)))
        }
        (None, Some(pool)) => finding.help(format!("`tanada free` shows what is free in `pool.{pool}`")),
        (None, None) => finding.help("give one of them another range"),
    }
}
