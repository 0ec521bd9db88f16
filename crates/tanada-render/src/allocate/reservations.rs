//! Ranges that are never handed out: those of the input, those of sites, and those that well-known software takes for
//! itself.

use tanada_model::design::{Design, PoolPlace, SiteRange};
use tanada_model::net::Block;

use super::findings::TROUBLESOME_RANGE;

/// A range that is never handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Its name in the input, or that of the site; for a built-in one, what uses it.
    pub name: String,
    /// The range.
    pub block: Block,
    /// The reason, if one was given.
    pub why: Option<String>,
    /// Who keeps it.
    pub by: ReservedBy,
}

/// Why a range is never handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReservedBy {
    /// `reserved` says so.
    Input,
    /// It lies at a site.
    Site,
    /// It troubles everybody, out of the box.
    BuiltIn,
}

/// Range, who uses it, why it troubles, and whether it does so wherever somebody has an address in it.
type Troublesome = (&'static str, &'static str, &'static str, bool);

/// Sources: Amazon VPC user guide, "CIDR block association restrictions"; Amazon EKS, `KubernetesNetworkConfigRequest`;
/// RFC 2544; RFC 3927; Docker's default bridge. Collected in August 2026.
const TROUBLESOME: &[Troublesome] = &[
    (
        "10.0.0.0/16",
        "first-network",
        "AWS adds nothing from it to a VPC in 10.0.0.0/15, and most default networks lie in it",
        false,
    ),
    ("10.100.0.0/16", "eks-services", "Amazon EKS takes it for services when no range is given", true),
    ("169.254.0.0/16", "link-local", "link-local: instance metadata and tunnels; AWS refuses it", false),
    (
        "172.17.0.0/16",
        "docker-bridge",
        "Docker's default bridge; several AWS and Google services cannot be reached from it",
        true,
    ),
    ("172.20.0.0/16", "eks-services-2", "Amazon EKS takes it for services when no range is given", true),
    (
        "172.31.0.0/16",
        "default-vpc",
        "the default VPC of every AWS account; it cannot be added to a VPC in 172.16.0.0/12",
        false,
    ),
    ("198.18.0.0/15", "benchmarks", "RFC 2544; AWS combines 198.19.0.0/16 with no private range", false),
];

/// Every reservation, sorted by block.
///
/// A built-in one counts only where a root is larger than it: a person who writes `range = "10.0.0.0/16"` means
/// exactly these addresses. `accept "troublesome-range"` releases it, for a root (`on = [pool.x]`), for one range
/// (`on = ["172.17.0.0/16"]`), or everywhere.
///
/// A range of a site counts where a root is larger than it: addresses of the estate that are at the site. One that holds a
/// whole root says where everything else is.
pub fn reservations(design: &Design) -> Vec<Reservation> {
    let own = design.reserved.values().map(|reserved| Reservation {
        name: reserved.entity.name.clone(),
        block: reserved.range.value,
        why: reserved.entity.why.clone(),
        by: ReservedBy::Input,
    });
    let mut all: Vec<Reservation> = own.chain(at_sites(design)).collect();
    for &(range, name, why, _) in TROUBLESOME {
        let Ok(block) = range.parse::<Block>() else { continue };
        let counts = design.pools.iter().any(|(id, pool)| match &pool.place {
            PoolPlace::Root(root) => {
                root.value.contains(block)
                    && root.value != block
                    && !design.accepted(TROUBLESOME_RANGE.name, &format!("pool.{}", design.pools.name(id)))
            }
            PoolPlace::Inner { size: _, parent: _ } => false,
        });
        if counts && !design.accepted(TROUBLESOME_RANGE.name, range) {
            all.push(Reservation {
                name: name.to_owned(),
                block,
                why: Some(why.to_owned()),
                by: ReservedBy::BuiltIn,
            });
        }
    }
    all.sort_by_key(|reservation| (reservation.block, reservation.by));
    all
}

/// What the input says of addresses inside roots: these are at a site. Pools and reservations there are kept anyway.
fn at_sites(design: &Design) -> impl Iterator<Item = Reservation> {
    let is_part_of_a_root = |block: Block| {
        design.pools.values().any(|pool| match &pool.place {
            PoolPlace::Root(root) => root.value.contains(block) && root.value != block,
            PoolPlace::Inner { size: _, parent: _ } => false,
        })
    };
    let ranges = design.sites.values().flat_map(|site| site.ranges.iter().map(move |range| (site, range)));
    ranges.filter_map(move |(site, range)| match range {
        SiteRange::Block(block) => is_part_of_a_root(block.value).then(|| Reservation {
            name: site.entity.name.clone(),
            block: block.value,
            why: site.entity.why.clone(),
            by: ReservedBy::Site,
        }),
        SiteRange::Reserved(_) | SiteRange::Pool(_) | SiteRange::Internet => None,
    })
}

/// Ranges out of the box that trouble whoever stands in them, whatever roots there are; those that `accept` releases aside.
pub(super) fn troublesome(design: &Design) -> Vec<(Block, &'static str)> {
    let troubles = TROUBLESOME.iter().filter(|(_, _, _, everywhere)| *everywhere);
    troubles
        .filter(|(range, _, _, _)| !design.accepted(TROUBLESOME_RANGE.name, range))
        .filter_map(|(range, _, why, _)| Some((range.parse().ok()?, *why)))
        .collect()
}
