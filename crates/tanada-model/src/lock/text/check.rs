//! What one entry alone cannot tell: entries that overlap or stand twice.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::{BlockLabel, Claim, Holder, TierLock, ZoneLock};
use super::LockError;
use super::error::LockErrorKind as Kind;

type Spanned<T> = (T, Range<usize>);

/// Names that were read so far.
#[derive(Default)]
pub(super) struct Seen(BTreeSet<String>);

impl Seen {
    /// Refuses the second entry of one name.
    pub(super) fn once(&mut self, text: &str, name: String, span: Range<usize>) -> Result<(), LockError> {
        if self.0.contains(&name) {
            return Err(LockError::new(Kind::Duplicate(name), text, span));
        }
        self.0.insert(name);
        Ok(())
    }

    /// Claims of one pool, sorted.
    pub(super) fn claims(
        &mut self,
        text: &str,
        pool: &str,
        claims: &[Spanned<Claim>],
    ) -> Result<(), LockError> {
        for (claim, span) in claims {
            let name = match &claim.holder {
                Holder::Pool { name, extent } => format!("part {extent} of pool `{name}`"),
                Holder::Vpc { vpc, block: BlockLabel::First, .. } => format!("the first block of `{vpc}`"),
                Holder::Vpc { vpc, block: BlockLabel::Grown(n), .. } => format!("block {n} of `{vpc}`"),
                Holder::Vpc { vpc, block: BlockLabel::Named(name), .. } => {
                    format!("block `{name}` of `{vpc}`")
                }
            };
            self.once(text, name, span.clone())?;
        }
        for pair in claims.windows(2) {
            let [(first, _), (second, span)] = pair else { continue };
            let end = first.at.offset() + (1 << (32 - first.at.len.min(32)));
            if first.extent == second.extent && second.at.offset() < end {
                let name = |claim: &Claim| format!("`{}` of pool `{pool}`", claim.at);
                let kind = Kind::Overlap { first: name(first), second: name(second) };
                return Err(LockError::new(kind, text, span.clone()));
            }
        }
        Ok(())
    }

    /// One zone.
    pub(super) fn zone(
        &mut self,
        text: &str,
        layout: &str,
        zone: &ZoneLock,
        span: Range<usize>,
    ) -> Result<(), LockError> {
        let ZoneLock { letter, index, state: _ } = zone;
        self.once(text, format!("zone `{letter}` of layout `{layout}`"), span.clone())?;
        self.once(text, format!("zone index {index} of layout `{layout}`"), span)
    }

    /// Tiers of one layout.
    pub(super) fn tiers(
        &mut self,
        text: &str,
        layout: &str,
        tiers: &[Spanned<TierLock>],
    ) -> Result<(), LockError> {
        let mut stretches: Vec<(u8, u64, u64, usize)> = Vec::new();
        for (at, (tier, span)) in tiers.iter().enumerate() {
            let name = format!("tier `{}` of layout `{layout}` in a /{}", tier.tier, tier.block);
            self.once(text, name, span.clone())?;
            stretches.extend(tier.stretches().map(|(start, length)| (tier.block, start, start + length, at)));
        }
        stretches.sort_unstable();
        for pair in stretches.windows(2) {
            let [first, second] = pair else { continue };
            if first.0 == second.0
                && second.1 < first.2
                && let (Some((one, _)), Some((other, span))) = (tiers.get(first.3), tiers.get(second.3))
            {
                let name = |tier: &TierLock| format!("tier `{}` of layout `{layout}`", tier.tier);
                let kind = Kind::Overlap { first: name(one), second: name(other) };
                return Err(LockError::new(kind, text, span.clone()));
            }
        }
        Ok(())
    }
}
