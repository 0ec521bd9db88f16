//! Who may talk: peers, ports, rules.

use super::{Entity, EnvironmentId, PoolId, ReservedId, SiteId, Spanned, TeamId, VpcId};

/// A top-level `allow`: `from` may open connections to `to` on `ports`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Name and reason.
    pub entity: Entity,
    /// Who opens.
    pub from: Vec<Spanned<Peer>>,
    /// Who is opened to.
    pub to: Vec<Spanned<Peer>>,
    /// On which ports.
    pub ports: Vec<Ports>,
}

/// An `allow` or `deny` of a layout or tier; the tier is the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Name and reason.
    pub entity: Entity,
    /// Allow or deny.
    pub action: Action,
    /// Who may (not) open connections to the tier.
    pub from: Vec<Spanned<Peer>>,
    /// To whom the tier may (not) open connections.
    pub to: Vec<Spanned<Peer>>,
    /// On which ports; all protocols when none is written.
    pub ports: Vec<Ports>,
}

/// Whether a rule lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// It stops. Sorts first: at one prefix length deny comes before allow.
    Deny,
    /// It lets pass.
    Allow,
}

/// An end of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Peer {
    /// `team.T`: its VPCs; as the receiving end, their tiers that are neither guarded nor the attachment's.
    Team(TeamId),
    /// `team.T.R`: one tier in every VPC of the team that has it.
    TeamTier(TeamId, String),
    /// `team.T.V`: one VPC.
    Vpc(VpcId),
    /// `team.T.V.R`: one tier of one VPC.
    VpcTier(VpcId, String),
    /// `environment.E`: every VPC of it.
    Environment(EnvironmentId),
    /// `pool.P`.
    Pool(PoolId),
    /// `reserved.R`.
    Reserved(ReservedId),
    /// `site.S`.
    Site(SiteId),
    /// The three ranges of RFC 1918.
    Private,
    /// Every address that is neither in a root nor a site's.
    Internet,
    /// 0.0.0.0/0 as it stands.
    Any,
    /// `vpc`, in layouts: the own VPC.
    OwnVpc,
    /// `tier.R`, in layouts: a tier of the own VPC.
    OwnTier(String),
}

/// Protocols that rules can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP, every type and code.
    Icmp,
}

/// What of a flow's opening direction a rule speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ports {
    /// Every protocol and port.
    All,
    /// `tcp/443`, `udp/1024-2048`: destination ports, both ends included.
    Range {
        /// TCP or UDP.
        protocol: Protocol,
        /// First port.
        from: u16,
        /// Last port, at least `from`.
        to: u16,
    },
    /// `icmp`.
    Icmp,
}
