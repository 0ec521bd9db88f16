use std::collections::BTreeSet;

use tanada_model::lock::{MoveStage, VpcName};
use tanada_render::moves::beside;

use super::RangeChange;
use crate::revision::Rebuilt;

/// VPCs whose move is at another stage than it was: from, and to.
type Advance<'r> = (&'r VpcName, Option<MoveStage>, Option<MoveStage>);

fn advances<'r>(before: &'r Rebuilt, after: &'r Rebuilt) -> Vec<Advance<'r>> {
    let (old, new) = (&before.lock.moves, &after.lock.moves);
    let all: BTreeSet<&VpcName> = old.keys().chain(new.keys()).collect();
    let stages = all.into_iter().map(|vpc| (vpc, old.get(vpc).copied(), new.get(vpc).copied()));
    // Once it has arrived the input forgets it, which is no news.
    let is_news = |(_, was, is): &Advance<'_>| was != is && *was != Some(MoveStage::Arrived);
    stages.filter(is_news).collect()
}

/// `--stage payments-production=1`, one for each VPC whose move is at another stage.
pub(super) fn staged(before: &Rebuilt, after: &Rebuilt) -> Vec<String> {
    let number = |stage: Option<MoveStage>| stage.map_or(0, MoveStage::number);
    let words = |(vpc, _, is): Advance<'_>| format!("`--stage {}={}`", vpc.id(), number(is));
    advances(before, after).into_iter().map(words).collect()
}

/// Who is at another stage of a move, from where and to where.
pub(super) fn moves(before: &Rebuilt, after: &Rebuilt) -> Vec<RangeChange> {
    let change = |(vpc, was, is): Advance<'_>| {
        let next = beside(vpc).id();
        let (what, note) = match is {
            None => ("moves, back at stage 0", format!("`{next}` leaves, and the first network stays")),
            Some(MoveStage::Beside) => {
                ("moves, stage 1 of 3", format!("`{next}` beside it; whoever names it means both"))
            }
            Some(MoveStage::Leaving) => {
                ("moves, stage 2 of 3", format!("the first network leaves, and `{next}` serves alone"))
            }
            Some(MoveStage::Arrived) => ("moves, stage 3 of 3", format!("`{next}` has the name now")),
        };
        let first = [(before, was), (after, is)].into_iter().find_map(|(side, stage)| match stage {
            None | Some(MoveStage::Beside) => first_block(side, &vpc.id()),
            Some(MoveStage::Leaving | MoveStage::Arrived) => None,
        });
        let second = [(after, is), (before, was)].into_iter().find_map(|(side, stage)| match stage {
            None => None,
            Some(MoveStage::Beside | MoveStage::Leaving) => first_block(side, &next),
            Some(MoveStage::Arrived) => first_block(side, &vpc.id()),
        });
        let (before, after) = (first.into_iter().collect(), second.into_iter().collect());
        RangeChange { what, of: vpc.id(), before, after, note }
    };
    advances(before, after).into_iter().map(change).collect()
}

/// The first block of a VPC.
fn first_block(side: &Rebuilt, id: &str) -> Option<String> {
    let whole = side.whole.as_ref()?;
    let vpc = whole.design.vpcs.id(id)?;
    let own = whole.allocation.vpcs.iter().find(|own| own.vpc == vpc)?;
    Some(own.blocks.first()?.block.to_string())
}
