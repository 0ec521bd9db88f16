//! What input and standard declare of every tier, in addresses of what was emitted: the standard of the language, rules of
//! layouts and tiers, and intents. The author's ACL compiler is not asked.

use std::collections::{BTreeMap, BTreeSet};

use tanada_model::design::{
    Accepts, Endpoint, Id, Intent, Internet, Peer, Ports as Written, Protocol, Rule, Tier, VpcId, WayOut,
    pairs, rule_endpoints,
};
use tanada_model::net::Block;

use super::meaning::{Opens, Reading, Said, denies};
use super::places::{Places, everywhere, private, tiers};
use crate::reach::{Ports, Services};

/// Ports of a statement; whether they are all protocols.
pub(super) fn services(ports: &[Written]) -> (Services, bool) {
    if ports.is_empty() || ports.contains(&Written::All) {
        return (Services::all(), true);
    }
    let one = |ports: &Written| match ports {
        Written::All => Services::all(),
        Written::Icmp => Services { icmp: true, ..Services::default() },
        Written::Range { protocol, from, to } => {
            let ports = Ports::range(*from, *to);
            match protocol {
                Protocol::Tcp => Services { tcp: ports, ..Services::default() },
                Protocol::Udp => Services { udp: ports, ..Services::default() },
                Protocol::Icmp => Services { icmp: true, ..Services::default() },
            }
        }
    };
    (ports.iter().fold(Services::default(), |all, ports| all.or(&one(ports))), false)
}

/// Statements by number, of every tier of every VPC that was emitted.
pub(super) struct Declared {
    pub(super) reading: Reading,
    /// By the network's VPC, then by tier.
    pub(super) tiers: Vec<BTreeMap<String, TierSays>>,
}

/// What is said of a tier.
#[derive(Clone, Debug, Default)]
pub(super) struct TierSays {
    /// Of addresses outside its VPC: statements whose peers are the VPC's own are left out, so that many tiers say the same.
    pub(super) outside: Vec<usize>,
    /// Of addresses inside its VPC: all statements.
    pub(super) inside: Vec<usize>,
}

impl Declared {
    pub(super) fn new(places: &Places<'_>) -> Self {
        let mut build = Build {
            places,
            reading: Reading::default(),
            tiers: vec![BTreeMap::new(); places.network.vpcs.len()],
        };
        for id in places.design.vpcs.ids() {
            if let Some(at) = places.vpcs[id.index()] {
                build.vpc(id, at);
            }
        }
        for intent in places.design.intents.values() {
            build.intent(intent);
        }
        build.nat();
        Self { reading: build.reading, tiers: build.tiers }
    }
}

struct Build<'a> {
    places: &'a Places<'a>,
    reading: Reading,
    tiers: Vec<BTreeMap<String, TierSays>>,
}

/// Where a statement is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// Addresses of the VPC itself.
    Own,
    /// All others, too.
    All,
}

impl Build<'_> {
    fn say(&mut self, vpc: usize, tier: &str, said: Said, about: About) {
        let number = self.reading.statement(said);
        let says = self.tiers[vpc].entry(tier.to_owned()).or_default();
        says.inside.push(number);
        if about == About::All {
            says.outside.push(number);
        }
    }

    fn said(
        &mut self,
        opens: Opens,
        (services, all): (Services, bool),
        blocks: Vec<Block>,
        internet: bool,
    ) -> Said {
        let peers = self.reading.peers.number(blocks);
        Said { opens, denies: false, services, all, peers, internet }
    }

    /// The standard and the rules of one VPC.
    fn vpc(&mut self, id: VpcId, at: usize) {
        let design = self.places.design;
        let own = self.places.vpc(id);
        let (way_out, _) = self.places.way_out(id);
        let all = tiers(design, id);
        for (layout, tier) in &all {
            let name = tier.entity.name.as_str();
            let everything = (Services::all(), true);
            let both = [Opens::Inward, Opens::Outward];
            if tier.attach {
                let (blocks, about) =
                    if way_out { (vec![everywhere()], About::All) } else { (own.clone(), About::Own) };
                for opens in both {
                    let said = self.said(opens, everything.clone(), blocks.clone(), false);
                    self.say(at, name, said, about);
                }
            } else if let Accepts::Only(listed) = &tier.accepts {
                // A guarded tier accepts who is listed, and itself if it accepts anybody.
                let accepted =
                    listed.iter().map(|index| design.layouts[*layout][*index].entity.name.as_str());
                let accepted: BTreeSet<&str> = accepted.collect();
                for other in accepted.iter().filter(|other| **other != name) {
                    let said =
                        self.said(Opens::Inward, everything.clone(), self.places.tier(id, other), false);
                    self.say(at, name, said, About::Own);
                }
                if !listed.is_empty() {
                    for opens in both {
                        let said = self.said(opens, everything.clone(), self.places.tier(id, name), false);
                        self.say(at, name, said, About::Own);
                    }
                }
                // Another guarded tier that accepts it lets it open connections there.
                for (other_layout, other) in
                    all.iter().filter(|(_, other)| other.entity.name != tier.entity.name)
                {
                    let Accepts::Only(accepted) = &other.accepts else { continue };
                    let index = design.layouts[*layout].tier(name).map(|(index, _)| index);
                    if other_layout == layout && index.is_some_and(|index| accepted.contains(&index)) {
                        let blocks = self.places.tier(id, &other.entity.name);
                        let said = self.said(Opens::Outward, everything.clone(), blocks, false);
                        self.say(at, name, said, About::Own);
                    }
                }
            } else {
                for opens in both {
                    let said = self.said(opens, everything.clone(), own.clone(), false);
                    self.say(at, name, said, About::Own);
                }
            }
            let layout = (!tier.attach && !tier.guarded()).then_some(&design.layouts[*layout].rules);
            let rules: Vec<&Rule> = layout.into_iter().flatten().chain(&tier.rules).collect();
            let mut named = [false; 2];
            for rule in rules {
                self.rule(id, at, tier, rule, &mut named);
            }
            self.internet(at, tier, named);
        }
    }

    fn rule(&mut self, id: VpcId, at: usize, tier: &Tier, rule: &Rule, named: &mut [bool; 2]) {
        let Rule { entity: _, action, from, to, ports } = rule;
        for (side, (opens, peers)) in [(Opens::Inward, from), (Opens::Outward, to)].into_iter().enumerate() {
            let is_own = |peer: &Peer| matches!(peer, Peer::OwnVpc | Peer::OwnTier(_));
            for (about, own) in [(About::Own, true), (About::All, false)] {
                let own_peers = peers.iter().map(|peer| &peer.value).filter(|peer| is_own(peer) == own);
                let ends: Vec<Endpoint> =
                    own_peers.flat_map(|peer| rule_endpoints(self.places.design, id, peer)).collect();
                if ends.is_empty() {
                    continue;
                }
                let (blocks, internet) = self.places.ends(&ends);
                named[side] |= internet;
                let mut said = self.said(opens, services(ports), blocks, internet && has_way(tier, opens));
                said.denies = denies(*action);
                self.say(at, &tier.entity.name, said, about);
            }
        }
    }

    /// HTTPS, where the way to the internet is not said otherwise.
    fn internet(&mut self, at: usize, tier: &Tier, [inward, outward]: [bool; 2]) {
        let opens = match tier.internet {
            Internet::Out if !outward => Opens::Outward,
            Internet::In if !inward => Opens::Inward,
            Internet::Out | Internet::In | Internet::None => return,
        };
        if !tier.attach {
            let https = Services { tcp: Ports::range(443, 443), ..Services::default() };
            let said = self.said(opens, (https, false), Vec::new(), true);
            self.say(at, &tier.entity.name, said, About::All);
        }
    }

    /// Each end of an intent gets what it says of the other side.
    fn intent(&mut self, intent: &Intent) {
        let design = self.places.design;
        let ports = services(&intent.ports);
        for group in pairs(design, intent) {
            for (opens, here, there) in
                [(Opens::Outward, &group.from, &group.to), (Opens::Inward, &group.to, &group.from)]
            {
                let (blocks, internet) = self.places.ends(there);
                let offline = self.said(opens, ports.clone(), blocks.clone(), false);
                let online = self.said(opens, ports.clone(), blocks, internet);
                for end in here {
                    let Some(id) = end.vpc() else { continue };
                    let Some(at) = self.places.vpcs[id.index()] else { continue };
                    for (_, tier) in tiers(design, id) {
                        let lands = match end {
                            Endpoint::Tier(_, name) => *name == tier.entity.name,
                            Endpoint::Vpc(_) => !tier.attach && !tier.guarded(),
                            Endpoint::Pool(_)
                            | Endpoint::Reserved(_)
                            | Endpoint::Site(_)
                            | Endpoint::Private
                            | Endpoint::Internet
                            | Endpoint::Any => false,
                        };
                        if lands {
                            let said = if has_way(tier, opens) { &online } else { &offline };
                            self.say(at, &tier.entity.name, said.clone(), About::All);
                        }
                    }
                }
            }
        }
    }

    /// NAT gateways pass on what others open to the outside.
    fn nat(&mut self) {
        let design = self.places.design;
        let opened: Vec<Vec<(Services, bool, Option<Block>)>> =
            design.vpcs.ids().map(|id| self.opened_outside(id)).collect();
        for id in design.vpcs.ids() {
            let (Some(at), Some(tier)) = (self.places.vpcs[id.index()], self.places.nat_tier(id)) else {
                continue;
            };
            let tier = tier.to_owned();
            let default = |vpc: VpcId| {
                let segment = design.vpcs[vpc].attachment.map(|attachment| attachment.segment);
                segment.and_then(|segment| design.segments[segment].default)
            };
            let out_elsewhere = default(id).is_some_and(|out| out != WayOut::Vpc(id));
            if !out_elsewhere {
                self.pass_on(at, &tier, &opened[id.index()].clone());
            }
            if !self.places.way_out(id).1 {
                continue;
            }
            for member in design.vpcs.ids().filter(|&member| member != id) {
                if default(member) != Some(WayOut::Vpc(id)) {
                    continue;
                }
                let own = opened[member.index()].clone();
                self.pass_on(at, &tier, &own);
                for (services, all, _) in own {
                    let said = self.said(Opens::Inward, (services, all), self.places.vpc(member), false);
                    self.say(at, &tier, said, About::All);
                }
            }
        }
    }

    fn pass_on(&mut self, at: usize, tier: &str, opened: &[(Services, bool, Option<Block>)]) {
        for (services, all, block) in opened {
            let blocks = block.iter().copied().collect();
            let said = self.said(Opens::Outward, (services.clone(), *all), blocks, block.is_none());
            self.say(at, tier, said, About::All);
        }
    }

    /// What tiers that go out open to the internet, or to one public block.
    fn opened_outside(&self, id: VpcId) -> Vec<(Services, bool, Option<Block>)> {
        let Some(at) = self.places.vpcs[id.index()] else { return Vec::new() };
        let mut opened: BTreeSet<(Services, bool, Option<Block>)> = BTreeSet::new();
        for (_, tier) in tiers(self.places.design, id) {
            if tier.internet != Internet::Out || tier.attach {
                continue;
            }
            let says = self.tiers[at].get(&tier.entity.name).map(|says| says.outside.as_slice());
            for &number in says.unwrap_or_default() {
                let said = self.reading.said(number);
                if said.opens != Opens::Outward || said.denies {
                    continue;
                }
                let blocks = self.reading.peers.of(said.peers);
                if said.internet || blocks.iter().any(|block| block.is_everything()) {
                    opened.insert((said.services.clone(), said.all, None));
                }
                let inside = private();
                let public = blocks.iter().filter(|block| {
                    let own = self.places.estate.overlaps(**block);
                    !block.is_everything() && !own && !inside.iter().any(|other| other.overlaps(**block))
                });
                opened.extend(public.map(|block| (said.services.clone(), said.all, Some(*block))));
            }
        }
        opened.into_iter().collect()
    }
}

/// Whether a tier has the way to the internet that a connection needs.
fn has_way(tier: &Tier, opens: Opens) -> bool {
    match (tier.internet, opens) {
        (Internet::In, Opens::Inward | Opens::Outward) | (Internet::Out, Opens::Outward) => true,
        (Internet::Out, Opens::Inward) | (Internet::None, Opens::Inward | Opens::Outward) => false,
    }
}
