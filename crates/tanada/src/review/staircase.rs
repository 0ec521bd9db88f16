//! What each stage of a move would do, before anybody takes the first one.
//!
//! Every stage is generated in memory on top of the one before, and the two are compared as a reviewer will see them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anyhow::Result;
use tanada_model::diagnostic::{Sources, Style};
use tanada_model::document::parse;
use tanada_model::lock::{self, Lock, MoveStage, VpcName};
use tanada_render::allocate::Consent;
use tanada_render::derive::derive;
use tanada_render::emit::units_in;
use tanada_render::moves::Stages;
use tanada_verify::changes::Action;

use super::text::{grouped, paint, range_line, reach_lines, tail};
use super::{QuotaChange, Review, review};
use crate::disk::manifest::{Digest, MANIFEST_NAME, Manifest};
use crate::estate::{Settled, settle};
use crate::report::{Findings, counted};
use crate::revision::{Side, Written};
use crate::templates::{Template, yields};

/// The most rows of a kind that are shown of a stage.
const MOST_ROWS: usize = 8;

/// What moves, and from where it is looked at.
#[derive(Debug)]
pub struct Movers<'a> {
    /// The input, with every move written into it.
    pub input: &'a Sources,
    /// The templates beside it.
    pub templates: &'a [Template],
    /// The lock as it is.
    pub lock: &'a Lock,
    /// Who moves.
    pub vpcs: &'a [VpcName],
    /// The estate as it lies on the disk: roots on their way out keep what they have there.
    pub today: &'a Side,
}

/// The stages of a move that are still to come.
#[derive(Debug, Default)]
pub struct Staircase {
    /// In their order.
    pub steps: Vec<Step>,
}

/// One stage.
#[derive(Debug)]
pub struct Step {
    /// 1 to 3.
    pub number: u8,
    /// What is typed for it.
    pub command: String,
    /// What it does to the stage before.
    pub review: Review,
    /// What has to be done before it by people: of each VPC, by id, the items of its page.
    pub gate: BTreeMap<String, Vec<String>>,
}

/// An estate at a stage.
struct Landing {
    side: Side,
    lock: Lock,
    written: Written,
}

impl Movers<'_> {
    /// Every stage that is still to come; `None` when there is an error among the findings.
    ///
    /// # Errors
    /// When a template would make a file that cannot be written.
    pub fn staircase(&self, findings: &mut Findings) -> Result<Option<Staircase>> {
        let (stages, consent) = (Stages::default(), Consent::default());
        let first = self.landing(self.lock, &stages, &consent, (self.today, "today"), findings)?;
        let Some(mut below) = first else { return Ok(None) };
        let mut staircase = Staircase::default();
        for number in 1..=3 {
            let is_next = |vpc: &&VpcName| self.stage(&below.lock, vpc) + 1 == number;
            let next: Vec<String> = self.vpcs.iter().filter(is_next).map(VpcName::id).collect();
            if next.is_empty() {
                continue;
            }
            let stages = Stages { all: None, named: next.iter().map(|id| (id.clone(), number)).collect() };
            let mut consent = Consent::default();
            let mut gate = BTreeMap::new();
            if number == 2 {
                consent.destroy.extend(next.iter().cloned());
                gate = self.vpcs.iter().filter(is_next).map(|vpc| (vpc.id(), gate_of(&below, vpc))).collect();
            }
            let label = format!("stage {number}");
            let landing = self.landing(&below.lock, &stages, &consent, (&below.side, &label), findings)?;
            let Some(above) = landing else { return Ok(None) };
            let review = review(&below.side, &above.side)?;
            staircase.steps.push(Step { number, command: command(number, &next), review, gate });
            below = above;
        }
        Ok(Some(staircase))
    }

    /// How far a VPC is.
    fn stage(&self, lock: &Lock, vpc: &VpcName) -> u8 {
        lock.moves.get(vpc).copied().map_or(0, MoveStage::number)
    }

    /// The estate as a run would leave it.
    fn landing(
        &self,
        lock: &Lock,
        stages: &Stages,
        consent: &Consent,
        (below, label): (&Side, &str),
        findings: &mut Findings,
    ) -> Result<Option<Landing>> {
        let (document, found) = parse(self.input);
        findings.extend(found);
        let settled = settle(&document, lock, stages, consent, findings);
        let Some(Settled { changed: _, design, allocation, new_lock }) =
            settled.filter(|_| !findings.has_errors())
        else {
            return Ok(None);
        };
        let (plan, found) = derive(&design, &allocation);
        findings.extend(found);
        let Some(plan) = plan.filter(|_| !findings.has_errors()) else { return Ok(None) };
        let Some(added) = yields(self.templates, &plan, findings)? else { return Ok(None) };
        let written = Written { plan, added };
        let mut files = written.all_files(below);
        let mut manifest = Manifest::default();
        for (path, text) in &files {
            manifest.add(path, Digest::of(text.as_bytes()));
        }
        files.insert(MANIFEST_NAME.to_owned(), manifest.text());
        let mut side = Side::memory(files);
        side.label = label.to_owned();
        side.input = Some(self.input.clone());
        side.lock = Some(lock::print(&new_lock));
        side.templates = self.templates.to_vec();
        Ok(Some(Landing { side, lock: new_lock, written }))
    }
}

/// What the page of a VPC lists that has to be done before it goes.
fn gate_of(below: &Landing, vpc: &VpcName) -> Vec<String> {
    use rayon::iter::ParallelIterator as _;
    let directory = vpc.directory();
    let wanted = BTreeSet::from([directory.clone()]);
    let path = format!("{directory}/README.md");
    let files = units_in(&below.written.plan, |folder| wanted.contains(folder)).flatten_iter();
    let page = files.find_first(|(own, _)| *own == path).map(|(_, text)| text).unwrap_or_default();
    page.lines().filter_map(|line| line.strip_prefix("- [ ] ")).map(str::to_owned).collect()
}

fn command(number: u8, vpcs: &[String]) -> String {
    let mut command = "tanada generate".to_owned();
    for vpc in vpcs {
        command.push_str(&format!(" --stage {vpc}={number}"));
        if number == 2 {
            command.push_str(&format!(" --destroy {vpc}"));
        }
    }
    command
}

/// Writes what each stage would do.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_staircase(staircase: &Staircase, out: &mut impl Write, style: Style) -> io::Result<()> {
    for Step { number, command, review, gate } in &staircase.steps {
        for (vpc, items) in gate {
            writeln!(out, "the gate, before `{vpc}` may go:")?;
            for item in items {
                writeln!(out, "  [ ] {item}")?;
            }
            writeln!(out)?;
        }
        let what = match number {
            1 => "a second network beside the old one",
            2 => "the old network leaves",
            _ => "the second network has the name",
        };
        writeln!(out, "{}", paint(style).bold(&format!("stage {number} of 3: {what}")))?;
        writeln!(out, "  {command}")?;
        writeln!(out, "  {}", actions(review))?;
        for danger in grouped(&review.dangers) {
            let accepted = if danger.accepted { ", as `--destroy` says" } else { "" };
            writeln!(out, "  {}{accepted}: {}{}", danger.kind.word(), danger.words, tail(&danger, review))?;
        }
        rows(out, review.ranges.iter().map(range_line).collect())?;
        let opens = review.reach.iter().filter(|row| row.opens).count();
        writeln!(out, "  reach: {opens} gained, {} lost", review.reach.len() - opens)?;
        rows(out, reach_lines(review))?;
        rows(out, review.quotas.iter().map(QuotaChange::words).collect())?;
        writeln!(out)?;
    }
    Ok(())
}

fn rows(out: &mut impl Write, rows: Vec<String>) -> io::Result<()> {
    for row in rows.iter().take(MOST_ROWS) {
        writeln!(out, "    {row}")?;
    }
    if rows.len() > MOST_ROWS {
        writeln!(out, "    … and {} more", rows.len() - MOST_ROWS)?;
    }
    Ok(())
}

/// `74 made, 3 updated, 0 replaced, 0 destroyed in 3 roots`, and what else there is.
fn actions(review: &Review) -> String {
    let count = |wanted: Action| review.changes.all().filter(|(_, change)| change.action == wanted).count();
    let mut words = format!(
        "{} made, {} updated, {} replaced, {} destroyed",
        count(Action::Create),
        count(Action::Update),
        count(Action::Replace),
        count(Action::Destroy)
    );
    for (action, word) in
        [(Action::Move, "renamed"), (Action::Forget, "forgotten"), (Action::Import, "imported")]
    {
        if let more @ 1.. = count(action) {
            words.push_str(&format!(", {more} {word}"));
        }
    }
    format!("{words} in {}", counted(review.changes.roots.len(), "root"))
}
