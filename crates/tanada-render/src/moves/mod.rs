//! Moves of a VPC to other addresses, stage by stage (`moves_from`).
//!
//! AWS can neither resize nor take away a VPC's first block, so a network that must not stop cannot change its
//! addresses: a second one is made beside it, services go over, the first one is destroyed. The input says from the
//! first day what is wanted in the end, and `moves_from` what is there today; how far the move is stands in the lock.
//!
//! ```text
//! stage 0   the old network alone, as if the input did not speak of another
//!       1   beside: a second one, `<label>-next`, and routes and rules for both
//!           the gate: people move services; nothing goes further without `--destroy NAME`
//!       2   leaving: the old root is empty, so that Terraform destroys what it made
//!       3   arrived: the second one has the name; the tree is the one that the input alone gives
//! ```
//!
//! A stage is a change of the [`Document`] and, at the end, of the [`Lock`]; everything after that (allocation, routes,
//! rules, emission) sees two ordinary VPCs and knows nothing of moves.

mod arrive;
mod codes;
mod found;
mod twin;

use std::borrow::Cow;
use std::collections::BTreeMap;

use tanada_model::design::Design;
use tanada_model::diagnostic::{Diagnostic, Span, Spanned};
use tanada_model::document::{Document, Header, VpcStatement, written};
use tanada_model::lock::{Lock, MoveStage, VpcName};
use tanada_model::net::Block;

use crate::allocate::Consent;
use crate::allocation::Allocation;
use codes::*;

pub use codes::CODES;
pub use found::{Found, FoundMove, found};

/// What is added to the label of a VPC that takes another one's place.
const NEXT: &str = "-next";

/// Stages that were asked for on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stages {
    /// For every VPC that moves.
    pub all: Option<u8>,
    /// For one VPC, by `team-label`.
    pub named: BTreeMap<String, u8>,
}

/// A VPC that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Its name, before and after.
    pub vpc: VpcName,
    /// Where it is today, and where the input says so.
    pub from: Spanned<Block>,
    /// How far it is; `None`: not begun.
    pub stage: Option<MoveStage>,
}

/// Input and lock at the stages that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged<'a> {
    /// The input as the stages have it: as it is when nothing moves.
    pub document: Cow<'a, Document>,
    /// The lock as the stages need it.
    pub lock: Cow<'a, Lock>,
    /// Who moves, by name.
    pub moves: Vec<Move>,
}

/// The name that a VPC's second network has until it arrives: `payments/production-next`.
pub fn beside(vpc: &VpcName) -> VpcName {
    VpcName::new(vpc.team.clone(), format!("{}{NEXT}", vpc.label))
}

/// The name under which the block of a VPC's first network is kept when the second one has arrived, unless an earlier
/// move's still has it: `payments/production-before`.
pub fn before(vpc: &VpcName) -> VpcName {
    VpcName::new(vpc.team.clone(), format!("{}-before", vpc.label))
}

/// Brings input and lock to the stages of the lock, advanced as `stages` asks. `None` when an error is among the
/// findings.
pub fn stage<'a>(
    document: &'a Document,
    lock: &'a Lock,
    stages: &Stages,
    consent: &Consent,
) -> (Option<Staged<'a>>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let statements = statements(document);
    refuse_unfinished(document, &statements, lock, &mut findings);
    refuse_unknown(&statements, stages, &mut findings);
    let number = |vpc: &VpcName| lock.moves.get(vpc).copied().map_or(0, MoveStage::number);
    let least = statements.keys().map(number).min().unwrap_or(0);
    let mut moves = Vec::new();
    let renamed: Vec<VpcName> =
        lock.moves.keys().filter_map(|vpc| renamed(document, vpc)).map(|(name, _)| name).collect();
    for (vpc, (statement, from)) in statements.iter().filter(|(vpc, _)| !renamed.contains(vpc)) {
        findings.extend(unfit(document, statement, vpc, *from, lock));
        match advance(least, vpc, *from, lock, stages) {
            Ok(stage) => {
                findings.extend(gate(vpc, *from, stage, lock, consent));
                moves.push(Move { vpc: vpc.clone(), from: *from, stage });
            }
            Err(finding) => findings.push(finding),
        }
    }
    if !findings.is_empty() {
        return (None, findings);
    }
    if moves.is_empty() && lock.moves.is_empty() {
        let staged = Staged { document: Cow::Borrowed(document), lock: Cow::Borrowed(lock), moves };
        return (Some(staged), findings);
    }
    let (document, lock) = apply(document.clone(), lock.clone(), &moves);
    (Some(Staged { document: Cow::Owned(document), lock: Cow::Owned(lock), moves }), findings)
}

/// Input and lock with every move at its stage.
fn apply(mut document: Document, mut lock: Lock, moves: &[Move]) -> (Document, Lock) {
    let before = std::mem::take(&mut lock.moves);
    for Move { vpc, from, stage } in moves {
        let headroom_locked = arrive::first_claim(&lock, vpc).is_some();
        let old = twin::Old { block: *from, headroom_locked };
        match stage {
            None => twin::only_old(&mut document, vpc, &old),
            Some(MoveStage::Beside) => twin::both(&mut document, vpc, &old),
            Some(MoveStage::Leaving) => twin::only_next(&mut document, vpc),
            Some(MoveStage::Arrived) => {
                if before.get(vpc) != Some(&MoveStage::Arrived) {
                    arrive::arrive(&mut lock, vpc);
                }
            }
        }
        lock.moves.extend(stage.map(|stage| (vpc.clone(), stage)));
    }
    (document, lock)
}

/// Complains of a `moves_from` that is not where the lock has the VPC: emitting it would replace what stands there.
///
/// `before` is the lock as the stages need it ([`Staged::lock`]), `allocation` what became of it.
pub fn confirm(
    moves: &[Move],
    before: &Lock,
    design: &Design,
    allocation: &Allocation,
    after: &Lock,
) -> Vec<Diagnostic> {
    let stays = |at: &&Move| at.stage != Some(MoveStage::Leaving);
    let place = |lock, vpc| arrive::first_claim(lock, vpc).map(|(pool, claim)| (pool, claim.order()));
    let mut findings = Vec::new();
    for Move { vpc, from, stage } in moves.iter().filter(stays) {
        let was = arrive::first_claim(before, vpc);
        if was.is_none() || place(before, vpc) == place(after, vpc) {
            continue;
        }
        if *stage == Some(MoveStage::Arrived) {
            let message = format!("`{}` has arrived; from there it cannot move in the same breath", vpc.id());
            let help = "delete `moves_from`, write where it is today, generate, and begin the next move then";
            findings.push(Diagnostic::new(MOVE_ELSEWHERE, message).at(from.span, "").help(help));
            continue;
        }
        let today = was.and_then(|(pool, claim)| {
            let id = design.pools.id(pool)?;
            let pool = allocation.pools.iter().find(|own| own.pool == id)?;
            let extent = pool.extents.get(usize::try_from(claim.extent).ok()?)?;
            claim.at.within(*extent)
        });
        let message = format!("`{}` is not at `{}`, so it cannot move from there", vpc.id(), from.value);
        let finding = Diagnostic::new(MOVE_ELSEWHERE, message).at(from.span, "");
        findings.push(match today {
            Some(today) => finding.help(format!("it is at `{today}`; write `moves_from = \"{today}\"`")),
            None => finding.help("`tanada list` shows where it is"),
        });
    }
    findings
}

/// VPCs with `moves_from`, by name.
fn statements(document: &Document) -> BTreeMap<VpcName, (&VpcStatement, Spanned<Block>)> {
    let mut found = BTreeMap::new();
    for team in &document.teams {
        for vpc in &team.vpcs {
            if let Some(from) = written(&vpc.moves_from) {
                let name = VpcName::new(team.header.name.value.as_str(), vpc.header.name.value.as_str());
                found.insert(name, (vpc, Spanned { value: *from.value, span: from.span }));
            }
        }
    }
    found
}

/// A VPC that moves and was called `vpc` before, with the place where the input says so.
fn renamed(document: &Document, vpc: &VpcName) -> Option<(VpcName, Span)> {
    let old = |header: &Header| header.renamed_from.clone().unwrap_or_else(|| header.name.clone());
    // One that is called as its environment is goes with it.
    let with_environment = |label: &Spanned<String>| {
        let mut own = document.environments.iter().filter(|one| one.header.name.value == label.value);
        own.next().map(|one| old(&one.header))
    };
    let old_label = |header: &Header| {
        header
            .renamed_from
            .clone()
            .or_else(|| with_environment(&header.name))
            .unwrap_or_else(|| header.name.clone())
    };
    let moving = document.teams.iter().flat_map(|team| team.vpcs.iter().map(move |own| (&team.header, own)));
    moving.filter(|(_, own)| written(&own.moves_from).is_some()).find_map(|(team, own)| {
        let was = VpcName::new(old(team).value, old_label(&own.header).value);
        let name = VpcName::new(team.name.value.as_str(), own.header.name.value.as_str());
        (was == *vpc && name != was).then_some((name, own.header.name.span))
    })
}

/// A move that the input forgot before it was done.
fn refuse_unfinished(
    document: &Document,
    statements: &BTreeMap<VpcName, (&VpcStatement, Spanned<Block>)>,
    lock: &Lock,
    findings: &mut Vec<Diagnostic>,
) {
    for (vpc, stage) in &lock.moves {
        if statements.contains_key(vpc) || *stage == MoveStage::Arrived {
            continue;
        }
        let (id, number) = (vpc.id(), stage.number());
        if let Some((name, place)) = renamed(document, vpc) {
            let message =
                format!("`{id}` is at stage {number} of its move, and is called `{}` now", name.id());
            let help = format!("call it `{id}` until it has arrived (`--stage {id}=3`), and rename it then");
            findings.push(Diagnostic::new(MOVE_UNFINISHED, message).at(place, "").help(help));
            continue;
        }
        let message =
            format!("`{id}` is at stage {number} of its move, and the input no longer says `moves_from`");
        findings.push(
            Diagnostic::new(MOVE_UNFINISHED, message)
                .help(format!("write `moves_from` again, and go on with `--stage {}`", stage.number() + 1)),
        );
    }
}

/// Stages that nobody can be at.
fn refuse_unknown(
    statements: &BTreeMap<VpcName, (&VpcStatement, Spanned<Block>)>,
    stages: &Stages,
    findings: &mut Vec<Diagnostic>,
) {
    let mut say = |message: String, help: &str| {
        findings.push(Diagnostic::new(MOVE_STAGE, message).help(help));
    };
    if stages.all.is_some() && statements.is_empty() {
        say("`--stage`: no VPC of the input moves".to_owned(), "`tanada move NAME --to RANGE` begins a move");
    }
    for name in stages.named.keys() {
        if !statements.keys().any(|vpc| vpc.id() == *name) {
            let help = "write `moves_from` on its `vpc`, or use `tanada move`";
            say(format!("`--stage {name}`: no VPC of this name moves"), help);
        }
    }
}

/// What makes a move impossible, whatever its stage.
fn unfit(
    document: &Document,
    statement: &VpcStatement,
    vpc: &VpcName,
    from: Spanned<Block>,
    lock: &Lock,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut say = |code, message: String, span, help: String| {
        findings.push(Diagnostic::new(code, message).at(span, "").help(help));
    };
    let id = vpc.id();
    let known = arrive::knows(lock, vpc) || lock.moves.contains_key(vpc);
    if let Some(old) = statement.header.renamed_from.as_ref().filter(|_| !known) {
        let message = format!("`{id}` has another name and other addresses at once");
        say(MOVE_UNFIT, message, old.span, "rename and generate first; move after that".to_owned());
    } else if !known {
        let message = format!("`{id}` is not in the lock, so there is nothing to move");
        say(MOVE_UNFIT, message, from.span, "delete `moves_from`".to_owned());
    }
    if written(&statement.range).is_some_and(|range| *range.value == from.value) {
        let message = format!("`{id}` moves from `{0}` to `{0}`", from.value);
        say(MOVE_UNFIT, message, from.span, "write the new block as `range`".to_owned());
    }
    for block in &statement.blocks {
        if let Some(range) = written(&block.range) {
            let message = format!("`{}` cannot stand in both networks", range.value);
            let help = "take the block out first (`--destroy NAME/BLOCK`), or give it `pool` and `size`";
            say(MOVE_UNFIT, message, range.span, help.to_owned());
        }
    }
    let next = beside(vpc);
    let labels = document.teams.iter().filter(|team| team.header.name.value == vpc.team);
    let taken = labels.flat_map(|team| &team.vpcs).find(|other| other.header.name.value == next.label);
    if let Some(other) = taken {
        let message = format!("`{}` is the name that `{id}` needs while it moves", next.id());
        say(MOVE_UNFIT, message, other.header.name.span, "give this VPC another name first".to_owned());
    }
    if next.label.len() > 63 {
        let message = format!("`{}` is longer than a label can be", next.label);
        let help = "give the VPC a shorter name first (`renamed_from`)".to_owned();
        say(MOVE_UNFIT, message, statement.header.name.span, help);
    }
    findings
}

/// The gate before stage 2: the network that stands is destroyed only by name.
fn gate(
    vpc: &VpcName,
    from: Spanned<Block>,
    stage: Option<MoveStage>,
    lock: &Lock,
    consent: &Consent,
) -> Option<Diagnostic> {
    let id = vpc.id();
    let passes = stage != Some(MoveStage::Leaving) || lock.moves.get(vpc) == stage.as_ref();
    if passes || consent.destroy.contains(&id) || consent.forget.contains(&id) {
        return None;
    }
    let message = format!("stage 2 of the move of `{id}` destroys the network at `{}`", from.value);
    let list = format!("when all is done that `{}/README.md` in the output lists", vpc.directory());
    Some(
        Diagnostic::new(MOVE_GATE, message)
            .at(from.span, "")
            .help(format!("{list}: `--stage {id}=2 --destroy {id}`"))
            .help(format!("`--forget {id}` leaves it running, outside of Terraform's state")),
    )
}

/// The stage after this run: today's, or the one that was asked for when it is next to it.
fn advance(
    least: u8,
    vpc: &VpcName,
    from: Spanned<Block>,
    lock: &Lock,
    stages: &Stages,
) -> Result<Option<MoveStage>, Diagnostic> {
    let today = lock.moves.get(vpc).copied();
    let number = today.map_or(0, MoveStage::number);
    let asked = stages.named.get(&vpc.id()).copied().or(stages.all);
    let refuse = |message: String, help: String| {
        Err(Diagnostic::new(MOVE_STAGE, message).at(from.span, "").help(help))
    };
    let id = vpc.id();
    // Whether the stage may be meant for another move that is not as far.
    let others = asked.is_some_and(|asked| least <= asked);
    match asked {
        None => Ok(today),
        Some(asked) if asked == number => Ok(today),
        Some(asked) if asked == number + 1 && asked <= 3 => Ok(MoveStage::of(asked)),
        Some(0) if number == 1 => Ok(None),
        // Of several moves those that are further stay where they are.
        Some(asked) if asked < number && !stages.named.contains_key(&id) && others => Ok(today),
        Some(asked) if asked > 3 => {
            refuse(format!("`--stage {asked}`: a move has the stages 0 to 3"), "3: it has arrived".to_owned())
        }
        Some(asked) if asked > number => refuse(
            format!("`{id}` is at stage {number}, not at stage {}", asked - 1),
            format!("`--stage {id}={}` comes first; apply it before the next", number + 1),
        ),
        Some(asked) => refuse(
            format!("`{id}` is at stage {number}; there is no way back to stage {asked}"),
            "what Terraform has destroyed is gone; a move back is a move of its own".to_owned(),
        ),
    }
}
