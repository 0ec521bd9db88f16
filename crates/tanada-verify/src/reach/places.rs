//! Every place that packets come from or go to, cut so finely that nothing anywhere tells two addresses of one apart.

use tanada_model::net::{Block, BlockSet};

use super::ranges::cuts_of;
use crate::network::{AttachmentKind, Network};

/// Addresses from `first` to `last`, all in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// The first address.
    pub first: u32,
    /// The last address.
    pub last: u32,
    /// What it belongs to.
    pub owner: Owner,
}

/// An address that stands for the internet: one of TEST-NET-3.
const ONLINE: u32 = u32::from_be_bytes([203, 0, 113, 10]);

impl Piece {
    /// The address that stands for all of them when one is shown: such as a machine could have, since AWS keeps the first four
    /// of a subnet.
    pub fn example(&self) -> u32 {
        let Self { first, last, owner } = *self;
        let known = if owner == Owner::Internet { ONLINE } else { first.saturating_add(10) };
        if (first..=last).contains(&known) { known } else { first.saturating_add(10).min(last) }
    }

    /// Whether it is a good example of its owner: of the internet the part with the addresses that are meant for examples.
    pub fn is_usual(&self) -> bool {
        let Self { first, last, owner } = *self;
        owner != Owner::Internet || (first..=last).contains(&ONLINE)
    }
}

/// Whose addresses a [`Piece`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A subnet's, an index into [`Network::subnets`].
    Subnet(usize),
    /// A site's, behind an attachment, an index into [`Network::attachments`].
    Site(usize),
    /// Nobody's in the estate: the internet.
    Internet,
}

/// Ranges that are not routed in the internet (RFC 6890 and its updates).
const NOT_INTERNET: [([u8; 4], u8); 8] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 168, 0, 0], 16),
    ([224, 0, 0, 0], 3),
];

/// All pieces, sorted by owner. `cuts`: where something in the estate changes, sorted; rows of a VPC about its own
/// addresses are added here, because only its own pieces are cut by them.
pub(crate) fn pieces(network: &Network, cuts: &[u32]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut own: Vec<Vec<u32>> = vec![Vec::new(); network.vpcs.len()];
    for acl in &network.acls {
        let rows = acl.ingress.iter().chain(&*acl.egress);
        let inside = rows.filter(|row| network.vpcs[acl.vpc].holds(row.peer));
        own[acl.vpc].extend(inside.flat_map(|row| cuts_of(row.peer)));
    }
    for table in &network.route_tables {
        let inside = table.routes.iter().filter(|route| network.vpcs[table.vpc].holds(route.to));
        own[table.vpc].extend(inside.flat_map(|route| cuts_of(route.to)));
    }
    for cuts in &mut own {
        cuts.sort_unstable();
        cuts.dedup();
    }
    for (id, subnet) in network.subnets.iter().enumerate() {
        // Two tables of cuts; what both have is cut once.
        let mut starts: Vec<u32> =
            inside(cuts, subnet.cidr).chain(inside(&own[subnet.vpc], subnet.cidr)).collect();
        starts.sort_unstable();
        starts.dedup();
        cut(subnet.cidr, starts, Owner::Subnet(id), &mut pieces);
    }
    let vpcs: BlockSet = network.vpcs.iter().flat_map(|vpc| vpc.cidrs()).collect();
    let mut taken: Vec<Block> = vpcs.blocks().to_vec();
    for (id, attachment) in network.attachments.iter().enumerate() {
        if let AttachmentKind::Site { ranges } = &attachment.kind {
            let all: BlockSet = ranges.iter().filter(|range| !range.is_everything()).copied().collect();
            for &block in all.minus(&vpcs).blocks() {
                cut(block, inside(cuts, block), Owner::Site(id), &mut pieces);
            }
            taken.extend(all.blocks());
        }
    }
    taken.extend(NOT_INTERNET.map(|(octets, len)| Block::containing(octets.into(), len)));
    let everything: BlockSet = [Block::containing([0, 0, 0, 0].into(), 0)].into_iter().collect();
    for &block in everything.minus(&taken.into_iter().collect()).blocks() {
        cut(block, inside(cuts, block), Owner::Internet, &mut pieces);
    }
    pieces
}

/// Cuts strictly inside a block.
fn inside(cuts: &[u32], block: Block) -> impl Iterator<Item = u32> {
    let from = cuts.partition_point(|&cut| cut <= block.first());
    cuts.get(from..).unwrap_or_default().iter().copied().take_while(move |&cut| cut <= block.last())
}

fn cut(block: Block, starts: impl IntoIterator<Item = u32>, owner: Owner, pieces: &mut Vec<Piece>) {
    let mut first = block.first();
    for start in starts {
        pieces.push(Piece { first, last: start - 1, owner });
        first = start;
    }
    pieces.push(Piece { first, last: block.last(), owner });
}
