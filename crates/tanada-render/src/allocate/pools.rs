//! Inner pools: from the roots inwards, the larger first, then by name.

use std::collections::BTreeMap;

use tanada_model::design::{Design, Id as _, Pool, PoolId, PoolPlace};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::lock::Holder;
use tanada_model::net::{Block, BlockSet};

use super::book::{Book, PoolIndex, holder_text};
use super::findings::{Findings, POOL_FULL, POOL_SHRINKS, some_of};
use super::growth::{step, union};
use super::pins::Pin;

/// Places every pool and works out what is free in each.
pub(super) fn place(book: &mut Book<'_>, pins: &[Pin], findings: &mut Findings<'_>) {
    shrink(book, findings);
    let mut held = book.held_by_pool();
    let design = book.design;
    let mut levels: BTreeMap<usize, Vec<PoolId>> = BTreeMap::new();
    for id in design.pools.ids() {
        levels.entry(ancestors(design, id).count()).or_default().push(id);
    }
    for (_, mut level) in levels {
        level.sort_by_key(|&id| (size(&design.pools[id]), id));
        for &id in &level {
            if let PoolPlace::Inner { size, parent } = &design.pools[id].place {
                let used = held.get(&parent.index()).map_or(&[][..], Vec::as_slice);
                let given =
                    Inner { id, parent: parent.index(), size: size.value }.settle(book, pins, used, findings);
                held.entry(parent.index()).or_default().extend(given);
            }
        }
        for id in level {
            book.survey(id.index(), held.get(&id.index()).map_or(&[], Vec::as_slice));
        }
    }
}

fn size(pool: &Pool) -> u8 {
    match &pool.place {
        PoolPlace::Root(range) => range.value.prefix_len(),
        PoolPlace::Inner { size, parent: _ } => size.value,
    }
}

/// The pools that a pool is nested in, from the inside; ends at a root, and at a nesting that no input can have.
fn ancestors(design: &Design, id: PoolId) -> impl Iterator<Item = PoolId> + '_ {
    let parent = |id: &PoolId| match &design.pools[*id].place {
        PoolPlace::Root(_) => None,
        PoolPlace::Inner { size: _, parent } => Some(*parent),
    };
    std::iter::successors(parent(&id), move |id| parent(id)).take(design.pools.len())
}

/// Gives up extents that a smaller `size` asks for no more and in which nothing lies.
fn shrink(book: &mut Book<'_>, findings: &mut Findings<'_>) {
    let design = book.design;
    for (id, pool) in design.pools.iter() {
        let PoolPlace::Inner { size, parent: _ } = &pool.place else { continue };
        let name = design.pools.name(id);
        let extents = &book.pools[id.index()].extents;
        let Some(first) = extents.values().next().map(|first| first.prefix_len()) else { continue };
        if size.value > first {
            let message = format!(
                "`pool.{name}` is a /{first} and its place is fixed; it cannot become a /{}",
                size.value
            );
            let help =
                format!("write `size = {first}`; a second pool beside it is another way to fewer addresses");
            findings.raise(Diagnostic::new(POOL_SHRINKS, message).at(size.span, "").help(help));
            continue;
        }
        let wanted = usize::from(first - size.value) + 1;
        let surplus: Vec<u32> = extents.keys().skip(wanted).copied().collect();
        for number in surplus {
            let inside = |place: Option<(PoolIndex, u32)>| place == Some((id.index(), number));
            let left: Vec<String> =
                book.held().filter(|held| inside(held.place)).map(|held| holder_text(&held.holder)).collect();
            if left.is_empty() {
                book.drop_extent(id.index(), number);
            } else {
                let message = format!(
                    "`pool.{name}` cannot shrink to a /{}: {} lies there",
                    size.value,
                    some_of(&left)
                );
                let help = format!("write `size = {}`", size.value - 1);
                findings.raise(Diagnostic::new(POOL_SHRINKS, message).at(size.span, "").help(help));
            }
        }
    }
}

struct Inner {
    id: PoolId,
    parent: PoolIndex,
    size: u8,
}

impl Inner {
    /// Gives the pool the extents that it lacks; returns them.
    fn settle(
        &self,
        book: &mut Book<'_>,
        pins: &[Pin],
        used: &[Block],
        findings: &mut Findings<'_>,
    ) -> Vec<Block> {
        let mut given = Vec::new();
        // What lies outside has been complained of; another place would be a second story.
        if book.is_pool_without_place(&book.pools[self.id.index()].name) {
            return given;
        }
        let mut extents: Vec<Block> = book.pools[self.id.index()].extents.values().copied().collect();
        let first = extents.first().map_or(self.size, |first| first.prefix_len());
        let wanted = usize::from(first.saturating_sub(self.size)) + 1;
        while extents.len() < wanted {
            let number = book.pools[self.id.index()].extents.keys().next_back().map_or(0, |last| last + 1);
            let len = match extents.len() {
                0 => self.size,
                have => step(first, u32::try_from(have + 1).unwrap_or(u32::MAX)),
            };
            let Some(node) = self.find(book, pins, used, &extents, len) else {
                findings.raise(self.full(book, len));
                break;
            };
            let name = book.pools[self.id.index()].name.clone();
            book.give(self.parent, node, Holder::Pool { name, extent: number });
            book.pools[self.id.index()].extents.insert(number, node);
            extents.push(node);
            given.push(node);
        }
        given
    }

    fn find(
        &self,
        book: &Book<'_>,
        pins: &[Pin],
        used: &[Block],
        extents: &[Block],
        len: u8,
    ) -> Option<Block> {
        let free = &book.pools[self.parent].free;
        if let Some((first, grown)) = extents.split_first() {
            let buddy = union(*first, grown.iter().copied()).and_then(Block::buddy);
            if let Some(buddy) = buddy.filter(|buddy| buddy.prefix_len() == len && free.is_free(*buddy)) {
                return Some(buddy);
            }
        }
        // What lies beside reservations only: `used` and pins are nobody's to take.
        let is_own = |pin: &&Pin| {
            pin.pool.is_some_and(|pool| pool == self.id || ancestors(book.design, pool).any(|a| a == self.id))
        };
        let (own, others): (Vec<&Pin>, Vec<&Pin>) = pins.iter().partition(is_own);
        let within =
            |node: Block| book.pools[self.parent].extents.values().any(|extent| extent.contains(node));
        let own: Vec<Block> = own.into_iter().map(|pin| pin.block).filter(|block| within(*block)).collect();
        let taken: BlockSet = used.iter().copied().chain(others.iter().map(|pin| pin.block)).collect();
        if extents.is_empty()
            && let Some(pin) = own.first()
        {
            let node = Block::containing(pin.address(), len);
            let whole = own.iter().all(|pin| node.contains(*pin));
            if whole && within(node) && !taken.overlaps(node) {
                return Some(node);
            }
        }
        free.best_fit(len).or_else(|| {
            let taken: BlockSet = taken.into_iter().chain(own).collect();
            let mut nodes: BTreeMap<Block, u64> = BTreeMap::new();
            for piece in free.nodes() {
                *nodes.entry(Block::containing(piece.address(), len)).or_default() += piece.size();
            }
            let fits = |node: &Block| within(*node) && !taken.overlaps(*node);
            nodes
                .into_iter()
                .filter(|(node, _)| fits(node))
                .max_by_key(|&(node, size)| (size, std::cmp::Reverse(node)))
                .map(|(node, _)| node)
        })
    }

    fn full(&self, book: &Book<'_>, len: u8) -> Diagnostic {
        let pool = &book.design.pools[self.id];
        let parent = &book.pools[self.parent];
        let largest = match parent.free.largest() {
            Some(node) => format!("its largest free node is `{node}`"),
            None => "nothing in it is free".to_owned(),
        };
        let message =
            format!("`pool.{}` has no free /{len} for `pool.{}`; {largest}", parent.name, pool.entity.name);
        Diagnostic::new(POOL_FULL, message)
            .at(pool.entity.span, "")
            .help("write a smaller pool (a larger `size`), or nest it in another pool")
            .help("`tanada tree` shows what lies there")
    }
}
