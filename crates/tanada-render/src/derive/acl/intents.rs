//! Top-level intents: what each tier has to say of those that land on it.
//!
//! Which ends meet is the design's ([`pairs`]): groups in which every end of one side meets every end of the other. A
//! tier sees the other sides of the groups that it is in; tiers that are in the same groups share what they see, so
//! that the work grows with the number of ends and not with that of pairs.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use tanada_model::design::{Action, Endpoint, Id, Intent, IntentId, Pairs, VpcId, pairs};
use tanada_model::diagnostic::Diagnostic;

use super::super::facts::{Facts, TierFacts, VpcFacts};
use super::peers::{check_sites, has_way, peers, text};
use super::service::Service;
use super::statement::{Opens, Peers, Statement, Voice};
use crate::plan::Said;

/// Every intent, by the VPCs that it lands on.
pub(super) struct Intents {
    by_vpc: Vec<Vec<Landing>>,
    flows: Vec<Flow>,
}

/// What an intent says.
struct Flow {
    birth: u32,
    name: Said,
    why: Option<Arc<str>>,
    services: Vec<Service>,
}

/// An intent lands on a VPC.
#[derive(Clone)]
struct Landing {
    intent: IntentId,
    opens: Opens,
    /// On this tier; `None`: on every tier that is neither guarded nor the attachment's.
    tier: Option<String>,
    others: Arc<Peers>,
}

impl Intents {
    /// Reads every intent.
    pub(super) fn new(facts: &Facts<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let intents: Vec<(IntentId, &Intent)> = facts.design.intents.iter().collect();
        let mut flows = Vec::with_capacity(intents.len());
        for (id, Intent { entity, from, to, ports }) in &intents {
            check_sites(facts, from, diagnostics);
            check_sites(facts, to, diagnostics);
            flows.push(Flow {
                birth: facts.allocation.intent_births.get(id.index()).copied().unwrap_or(u32::MAX),
                name: entity.name.clone().into(),
                why: entity.why.as_deref().map(Into::into),
                services: Service::all_of(ports),
            });
        }
        let landings: Vec<Vec<(VpcId, Landing)>> =
            intents.par_iter().map(|(id, intent)| landings(facts, *id, intent)).collect();
        let mut by_vpc: Vec<Vec<Landing>> = facts.vpcs.iter().map(|_| Vec::new()).collect();
        for (vpc, landing) in landings.into_iter().flatten() {
            by_vpc[vpc.index()].push(landing);
        }
        Self { by_vpc, flows }
    }

    /// What intents say of a tier, by intent and who opens.
    pub(super) fn statements(&self, vpc: &VpcFacts<'_>, tier: &TierFacts<'_>) -> Vec<Statement> {
        let mut seen: BTreeMap<(IntentId, Opens), Arc<Peers>> = BTreeMap::new();
        for Landing { intent, opens, tier: named, others } in &self.by_vpc[vpc.id.index()] {
            if named.as_ref().map_or_else(|| tier.plain(), |named| named == tier.name) {
                // A tier that is named itself and with its whole VPC sees both other sides.
                let both = |known: &mut Arc<Peers>| *known = Arc::new(known.and(others));
                seen.entry((*intent, *opens)).and_modify(both).or_insert_with(|| Arc::clone(others));
            }
        }
        let statement = |((intent, opens), peers): ((IntentId, Opens), Arc<Peers>)| {
            let Flow { birth, name, why, services } = &self.flows[intent.index()];
            let peers = if peers.internet && !has_way(tier, opens) {
                Arc::new(Peers { internet: false, ..Peers::clone(&peers) })
            } else {
                peers
            };
            (!peers.is_empty()).then(|| Statement {
                opens,
                action: Action::Allow,
                services: services.clone(),
                peers,
                voice: Voice::Intent(*birth),
                name: name.clone(),
                why: why.clone(),
            })
        };
        seen.into_iter().filter_map(statement).collect()
    }
}

/// Where an intent lands, and what is seen from there.
fn landings(facts: &Facts<'_>, id: IntentId, intent: &Intent) -> Vec<(VpcId, Landing)> {
    let groups = pairs(facts.design, intent);
    let mut landings = Vec::new();
    for opens in [Opens::Outward, Opens::Inward] {
        // The groups of each end, and what their other sides are together.
        let mut of_end: BTreeMap<&Endpoint, Vec<usize>> = BTreeMap::new();
        for (i, Pairs { from_peer: _, to_peer: _, from, to }) in groups.iter().enumerate() {
            let here = if opens == Opens::Outward { from } else { to };
            for end in here.iter().filter(|end| end.vpc().is_some()) {
                of_end.entry(end).or_default().push(i);
            }
        }
        let mut of_groups: BTreeMap<Vec<usize>, Arc<Peers>> = BTreeMap::new();
        for (end, within) in of_end {
            let others = match of_groups.get(&within) {
                Some(others) => Arc::clone(others),
                None => {
                    let others = Arc::new(other_side(facts, intent, opens, &groups, &within));
                    of_groups.insert(within, Arc::clone(&others));
                    others
                }
            };
            let (vpc, tier) = match end {
                Endpoint::Vpc(vpc) => (*vpc, None),
                Endpoint::Tier(vpc, tier) => (*vpc, Some(tier.clone())),
                Endpoint::Pool(_)
                | Endpoint::Reserved(_)
                | Endpoint::Site(_)
                | Endpoint::Private
                | Endpoint::Internet
                | Endpoint::Any => continue,
            };
            landings.push((vpc, Landing { intent: id, opens, tier, others }));
        }
    }
    landings
}

/// The other sides of some groups, together.
fn other_side(facts: &Facts<'_>, intent: &Intent, opens: Opens, groups: &[Pairs], within: &[usize]) -> Peers {
    let groups = || within.iter().filter_map(|&i| groups.get(i));
    let (all, there) = match opens {
        Opens::Outward => (&intent.to, groups().map(|g| g.to_peer).collect::<Vec<usize>>()),
        Opens::Inward => (&intent.from, groups().map(|g| g.from_peer).collect::<Vec<usize>>()),
    };
    let named = all.iter().enumerate().filter(|(i, _)| there.contains(i));
    let texts: Vec<String> = named.map(|(_, peer)| text(facts.design, &peer.value)).collect();
    let ends = groups().flat_map(|group| if opens == Opens::Outward { &group.to } else { &group.from });
    peers(facts, ends, texts.join(", "))
}
