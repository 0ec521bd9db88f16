//! Which ends an intent or a rule brings together (the language's "which environments match").

use super::{
    Design, EnvironmentId, Intent, LayoutId, Peer, PoolId, ReservedId, SiteId, Tier, TierIndex, VpcId,
};

/// One end of a flow, with the environment decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// A VPC; as the receiving end, its tiers that are neither guarded nor the attachment's.
    Vpc(VpcId),
    /// One tier of a VPC.
    Tier(VpcId, String),
    /// A pool's addresses.
    Pool(PoolId),
    /// A reservation.
    Reserved(ReservedId),
    /// What lies at a site.
    Site(SiteId),
    /// The three ranges of RFC 1918.
    Private,
    /// Every address that is neither in a root nor a site's.
    Internet,
    /// 0.0.0.0/0.
    Any,
}

/// Ends that an intent brings together: every one of `from` with every one of `to`.
///
/// INVARIANT: neither side is empty. A VPC may stand on both sides (a team and itself); the pair of a VPC with itself
/// concerns its ACLs alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairs {
    /// Index of the peer in [`Intent::from`].
    pub from_peer: usize,
    /// Index of the peer in [`Intent::to`].
    pub to_peer: usize,
    /// Who opens, in the order of ids.
    pub from: Vec<Endpoint>,
    /// Who is opened to, in the order of ids.
    pub to: Vec<Endpoint>,
}

impl Endpoint {
    /// The VPC, when it is one or a tier of one.
    pub fn vpc(&self) -> Option<VpcId> {
        match self {
            Self::Vpc(vpc) | Self::Tier(vpc, _) => Some(*vpc),
            Self::Pool(_)
            | Self::Reserved(_)
            | Self::Site(_)
            | Self::Private
            | Self::Internet
            | Self::Any => None,
        }
    }
}

impl Pairs {
    /// Every pair, `from` slowest.
    pub fn iter(&self) -> impl Iterator<Item = (&Endpoint, &Endpoint)> {
        self.from.iter().flat_map(|from| self.to.iter().map(move |to| (from, to)))
    }
}

/// What an intent brings together, peer by peer. Two peers that leave the environment open (`team.T`, `team.T.R`) meet
/// within each environment; otherwise everything on one side meets everything on the other. Peers that match nobody
/// have no entry.
pub fn pairs(design: &Design, intent: &Intent) -> Vec<Pairs> {
    let mut all = Vec::new();
    for (from_peer, from) in intent.from.iter().enumerate() {
        for (to_peer, to) in intent.to.iter().enumerate() {
            let (opens, opened) = (endpoints(design, &from.value), endpoints(design, &to.value));
            let mut push = |from: Vec<Endpoint>, to: Vec<Endpoint>| {
                if !from.is_empty() && !to.is_empty() {
                    all.push(Pairs { from_peer, to_peer, from, to });
                }
            };
            if open(&from.value) && open(&to.value) {
                for environment in design.environments.ids() {
                    push(within(design, &opens, environment), within(design, &opened, environment));
                }
            } else {
                push(opens, opened);
            }
        }
    }
    all
}

/// The other ends of a layout's rule in one VPC: `vpc` and `tier.R` are the VPC's own, and a peer that leaves the
/// environment open means the VPC's environment.
pub fn rule_endpoints(design: &Design, own: VpcId, peer: &Peer) -> Vec<Endpoint> {
    match peer {
        Peer::OwnVpc => vec![Endpoint::Vpc(own)],
        Peer::OwnTier(tier) => vec![Endpoint::Tier(own, tier.clone())],
        Peer::Team(_) | Peer::TeamTier(..) => {
            within(design, &endpoints(design, peer), design.vpcs[own].environment)
        }
        Peer::Vpc(_)
        | Peer::VpcTier(..)
        | Peer::Environment(_)
        | Peer::Pool(_)
        | Peer::Reserved(_)
        | Peer::Site(_)
        | Peer::Private
        | Peer::Internet
        | Peer::Any => endpoints(design, peer),
    }
}

/// Whether a peer leaves the environment open.
fn open(peer: &Peer) -> bool {
    matches!(peer, Peer::Team(_) | Peer::TeamTier(..))
}

/// Those of an environment.
fn within(design: &Design, endpoints: &[Endpoint], environment: EnvironmentId) -> Vec<Endpoint> {
    let inside = |end: &&Endpoint| end.vpc().is_some_and(|vpc| design.vpcs[vpc].environment == environment);
    endpoints.iter().filter(inside).cloned().collect()
}

/// Everything that a peer of an intent stands for.
pub fn endpoints(design: &Design, peer: &Peer) -> Vec<Endpoint> {
    match peer {
        Peer::Team(team) => design.teams[*team].vpcs.iter().map(|vpc| Endpoint::Vpc(*vpc)).collect(),
        Peer::TeamTier(team, tier) => {
            let has = |vpc: &&VpcId| design.tier_of(**vpc, tier).is_some();
            let vpcs = design.teams[*team].vpcs.iter().filter(has);
            vpcs.map(|vpc| Endpoint::Tier(*vpc, tier.clone())).collect()
        }
        Peer::Vpc(vpc) => vec![Endpoint::Vpc(*vpc)],
        Peer::VpcTier(vpc, tier) => vec![Endpoint::Tier(*vpc, tier.clone())],
        Peer::Environment(id) => {
            design.environments[*id].vpcs.iter().map(|vpc| Endpoint::Vpc(*vpc)).collect()
        }
        Peer::Pool(pool) => vec![Endpoint::Pool(*pool)],
        Peer::Reserved(reserved) => vec![Endpoint::Reserved(*reserved)],
        Peer::Site(site) => vec![Endpoint::Site(*site)],
        Peer::Private => vec![Endpoint::Private],
        Peer::Internet => vec![Endpoint::Internet],
        Peer::Any => vec![Endpoint::Any],
        // These stand in layouts only; see `rule_endpoints`.
        Peer::OwnVpc | Peer::OwnTier(_) => Vec::new(),
    }
}

impl Design {
    /// Layouts of a VPC: of its first block, then of its further ones, each once.
    pub fn layouts_of(&self, vpc: VpcId) -> Vec<LayoutId> {
        let vpc = &self.vpcs[vpc];
        let mut layouts = vec![vpc.layout];
        for block in &vpc.blocks {
            if !layouts.contains(&block.layout) {
                layouts.push(block.layout);
            }
        }
        layouts
    }

    /// The tier of this name in a VPC, in whichever of its layouts it stands.
    pub fn tier_of(&self, vpc: VpcId, tier: &str) -> Option<(LayoutId, TierIndex, &Tier)> {
        self.layouts_of(vpc).into_iter().find_map(|layout| {
            let (index, tier) = self.layouts[layout].tier(tier)?;
            Some((layout, index, tier))
        })
    }
}
