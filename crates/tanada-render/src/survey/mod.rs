//! The address plan as data: what `tree`, `free`, `list` and `whois` show.
//!
//! Plain, serialisable values, so that text and JSON come from one source. The serialised names are the commands'
//! JSON and so a promise to scripts.

mod free;
mod list;
mod tree;
mod whois;

pub use free::{PoolFree, free};
pub use list::{SubnetRow, VpcRow, list};
pub use tree::{Node, NodeKind, tree};
pub use whois::{Answer, Whois};

use tanada_model::design::{Design, PoolPlace};
use tanada_model::lock::BlockLabel;
use tanada_model::net::Block;

use crate::allocate::{Reservation, ReservedBy, reservations};
use crate::allocation::Allocation;

/// Everything that has addresses, sorted so that a parent comes before what lies in it.
fn nodes(design: &Design, allocation: &Allocation) -> Vec<(Block, NodeKind)> {
    let mut nodes: Vec<(Block, NodeKind)> = Vec::new();
    for pool in &allocation.pools {
        let name = design.pools.name(pool.pool).to_owned();
        for &extent in &pool.extents {
            let kind = match design.pools[pool.pool].place {
                PoolPlace::Root(_) => NodeKind::Root { name: name.clone() },
                PoolPlace::Inner { size: _, parent: _ } => NodeKind::Pool { name: name.clone() },
            };
            nodes.push((extent, kind));
        }
        nodes.extend(pool.free.iter().map(|&free| (free, NodeKind::Free { pool: name.clone() })));
    }
    for reservation in reservations(design) {
        let Reservation { name, block, why, by } = reservation;
        let kind = match by {
            ReservedBy::Input => NodeKind::Reserved { name, why, built_in: false },
            ReservedBy::BuiltIn => NodeKind::Reserved { name, why, built_in: true },
            ReservedBy::Site => NodeKind::Site { name, why },
        };
        nodes.push((block, kind));
    }
    for retired in &allocation.retired {
        nodes.push((retired.block, NodeKind::Retired { holder: retired.holder.clone() }));
    }
    for own in &allocation.vpcs {
        let vpc = &design.vpcs[own.vpc];
        for block in &own.blocks {
            let kind = NodeKind::Vpc {
                vpc: vpc.id.clone(),
                team: design.teams.name(vpc.team).to_owned(),
                block: match &block.label {
                    BlockLabel::First => None,
                    BlockLabel::Grown(n) => Some(n.to_string()),
                    BlockLabel::Named(name) => Some(name.clone()),
                },
                headroom: block.headroom,
            };
            nodes.push((block.block, kind));
        }
    }
    nodes.sort_by_key(|(block, kind)| (*block, kind.rank()));
    nodes
}
