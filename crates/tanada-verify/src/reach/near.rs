//! What subnets of one VPC let pass between each other.

use super::catalog::{Catalog, EVERYTHING, NOTHING, Numbered, Sid};
use super::places::{Owner, Piece};
use crate::network::Network;

/// Packets between pieces of each VPC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Near {
    /// By VPC: its first piece, how many it has, and its table.
    vpcs: Vec<(usize, usize, u32)>,
    /// Services from one piece to another, row by row; VPCs that are cut alike mostly share one.
    tables: Vec<Vec<Sid>>,
}

impl Near {
    /// `pieces` are sorted by owner, subnets first.
    pub(crate) fn new(network: &Network, pieces: &[Piece], catalog: &mut Catalog) -> Self {
        let mut tables = Numbered::new();
        let mut vpcs = Vec::with_capacity(network.vpcs.len());
        let vpc_of = |piece: &Piece| match piece.owner {
            Owner::Subnet(subnet) => Some(network.subnets[subnet].vpc),
            Owner::Site(_) | Owner::Internet => None,
        };
        let mut next = 0;
        for vpc in 0..network.vpcs.len() {
            let rest = pieces.get(next..).unwrap_or_default();
            let count = rest.iter().take_while(|piece| vpc_of(piece) == Some(vpc)).count();
            let own = rest.get(..count).unwrap_or_default();
            vpcs.push((next, count, tables.number(table(network, own, catalog))));
            next += count;
        }
        Self { vpcs, tables: tables.into_list() }
    }

    /// Packets from one piece of a VPC to another.
    pub(crate) fn between(&self, vpc: usize, from: usize, to: usize) -> Sid {
        let Some(&(first, count, table)) = self.vpcs.get(vpc) else { return NOTHING };
        self.tables[table as usize][(from - first) * count + (to - first)]
    }

    /// Pieces of a VPC.
    pub(crate) fn pieces(&self, vpc: usize) -> std::ops::Range<usize> {
        self.vpcs.get(vpc).map_or(0..0, |&(first, count, _)| first..first + count)
    }

    /// The number of a VPC's table: VPCs of one number are alike inside.
    pub(crate) fn table(&self, vpc: usize) -> u32 {
        self.vpcs.get(vpc).map_or(0, |&(_, _, table)| table)
    }
}

fn table(network: &Network, pieces: &[Piece], catalog: &mut Catalog) -> Vec<Sid> {
    let subnet = |piece: &Piece| match piece.owner {
        Owner::Subnet(subnet) => subnet,
        Owner::Site(_) | Owner::Internet => 0,
    };
    // What each ACL says of each piece, both ways.
    let mut acls: Vec<Option<usize>> =
        pieces.iter().map(|piece| network.subnets[subnet(piece)].acl).collect();
    let of_piece: Vec<Option<usize>> = acls.clone();
    acls.sort_unstable();
    acls.dedup();
    let mut said: Vec<Vec<(Sid, Sid)>> = Vec::with_capacity(acls.len());
    for acl in &acls {
        let of = |piece: &Piece| match acl.map(|acl| &network.acls[acl]) {
            None => (EVERYTHING, EVERYTHING),
            Some(acl) => (catalog.at(&acl.ingress, piece.first), catalog.at(&acl.egress, piece.first)),
        };
        said.push(pieces.iter().map(of).collect());
    }
    let index = |acl: &Option<usize>| acls.binary_search(acl).unwrap_or(0);
    let mut table = Vec::with_capacity(pieces.len() * pieces.len());
    for (i, from) in pieces.iter().enumerate() {
        let out = &said[index(&of_piece[i])];
        for (j, to) in pieces.iter().enumerate() {
            table.push(if subnet(from) == subnet(to) {
                EVERYTHING
            } else if led_away(network, subnet(from), to.first) {
                NOTHING
            } else {
                catalog.and(out[j].1, said[index(&of_piece[j])][i].0)
            });
        }
    }
    table
}

/// Whether a route inside the VPC's own blocks takes packets away from the local one. AWS takes such a route for a
/// firewall inside alone; whatever it leads to, the packets do not arrive as they are.
fn led_away(network: &Network, subnet: usize, to: u32) -> bool {
    let Some(table) = network.subnets[subnet].table.map(|table| &network.route_tables[table]) else {
        return false;
    };
    let vpc = &network.vpcs[table.vpc];
    table.routes.iter().any(|route| {
        let here = route.to.first() <= to && to <= route.to.last();
        here && vpc.blocks.iter().any(|(block, _)| block.contains(route.to) && *block != route.to)
    })
}
