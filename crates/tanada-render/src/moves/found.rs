//! How far moves are by what a tree holds: for the day on which the lock is lost in the middle of one.

use std::collections::BTreeMap;

use tanada_model::diagnostic::Diagnostic;
use tanada_model::document::Document;
use tanada_model::lock::{MoveStage, Recorded, RecordedVpc, VpcName};
use tanada_model::net::Block;

use super::{beside, statements, twin};
use crate::allocate::REBUILD_CONTRADICTION;

/// A move as a tree shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMove {
    /// Where the VPC was before it.
    pub from: Block,
    /// How far it is; `None`: not begun.
    pub stage: Option<MoveStage>,
}

/// The input at the stages that a tree shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The input as the stages have it.
    pub document: Document,
    /// Every move.
    pub moves: BTreeMap<VpcName, FoundMove>,
}

/// Finds the stage of every move in what a tree holds. What the two contradict each other in is among the findings.
pub fn found(document: &Document, recorded: &Recorded) -> (Found, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let mut moves = BTreeMap::new();
    let mut staged = document.clone();
    for (vpc, (_, from)) in statements(document) {
        let old = network(recorded, &vpc);
        let next = network(recorded, &beside(&vpc));
        let first = old.and_then(|old| old.blocks.first().copied());
        let stage = match (first, next) {
            (Some(first), None) if first == from.value => None,
            (Some(first), Some(_)) if first == from.value => Some(MoveStage::Beside),
            (None, Some(_)) => Some(MoveStage::Leaving),
            (Some(_), None) => Some(MoveStage::Arrived),
            (Some(_), Some(_)) | (None, None) => {
                let id = vpc.id();
                let message =
                    format!("`{id}` moves from `{}`, and the tree shows none of its stages", from.value);
                findings.push(
                    Diagnostic::new(REBUILD_CONTRADICTION, message)
                        .at(from.span, "")
                        .help("run it with the input and the tree of one and the same commit"),
                );
                continue;
            }
        };
        let old = twin::Old { block: from, headroom_locked: true };
        match stage {
            None => twin::only_old(&mut staged, &vpc, &old),
            Some(MoveStage::Beside) => twin::both(&mut staged, &vpc, &old),
            Some(MoveStage::Leaving) => twin::only_next(&mut staged, &vpc),
            Some(MoveStage::Arrived) => {}
        }
        moves.insert(vpc, FoundMove { from: from.value, stage });
    }
    (Found { document: staged, moves }, findings)
}

fn network<'r>(recorded: &'r Recorded, vpc: &VpcName) -> Option<&'r RecordedVpc> {
    recorded.vpcs.iter().find(|own| own.id == vpc.id())
}
