//! Ends of flows as addresses, and as the tiers that rules land on.

use tanada_model::design::{Design, Endpoint, Id, Internet, Peer, Spanned};
use tanada_model::diagnostic::Diagnostic;
use tanada_model::net::Block;

use super::super::facts::{Facts, TierFacts, VpcFacts, everywhere, private};
use super::super::segments::without_addresses;
use super::statement::{Opens, Peers};

/// The addresses of ends. A VPC is written as its blocks, a tier as its node.
pub(super) fn peers<'e>(
    facts: &Facts<'_>,
    ends: impl IntoIterator<Item = &'e Endpoint>,
    text: String,
) -> Peers {
    let (mut blocks, mut internet) = (Vec::new(), false);
    for end in ends {
        match end {
            Endpoint::Vpc(vpc) => blocks.extend(&facts.vpc(*vpc).blocks),
            Endpoint::Tier(vpc, tier) => blocks.extend(tier_blocks(facts.vpc(*vpc), tier)),
            Endpoint::Pool(id) => blocks.extend(&facts.allocation.pools[id.index()].extents),
            Endpoint::Reserved(id) => blocks.push(facts.design.reserved[*id].range.value),
            Endpoint::Site(id) => blocks.extend(facts.site_ranges(*id)),
            Endpoint::Private => blocks.extend(private()),
            Endpoint::Any => blocks.push(everywhere()),
            Endpoint::Internet => internet = true,
        }
    }
    Peers::new(blocks, internet, text)
}

fn tier_blocks<'a>(vpc: &'a VpcFacts<'_>, tier: &str) -> &'a [Block] {
    vpc.tier(tier).map_or(&[], |tier| &tier.ranges)
}

/// The addresses of `vpc` and `tier.R` among a rule's peers, for one VPC; `None` for any other peer.
pub(super) fn own_blocks<'a>(vpc: &'a VpcFacts<'_>, peer: &Peer) -> Option<&'a [Block]> {
    match peer {
        Peer::OwnVpc => Some(&vpc.blocks),
        Peer::OwnTier(name) => Some(tier_blocks(vpc, name)),
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
    let vpc = |id| {
        let vpc = &design.vpcs[id];
        format!("team.{}.{}", design.teams.name(vpc.team), vpc.entity.name)
    };
    match peer {
        Peer::Team(id) => format!("team.{}", design.teams.name(*id)),
        Peer::TeamTier(id, tier) => format!("team.{}.{tier}", design.teams.name(*id)),
        Peer::Vpc(id) => vpc(*id),
        Peer::VpcTier(id, tier) => format!("{}.{tier}", vpc(*id)),
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
