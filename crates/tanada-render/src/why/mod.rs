//! Where an emitted value comes from, from the line that a person wrote to the literal in a file.
//!
//! Nothing of this is made while a tree is generated: [`explain`] works it out for one unit (a root or a module below
//! `addresses/`) when somebody asks. Every row of the plan is taken apart completely here, so that a new table or
//! attribute does not compile without a reason, and a test walks every value of every emitted tree.
//!
//! ```text
//! written    what stands in the emitted text: paths, lines, literals, references followed
//! input      places in the input      addresses   pool → position → block → tier → subnet, and everything that has one
//! subnets, routes, acls, transit, provider, backend, root, hub, shared   one file a kind of value
//! ```

mod acls;
mod addresses;
mod backend;
mod hub;
mod input;
mod lock;
mod provider;
mod root;
mod routes;
mod shared;
mod subnets;
mod transit;
pub mod written;

use std::collections::BTreeMap;

use tanada_model::design::{Design, Id as _, Vpc, VpcId};
use tanada_model::diagnostic::Span;
use tanada_model::document::Document;
use tanada_model::lock::Lock;

use crate::allocation::{Allocation, VpcAllocation};
use crate::plan::{Plan, VpcRoot};
pub use lock::lock_line;

/// Everything that an explanation is made from. All of one run.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What stands in the input.
    pub document: &'a Document,
    /// What it means.
    pub design: &'a Design,
    /// What is promised, with this run's new promises.
    pub lock: &'a Lock,
    /// Where everything lies.
    pub allocation: &'a Allocation,
    /// What is written.
    pub plan: &'a Plan,
}

/// Why a value is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The value, references followed; `None` for prose that is the same in every tree.
    pub value: Option<String>,
    /// From the input to the value.
    pub steps: Vec<Step>,
}

/// One step of a derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it says, one line.
    pub what: String,
    /// What it rests on.
    pub source: Source,
}

/// What a step rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A place in the input, and the words that stand there, such as `team "web"` or `size`.
    Input(Span, String),
    /// A line of the lock: the section that it stands in (empty: none) and words of it. See [`lock_line`].
    Lock(String, Vec<String>),
    /// What always holds.
    Rule,
}

impl Step {
    fn input(span: Span, words: impl Into<String>, what: impl Into<String>) -> Self {
        Self { what: what.into(), source: Source::Input(span, words.into()) }
    }

    fn rule(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: Source::Rule }
    }
}

/// Answers for the values of one unit, by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    by_path: BTreeMap<String, Answer>,
    /// Where the unit itself comes from: what its prose rests on.
    unit: Vec<Step>,
    /// Whether every value of it is kept from an earlier run.
    leaving: bool,
}

impl Answers {
    /// Why the value at a path is what it is.
    pub fn get(&self, path: &str) -> Option<Answer> {
        if let Some(answer) = self.by_path.get(path) {
            return Some(answer.clone());
        }
        let last = path.rsplit('.').next().unwrap_or_default();
        let prose = ["description", "type", "condition", "error_message"].contains(&last)
            && ["output.", "variable."].iter().any(|start| path.starts_with(start));
        let constant = Step::rule("the same words in every tree: they describe, and change nothing");
        (prose || self.leaving).then(|| {
            let steps = self.unit.iter().cloned().chain(prose.then_some(constant));
            Answer { value: None, steps: steps.collect() }
        })
    }
}

/// Collects answers of one unit.
struct Book {
    by_path: BTreeMap<String, Answer>,
    unit: Vec<Step>,
}

impl Book {
    fn new(unit: Vec<Step>) -> Self {
        Self { by_path: BTreeMap::new(), unit }
    }

    /// The unit's own steps, then these.
    fn add(&mut self, path: impl Into<String>, value: impl ToString, steps: impl IntoIterator<Item = Step>) {
        let mut all = self.unit.clone();
        for step in steps {
            if !all.contains(&step) {
                all.push(step);
            }
        }
        self.by_path.insert(path.into(), Answer { value: Some(value.to_string()), steps: all });
    }

    fn finish(self) -> Answers {
        Answers { by_path: self.by_path, unit: self.unit, leaving: false }
    }
}

/// A VPC in each of its forms.
#[derive(Clone, Copy)]
struct VpcCase<'a> {
    case: Case<'a>,
    id: VpcId,
    vpc: &'a Vpc,
    at: &'a VpcAllocation,
    root: &'a VpcRoot,
}

impl<'a> Case<'a> {
    /// The VPC with this id, `team-label`.
    fn vpc(self, id: &str) -> Option<VpcCase<'a>> {
        let at = self.plan.vpcs.binary_search_by(|root| root.id.as_str().cmp(id)).ok()?;
        let root = self.plan.vpcs.get(at)?;
        let id = self.design.vpcs.id(id)?;
        let at = self.allocation.vpcs.get(id.index())?;
        Some(VpcCase { case: self, id, vpc: &self.design.vpcs[id], at, root })
    }
}

/// Answers for every value of a unit: the folder of a root, a folder below `addresses/`, or `backend.hcl`. `None` for
/// what is no unit of the plan.
pub fn explain(case: Case<'_>, unit: &str) -> Option<Answers> {
    let parts: Vec<&str> = unit.split('/').collect();
    match parts.as_slice() {
        ["backend.hcl"] => backend::shared(case),
        ["addresses", name] => shared::answers(case, name),
        ["hub", name] => hub::answers(case, name),
        ["teams", ..] => {
            if let Some(leaving) = case.plan.leaving.iter().find(|root| root.directory == unit) {
                return Some(root::leaving(leaving));
            }
            let id = &case.plan.vpcs.iter().find(|root| root.directory == unit)?.id;
            case.vpc(id).map(root::answers)
        }
        _ => None,
    }
}

/// A label as it stands in paths: as an identifier of HCL.
fn ident(label: &str) -> String {
    label.replace('-', "_")
}

/// Values, one after the other.
fn comma(values: impl IntoIterator<Item = String>) -> String {
    values.into_iter().collect::<Vec<_>>().join(", ")
}
