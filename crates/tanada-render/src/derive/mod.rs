//! Derives every correlated value, once: routes, segments, ACL rules, names, tags.
//!
//! `facts` joins design and allocation; `segments` works out the gateway's route tables and `routes` those of
//! VPCs; `acl` says who may talk; `addresses` decides which place holds each block's literal. What is shared by many
//! VPCs (what a segment reaches, the other side of an intent) is worked out once, so that the whole grows with the
//! number of VPCs and not with its square.

mod accounts;
mod acl;
mod addresses;
mod before;
mod codes;
mod estate;
mod facts;
mod hub;
mod moved;
mod names;
mod origin;
mod pages;
mod routes;
mod same_ranges;
mod segments;
mod vpc;

use rayon::prelude::*;
use tanada_model::design::Design;
use tanada_model::diagnostic::{Diagnostic, Severity};

use crate::allocation::Allocation;
use crate::plan::{HubRoot, LeavingRoot, Plan, VpcRoot};
use facts::Facts;
use routes::{Reach, Ways};
use segments::Segments;

pub use codes::CODES;
pub(crate) use origin::{Origin, Speaker, said_of};

/// Makes the plan. `None` when there is an error among the findings: then nothing is to be written.
pub fn derive(design: &Design, allocation: &Allocation) -> (Option<Plan>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let facts = Facts::new(design, allocation);
    let segments = Segments::new(&facts, &mut diagnostics);
    same_ranges::check(&facts, &segments, &mut diagnostics);
    let reach = Reach::new(&facts, &segments);
    let ways: Vec<Ways> = facts.vpcs.par_iter().map(|vpc| Ways::of(&reach, vpc)).collect();
    let said = acl::statements(&facts, &ways, &mut diagnostics);
    let derived: Vec<(VpcRoot, Vec<Diagnostic>)> = (&facts.vpcs, ways, said)
        .into_par_iter()
        .map(|(vpc, ways, said)| {
            vpc::vpc(&vpc::Inputs { facts: &facts, segments: &segments, vpc, ways: &ways, said: &said })
        })
        .collect();
    let mut vpcs = Vec::with_capacity(derived.len());
    for (root, findings) in derived {
        vpcs.push(root);
        diagnostics.extend(findings);
    }
    let mut hubs: Vec<HubRoot> = design.hubs.ids().map(|hub| hub::hub(&facts, &segments, hub)).collect();
    let backend = accounts::backend(design, &mut diagnostics);
    if diagnostics.iter().any(|diagnostic| diagnostic.code.severity == Severity::Error) {
        return (None, diagnostics);
    }
    let roots = vpcs.iter().map(|vpc| &vpc.aggregates).chain(hubs.iter().map(|hub| &hub.aggregates));
    let aggregates = addresses::shared_aggregates(roots);
    for root in &mut vpcs {
        vpc::use_shared(root, &aggregates);
    }
    for root in &mut hubs {
        hub::use_shared(root, &aggregates);
    }
    let plan = Plan {
        estate: estate::estate(&facts),
        regions: estate::regions(design),
        hub_addresses: estate::hubs(design),
        accounts: accounts::accounts(design),
        aggregates,
        hubs,
        vpcs,
        leaving: leaving(allocation),
        backend,
        index: pages::index(&facts),
    };
    (Some(plan), diagnostics)
}

fn leaving(allocation: &Allocation) -> Vec<LeavingRoot> {
    use tanada_model::lock::Leaving;
    let root = |leaving: &crate::allocation::LeavingVpc| LeavingRoot {
        id: leaving.id.clone(),
        directory: leaving.directory.clone(),
        birth: leaving.birth.clone(),
        keeps_network: match leaving.how {
            Leaving::Destroyed => false,
            Leaving::Forgotten => true,
        },
    };
    allocation.leaving.iter().map(root).collect()
}
