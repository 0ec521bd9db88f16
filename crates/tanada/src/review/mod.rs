//! What a change of the network does, for a reviewer: first what is lost, then who is concerned, and by which line.
//!
//! ```text
//! guard      what may not be replaced or destroyed unasked, and what was agreed to
//! lost       what is replaced or destroyed, in words
//! danger     what a reviewer must not miss, the worst first
//! follow     what one root does to others that find something in it
//! reach      who reaches whom newly, and who no longer
//! foreign    files that are not what follows from the input
//! unread     what people added and nobody understands
//! pools      ranges of pools, and blocks that are free again
//! facts      ranges, rules and routes that come and go
//! quotas     quotas that a change comes near to, exceeds or takes much of
//! cause      the edited lines of the input, and what follows from each
//! renamed    what may only be called otherwise now
//! moving     VPCs that go to other addresses, by stage
//! staircase  what each stage of a move would do
//! promises   what a lock has promised and another one does not keep
//! text, markdown, json   the three forms
//! ```

mod build;
mod cause;
mod danger;
mod edits;
mod facts;
mod follow;
mod foreign;
pub mod guard;
mod json;
mod lost;
mod markdown;
mod moving;
mod names;
mod pools;
pub mod promises;
mod quotas;
mod reach;
mod renamed;
mod staircase;
mod text;
mod unread;
mod view;

pub use build::review;
pub use cause::Cause;
pub use danger::{Danger, DangerKind};
pub use edits::Edit;
pub use facts::{Owner, RangeChange, RowChange};
pub use follow::followers;
pub use json::write_json;
pub use lost::{describe, tell_loss};
pub use markdown::{MARKER, write_markdown};
pub use quotas::QuotaChange;
pub use reach::ReachChange;
pub use staircase::{Movers, Staircase, Step, write_staircase};
pub use text::write_text;
pub use view::id;

use tanada_verify::changes::{Action, Changes};

/// Everything that is said about a change.
#[derive(Debug, Default)]
pub struct Review {
    /// What the old side is called.
    pub base: String,
    /// What the new side is called.
    pub head: String,
    /// What Terraform will do.
    pub changes: Changes,
    /// What a reviewer must not miss, the worst first.
    pub dangers: Vec<Danger>,
    /// What was edited, and what follows from it.
    pub causes: Vec<Cause>,
    /// Blocks of VPCs and ranges of pools that come, grow, move or go.
    pub ranges: Vec<RangeChange>,
    /// Who reaches whom newly, and who no longer.
    pub reach: Vec<ReachChange>,
    /// Rules of network ACLs.
    pub rules: Vec<RowChange>,
    /// Routes, of VPCs and of segments.
    pub routes: Vec<RowChange>,
    /// Quotas that it comes near to, exceeds, leaves, or takes much of.
    pub quotas: Vec<QuotaChange>,
    /// Whom to ask.
    pub owners: Vec<Owner>,
}

/// How many resources a change touches, as Terraform counts: one that is replaced is one to add and one to destroy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Roots in which something happens.
    pub roots: usize,
    /// To add.
    pub add: usize,
    /// To change in place.
    pub change: usize,
    /// To destroy.
    pub destroy: usize,
    /// Only to be called otherwise.
    pub moved: usize,
    /// To leave to themselves.
    pub forget: usize,
    /// To take in.
    pub import: usize,
}

impl Review {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        let Self {
            base: _,
            head: _,
            changes,
            dangers,
            causes: _,
            ranges,
            reach,
            rules,
            routes,
            quotas,
            owners: _,
        } = self;
        let rows = ranges.is_empty() && reach.is_empty() && rules.is_empty() && routes.is_empty();
        changes.is_empty() && dangers.is_empty() && rows && quotas.is_empty()
    }

    /// How many resources are touched.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { roots: self.changes.roots.len(), ..Totals::default() };
        for (_, change) in self.changes.all() {
            match change.action {
                Action::Create => totals.add += 1,
                Action::Import => totals.import += 1,
                Action::Update => totals.change += 1,
                Action::Move => totals.moved += 1,
                Action::Forget => totals.forget += 1,
                Action::Destroy => totals.destroy += 1,
                Action::Replace => {
                    totals.add += 1;
                    totals.destroy += 1;
                }
            }
        }
        totals
    }
}

impl Totals {
    /// `61 to add, 1 to change, 61 to destroy`, and what else there is.
    pub fn words(&self) -> String {
        let Self { roots: _, add, change, destroy, moved, forget, import } = self;
        let mut words = format!("{add} to add, {change} to change, {destroy} to destroy");
        for (count, what) in [(moved, "renamed"), (forget, "to forget"), (import, "to import")] {
            if *count > 0 {
                words.push_str(&format!(", {count} {what}"));
            }
        }
        words
    }
}
