//! An estate as values: what stands in its input and its lock, with everything that was found on the way.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use tanada_model::design::{Design, resolve, unknown_codes};
use tanada_model::document::{Document, parse};
use tanada_model::lock::{self, Lock, Recorded, VpcName};
use tanada_model::net::Block;
use tanada_render::allocate::{Consent, allocate};
use tanada_render::allocation::Allocation;
use tanada_render::moves::{self, Found, FoundMove, Staged, Stages};

use crate::codes;
use crate::disk;
use crate::disk::place::{Place, shown};
use crate::report::Findings;
use crate::stop::Stop;

/// `--range`: a root pool, and the range that it is tried with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The root pool.
    pub pool: String,
    /// Its range for this run.
    pub range: Block,
}

/// What was asked for beside the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `--range`.
    pub trials: Vec<Trial>,
    /// `--accept`, `--destroy`, `--forget`.
    pub consent: Consent,
    /// `--stage`.
    pub stages: Stages,
}

/// A lock file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockFile {
    /// Its text; `None` when there is no file.
    pub text: Option<String>,
    /// What it says; empty when there is no file.
    pub lock: Lock,
}

/// An estate whose addresses are settled.
#[derive(Clone, Debug)]
pub struct Estate {
    /// What the input means.
    pub design: Design,
    /// The lock as it lies on the disk.
    pub lock: LockFile,
    /// Where everything lies.
    pub allocation: Allocation,
    /// The lock as it is to be.
    pub new_lock: Lock,
}

impl Estate {
    /// Reads input and lock and settles the addresses; `instead` takes the place of what the lock says. `None` when
    /// there is an error among the findings.
    ///
    /// # Errors
    /// When a file cannot be read, or a trial names no root pool.
    pub fn load(
        place: &Place,
        asked: &Asked,
        instead: Option<Lock>,
        findings: &mut Findings,
    ) -> Result<Option<Self>> {
        let loaded = Self::load_with_document(place, asked, instead, findings)?;
        Ok(loaded.map(|(_, estate)| estate))
    }

    /// [`Estate::load`], with what stands in the input: for those who ask where values come from.
    ///
    /// # Errors
    /// As [`Estate::load`].
    pub fn load_with_document(
        place: &Place,
        asked: &Asked,
        instead: Option<Lock>,
        findings: &mut Findings,
    ) -> Result<Option<(Document, Self)>> {
        let Asked { trials, consent, stages } = asked;
        let document = read_document(&place.input, trials, findings)?;
        let Some(mut lock) = read_lock(&place.lock, findings)? else {
            findings.extend(resolve(&document).1);
            return Ok(None);
        };
        lock.lock = instead.unwrap_or(lock.lock);
        let Some(settled) = settle(&document, &lock.lock, stages, consent, findings) else {
            return Ok(None);
        };
        let Settled { changed, design, allocation, new_lock } = settled;
        let known: Vec<_> = codes::all().map(codes::known).collect();
        findings.extend(unknown_codes(&design, known.into_iter()));
        findings.weigh(&design);
        let estate = Self { design, lock, allocation, new_lock };
        Ok((!findings.has_errors()).then_some((changed.unwrap_or(document), estate)))
    }
}

/// What input and lock mean together.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The input as its moves have it; `None` when nothing moves.
    pub changed: Option<Document>,
    /// What the input means.
    pub design: Design,
    /// Where everything lies.
    pub allocation: Allocation,
    /// The lock as it is to be.
    pub new_lock: Lock,
}

/// Brings every move to its stage, resolves, and hands out addresses. `None` when there is an error among the findings.
pub fn settle(
    document: &Document,
    lock: &Lock,
    stages: &Stages,
    consent: &Consent,
    findings: &mut Findings,
) -> Option<Settled> {
    let (staged, found) = moves::stage(document, lock, stages, consent);
    findings.extend(found);
    let Some(Staged { document: staged, lock: old_lock, moves }) = staged else {
        findings.extend(resolve(document).1);
        return None;
    };
    let (design, found) = resolve(&staged);
    // What stands in the input is kept as it was read, unless a move changed it.
    let changed = match staged {
        Cow::Owned(document) => Some(document),
        Cow::Borrowed(_) => None,
    };
    findings.extend(found);
    let design = design.filter(|_| !findings.has_errors())?;
    let (allocated, found) = allocate(&design, &old_lock, consent);
    findings.extend(found);
    let (allocation, new_lock) = allocated?;
    findings.extend(moves::confirm(&moves, &old_lock, &design, &allocation, &new_lock));
    Some(Settled { changed, design, allocation, new_lock })
}

/// Design and lock as they stand, moves at the stages of the lock, without settling anything: for the witness, which has to
/// find out by itself where everything lies. `None` when there is an error among the findings.
///
/// # Errors
/// When a file cannot be read.
pub fn read_promised(place: &Place, findings: &mut Findings) -> Result<Option<(Design, Lock)>> {
    let document = read_document(&place.input, &[], findings)?;
    let Some(lock) = read_lock(&place.lock, findings)? else { return Ok(None) };
    let (stages, consent) = (Stages::default(), Consent::default());
    let (staged, found) = moves::stage(&document, &lock.lock, &stages, &consent);
    findings.extend(found);
    let Some(Staged { document, lock, moves: _ }) = staged else { return Ok(None) };
    let (design, found) = resolve(&document);
    findings.extend(found);
    Ok(design.filter(|_| !findings.has_errors()).map(|design| (design, lock.into_owned())))
}

/// The design of an input directory with every move at the stage that a tree shows.
///
/// # Errors
/// When a file cannot be read.
pub fn read_recorded(
    input: &Path,
    recorded: &Recorded,
    findings: &mut Findings,
) -> Result<Option<(Design, BTreeMap<VpcName, FoundMove>)>> {
    let document = read_document(input, &[], findings)?;
    let (Found { document, moves }, found) = moves::found(&document, recorded);
    findings.extend(found);
    let (design, found) = resolve(&document);
    findings.extend(found);
    Ok(design.filter(|_| !findings.has_errors()).map(|design| (design, moves)))
}

/// What stands in an input directory.
fn read_document(input: &Path, trials: &[Trial], findings: &mut Findings) -> Result<Document> {
    findings.sources = disk::input::read(input)?;
    let (mut document, found) = parse(&findings.sources);
    findings.extend(found);
    for Trial { pool, range } in trials {
        if !document.set_range(pool, *range) {
            return Err(Stop::new(format!(
                "`--range {pool}={range}`: the input has no pool `{pool}` with a range"
            ))
            .help("`--range` takes a pool at the top level; inner pools follow it")
            .into());
        }
    }
    Ok(document)
}

/// The lock; an empty one when there is no file. `None` when it is not a lock, which is then a finding.
///
/// # Errors
/// When the file cannot be read.
pub fn read_lock(path: &Path, findings: &mut Findings) -> Result<Option<LockFile>> {
    let Some(text) = disk::lock::read(path)? else { return Ok(Some(LockFile::default())) };
    let file = findings.sources.add(shown(path), text.clone());
    match lock::parse(&text) {
        Ok(lock) => Ok(Some(LockFile { text: Some(text), lock })),
        Err(error) => {
            findings.extend(vec![error.diagnostic(file)]);
            Ok(None)
        }
    }
}
