//! What intents say, read by a person's rules: who meets whom, on which tiers it lands, what answers need. Nothing here
//! knows a row, its order or its number.

use tanada_model::net::Block;
use tanada_render::plan::{Plan, VpcRoot};

pub(crate) const TEAMS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];
pub(crate) const ENVIRONMENTS: [&str; 2] = ["live", "test"];

/// The end of a flow.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peer {
    Team(usize),
    TeamTier(usize, &'static str),
    Vpc(usize, usize),
    VpcTier(usize, usize, &'static str),
    Environment(usize),
    Pool(usize),
    Reserved,
    Private,
    Any,
}

#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) from: Vec<Peer>,
    pub(crate) to: Vec<Peer>,
    pub(crate) ports: Vec<&'static str>,
}

/// A tier of a VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) team: usize,
    pub(crate) environment: usize,
    pub(crate) tier: &'static str,
}

/// Protocol by number, and destination port.
pub(crate) type Packet = (u8, u16);

impl Peer {
    pub(crate) fn text(self) -> String {
        match self {
            Self::Team(team) => format!("team.{}", TEAMS[team]),
            Self::TeamTier(team, tier) => format!("team.{}.{tier}", TEAMS[team]),
            Self::Vpc(team, environment) => format!("team.{}.{}", TEAMS[team], ENVIRONMENTS[environment]),
            Self::VpcTier(team, environment, tier) => {
                format!("team.{}.{}.{tier}", TEAMS[team], ENVIRONMENTS[environment])
            }
            Self::Environment(environment) => format!("environment.{}", ENVIRONMENTS[environment]),
            Self::Pool(environment) => format!("pool.{}", ENVIRONMENTS[environment]),
            Self::Reserved => "reserved.partner".to_owned(),
            Self::Private => "private".to_owned(),
            Self::Any => "any".to_owned(),
        }
    }

    /// Whether it leaves the environment open, so that only pairs within one meet.
    pub(crate) fn open(self) -> bool {
        matches!(self, Self::Team(_) | Self::TeamTier(..))
    }

    pub(crate) fn is_a_network(self) -> bool {
        !matches!(self, Self::Pool(_) | Self::Reserved | Self::Private | Self::Any)
    }

    /// Whether what is said of it lands on a tier. Who names no tier leaves guarded ones alone.
    pub(crate) fn lands(self, Place { team, environment, tier }: Place) -> bool {
        match self {
            Self::Team(t) => t == team && tier == "app",
            Self::TeamTier(t, r) => (t, r) == (team, tier),
            Self::Vpc(t, e) => (t, e) == (team, environment) && tier == "app",
            Self::VpcTier(t, e, r) => (t, e, r) == (team, environment, tier),
            Self::Environment(e) => e == environment && tier == "app",
            Self::Pool(_) | Self::Reserved | Self::Private | Self::Any => false,
        }
    }

    /// Whether an address is one of it; `only`: in one environment, when it leaves that open.
    pub(crate) fn holds(self, plan: &Plan, only: Option<usize>, address: u32) -> bool {
        let vpc =
            |t: usize, e: usize| vpc(plan, t, e).page.blocks.iter().any(|block| inside(*block, address));
        let tier = |t: usize, e: usize, r| tier(plan, t, e, r).iter().any(|block| inside(*block, address));
        let environments = || (0..2).filter(|e| only.is_none_or(|only| only == *e));
        match self {
            Self::Team(t) => environments().any(|e| vpc(t, e)),
            Self::TeamTier(t, r) => environments().any(|e| tier(t, e, r)),
            Self::Vpc(t, e) => vpc(t, e),
            Self::VpcTier(t, e, r) => tier(t, e, r),
            Self::Environment(e) => (0..TEAMS.len()).any(|t| vpc(t, e)),
            Self::Pool(e) => address >> 20 == 0x0a0 + u32::try_from(e).unwrap(),
            Self::Reserved => address >> 8 == 0xc0_0002,
            Self::Private => address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8,
            Self::Any => true,
        }
    }
}

pub(crate) fn inside(block: Block, address: u32) -> bool {
    (block.first()..=block.last()).contains(&address)
}

/// VPCs are sorted by id, tiers stand in the order of the layout.
pub(crate) fn vpc(plan: &Plan, team: usize, environment: usize) -> &VpcRoot {
    &plan.vpcs[team * ENVIRONMENTS.len() + environment]
}

pub(crate) fn tier<'p>(plan: &'p Plan, team: usize, environment: usize, name: &str) -> &'p [Block] {
    &vpc(plan, team, environment).page.tiers[usize::from(name == "data")].2
}

pub(crate) fn speaks(port: &str, (protocol, number): Packet) -> bool {
    match port.split_once('/') {
        None if port == "all" => true,
        None => protocol == 1,
        Some((name, range)) => {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let range = first.parse().unwrap()..=last.parse().unwrap();
            protocol == if name == "tcp" { 6 } else { 17 } && range.contains(&number)
        }
    }
}

/// Whether a packet can answer what was opened.
fn answers(ports: &[&str], (protocol, number): Packet) -> bool {
    ports.iter().any(|port| match protocol {
        6 => (port.starts_with("tcp") || *port == "all") && number >= 1024,
        17 => (port.starts_with("udp") || *port == "all") && number >= 1024,
        1 => *port == "icmp",
        _ => false,
    })
}

/// What the statements say of one tier and one address.
pub(crate) struct Said<'i> {
    /// Whether the standard opens everything, into the tier and out of it; whether it lets answers out.
    standard: [bool; 2],
    answers: bool,
    /// Ports of intents by which the address may open connections to the tier, and the other way round.
    called: Vec<&'i [&'static str]>,
    calling: Vec<&'i [&'static str]>,
}

impl<'i> Said<'i> {
    pub(crate) fn of(plan: &Plan, intents: &'i [Intent], place: Place, address: u32) -> Self {
        let Place { team, environment, tier: name } = place;
        let own = |name| tier(plan, team, environment, name).iter().any(|block| inside(*block, address));
        let vpc = vpc(plan, team, environment).page.blocks.iter().any(|block| inside(*block, address));
        let (standard, answers) = match name {
            "app" => ([vpc, vpc], false),
            // It accepts `app` and itself.
            "data" => ([own("app") || own("data"), own("data")], own("app")),
            _ => unreachable!(),
        };
        let meets = |here: &Peer, there: &Peer| {
            let only = (here.open() && there.open()).then_some(environment);
            here.lands(place) && there.holds(plan, only, address)
        };
        let opens = |here: &[Peer], there: &[Peer]| {
            here.iter().any(|here| there.iter().any(|there| meets(here, there)))
        };
        let ports = |intent: &'i Intent| intent.ports.as_slice();
        Self {
            standard,
            answers,
            called: intents.iter().filter(|intent| opens(&intent.to, &intent.from)).map(ports).collect(),
            calling: intents.iter().filter(|intent| opens(&intent.from, &intent.to)).map(ports).collect(),
        }
    }

    /// Whether a packet may pass; `inward`: into the tier.
    pub(crate) fn lets(&self, inward: bool, packet: Packet) -> bool {
        let opened = |all: &[&[&str]]| all.iter().any(|ports| ports.iter().any(|port| speaks(port, packet)));
        let answered = |all: &[&[&str]]| all.iter().any(|ports| answers(ports, packet));
        let (open, other) =
            if inward { (&self.called, &self.calling) } else { (&self.calling, &self.called) };
        self.standard[usize::from(!inward)]
            || (self.answers && !inward && answers(&["all"], packet))
            || opened(open)
            || answered(other)
    }
}
