//! From statements to the rows of one direction of an ACL.
//!
//! An allow is four rules in all; two of them are this tier's: the opening, and on the other side the answers. A deny
//! is one. The internet is 0.0.0.0/0 behind a deny for the estate (the *guard*), and what others say of all addresses
//! holds for the estate in spite of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use tanada_model::acl::{Match, protocol};
use tanada_model::design::Action;
use tanada_model::net::{Block, BlockSet};

use super::super::facts::everywhere;
use super::service::Service;
use super::statement::{Opens, Statement, Voice};
use crate::plan::{Reason, Said};

/// Where a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The opening itself.
    Opening,
    /// Answers to what is opened the other way.
    Answer,
    /// What is said of a larger block, repeated for a part of the estate before its guard.
    Copy,
    /// What keeps the internet from being the estate.
    Guard,
}

/// A row without its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    /// The peer.
    pub block: Block,
    /// Whether it lets pass.
    pub action: Action,
    /// What it speaks about.
    pub service: Service,
    /// Who said it.
    pub voice: Voice,
    /// Which part of it this is.
    pub part: Part,
    /// Whether it speaks of the internet, that is of 0.0.0.0/0 without the estate.
    pub internet: bool,
    /// Name of the statement.
    pub name: &'a Said,
}

impl Row<'_> {
    /// The reason, for the reader.
    pub(super) fn why(&self) -> Reason {
        let is_return = match self.part {
            Part::Opening | Part::Copy | Part::Guard => false,
            Part::Answer => true,
        };
        Reason { said: self.name.clone(), is_return }
    }

    /// What it matches, and whether it lets that pass.
    pub(super) fn matches(&self) -> (bool, Match) {
        let matches = match self.service {
            Service::All => Some(Match::all(self.block)),
            Service::Icmp => Some(Match::protocol(self.block, protocol::ICMP)),
            Service::Tcp(first, last) => Match::ports(self.block, protocol::TCP, first, last),
            Service::Udp(first, last) => Match::ports(self.block, protocol::UDP, first, last),
        };
        // INVARIANT: the ports of a service are in order, so there is no other case.
        (self.action == Action::Allow, matches.unwrap_or_else(|| Match::all(self.block)))
    }
}

/// The name of a guard.
static NOT_THE_ESTATE: Said = Said::Always("the internet is not the estate");

/// Rows of one direction (`side`: inward is ingress), in no order, each once. `estate`: what the internet is not.
pub(super) fn rows<'a>(statements: &'a [Statement], side: Opens, estate: &[Block]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for statement in statements {
        let Statement { opens, action, services, peers, voice: _, name: _, why: _ } = statement;
        let back = *opens != side;
        if back && *action == Action::Deny {
            continue;
        }
        let part = if back { Part::Answer } else { Part::Opening };
        let of_blocks =
            if back { Cow::Owned(Service::answers(services)) } else { Cow::Borrowed(services.as_slice()) };
        for &block in &*blocks(statement, statements, side) {
            rows.extend(of_blocks.iter().map(|&service| row(statement, block, service, part, false)));
        }
        for (block, voice) in repeated(statement, statements, side) {
            let deny = |&service| Row { voice, ..row(statement, block, service, part, false) };
            rows.extend(services.iter().map(deny));
        }
        if peers.internet {
            let (open, only) = services.iter().copied().partition(|&s| open_to_any(statements, statement, s));
            for (services, internet) in [(open, false), (only, true)] {
                let services: Vec<Service> = services;
                let services = if back { internet_answers(&services, side) } else { services };
                rows.extend(services.into_iter().map(|s| row(statement, everywhere(), s, part, internet)));
            }
        }
    }
    let rows = cut_answers(rows, estate, false);
    let guard: Vec<Row> = if rows.iter().any(|row| row.internet) {
        estate.iter().flat_map(|&block| guard(&rows, block)).collect()
    } else {
        Vec::new()
    };
    let mut rows = cut_answers(rows, estate, true);
    rows.extend(guard);
    once(rows)
}

fn row(statement: &Statement, block: Block, service: Service, part: Part, internet: bool) -> Row<'_> {
    let Statement { opens: _, action, services: _, peers: _, voice, name, why: _ } = statement;
    Row { block, action: *action, service, voice: *voice, part, internet, name }
}

/// Whether another statement opens to all addresses what this one opens to the internet, so that the estate need not
/// be kept apart from it. A younger intent's does not count: it would change rows that are there already.
fn open_to_any(all: &[Statement], statement: &Statement, service: Service) -> bool {
    let age = |voice: Voice| match voice {
        Voice::Standard(_) | Voice::Rule => None,
        Voice::Intent(birth) => Some(birth),
    };
    let any = |s: &&Statement| {
        let older = age(s.voice) <= age(statement.voice);
        older && s.opens == statement.opens && s.action == Action::Allow && s.peers.any()
    };
    // Answers to `all` are no ICMP, so it does not stand for a way opened to ICMP alone.
    let answers = |s: &Statement| {
        let all = Service::answers(&s.services);
        Service::answers(&[service]).iter().all(|answer| all.contains(answer))
    };
    let covers = |s: &Statement| s.services.iter().any(|other| other.covers(service));
    statement.action == Action::Allow && all.iter().filter(any).any(|s| covers(s) && answers(s))
}

/// Answers from the internet leave remote desktop out, which scanners (and people) would stumble over.
fn internet_answers(services: &[Service], side: Opens) -> Vec<Service> {
    let answers = Service::answers(services);
    match side {
        Opens::Outward => answers,
        Opens::Inward => Service::all_minus(answers, [Service::Tcp(3389, 3389)]),
    }
}

/// The peers of a statement as few blocks as there can be without a change of meaning.
///
/// The narrower statement wins, so a sum may not simply take the place of its parts where somebody says the opposite of
/// a block in between. Allowed parts must not pass by a deny that holds one of them and lies within the sum, the sum
/// itself included (a deny wins at equal length): such parts stand for themselves.
fn blocks<'a>(statement: &'a Statement, all: &[Statement], side: Opens) -> Cow<'a, [Block]> {
    let parts = statement.peers.blocks.as_slice();
    let sum = statement.peers.sum.blocks();
    if parts == sum || statement.action == Action::Deny {
        return Cow::Borrowed(sum);
    }
    let denies = all.iter().filter(|s| s.action == Action::Deny && s.opens == side);
    let denied = denies.flat_map(|s| s.peers.blocks.iter().copied().chain(s.peers.internet.then(everywhere)));
    let in_the_way = |deny: &Block| {
        sum.iter().any(|sum| sum.contains(*deny))
            && parts.iter().any(|part| deny.contains(*part) && part != deny)
    };
    let in_the_way: BTreeSet<Block> = denied.filter(in_the_way).collect();
    if in_the_way.is_empty() {
        return Cow::Borrowed(sum);
    }
    // Sums of those that no deny touches touch none.
    let touched = |part: &Block| in_the_way.iter().any(|deny| deny.overlaps(*part));
    let (mut kept, free): (Vec<Block>, Vec<Block>) = parts.iter().copied().partition(touched);
    let free: BlockSet = free.into_iter().collect();
    kept.extend(&free);
    kept.sort_unstable();
    Cow::Owned(kept)
}

/// Parts of a deny that have to be repeated before its sum, because something is said of one of them, or of a block
/// that holds it within the sum: an allow there is narrower than the sum, and a deny may be the next wider thing that
/// answers are bound by. Each with whom it is there for, so that it is seated with a younger intent's rows and moves no
/// older one.
fn repeated(statement: &Statement, all: &[Statement], side: Opens) -> Vec<(Block, Voice)> {
    let Statement { opens: _, action, services: _, peers, voice, name: _, why: _ } = statement;
    if *action == Action::Allow || peers.blocks == peers.sum.blocks() {
        return Vec::new();
    }
    let mut repeated = Vec::new();
    for &part in &peers.blocks {
        let Some(sum) = peers.sum.blocks().iter().find(|sum| sum.contains(part) && **sum != part) else {
            continue;
        };
        let near = |other: &&Statement| {
            let own = std::ptr::eq(*other, statement);
            other.peers.blocks.iter().any(|block| {
                block.contains(part)
                    && sum.contains(*block)
                    && match other.action {
                        Action::Allow => block != sum,
                        Action::Deny => other.opens == side && !(own && *block == part),
                    }
            })
        };
        if let Some(first) = all.iter().filter(near).map(|other| other.voice).min() {
            repeated.push((part, first.max(*voice)));
        }
    }
    repeated
}

/// A deny with ports also binds the answers of narrower peers: nobody asked for those ports, they are only part of
/// 1024-65535. A narrower statement that names them holds, as everywhere. `internet`: by denies of the internet, which
/// bind nobody in the estate, or by the others.
fn cut_answers<'a>(rows: Vec<Row<'a>>, estate: &[Block], internet: bool) -> Vec<Row<'a>> {
    let denies = |row: &&Row| {
        row.part == Part::Opening
            && row.action == Action::Deny
            && row.service != Service::All
            && row.internet == internet
    };
    if !rows.iter().any(|row| denies(&row)) {
        return rows;
    }
    let openings: Vec<Row> = rows.iter().filter(|row| row.part == Part::Opening).copied().collect();
    let wider = |wide: &Row, narrow: &Row| {
        let inside = wide.internet && estate.iter().any(|own| own.contains(narrow.block));
        wide.block != narrow.block && wide.block.contains(narrow.block) && !inside
    };
    let mut cut = Vec::with_capacity(rows.len());
    for row in rows {
        if row.part != Part::Answer {
            cut.push(row);
            continue;
        }
        let mut denied: Vec<Service> = Vec::new();
        for deny in openings.iter().filter(denies).filter(|deny| wider(deny, &row)) {
            let first = openings.iter().filter(|other| wider(other, &row) && wider(deny, other));
            denied.extend(Service::all_minus(vec![deny.service], first.map(|other| other.service)));
        }
        let services = Service::all_minus(vec![row.service], denied);
        cut.extend(services.into_iter().map(|service| Row { service, ..row }));
    }
    cut
}

/// What comes before the internet for one part of the estate: what is said of larger blocks, then a deny for all.
fn guard<'a>(rows: &[Row<'a>], block: Block) -> Vec<Row<'a>> {
    let wide = |row: &&Row| !row.internet && row.block != block && row.block.contains(block);
    let narrower = |row: &Row, than: &Row| row.block != than.block && than.block.contains(row.block);
    let mut guard = Vec::new();
    for row in rows.iter().filter(wide) {
        let services = match row.action {
            // Stopped by a narrower or equal deny of everything: nothing to repeat.
            Action::Allow => {
                let stops = |other: &&Row| {
                    other.action == Action::Deny
                        && other.service == Service::All
                        && (narrower(other, row) || other.block == row.block)
                };
                if rows.iter().filter(wide).any(|other| stops(&other)) {
                    Vec::new()
                } else {
                    vec![row.service]
                }
            }
            Action::Deny if row.service == Service::All => Vec::new(),
            // What a narrower allow says holds.
            Action::Deny => {
                let allows = rows.iter().filter(|other| {
                    !other.internet
                        && other.action == Action::Allow
                        && narrower(other, row)
                        && other.block.contains(block)
                });
                Service::all_minus(vec![row.service], allows.map(|other| other.service))
            }
        };
        guard.extend(services.into_iter().map(|service| Row { block, service, part: Part::Copy, ..*row }));
    }
    guard.push(Row {
        block,
        action: Action::Deny,
        service: Service::All,
        voice: Voice::Standard(0),
        part: Part::Guard,
        internet: false,
        name: &NOT_THE_ESTATE,
    });
    guard
}

/// Of rows that say the same only the first: that of the standard, of the older intent. Copies and guards stay apart, so
/// that a younger statement that needs some takes no row from an older one; what they repeat is dropped later.
fn once(mut rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    rows.sort_by(|a, b| {
        let key = |row: &Row| (row.block, row.action, row.service, row.part.max(Part::Answer));
        key(a).cmp(&key(b)).then_with(|| (a.voice, a.part, a.name).cmp(&(b.voice, b.part, b.name)))
    });
    rows.dedup_by(|later, first| {
        let key = |row: &Row| (row.block, row.action, row.service, row.part.max(Part::Answer));
        key(later) == key(first)
    });
    rows
}
