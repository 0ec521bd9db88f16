//! Facts for `index.md`.

use rayon::prelude::*;
use tanada_model::design::PoolPlace;

use super::facts::{Facts, VpcFacts};
use super::names::vpc_name;
use crate::plan::{Index, IndexRow};

/// Every VPC, root and reservation.
pub(super) fn index(facts: &Facts<'_>) -> Index {
    let design = facts.design;
    let row = |vpc: &VpcFacts<'_>| {
        let team = design.teams.name(vpc.vpc.team);
        let segment = vpc.vpc.attachment.map(|at| design.segments.name(at.segment).to_owned());
        IndexRow {
            name: vpc_name(vpc),
            directory: format!("teams/{team}/{}", vpc.vpc.entity.name),
            owner: design.teams[vpc.vpc.team].owner.clone().unwrap_or_default(),
            blocks: vpc.blocks.clone(),
            headroom: vpc.allocation.blocks.first().map_or(0, |block| block.headroom),
            segment: segment.unwrap_or_default(),
            why: vpc.vpc.entity.why.clone().unwrap_or_default(),
        }
    };
    let roots = design.pools.iter().filter_map(|(id, pool)| match &pool.place {
        PoolPlace::Root(range) => Some((design.pools.name(id).to_owned(), range.value)),
        PoolPlace::Inner { size: _, parent: _ } => None,
    });
    let reserved = design.reserved.iter().map(|(id, reserved)| {
        let why = reserved.entity.why.clone().unwrap_or_default();
        (design.reserved.name(id).to_owned(), reserved.range.value, why)
    });
    Index {
        roots: roots.collect(),
        vpcs: facts.vpcs.par_iter().map(row).collect(),
        reserved: reserved.collect(),
    }
}
