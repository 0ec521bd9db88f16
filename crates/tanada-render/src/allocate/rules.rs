//! Rules of AWS about a VPC's blocks, and where pins lie.

use tanada_model::design::{BLOCK_SIZE, Design, Id as _, Placement, Vpc};
use tanada_model::diagnostic::{Code, Diagnostic, Span};
use tanada_model::lock::{BlockLabel, Holder};
use tanada_model::net::Block;
use tanada_model::quotas::BLOCKS_PER_VPC;

use super::book::{Book, block_text};
use super::findings::{
    BLOCKS_QUOTA, CIDR_COMBINATION, Findings, HEADROOM_OUTSIDE, LINK_LOCAL, NOT_PRIVATE, OUTSIDE_POOL,
    RESERVED_OVERLAP, TROUBLESOME_RANGE, reference,
};
use super::names::vpc_name;
use super::reservations::{ReservedBy, troublesome};

/// The address families that AWS tells apart when a block is added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Ten,
    OneSevenTwo,
    OneNineTwo,
    Benchmark,
    Other,
}

const TEN: &str = "10.0.0.0/8";
const ONE_SEVEN_TWO: &str = "172.16.0.0/12";
const ONE_NINE_TWO: &str = "192.168.0.0/16";
const BENCHMARK: &str = "198.19.0.0/16";
const SHARED: &str = "100.64.0.0/10";

fn within(block: Block, range: &str) -> bool {
    range.parse::<Block>().is_ok_and(|range| range.contains(block))
}

fn overlaps(block: Block, range: &str) -> bool {
    range.parse::<Block>().is_ok_and(|range| range.overlaps(block))
}

impl Family {
    fn of(block: Block) -> Self {
        let families = [
            (TEN, Self::Ten),
            (ONE_SEVEN_TWO, Self::OneSevenTwo),
            (ONE_NINE_TWO, Self::OneNineTwo),
            (BENCHMARK, Self::Benchmark),
        ];
        families.into_iter().find(|(range, _)| within(block, range)).map_or(Self::Other, |(_, family)| family)
    }

    /// Whether a VPC whose primary block is of this family may get a block of the other. Amazon VPC user guide, "CIDR
    /// block association restrictions", text of 2023.
    fn admits(self, added: Self) -> bool {
        match (self, added) {
            (_, Self::Other) => true,
            (Self::Ten, Self::Ten)
            | (Self::OneSevenTwo, Self::OneSevenTwo)
            | (Self::OneNineTwo, Self::OneNineTwo) => true,
            (Self::Benchmark, Self::Benchmark) => true,
            (_, Self::Ten | Self::OneSevenTwo | Self::OneNineTwo | Self::Benchmark) => false,
        }
    }
}

/// Checks every VPC's blocks.
pub(super) fn check(book: &Book<'_>, findings: &mut Findings<'_>) {
    let design = book.design;
    let quota = BLOCKS_PER_VPC.of(design);
    let troublesome = troublesome(design);
    for vpc in design.vpcs.values() {
        let name = vpc_name(design, vpc);
        let live = |held: &super::book::Held| held.state == tanada_model::lock::ClaimState::Live;
        let blocks: Vec<(&BlockLabel, &super::book::Held)> =
            book.all_of(&name).filter(|(_, held)| live(held)).collect();
        if blocks.len() > quota {
            let message = format!("`{}` has {} blocks; AWS allows {quota}", vpc.id, blocks.len());
            let help =
                format!("raise the quota at AWS (up to 50) and {}", BLOCKS_PER_VPC.raised(blocks.len()));
            findings.raise(Diagnostic::new(BLOCKS_QUOTA, message).at(vpc.entity.span, "").help(help));
        }
        for (label, held) in &blocks {
            let (text, block) = (block_text(&name, label), held.block);
            let one = One { design, book, vpc, text, label, block, troublesome: &troublesome };
            one.check(held.place.map(|(pool, _)| pool), findings);
            if held.place.is_none() {
                one.check_headroom(&held.holder, findings);
            }
        }
        if let Some(((_, first), added)) = blocks.split_first() {
            combinations(vpc, first.block, added, &reference(design, vpc), findings);
        }
    }
}

fn combinations(
    vpc: &Vpc,
    first: Block,
    added: &[(&BlockLabel, &super::book::Held)],
    object: &str,
    findings: &mut Findings<'_>,
) {
    let mut before = vec![first];
    for (_, held) in added {
        let block = held.block;
        let low = before
            .iter()
            .find(|have| overlaps(**have, "10.0.0.0/15"))
            .filter(|_| overlaps(block, "10.0.0.0/16"));
        let default_vpc = Family::of(first) == Family::OneSevenTwo && overlaps(block, "172.31.0.0/16");
        let reason = match low {
            Some(have) => {
                Some(format!("it has `{have}` in 10.0.0.0/15, so nothing from 10.0.0.0/16 can be added"))
            }
            None if default_vpc => {
                Some(format!("its first block is `{first}`, and 172.31.0.0/16 cannot be added to that"))
            }
            None if !Family::of(first).admits(Family::of(block)) => {
                Some(format!("its first block is `{first}`"))
            }
            None => None,
        };
        if let Some(reason) = reason {
            let message = format!("AWS adds no `{block}` to `{}`: {reason}", vpc.id);
            let finding = Diagnostic::new(CIDR_COMBINATION, message).at(vpc.entity.span, "");
            findings.raise_unless_accepted(
                finding.help("take the block from a pool of the same private range"),
                object,
            );
        }
        before.push(block);
    }
}

/// One block of a VPC.
struct One<'a> {
    design: &'a Design,
    book: &'a Book<'a>,
    vpc: &'a Vpc,
    text: String,
    label: &'a BlockLabel,
    block: Block,
    troublesome: &'a [(Block, &'static str)],
}

impl One<'_> {
    fn check(&self, pool: Option<usize>, findings: &mut Findings<'_>) {
        let (text, block, object) = (&self.text, self.block, reference(self.design, self.vpc));
        let (placement, span) = self.placement();
        if !(16..=28).contains(&block.prefix_len()) {
            let message = format!("`{text}` is `{block}`; AWS takes blocks from /16 to /28");
            findings.raise(Diagnostic::new(BLOCK_SIZE, message).at(span, "").help("write another size"));
        }
        if overlaps(block, "169.254.0.0/16") {
            let message = format!("`{text}` is `{block}`, which is link-local; AWS refuses it");
            findings.raise(Diagnostic::new(LINK_LOCAL, message).at(span, "").help("write another range"));
        } else if ![TEN, ONE_SEVEN_TWO, ONE_NINE_TWO, SHARED].iter().any(|range| within(block, range)) {
            let message = format!("`{text}` is `{block}`, which is not private");
            findings.raise_unless_accepted(
                Diagnostic::new(NOT_PRIVATE, message).at(span, "").help("write a range of RFC 1918"),
                &object,
            );
        }
        self.check_pool(placement, span, pool, &object, findings);
        self.check_reserved(span, &object, findings);
    }

    /// Of a block outside every root.
    fn check_headroom(&self, holder: &Holder, findings: &mut Findings<'_>) {
        let headroom = match holder {
            Holder::Vpc { vpc: _, block: _, headroom, cut: _ } => *headroom,
            Holder::Pool { .. } => 0,
        };
        if headroom > 0 {
            let message = format!(
                "`{}` (`{}`) lies outside every root, so nothing remembers its headroom of {headroom}",
                self.text, self.block
            );
            let help = "write `headroom = 0`, or a root pool with a range that holds the block";
            findings.raise(Diagnostic::new(HEADROOM_OUTSIDE, message).at(self.placement().1, "").help(help));
        }
    }

    fn placement(&self) -> (Option<&Placement>, Span) {
        match self.label {
            BlockLabel::First | BlockLabel::Grown(_) => (Some(&self.vpc.placement), self.vpc.entity.span),
            BlockLabel::Named(name) => {
                match self.vpc.blocks.iter().find(|block| block.entity.name == *name) {
                    Some(block) => (Some(&block.placement), block.entity.span),
                    None => (None, self.vpc.entity.span),
                }
            }
        }
    }

    /// A block that stands elsewhere than in the pool it is meant for. A pinned `block "y"` names no pool.
    fn check_pool(
        &self,
        placement: Option<&Placement>,
        span: Span,
        stands: Option<usize>,
        object: &str,
        findings: &mut Findings<'_>,
    ) {
        let meant = match placement {
            Some(Placement::Pool { pool, size: _ }) => Some(*pool),
            Some(Placement::Pinned(_)) if *self.label == BlockLabel::First => {
                self.design.environments[self.vpc.environment].pool
            }
            Some(Placement::Pinned(_)) | None => None,
        };
        let Some(meant) = meant else { return };
        let inside =
            self.book.pools[meant.index()].extents.values().any(|extent| extent.contains(self.block));
        if !inside {
            let stands = stands.map_or("outside every pool".to_owned(), |pool| {
                format!("in `pool.{}`", self.book.pools[pool].name)
            });
            let meant = self.design.pools.name(meant);
            let message = format!("`{}` (`{}`) lies {stands}, not in `pool.{meant}`", self.text, self.block);
            let finding = Diagnostic::new(OUTSIDE_POOL, message).at(span, "");
            let help = match placement {
                Some(Placement::Pinned(_)) => format!("write a `range` that lies in `pool.{meant}`"),
                Some(Placement::Pool { .. }) | None => "a placed block never moves by itself".to_owned(),
            };
            findings.raise_unless_accepted(finding.help(help), object);
        }
    }

    fn check_reserved(&self, span: Span, object: &str, findings: &mut Findings<'_>) {
        let mut raise = |code: Code, range: Block, whose: &str| {
            let message = format!("`{}` (`{}`) lies in `{range}`: {whose}", self.text, self.block);
            findings.raise_unless_accepted(
                Diagnostic::new(code, message).at(span, "").help("give it another range"),
                object,
            );
        };
        let reserved = || self.book.reservations.iter();
        for reservation in reserved().filter(|reservation| reservation.block.overlaps(self.block)) {
            match reservation.by {
                ReservedBy::BuiltIn => {
                    raise(
                        TROUBLESOME_RANGE,
                        reservation.block,
                        reservation.why.as_deref().unwrap_or_default(),
                    );
                }
                ReservedBy::Input => {
                    raise(RESERVED_OVERLAP, reservation.block, &format!("`reserved.{}`", reservation.name));
                }
                // That has a finding of its own, which looks at ranges around roots, too.
                ReservedBy::Site => {}
            }
        }
        // No root is larger than these here, so nothing is reserved; whoever stands there is troubled all the same.
        for (range, why) in self.troublesome.iter().filter(|(range, _)| range.overlaps(self.block)) {
            if !reserved().any(|reservation| reservation.block == *range) {
                raise(TROUBLESOME_RANGE, *range, why);
            }
        }
    }
}
