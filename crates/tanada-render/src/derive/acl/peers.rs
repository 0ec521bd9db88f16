//! Peers as addresses, and as the ends that rules land on.

use tanada_model::design::{Design, EnvironmentId, Id, Internet, Peer, Spanned, VpcId};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::net::Block;

use super::super::facts::{Facts, TierFacts, VpcFacts, everywhere, private};
use super::super::segments::without_addresses;
use super::statement::{Opens, Peers};

/// An end that has VPCs: rules land on them.
pub(super) struct End<'a> {
    /// The VPCs, sorted.
    pub vpcs: Vec<VpcId>,
    /// One tier of each; `None`: every tier that is neither guarded nor the attachment's.
    pub tier: Option<&'a str>,
    /// Whether it leaves the environment open.
    pub open: bool,
}

/// The VPCs that a peer stands for; `None` when it is addresses only. A VPC without the tier is none of them.
pub(super) fn end<'a>(facts: &Facts<'_>, peer: &'a Peer) -> Option<End<'a>> {
    let design = facts.design;
    let (vpcs, tier, open) = match peer {
        Peer::Team(team) => (design.teams[*team].vpcs.clone(), None, true),
        Peer::TeamTier(team, tier) => (design.teams[*team].vpcs.clone(), Some(tier.as_str()), true),
        Peer::Vpc(vpc) => (vec![*vpc], None, false),
        Peer::VpcTier(vpc, tier) => (vec![*vpc], Some(tier.as_str()), false),
        Peer::Environment(environment) => (design.environments[*environment].vpcs.clone(), None, false),
        Peer::Pool(_)
        | Peer::Reserved(_)
        | Peer::Site(_)
        | Peer::Private
        | Peer::Internet
        | Peer::Any
        | Peer::OwnVpc
        | Peer::OwnTier(_) => return None,
    };
    let has = |vpc: &VpcId| tier.is_none_or(|tier| facts.vpc(*vpc).tier(tier).is_some());
    Some(End { vpcs: vpcs.into_iter().filter(has).collect(), tier, open })
}

/// The addresses of peers. `within`: VPCs of ends that leave the environment open count in this one only.
/// `vpc` and `tier.R` are left out: [`own_blocks`].
pub(super) fn blocks_of<'p>(
    facts: &Facts<'_>,
    peers: impl IntoIterator<Item = &'p Peer>,
    within: Option<EnvironmentId>,
) -> Peers {
    let (mut blocks, mut internet, mut texts) = (Vec::new(), false, Vec::new());
    for peer in peers {
        texts.push(text(facts.design, peer));
        match peer {
            Peer::Pool(id) => blocks.extend(&facts.allocation.pools[id.index()].extents),
            Peer::Reserved(id) => blocks.push(facts.design.reserved[*id].range.value),
            Peer::Site(id) => blocks.extend(facts.site_ranges(*id)),
            Peer::Private => blocks.extend(private()),
            Peer::Any => blocks.push(everywhere()),
            Peer::Internet => internet = true,
            Peer::OwnVpc | Peer::OwnTier(_) => {}
            Peer::Team(_) | Peer::TeamTier(..) | Peer::Vpc(_) | Peer::VpcTier(..) | Peer::Environment(_) => {
                let Some(End { vpcs, tier, open }) = end(facts, peer) else { continue };
                let counts = |vpc: &&VpcFacts<'_>| !open || within.is_none_or(|e| vpc.vpc.environment == e);
                for vpc in vpcs.iter().map(|&id| facts.vpc(id)).filter(counts) {
                    blocks.extend(end_blocks(vpc, tier));
                }
            }
        }
    }
    Peers::new(blocks, internet, texts.join(", "))
}

/// What an end's VPC is written as: its tier, or its blocks.
fn end_blocks<'a>(vpc: &'a VpcFacts<'_>, tier: Option<&str>) -> &'a [Block] {
    match tier {
        None => &vpc.blocks,
        Some(name) => vpc.tier(name).map_or(&[], |tier| &tier.ranges),
    }
}

/// The addresses of `vpc` and `tier.R` among a rule's peers, for one VPC.
pub(super) fn own_blocks(vpc: &VpcFacts<'_>, peer: &Peer) -> Option<Vec<Block>> {
    match peer {
        Peer::OwnVpc => Some(vpc.blocks.clone()),
        Peer::OwnTier(name) => Some(vpc.tier(name).map_or_else(Vec::new, |tier| tier.ranges.clone())),
        Peer::Team(_)
        | Peer::TeamTier(..)
        | Peer::Vpc(_)
        | Peer::VpcTier(..)
        | Peer::Environment(_)
        | Peer::Pool(_)
        | Peer::Reserved(_)
        | Peer::Site(_)
        | Peer::Private
        | Peer::Internet
        | Peer::Any => None,
    }
}

/// Sites among the peers that have no address to write.
pub(super) fn check_sites(facts: &Facts<'_>, peers: &[Spanned<Peer>], diagnostics: &mut Vec<Diagnostic>) {
    for peer in peers {
        if let Peer::Site(site) = peer.value
            && facts.site_ranges(site).is_empty()
        {
            diagnostics.push(without_addresses(facts.design, site, peer.span));
        }
    }
}

/// Whether a tier has the way to the internet that a connection needs.
pub(super) fn has_way(tier: &TierFacts<'_>, opens: Opens) -> bool {
    match (tier.tier.internet, opens) {
        (Internet::In, Opens::Inward | Opens::Outward) | (Internet::Out, Opens::Outward) => true,
        (Internet::Out, Opens::Inward) | (Internet::None, Opens::Inward | Opens::Outward) => false,
    }
}

/// A peer as the input writes it.
pub(super) fn text(design: &Design, peer: &Peer) -> String {
    let vpc = |id: &VpcId| {
        let vpc = &design.vpcs[*id];
        format!("team.{}.{}", design.teams.name(vpc.team), vpc.entity.name)
    };
    match peer {
        Peer::Team(id) => format!("team.{}", design.teams.name(*id)),
        Peer::TeamTier(id, tier) => format!("team.{}.{tier}", design.teams.name(*id)),
        Peer::Vpc(id) => vpc(id),
        Peer::VpcTier(id, tier) => format!("{}.{tier}", vpc(id)),
        Peer::Environment(id) => format!("environment.{}", design.environments.name(*id)),
        Peer::Pool(id) => format!("pool.{}", design.pools.name(*id)),
        Peer::Reserved(id) => format!("reserved.{}", design.reserved.name(*id)),
        Peer::Site(id) => format!("site.{}", design.sites.name(*id)),
        Peer::Private => "private".to_owned(),
        Peer::Internet => "internet".to_owned(),
        Peer::Any => "any".to_owned(),
        Peer::OwnVpc => "vpc".to_owned(),
        Peer::OwnTier(tier) => format!("tier.{tier}"),
    }
}
