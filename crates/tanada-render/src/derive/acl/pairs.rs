//! Top-level intents: which ends meet, and what each VPC has to say of it.
//!
//! Where both ends leave the environment open, VPCs of the same environment meet; else all of them. So what a VPC sees
//! of the other side depends on its environment at most, and is worked out once for all VPCs that see the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tanada_model::design::{Action, Attachment, EnvironmentId, Id, Intent, IntentId, Peer, Spanned, VpcId};
use tanada_model::diagnostic::Diagnostic;

use super::super::codes::{INTENT_WITHOUT_PAIR, INTENT_WITHOUT_WAY, INTERNET_WITHOUT_WAY};
use super::super::facts::{Facts, TierFacts, VpcFacts};
use super::super::segments::Segments;
use super::peers::{End, blocks_of, check_sites, end, has_way};
use super::service::Service;
use super::statement::{Opens, Peers, Statement, Voice};

/// Every intent, by the VPCs that it lands on.
pub(super) struct Intents {
    by_vpc: Vec<Vec<Landing>>,
    flows: Vec<Flow>,
}

/// What an intent says.
struct Flow {
    birth: u32,
    name: Arc<str>,
    why: Option<Arc<str>>,
    services: Vec<Service>,
    /// The other side, by who opens and by the environment that it is seen from (`None`: all of it).
    others: BTreeMap<(Opens, Option<EnvironmentId>), Arc<Peers>>,
}

/// An intent lands on a VPC.
struct Landing {
    intent: IntentId,
    opens: Opens,
    tier: Option<String>,
    /// Only ends in this environment are seen.
    within: Option<EnvironmentId>,
}

impl Intents {
    /// Pairs the ends of every intent.
    pub(super) fn new(facts: &Facts<'_>, segments: &Segments, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut by_vpc: Vec<Vec<Landing>> = facts.vpcs.iter().map(|_| Vec::new()).collect();
        let mut flows = Vec::with_capacity(facts.design.intents.len());
        for (id, intent) in facts.design.intents.iter() {
            let Intent { entity, from, to, ports } = intent;
            check_sites(facts, from, diagnostics);
            check_sites(facts, to, diagnostics);
            let mut others = BTreeMap::new();
            let mut pairs = 0;
            for (opens, here, there) in [(Opens::Outward, from, to), (Opens::Inward, to, from)] {
                for landing in landings(facts, id, opens, here) {
                    let (vpc, landing) = landing;
                    let seen = others.entry((opens, landing.within)).or_insert_with(|| {
                        Arc::new(blocks_of(facts, there.iter().map(|peer| &peer.value), landing.within))
                    });
                    pairs += usize::from(!seen.is_empty());
                    by_vpc[vpc.index()].push(landing);
                }
            }
            if pairs == 0 {
                let message = format!("`{}` joins nobody: no VPC of `from` meets one of `to`", entity.name);
                let help = "ends that name only a team meet in the same environment; name a VPC (`team.x.production`) \
                            to join different ones";
                diagnostics
                    .push(Diagnostic::new(INTENT_WITHOUT_PAIR, message).at(entity.span, "").help(help));
            }
            check_ways(facts, segments, intent, diagnostics);
            check_internet(facts, intent, diagnostics);
            flows.push(Flow {
                birth: facts.allocation.intent_births.get(id.index()).copied().unwrap_or(u32::MAX),
                name: entity.name.as_str().into(),
                why: entity.why.as_deref().map(Into::into),
                services: Service::all_of(ports),
                others,
            });
        }
        Self { by_vpc, flows }
    }

    /// What intents say of a tier, by intent and who opens.
    pub(super) fn statements(&self, vpc: &VpcFacts<'_>, tier: &TierFacts<'_>) -> Vec<Statement> {
        let mut seen: BTreeMap<(IntentId, Opens), Option<EnvironmentId>> = BTreeMap::new();
        for Landing { intent, opens, tier: named, within } in &self.by_vpc[vpc.id.index()] {
            let lands = named.as_ref().map_or_else(|| tier.plain(), |named| named == tier.name);
            if lands {
                // Seen from all environments is more than seen from one.
                let widest = seen.entry((*intent, *opens)).or_insert(*within);
                *widest = widest.and(*within);
            }
        }
        let statement = |((intent, opens), within): ((IntentId, Opens), Option<EnvironmentId>)| {
            let Flow { birth, name, why, services, others } = &self.flows[intent.index()];
            let peers = others.get(&(opens, within))?;
            let peers = if peers.internet && !has_way(tier, opens) {
                Arc::new(Peers { internet: false, ..Peers::clone(peers) })
            } else {
                Arc::clone(peers)
            };
            (!peers.is_empty()).then(|| Statement {
                opens,
                action: Action::Allow,
                services: services.clone(),
                peers,
                voice: Voice::Intent(*birth),
                name: Arc::clone(name),
                why: why.clone(),
            })
        };
        seen.into_iter().filter_map(statement).collect()
    }
}

/// The VPCs that one side of an intent lands on.
fn landings<'a>(
    facts: &'a Facts<'_>,
    intent: IntentId,
    opens: Opens,
    here: &'a [Spanned<Peer>],
) -> impl Iterator<Item = (VpcId, Landing)> + 'a {
    let ends = here.iter().filter_map(|peer| end(facts, &peer.value));
    ends.flat_map(move |End { vpcs, tier, open }| {
        vpcs.into_iter().map(move |vpc| {
            let within = open.then(|| facts.vpc(vpc).vpc.environment);
            (vpc, Landing { intent, opens, tier: tier.map(str::to_owned), within })
        })
    })
}

/// Where ends stand, as far as ways between them depend on it: attachment and, where it is left open, environment.
/// Two VPCs of each are enough to find a pair of different ones.
type Stands = BTreeMap<(Option<Attachment2>, Option<EnvironmentId>), Vec<VpcId>>;

/// An attachment that can be sorted: hub and segment.
type Attachment2 = (tanada_model::design::HubId, tanada_model::design::SegmentId);

fn stands(facts: &Facts<'_>, peers: &[Spanned<Peer>]) -> Stands {
    let mut stands = Stands::new();
    for End { vpcs, tier: _, open } in peers.iter().filter_map(|peer| end(facts, &peer.value)) {
        for vpc in vpcs {
            let facts = facts.vpc(vpc);
            let at = facts.vpc.attachment.map(|Attachment { hub, segment }| (hub, segment));
            let known = stands.entry((at, open.then_some(facts.vpc.environment))).or_default();
            if known.len() < 2 && !known.contains(&vpc) {
                known.push(vpc);
            }
        }
    }
    stands
}

/// Every pair of ends needs a way there and a way back.
fn check_ways(facts: &Facts<'_>, segments: &Segments, intent: &Intent, diagnostics: &mut Vec<Diagnostic>) {
    let Intent { entity, from, to, ports: _ } = intent;
    let (here, there) = (stands(facts, from), stands(facts, to));
    let mut missing: BTreeSet<[String; 2]> = BTreeSet::new();
    for ((a, a_within), a_vpcs) in &here {
        for ((b, b_within), b_vpcs) in &there {
            let meet = a_within.is_none() || b_within.is_none() || a_within == b_within;
            let pair = a_vpcs.iter().find_map(|a| b_vpcs.iter().find(|b| *b != a).map(|b| (*a, *b)));
            let (true, Some((a_vpc, b_vpc))) = (meet, pair) else { continue };
            let way = match (a, b) {
                (Some((a_hub, a)), Some((b_hub, b))) => {
                    a_hub == b_hub && segments.leads(facts, *a, *b) && segments.leads(facts, *b, *a)
                }
                (None, _) | (_, None) => false,
            };
            if !way {
                missing.insert([a_vpc, b_vpc].map(|vpc| place(facts, vpc)));
            }
        }
    }
    for (stands, peers) in [(&here, to), (&there, from)] {
        for site in
            peers.iter().filter_map(|peer| if let Peer::Site(id) = peer.value { Some(id) } else { None })
        {
            for ((at, _), vpcs) in stands {
                let Some(&vpc) = vpcs.first() else { continue };
                if !at.is_some_and(|(_, segment)| segments.leads_to_site(facts, segment, site)) {
                    missing.insert([place(facts, vpc), format!("site.{}", facts.design.sites.name(site))]);
                }
            }
        }
    }
    for [a, b] in missing {
        let message = format!("`{}` has no way between {a} and {b}", entity.name);
        let help = "let one segment name the other in `reaches`: it counts both ways";
        diagnostics.push(Diagnostic::new(INTENT_WITHOUT_WAY, message).at(entity.span, "").help(help));
    }
}

/// Where a VPC stands, for a message.
fn place(facts: &Facts<'_>, vpc: VpcId) -> String {
    let vpc = facts.vpc(vpc);
    match vpc.vpc.attachment {
        None => format!("`{}` (attached to no hub)", vpc.reference(facts.design)),
        Some(Attachment { hub, segment }) => format!(
            "segment `{}` on hub `{}`",
            facts.design.segments.name(segment),
            facts.design.hubs.name(hub)
        ),
    }
}

/// An end that talks with the internet needs a tier that has a way there.
fn check_internet(facts: &Facts<'_>, intent: &Intent, diagnostics: &mut Vec<Diagnostic>) {
    let Intent { entity, from, to, ports: _ } = intent;
    for (opens, here, there) in [(Opens::Outward, from, to), (Opens::Inward, to, from)] {
        if !there.iter().any(|peer| peer.value == Peer::Internet) {
            continue;
        }
        for peer in here {
            let Some(End { vpcs, tier, open: _ }) = end(facts, &peer.value) else { continue };
            let lands = |own: &TierFacts<'_>| tier.map_or_else(|| own.plain(), |name| own.name == name);
            let way = |vpc: &VpcFacts<'_>| vpc.tiers.iter().any(|own| lands(own) && has_way(own, opens));
            let Some(without) = vpcs.iter().map(|&vpc| facts.vpc(vpc)).find(|vpc| !way(vpc)) else {
                continue;
            };
            diagnostics.push(no_way(&entity.name, &without.reference(facts.design), opens).at(peer.span, ""));
        }
    }
}

/// The finding that nobody there has a way to the internet.
pub(super) fn no_way(rule: &str, whose: &str, opens: Opens) -> Diagnostic {
    let (direction, value) = match opens {
        Opens::Inward => ("from", "\"in\""),
        Opens::Outward => ("to", "\"out\" (or \"in\")"),
    };
    let message =
        format!("`{rule}` opens a way {direction} the internet, and no such tier of `{whose}` has one");
    Diagnostic::new(INTERNET_WITHOUT_WAY, message).help(format!("write `internet = {value}` on the tier"))
}
