//! Rows of ACLs as functions of the peer's address.

use tanada_model::net::Block;

use super::catalog::{Catalog, EVERYTHING, Numbered, Sid};
use super::ranges::{RangeMap, cuts_of};
use crate::network::{Acl, AclRow, Network, Traffic};

/// Number of a function in [`Functions`].
pub(crate) type MapId = u32;

/// One row: whether it lets pass, what, and the peer. Rows are in the order of their numbers.
pub(crate) type Row = (bool, Traffic, Block);

/// What rows let pass, by the peer's address.
pub(crate) fn function(rows: &[Row], catalog: &mut Catalog) -> RangeMap<Sid> {
    let cuts = rows.iter().flat_map(|(_, _, peer)| cuts_of(*peer)).collect();
    let mut here: Vec<(bool, Traffic)> = Vec::with_capacity(rows.len());
    RangeMap::from_cuts(cuts, |address| {
        here.clear();
        let matching = rows.iter().filter(|(_, _, peer)| peer.first() <= address && address <= peer.last());
        here.extend(matching.map(|(allows, traffic, _)| (*allows, *traffic)));
        catalog.decide(&here)
    })
}

/// Functions of ACLs by number: what rows say of addresses outside their VPC. Rows for addresses inside it are left out,
/// so that VPCs which differ in their own addresses alone have one function.
#[derive(Clone, Debug)]
pub(crate) struct Functions {
    rows: Numbered<Vec<Row>>,
    maps: Vec<RangeMap<Sid>>,
    /// By ACL: into its subnets, and out of them.
    by_acl: Vec<(MapId, MapId)>,
}

/// The function that lets everything pass.
pub(crate) const OPEN: MapId = 0;

impl Functions {
    pub(crate) fn new(network: &Network, catalog: &mut Catalog) -> Self {
        let mut rows = Numbered::new();
        let everywhere = Block::containing([0, 0, 0, 0].into(), 0);
        rows.number(vec![(true, Traffic::All, everywhere)]);
        let mut functions = Self { rows, maps: vec![RangeMap::constant(EVERYTHING)], by_acl: Vec::new() };
        for acl in &network.acls {
            let Acl { vpc, name: _, ingress, egress, place: _ } = acl;
            let mut of = |rows: &[AclRow]| {
                let foreign = rows.iter().filter(|row| !network.vpcs[*vpc].holds(row.peer));
                functions.add(foreign.map(|row| (row.allows, row.traffic, row.peer)).collect(), catalog)
            };
            let both = (of(ingress), of(egress));
            functions.by_acl.push(both);
        }
        functions
    }

    /// The number of what rows say.
    pub(crate) fn add(&mut self, rows: Vec<Row>, catalog: &mut Catalog) -> MapId {
        let id = self.rows.number(rows);
        if self.maps.len() < self.rows.len() {
            let map = function(self.rows.get(id), catalog);
            self.maps.push(map);
        }
        id
    }

    pub(crate) fn get(&self, id: MapId) -> &RangeMap<Sid> {
        &self.maps[id as usize]
    }

    /// What comes into subnets of an ACL from outside the VPC.
    pub(crate) fn ingress(&self, acl: Option<usize>) -> MapId {
        acl.map_or(OPEN, |acl| self.by_acl[acl].0)
    }

    /// What goes out of subnets of an ACL to outside the VPC.
    pub(crate) fn egress(&self, acl: Option<usize>) -> MapId {
        acl.map_or(OPEN, |acl| self.by_acl[acl].1)
    }

    /// Every address at which some function changes.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = u32> {
        self.maps.iter().flat_map(RangeMap::cuts)
    }

    /// Every peer that some row names.
    pub(crate) fn peers(&self) -> impl Iterator<Item = Block> {
        self.rows_of_all().flatten().map(|(_, _, peer)| *peer)
    }

    fn rows_of_all(&self) -> impl Iterator<Item = &Vec<Row>> {
        (0..self.rows.len()).filter_map(|id| u32::try_from(id).ok()).map(|id| self.rows.get(id))
    }
}

/// What the ACL of a subnet lets in from one address.
pub(crate) fn let_in(network: &Network, subnet: usize, from: u32, catalog: &mut Catalog) -> Sid {
    network.subnets[subnet].acl.map_or(EVERYTHING, |acl| catalog.at(&network.acls[acl].ingress, from))
}

/// What the ACL of a subnet lets out to one address.
pub(crate) fn let_out(network: &Network, subnet: usize, to: u32, catalog: &mut Catalog) -> Sid {
    network.subnets[subnet].acl.map_or(EVERYTHING, |acl| catalog.at(&network.acls[acl].egress, to))
}
