//! What is right today and will hurt: pools that fill up, VPCs that cannot grow, addresses that others have or
//! take for themselves.
//!
//! Nothing of it stops a run or belongs to what a run says; `tanada check` asks.

mod google_auto_range;
mod no_room_to_grow;
mod pool_nearly_full;
mod site_overlap;

use tanada_model::design::{Design, PoolId, Vpc};
use tanada_model::diagnostic::{Code, Diagnostic, acceptance};

use crate::allocation::Allocation;

/// Every code that a look ahead can raise.
pub const CODES: &[Code] =
    &[google_auto_range::CODE, no_room_to_grow::CODE, pool_nearly_full::CODE, site_overlap::CODE];

/// Everything that is to be expected, except what the estate accepts.
pub fn outlook(design: &Design, allocation: &Allocation) -> Vec<Diagnostic> {
    let mut ahead = Ahead { design, allocation, list: Vec::new() };
    google_auto_range::look(&mut ahead);
    no_room_to_grow::look(&mut ahead);
    pool_nearly_full::look(&mut ahead);
    site_overlap::look(&mut ahead);
    ahead.list
}

struct Ahead<'a> {
    design: &'a Design,
    allocation: &'a Allocation,
    list: Vec<Diagnostic>,
}

impl Ahead<'_> {
    /// Adds a finding about an object (written as a reference), unless the estate accepts it.
    fn raise(&mut self, finding: Diagnostic, object: &str) {
        if !self.design.accepted(finding.code.name, object) {
            let line = acceptance(&finding.code, object);
            self.list.push(finding.help(format!("or write {line}")));
        }
    }

    fn pool(&self, pool: PoolId) -> String {
        format!("pool.{}", self.design.pools.name(pool))
    }

    /// A VPC as references name it.
    fn vpc(&self, vpc: &Vpc) -> String {
        format!("team.{}.{}", self.design.teams.name(vpc.team), vpc.entity.name)
    }
}

/// `a`, `b` and 3 more.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
