//! Where a VPC's blocks come from, and what is kept free in them.

use super::codes::*;
use super::entity;
use super::names::{Context, Seat};
use super::people::{nearest, place, written_value};
use crate::design::{LayoutId, Placement, VpcBlock};
use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::document::{BlockStatement, OUT_OF_RANGE, Reference, written};

impl Context<'_, '_> {
    /// Bits kept free, and where they are written when it is on the VPC itself. A pin keeps none unless it says so.
    pub(super) fn headroom(&mut self, seat: &Seat<'_>) -> (u8, Option<Span>) {
        let own = seat.vpc.and_then(|vpc| written(&vpc.inherited.headroom));
        if let Some(own) = own {
            return (self.check_headroom(own), Some(own.span));
        }
        if seat.vpc.is_some_and(|vpc| written(&vpc.range).is_some()) {
            return (0, None);
        }
        let (_, headroom) = nearest(seat, |own| &own.headroom);
        let headroom = headroom.and_then(written_value);
        (headroom.map_or(1, |headroom| self.check_headroom(headroom)), None)
    }

    fn check_headroom(&mut self, headroom: Spanned<&u32>) -> u8 {
        let few = u8::try_from(*headroom.value).ok().filter(|bits| *bits <= 8);
        if few.is_none() {
            self.push(
                Diagnostic::new(
                    OUT_OF_RANGE,
                    format!("a headroom of {} bits is more than 8", headroom.value),
                )
                .at(headroom.span, "")
                .help("1 keeps half of every subnet's node free, 2 three quarters"),
            );
        }
        few.unwrap_or(0)
    }

    pub(super) fn placement(&mut self, seat: &Seat<'_>) -> Option<Placement> {
        if let Some(vpc) = seat.vpc
            && let Some(range) = written(&vpc.range)
        {
            let own = [place(&vpc.inherited.size, "size"), place(&vpc.inherited.pool, "pool")];
            self.pinned_alone(range.span, own.into_iter().flatten());
            self.check_block_size(range.value.prefix_len(), range.span);
            return Some(Placement::Pinned(Spanned { value: *range.value, span: range.span }));
        }
        let pool = nearest(seat, |own| &own.pool).1.and_then(written_value);
        let size = nearest(seat, |own| &own.size).1.and_then(written_value);
        if pool.is_none() {
            self.needs(seat, "pool", "pool.…");
        }
        if size.is_none() {
            self.needs(seat, "size", "20");
        }
        self.pooled(pool, size)
    }

    fn pooled(&mut self, pool: Option<Spanned<&Reference>>, size: Option<Spanned<&u8>>) -> Option<Placement> {
        let pool = pool.and_then(|pool| self.find(&self.names.pools, pool));
        let size = size.map(|size| Spanned { value: *size.value, span: size.span })?;
        self.check_block_size(size.value, size.span);
        Some(Placement::Pool { pool: pool?, size })
    }

    /// `range` beside `size` or `pool` on the same block.
    fn pinned_alone(&mut self, range: Span, others: impl Iterator<Item = (Span, &'static str)>) {
        for (span, name) in others {
            self.push(
                Diagnostic::new(CONFLICTING_ATTRIBUTES, format!("`range` and `{name}` exclude each other"))
                    .at(span, "")
                    .at(range, "pinned here")
                    .help(format!(
                        "delete `{name}`; or delete `range`, and the block that the lock holds stays"
                    )),
            );
        }
    }

    fn check_block_size(&mut self, len: u8, span: Span) {
        if !(16..=28).contains(&len) {
            self.push(
                Diagnostic::new(BLOCK_SIZE, format!("AWS makes VPC blocks of /16 to /28, not /{len}"))
                    .at(span, "")
                    .help("write a size from 16 to 28; add a `block` for more addresses"),
            );
        }
    }

    pub(super) fn blocks(
        &mut self,
        seat: &Seat<'_>,
        layout: Option<LayoutId>,
        headroom: u8,
    ) -> Option<Vec<VpcBlock>> {
        let statements = seat.vpc.map(|vpc| vpc.blocks.as_slice()).unwrap_or_default();
        let read = |block| self.block(seat, block, layout, headroom);
        let blocks: Vec<Option<VpcBlock>> = statements.iter().map(read).collect();
        let mut blocks: Vec<VpcBlock> = blocks.into_iter().collect::<Option<_>>()?;
        blocks.sort_by(|a, b| a.entity.name.cmp(&b.entity.name));
        Some(blocks)
    }

    fn block(
        &mut self,
        seat: &Seat<'_>,
        block: &BlockStatement,
        layout: Option<LayoutId>,
        headroom: u8,
    ) -> Option<VpcBlock> {
        let BlockStatement { header, range, pool, size, headroom: own, layout: own_layout } = block;
        let (size_place, pool_place) = (place(size, "size"), place(pool, "pool"));
        let (range, pool, size, own) = (written(range), written(pool), written(size), written(own));
        let layout = match written(own_layout) {
            Some(reference) => self.find(&self.names.layouts, reference),
            None => layout,
        };
        let placement = if let Some(range) = range {
            self.pinned_alone(range.span, [size_place, pool_place].into_iter().flatten());
            self.check_block_size(range.value.prefix_len(), range.span);
            Some(Placement::Pinned(Spanned { value: *range.value, span: range.span }))
        } else {
            if size.is_none() {
                self.push(
                    Diagnostic::new(
                        MISSING_CHOICE,
                        format!("the block `{}` has neither `range` nor `size`", header.name.value),
                    )
                    .at(header.name.span, "")
                    .help("add `size = …` (and `pool = …` if it is another one), or `range = \"…\"`"),
                );
            }
            let pool = pool.or_else(|| nearest(seat, |own| &own.pool).1.and_then(written_value));
            if pool.is_none() {
                self.needs(seat, "pool", "pool.…");
            }
            self.pooled(pool, size)
        };
        let inherited = if range.is_some() { 0 } else { headroom };
        Some(VpcBlock {
            entity: entity(header),
            placement: placement?,
            headroom: own.map_or(inherited, |own| self.check_headroom(own)),
            headroom_written: own.map(|own| own.span),
            layout: layout?,
        })
    }
}
