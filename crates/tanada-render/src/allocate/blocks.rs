//! What every VPC of the input has, and what it lacks.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{Id as _, Placement, Vpc};
use tanada_model::diagnostic::{Diagnostic, Span};
use tanada_model::lock::{BlockLabel, ClaimState, Holder, VpcName};
use tanada_model::net::Block;

use super::Consent;
use super::book::{Book, PoolIndex, block_text, holder_text};
use super::findings::{BLOCK_CHANGES_SIZE, Findings, POOL_FULL, VANISHED_BLOCK, some_of};
use super::growth::{Headroom, settle_headroom, step, union};
use super::names::vpc_name;

/// A block that somebody lacks.
struct Request {
    len: u8,
    vpc: VpcName,
    label: BlockLabel,
    pool: PoolIndex,
    headroom: u8,
    span: Span,
}

/// Keeps, changes and hands out blocks of VPCs. Pins are recorded before.
pub(super) fn settle(book: &mut Book<'_>, consent: &Consent, findings: &mut Findings<'_>) {
    let design = book.design;
    let mut requests = Vec::new();
    for vpc in design.vpcs.values() {
        Decision { vpc, name: vpc_name(design, vpc), consent }.make(book, &mut requests, findings);
    }
    // A buddy serves its own VPC only, any other node serves anybody: so those who want theirs come first.
    requests.sort_by_cached_key(|request| (request.vpc.id(), request.label.clone()));
    requests.retain(|request| !book.is_without_place(&request.vpc, &request.label));
    requests.retain(|request| !give_buddy(book, request));
    requests.sort_by_key(|request| request.len);
    let mut refused: BTreeMap<PoolIndex, Vec<Request>> = BTreeMap::new();
    for request in requests {
        match book.pools[request.pool].free.best_fit(request.len) {
            Some(block) => give(book, &request, request.pool, block),
            None => refused.entry(request.pool).or_default().push(request),
        }
    }
    for (pool, requests) in refused {
        findings.raise(full(book, pool, &requests));
    }
}

fn give(book: &mut Book<'_>, request: &Request, pool: PoolIndex, block: Block) {
    let Request { len: _, vpc, label, pool: _, headroom, span: _ } = request;
    let holder = Holder::Vpc { vpc: vpc.clone(), block: label.clone(), headroom: *headroom, cut: *headroom };
    book.give(pool, block, holder);
}

/// Gives growth the buddy of what the VPC has, when that is free.
fn give_buddy(book: &mut Book<'_>, request: &Request) -> bool {
    let BlockLabel::Grown(n) = request.label else { return false };
    let Some(first) = book.of(&request.vpc, &BlockLabel::First) else { return false };
    let Some((pool, _)) = first.place else { return false };
    let grown: Option<Vec<Block>> =
        (2..n).map(|n| book.of(&request.vpc, &BlockLabel::Grown(n)).map(|held| held.block)).collect();
    let buddy = grown.and_then(|grown| union(first.block, grown)).and_then(Block::buddy);
    match buddy.filter(|buddy| buddy.prefix_len() == request.len && book.pools[pool].free.is_free(*buddy)) {
        Some(buddy) => {
            give(book, request, pool, buddy);
            true
        }
        None => false,
    }
}

struct Decision<'a> {
    vpc: &'a Vpc,
    name: VpcName,
    consent: &'a Consent,
}

impl Decision<'_> {
    fn make(&self, book: &mut Book<'_>, requests: &mut Vec<Request>, findings: &mut Findings<'_>) {
        let Vpc { placement, headroom, headroom_written, blocks, .. } = self.vpc;
        let mut wanted = BTreeSet::from([BlockLabel::First]);
        let headroom = Headroom { wanted: *headroom, written: *headroom_written };
        match placement {
            Placement::Pinned(_) => wanted.extend(self.grown(book)),
            Placement::Pool { pool, size } => {
                let first = self.keep(book, &BlockLabel::First, headroom, findings);
                match first.map(|block| block.prefix_len()) {
                    None => {
                        requests.push(self.request(size.value, BlockLabel::First, pool.index(), headroom))
                    }
                    Some(first) if size.value > first => self.shrink(book, size.value, size.span, findings),
                    Some(first) => {
                        for n in 2..2 + u32::from(first - size.value) {
                            let label = BlockLabel::Grown(n);
                            if self.keep(book, &label, headroom, findings).is_none() {
                                let headroom = self.headroom_today(book, headroom);
                                requests.push(self.request(
                                    step(first, n),
                                    label.clone(),
                                    pool.index(),
                                    headroom,
                                ));
                            }
                            wanted.insert(label);
                        }
                    }
                }
            }
        }
        for block in blocks {
            let label = BlockLabel::Named(block.entity.name.clone());
            let headroom = Headroom { wanted: block.headroom, written: block.headroom_written };
            wanted.insert(label.clone());
            let Placement::Pool { pool, size } = &block.placement else { continue };
            match self.keep(book, &label, headroom, findings) {
                Some(held) if held.prefix_len() == size.value => {}
                Some(held) => {
                    if self.consents(&label, held, size.value, size.span, findings) {
                        book.give_up(&self.name, &label);
                        requests.push(self.request(size.value, label, pool.index(), headroom));
                    }
                }
                None => requests.push(self.request(size.value, label, pool.index(), headroom)),
            }
        }
        self.leave(book, &wanted, findings);
    }

    fn request(&self, len: u8, label: BlockLabel, pool: PoolIndex, headroom: Headroom) -> Request {
        let span = self.vpc.entity.span;
        Request { len, vpc: self.name.clone(), label, pool, headroom: headroom.wanted, span }
    }

    /// Headroom of what grows a VPC: that of its first block.
    fn headroom_today(&self, book: &Book<'_>, headroom: Headroom) -> Headroom {
        match book.of(&self.name, &BlockLabel::First).map(|held| &held.holder) {
            Some(Holder::Vpc { vpc: _, block: _, headroom: wanted, cut: _ }) => {
                Headroom { wanted: *wanted, ..headroom }
            }
            Some(Holder::Pool { .. }) | None => headroom,
        }
    }

    /// What the VPC has under a label, in use from now on.
    fn keep(
        &self,
        book: &mut Book<'_>,
        label: &BlockLabel,
        wanted: Headroom,
        findings: &mut Findings<'_>,
    ) -> Option<Block> {
        let held = book.of_mut(&self.name, label)?;
        if let Holder::Vpc { vpc: _, block: _, headroom, cut } = &mut held.holder {
            let before = Some((*headroom, *cut, held.state));
            (*headroom, *cut) =
                settle_headroom(&block_text(&self.name, label), before, wanted, self.consent, findings);
        }
        held.state = ClaimState::Live;
        Some(held.block)
    }

    fn grown(&self, book: &Book<'_>) -> Vec<BlockLabel> {
        let labels = book.all_of(&self.name).map(|(label, _)| label.clone());
        labels.filter(|label| matches!(label, BlockLabel::Grown(_))).collect()
    }

    /// A first block that is to be smaller: the VPC is replaced, and its new block is the start of the old one.
    fn shrink(&self, book: &mut Book<'_>, len: u8, span: Span, findings: &mut Findings<'_>) {
        let Some(first) = book.of(&self.name, &BlockLabel::First).cloned() else { return };
        if !self.consents(&BlockLabel::First, first.block, len, span, findings) {
            return;
        }
        if let Some(block) = first.block.part(len, 0) {
            book.give_up(&self.name, &BlockLabel::First);
            book.add(super::book::Held { block, ..first });
        }
        for label in self.grown(book) {
            book.give_up(&self.name, &label);
        }
    }

    fn consents(
        &self,
        label: &BlockLabel,
        held: Block,
        len: u8,
        span: Span,
        findings: &mut Findings<'_>,
    ) -> bool {
        let text = block_text(&self.name, label);
        if self.consent.accept.contains(&text) {
            return true;
        }
        let message = format!("`{text}` is `{held}`; a /{len} replaces it and everything in it");
        let help = format!("write `size = {}`, or `--accept {text}`", held.prefix_len());
        findings.raise(Diagnostic::new(BLOCK_CHANGES_SIZE, message).at(span, "").help(help));
        false
    }

    /// Blocks that are no longer asked for.
    fn leave(&self, book: &mut Book<'_>, wanted: &BTreeSet<BlockLabel>, findings: &mut Findings<'_>) {
        let surplus: Vec<(BlockLabel, Block)> = book
            .all_of(&self.name)
            .filter(|(label, held)| held.state == ClaimState::Live && !wanted.contains(*label))
            .map(|(label, held)| (label.clone(), held.block))
            .collect();
        for (label, block) in surplus {
            let text = block_text(&self.name, &label);
            if !self.consent.destroy.contains(&text) {
                let message =
                    format!("`{text}` (`{block}`) is no longer in the input; its subnets would be destroyed");
                findings.raise(
                    Diagnostic::new(VANISHED_BLOCK, message)
                        .at(self.vpc.entity.span, "")
                        .help(format!("`--destroy {text}`, or write it again")),
                );
            } else if let Some(held) = book.of_mut(&self.name, &label) {
                held.state = ClaimState::Retired;
            }
        }
    }
}

/// A pool that cannot serve these requests, the largest first.
fn full(book: &Book<'_>, pool: PoolIndex, requests: &[Request]) -> Diagnostic {
    let state = &book.pools[pool];
    let names: Vec<String> =
        requests.iter().map(|request| block_text(&request.vpc, &request.label)).collect();
    let smallest = requests.iter().map(|request| request.len).max().unwrap_or_default();
    let largest = match state.free.largest() {
        Some(node) => format!("its largest free node is `{node}`"),
        None => "nothing in it is free".to_owned(),
    };
    let message = format!("`pool.{}` has no free /{smallest} for {}; {largest}", state.name, some_of(&names));
    let mut finding = Diagnostic::new(POOL_FULL, message);
    for request in requests.iter().take(1) {
        finding = finding.at(request.span, "");
    }
    let mut retired: Vec<String> = book
        .held()
        .filter(|held| held.state == ClaimState::Retired && held.place.is_some_and(|(of, _)| of == pool))
        .map(|held| holder_text(&held.holder))
        .collect();
    retired.sort();
    let or = if retired.is_empty() { "" } else { "or " };
    if !retired.is_empty() {
        finding = finding
            .help(format!("release what is retired in it: {} (`tanada release NAME`)", some_of(&retired)));
    }
    finding
        .help(format!(
            "{or}give `pool.{}` more addresses: a larger pool is a smaller `size`; or a second root",
            state.name
        ))
        .help("or let them have another `pool`, or a smaller block (a larger `size`)")
}
