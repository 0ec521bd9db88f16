use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};

use super::super::name::{is_birth, is_label};
use super::super::{
    Acceptance, BlockLabel, Claim, Holder, LayoutLock, Leaving, Lock, MoveStage, TierLock, ZoneLock,
};
use super::check::Seen;
use super::error::LockErrorKind as Kind;
use super::item::Item;
use super::{END, FORMAT, LockError};
use crate::document::too_deep;
use crate::net::Position;

pub(super) type Read<T> = Result<T, LockError>;

/// More headroom than a /16 has bits above a /28 means nothing.
const MAX_HEADROOM: u64 = 12;

/// Reads a lock.
///
/// # Errors
/// [`LockError`], the first problem: conflict markers, text that is not HCL or was cut off, a format from the future,
/// unknown or missing parts, entries that overlap or stand twice.
pub fn parse(text: &str) -> Read<Lock> {
    refuse_conflict(text)?;
    if let Some(at) = too_deep(text) {
        let message = "brackets are nested deeper than in any lock".to_owned();
        return Err(LockError::new(Kind::Syntax(message), text, at..at));
    }
    let body: Body = text.parse().map_err(|error: hcl_edit::parser::Error| {
        let offset = error.location().offset();
        LockError::new(Kind::Syntax(error.message().to_owned()), text, offset..offset)
    })?;
    check_format(text, &body)?;
    if text.trim_end().rsplit('\n').next().map(str::trim_end) != Some(END) {
        return Err(LockError::new(Kind::Truncated, text, text.len()..text.len()));
    }
    Reader { text, seen: Seen::default() }.lock(&body)
}

fn refuse_conflict(text: &str) -> Read<()> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
            return Err(LockError::new(Kind::Conflict, text, start..start + line.trim_end().len()));
        }
        start += line.len();
    }
    Ok(())
}

/// The format first: a lock from the future may be anything else, and that is not its fault.
fn check_format(text: &str, body: &Body) -> Read<()> {
    let Some(attribute) = body.get_attribute("format") else {
        return Err(LockError::new(Kind::NoFormat, text, 0..0));
    };
    let span = attribute.value.span().unwrap_or_default();
    match attribute.value.as_number().and_then(hcl_edit::Number::as_u64) {
        Some(1..=1) => Ok(()),
        Some(format) if format > u64::from(FORMAT) => Err(LockError::new(Kind::Future(format), text, span)),
        Some(_) | None => {
            let kind = Kind::Value { attribute: "format".to_owned(), expected: "a number from 1" };
            Err(LockError::new(kind, text, span))
        }
    }
}

pub(super) struct Reader<'a> {
    text: &'a str,
    seen: Seen,
}

impl Reader<'_> {
    pub(super) fn error<T>(&self, kind: Kind, span: Range<usize>) -> Read<T> {
        Err(LockError::new(kind, self.text, span))
    }

    fn lock(mut self, body: &Body) -> Read<Lock> {
        let mut lock = Lock::default();
        for structure in body.iter() {
            let span = structure.span().unwrap_or_default();
            match structure {
                Structure::Attribute(attribute) => {
                    let (key, value) = (attribute.key.as_str(), &attribute.value);
                    match key {
                        "format" => {}
                        "births" => self.births(value, &mut lock)?,
                        "hubs" => self.hubs(value, &mut lock)?,
                        "leaving" => self.leaving(value, &mut lock)?,
                        "moves" => self.moves(value, &mut lock)?,
                        "intents" => self.intents(value, &mut lock)?,
                        "accepted" => self.accepted(value, &mut lock)?,
                        _ => return self.unknown(key, "a lock", span),
                    }
                }
                Structure::Block(block) => {
                    let [label] = block.labels.as_slice() else {
                        return self.error(Kind::Missing("name"), span);
                    };
                    let name = self.label_text(block.ident.as_str(), label.as_str(), span.clone())?;
                    match block.ident.as_str() {
                        "pool" => {
                            let claims = self.pool(&name, &block.body)?;
                            self.seen.once(self.text, format!("pool `{name}`"), span)?;
                            lock.pools.insert(name, claims);
                        }
                        "layout" => {
                            let layout = self.layout(&name, &block.body)?;
                            self.seen.once(self.text, format!("layout `{name}`"), span)?;
                            lock.layouts.insert(name, layout);
                        }
                        other => return self.unknown(other, "a lock", span),
                    }
                }
            }
        }
        lock.pools.retain(|_, claims| !claims.is_empty());
        Ok(lock)
    }

    pub(super) fn unknown<T>(&self, name: &str, place: &'static str, span: Range<usize>) -> Read<T> {
        self.error(Kind::Unknown { name: name.to_owned(), place }, span)
    }

    fn pool(&mut self, pool: &str, body: &Body) -> Read<Vec<Claim>> {
        let mut claims = Vec::new();
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) if attribute.key.as_str() == "claims" => {
                    for item in self.items("claims", &attribute.value)? {
                        let span = item.span.clone();
                        claims.push((self.claim(item)?, span));
                    }
                }
                Structure::Attribute(attribute) => {
                    let span = structure.span().unwrap_or_default();
                    return self.unknown(attribute.key.as_str(), "`pool`", span);
                }
                Structure::Block(block) => {
                    let span = structure.span().unwrap_or_default();
                    return self.unknown(block.ident.as_str(), "`pool`", span);
                }
            }
        }
        claims.sort_by_key(|(claim, _)| claim.order());
        self.seen.claims(self.text, pool, &claims)?;
        Ok(claims.into_iter().map(|(claim, _)| claim).collect())
    }

    fn claim(&mut self, mut item: Item<'_>) -> Read<Claim> {
        let extent = self.number(&mut item, "extent", 0, u64::from(u32::MAX))?;
        let at = self.text_of(&mut item, "at")?;
        let Ok(at) = at.parse::<Position>() else {
            return self.value("at", "a position such as `/20#5`", item.span);
        };
        let holder = if item.values.contains_key("pool") {
            let name = self.text_of(&mut item, "pool")?;
            let name = self.label_text("pool", &name, item.span.clone())?;
            Holder::Pool { name, extent: self.number(&mut item, "part", 0, u64::from(u32::MAX))? }
        } else {
            let vpc = self.vpc(&mut item)?;
            let block = self.block_label(&mut item)?;
            let headroom: u8 = self.number(&mut item, "headroom", 0, MAX_HEADROOM)?;
            let cut = self.number(&mut item, "cut", u64::from(headroom), MAX_HEADROOM)?;
            if cut < headroom {
                return self.value("cut", "at least `headroom`", item.span);
            }
            Holder::Vpc { vpc, block, headroom, cut }
        };
        let state = self.state(&mut item)?;
        self.end(item, "a claim")?;
        Ok(Claim { extent, at, holder, state })
    }

    fn block_label(&self, item: &mut Item<'_>) -> Read<BlockLabel> {
        let Some(value) = item.values.remove("block") else { return Ok(BlockLabel::First) };
        let number = value.as_number().and_then(hcl_edit::Number::as_u64).and_then(|n| u32::try_from(n).ok());
        match (number, value.as_str()) {
            (Some(n), _) if n >= 2 => Ok(BlockLabel::Grown(n)),
            (_, Some(name)) if is_label(name) => Ok(BlockLabel::Named(name.to_owned())),
            (_, _) => self.value("block", "a label, or a number from 2", value.span().unwrap_or_default()),
        }
    }

    fn layout(&mut self, layout: &str, body: &Body) -> Read<LayoutLock> {
        let mut result = LayoutLock::default();
        for structure in body.iter() {
            let span = structure.span().unwrap_or_default();
            match structure {
                Structure::Attribute(attribute) => match attribute.key.as_str() {
                    "zones" => {
                        for item in self.items("zones", &attribute.value)? {
                            let span = item.span.clone();
                            let zone = self.zone(item)?;
                            self.seen.zone(self.text, layout, &zone, span)?;
                            result.zones.push(zone);
                        }
                    }
                    "tiers" => {
                        let mut tiers = Vec::new();
                        for item in self.items("tiers", &attribute.value)? {
                            let span = item.span.clone();
                            tiers.push((self.tier(item)?, span));
                        }
                        tiers.sort_by_key(|(tier, _)| tier.order());
                        self.seen.tiers(self.text, layout, &tiers)?;
                        result.tiers = tiers.into_iter().map(|(tier, _)| tier).collect();
                    }
                    other => return self.unknown(other, "`layout`", span),
                },
                Structure::Block(block) => return self.unknown(block.ident.as_str(), "`layout`", span),
            }
        }
        result.zones.sort_by_key(|zone| zone.index);
        Ok(result)
    }

    fn zone(&self, mut item: Item<'_>) -> Read<ZoneLock> {
        let letter = self.text_of(&mut item, "zone")?;
        let letter = self.label_text("zone", &letter, item.span.clone())?;
        let index = self.required(&mut item, "index", u64::from(u16::MAX))?;
        let state = self.state(&mut item)?;
        self.end(item, "a zone")?;
        Ok(ZoneLock { letter, index, state })
    }

    fn tier(&self, mut item: Item<'_>) -> Read<TierLock> {
        let block: u8 = self.required(&mut item, "block", 32)?;
        let tier = self.text_of(&mut item, "tier")?;
        let tier = self.label_text("tier", &tier, item.span.clone())?;
        let node: u8 = self.required(&mut item, "node", 32)?;
        let netnum = self.required(&mut item, "netnum", u64::from(u32::MAX))?;
        let slots = self.required(&mut item, "slots", u64::from(u16::MAX))?;
        let mut extra = BTreeMap::new();
        if let Some(value) = item.values.remove("extra") {
            for mut item in self.items("extra", value)? {
                let zone = self.required(&mut item, "zone", u64::from(u16::MAX))?;
                let netnum = self.required(&mut item, "netnum", u64::from(u32::MAX))?;
                self.end(item, "`extra`")?;
                extra.insert(zone, netnum);
            }
        }
        let state = self.state(&mut item)?;
        let span = item.span.clone();
        self.end(item, "a tier")?;
        let tier = TierLock { block, tier, node, netnum, slots, extra, state };
        let size = 1_u64 << (32 - block);
        if node < block || tier.stretches().any(|(start, length)| start + length > size) {
            return self.value("netnum", "a place inside the block", span);
        }
        Ok(tier)
    }

    fn births(&mut self, value: &Expression, lock: &mut Lock) -> Read<()> {
        for mut item in self.items("births", value)? {
            let vpc = self.vpc(&mut item)?;
            let birth = self.text_of(&mut item, "birth")?;
            if !is_birth(&birth) {
                return self.value("birth", "a path of labels", item.span);
            }
            self.seen.once(self.text, format!("the birth of `{vpc}`"), item.span.clone())?;
            self.seen.once(self.text, format!("the birth `{birth}`"), item.span.clone())?;
            self.end(item, "`births`")?;
            lock.births.insert(vpc, birth);
        }
        Ok(())
    }

    fn hubs(&mut self, value: &Expression, lock: &mut Lock) -> Read<()> {
        for mut item in self.items("hubs", value)? {
            let hub = self.text_of(&mut item, "hub")?;
            if !is_label(&hub) {
                return self.value("hub", "a label", item.span);
            }
            let birth = self.text_of(&mut item, "birth")?;
            if !is_birth(&birth) {
                return self.value("birth", "a path of labels", item.span);
            }
            self.seen.once(self.text, format!("hub `{hub}` in `hubs`"), item.span.clone())?;
            self.seen.once(self.text, format!("the birth `{birth}`"), item.span.clone())?;
            self.end(item, "`hubs`")?;
            lock.hubs.insert(hub, birth);
        }
        Ok(())
    }

    fn leaving(&mut self, value: &Expression, lock: &mut Lock) -> Read<()> {
        for mut item in self.items("leaving", value)? {
            let vpc = self.vpc(&mut item)?;
            let how = match self.text_of(&mut item, "how")?.as_str() {
                "destroyed" => Leaving::Destroyed,
                "forgotten" => Leaving::Forgotten,
                _ => return self.value("how", "`destroyed` or `forgotten`", item.span),
            };
            self.seen.once(self.text, format!("`{vpc}` in `leaving`"), item.span.clone())?;
            self.end(item, "`leaving`")?;
            lock.leaving.insert(vpc, how);
        }
        Ok(())
    }

    fn moves(&mut self, value: &Expression, lock: &mut Lock) -> Read<()> {
        for mut item in self.items("moves", value)? {
            let vpc = self.vpc(&mut item)?;
            let number = self.required(&mut item, "stage", 3)?;
            let Some(stage) = MoveStage::of(number) else {
                return self.value("stage", "1, 2 or 3", item.span);
            };
            self.seen.once(self.text, format!("`{vpc}` in `moves`"), item.span.clone())?;
            self.end(item, "`moves`")?;
            lock.moves.insert(vpc, stage);
        }
        Ok(())
    }

    fn intents(&mut self, value: &Expression, lock: &mut Lock) -> Read<()> {
        let Some(array) = value.as_array() else {
            return self.value("intents", "a list", value.span().unwrap_or_default());
        };
        for (at, item) in array.iter().enumerate() {
            let span = item.span().unwrap_or_default();
            let name = self.label_text("intents", item.as_str().unwrap_or_default(), span.clone())?;
            self.seen.once(self.text, format!("intent `{name}`"), span)?;
            lock.intents.insert(name, u32::try_from(at).unwrap_or(u32::MAX));
        }
        Ok(())
    }

    fn accepted(&mut self, value: &Expression, lock: &mut Lock) -> Read<()> {
        for mut item in self.items("accepted", value)? {
            let name = self.text_of(&mut item, "name")?;
            let is_name = |part: &str| is_label(part);
            if !name.split('.').all(is_name) {
                return self.value("name", "the name of a VPC, or `hub.` and a name", item.span);
            }
            let mut digest = |name: &'static str| -> Read<String> {
                let digest = self.text_of(&mut item, name)?;
                let is_digest =
                    digest.len() == 16 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                if is_digest {
                    Ok(digest)
                } else {
                    self.value(name, "16 hexadecimal digits", item.span.clone())
                }
            };
            let (before, after) = (digest("before")?, digest("after")?);
            self.seen.once(self.text, format!("`{name}` in `accepted`"), item.span.clone())?;
            self.end(item, "`accepted`")?;
            lock.accepted.insert(name, Acceptance { before, after });
        }
        Ok(())
    }
}
