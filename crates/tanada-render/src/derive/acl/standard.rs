//! What is said of every tier without an intent: the own VPC, guards, rules of layout and tier, the internet.

use std::collections::BTreeMap;
use std::sync::Arc;

use tanada_model::design::{
    Accepts, Action, Endpoint, EnvironmentId, Internet, LayoutId, Peer, Rule, Spanned, TierIndex,
    rule_endpoints,
};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::net::Block;

use super::super::facts::{Facts, TierFacts, VpcFacts, everywhere};
use super::peers::{check_sites, has_way, own_blocks, peers, text};
use super::service::Service;
use super::statement::{Opens, Peers, Statement, Voice};
use crate::plan::Said;

/// Rules of every layout and tier, with the addresses that they share worked out once.
pub(super) struct Rules<'a> {
    /// Of the layout as a whole (`None`) and of its tiers.
    by_layout: BTreeMap<(LayoutId, Option<TierIndex>), Vec<RuleFacts<'a>>>,
    /// The internet, as everybody's peer.
    internet: Arc<Peers>,
}

/// A rule, one direction of it.
struct RuleFacts<'a> {
    rule: &'a Rule,
    opens: Opens,
    services: Vec<Service>,
    name: Said,
    why: Option<Arc<str>>,
    /// Peers that are the same for every VPC of an environment.
    fixed: BTreeMap<EnvironmentId, Arc<Peers>>,
    /// The others: `vpc`, `tier.R`.
    own: Vec<&'a Peer>,
}

/// HTTPS: what a way to the internet is for when nobody says otherwise.
const HTTPS: Service = Service::Tcp(443, 443);

impl<'a> Rules<'a> {
    /// Reads every layout.
    pub(super) fn new(facts: &Facts<'a>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut by_layout = BTreeMap::new();
        for (id, layout) in facts.design.layouts.iter() {
            by_layout.insert((id, None), read(facts, &layout.rules, diagnostics));
            for (index, tier) in layout.tiers() {
                by_layout.insert((id, Some(index)), read(facts, &tier.rules, diagnostics));
            }
        }
        Self { by_layout, internet: Arc::new(Peers::new(Vec::new(), true, "internet".to_owned())) }
    }

    /// Rules that land on a tier: its own, and the layout's unless it is guarded or the attachment's.
    fn of(&self, tier: &TierFacts<'_>) -> impl Iterator<Item = &RuleFacts<'a>> {
        let layout = tier.plain().then_some((tier.layout, None));
        let keys = layout.into_iter().chain([(tier.layout, Some(tier.index))]);
        keys.filter_map(|key| self.by_layout.get(&key)).flatten()
    }

    /// What is said of a tier.
    pub(super) fn statements(&self, vpc: &VpcFacts<'_>, tier: &TierFacts<'_>) -> Vec<Statement> {
        let mut statements = own_vpc(vpc, tier);
        let mut named = [false; 2];
        for rule in self.of(tier) {
            let RuleFacts { rule, opens, services, name, why, fixed, own } = rule;
            let Some(fixed) = fixed.get(&vpc.vpc.environment) else { continue };
            named[usize::from(*opens == Opens::Outward)] |= fixed.internet;
            let mut peers = Arc::clone(fixed);
            if !own.is_empty() || (peers.internet && !has_way(tier, *opens)) {
                let blocks = own.iter().filter_map(|peer| own_blocks(vpc, peer)).flatten().copied();
                let blocks = blocks.chain(fixed.blocks.iter().copied()).collect();
                let internet = fixed.internet && has_way(tier, *opens);
                peers = Arc::new(Peers::new(blocks, internet, fixed.text.clone()));
            }
            if !peers.is_empty() {
                statements.push(Statement {
                    opens: *opens,
                    action: rule.action,
                    services: services.clone(),
                    peers,
                    voice: Voice::Rule,
                    name: name.clone(),
                    why: why.clone(),
                });
            }
        }
        statements.extend(internet(tier, named, &self.internet));
        statements
    }
}

fn read<'a>(facts: &Facts<'a>, rules: &'a [Rule], diagnostics: &mut Vec<Diagnostic>) -> Vec<RuleFacts<'a>> {
    let mut read = Vec::new();
    for rule in rules {
        let Rule { entity, action: _, from, to, ports } = rule;
        for (opens, peers) in [(Opens::Inward, from), (Opens::Outward, to)] {
            if peers.is_empty() {
                continue;
            }
            check_sites(facts, peers, diagnostics);
            let own = |peer: &&Peer| matches!(peer, Peer::OwnVpc | Peer::OwnTier(_));
            read.push(RuleFacts {
                rule,
                opens,
                services: Service::all_of(ports),
                name: entity.name.clone().into(),
                why: entity.why.as_deref().map(Into::into),
                fixed: fixed(facts, peers),
                own: peers.iter().map(|peer| &peer.value).filter(own).collect(),
            });
        }
    }
    read
}

/// What a rule's peers stand for in VPCs of each environment, `vpc` and `tier.R` aside.
fn fixed(facts: &Facts<'_>, written: &[Spanned<Peer>]) -> BTreeMap<EnvironmentId, Arc<Peers>> {
    let open = written.iter().any(|peer| matches!(peer.value, Peer::Team(_) | Peer::TeamTier(..)));
    let texts: Vec<String> = written.iter().map(|peer| text(facts.design, &peer.value)).collect();
    let others =
        || written.iter().map(|peer| &peer.value).filter(|p| !matches!(p, Peer::OwnVpc | Peer::OwnTier(_)));
    let mut fixed: BTreeMap<EnvironmentId, Arc<Peers>> = BTreeMap::new();
    for (id, environment) in facts.design.environments.iter() {
        let Some(&own) = environment.vpcs.first() else { continue };
        let known = if open { None } else { fixed.values().next().cloned() };
        let all = known.unwrap_or_else(|| {
            let ends: Vec<Endpoint> =
                others().flat_map(|peer| rule_endpoints(facts.design, own, peer)).collect();
            Arc::new(peers(facts, &ends, texts.join(", ")))
        });
        fixed.insert(id, all);
    }
    fixed
}

fn only(blocks: Vec<Block>, text: &str) -> Arc<Peers> {
    Arc::new(Peers::new(blocks, false, text.to_owned()))
}

/// An unguarded tier talks with its whole VPC. A guarded one accepts who is listed and, if anybody is, itself. The
/// attachment's passes on what the VPC sends and gets; where others go out through this VPC, everything.
fn own_vpc(vpc: &VpcFacts<'_>, tier: &TierFacts<'_>) -> Vec<Statement> {
    let both = |blocks: Vec<Block>, text: &str, name: &'static str| {
        let peers = only(blocks, text);
        [Opens::Inward, Opens::Outward]
            .map(|opens| Statement::standard(0, opens, vec![Service::All], Arc::clone(&peers), name))
    };
    if tier.tier.attach {
        return if vpc.way_out {
            both(vec![everywhere()], "any", "a way out for others").into()
        } else {
            both(vpc.blocks.clone(), "vpc", "between the transit gateway and the VPC").into()
        };
    }
    let mut statements = match &tier.tier.accepts {
        Accepts::All => both(vpc.blocks.clone(), "vpc", "within the VPC").into(),
        Accepts::Only(accepted) => {
            let accepted: Vec<&TierFacts<'_>> = vpc
                .tiers
                .iter()
                .filter(|other| other.layout == tier.layout && other.index != tier.index)
                .filter(|other| accepted.contains(&other.index))
                .collect();
            guarded(tier, &accepted)
        }
    };
    // A guarded tier opens nothing by itself; where another guarded tier accepts it, it has to.
    for other in vpc.tiers.iter().filter(|_| tier.tier.guarded()) {
        match &other.tier.accepts {
            Accepts::Only(accepted)
                if other.layout == tier.layout
                    && other.index != tier.index
                    && accepted.contains(&tier.index) =>
            {
                let peers = only(other.ranges.clone(), &format!("tier.{}", other.name));
                let name = format!("{} to {}", tier.name, other.name);
                statements.push(Statement::standard(2, Opens::Outward, vec![Service::All], peers, name));
            }
            Accepts::Only(_) | Accepts::All => {}
        }
    }
    statements
}

fn guarded(tier: &TierFacts<'_>, accepted: &[&TierFacts<'_>]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for other in accepted {
        let peers = only(other.ranges.clone(), &format!("tier.{}", other.name));
        let name = format!("{} to {}", other.name, tier.name);
        statements.push(Statement::standard(1, Opens::Inward, vec![Service::All], peers, name));
    }
    let somebody = match &tier.tier.accepts {
        Accepts::All => false,
        Accepts::Only(listed) => !listed.is_empty(),
    };
    if somebody {
        let own = only(tier.ranges.clone(), &format!("tier.{}", tier.name));
        for opens in [Opens::Inward, Opens::Outward] {
            let services = vec![Service::All];
            statements.push(Statement::standard(0, opens, services, Arc::clone(&own), "within the tier"));
        }
    }
    statements
}

/// `out` opens HTTPS to the internet, `in` accepts it, unless a rule names the internet in that direction.
/// `named`: whether one does, inward and outward.
fn internet(tier: &TierFacts<'_>, named: [bool; 2], peers: &Arc<Peers>) -> Option<Statement> {
    if tier.tier.attach {
        return None;
    }
    let internet = |opens, name: String| Statement::standard(4, opens, vec![HTTPS], Arc::clone(peers), name);
    let [inward, outward] = named;
    match tier.tier.internet {
        Internet::Out if !outward => Some(internet(Opens::Outward, format!("{} to the internet", tier.name))),
        Internet::In if !inward => Some(internet(Opens::Inward, format!("the internet to {}", tier.name))),
        Internet::Out | Internet::In | Internet::None => None,
    }
}

/// What a tier opens to the internet: what a NAT gateway has to pass on. `any` counts, since what is not the estate's
/// leaves there; so do reservations outside of roots and of private ranges.
pub(super) fn opened_outside(facts: &Facts<'_>, statements: &[Statement]) -> Vec<(Service, Option<Block>)> {
    let mut opened = Vec::new();
    for statement in statements {
        let Statement { opens, action, services, peers, voice: _, name: _, why: _ } = statement;
        if *opens != Opens::Outward || *action != Action::Allow {
            continue;
        }
        let inside = super::super::facts::private();
        let public = |block: &&Block| {
            !block.is_everything() && !facts.estate.iter().chain(&inside).any(|own| own.overlaps(**block))
        };
        for &service in services {
            if peers.internet || peers.any() {
                opened.push((service, None));
            }
            opened.extend(peers.blocks.iter().filter(public).map(|&block| (service, Some(block))));
        }
    }
    opened.sort();
    opened.dedup();
    opened
}
