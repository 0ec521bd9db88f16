use serde::Serialize;
use tanada_model::design::Design;
use tanada_model::net::Block;

use crate::allocation::Allocation;

/// A VPC, for inventories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VpcRow {
    /// Its Name tag.
    pub name: String,
    /// Its team.
    pub team: String,
    /// Its environment.
    pub environment: String,
    /// The pool in which its first block lies; `null` outside every root.
    pub pool: Option<String>,
    /// Its blocks, the first one first.
    pub blocks: Vec<Block>,
    /// Its subnets, in the order of its table.
    pub subnets: Vec<SubnetRow>,
}

/// A subnet, for inventories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubnetRow {
    /// Its key in the VPC: `private-a`.
    pub name: String,
    /// Its tier.
    pub tier: String,
    /// Availability Zone id.
    pub zone_id: String,
    /// Its addresses.
    pub cidr: Block,
}

/// Every VPC with its subnets, sorted by id.
pub fn list(design: &Design, allocation: &Allocation) -> Vec<VpcRow> {
    allocation
        .vpcs
        .iter()
        .map(|own| {
            let vpc = &design.vpcs[own.vpc];
            let zones = &design.regions[vpc.region].zones;
            let mut subnets = Vec::new();
            for block in &own.blocks {
                let layout = &design.layouts[block.layout];
                for tier in &block.tiers {
                    subnets.extend(tier.subnets.iter().map(|subnet| SubnetRow {
                        name: subnet.name.clone(),
                        tier: layout[tier.tier].entity.name.clone(),
                        zone_id: zones.get(&subnet.zone).map_or_else(String::new, |id| id.value.clone()),
                        cidr: subnet.cidr,
                    }));
                }
            }
            let first = own.blocks.first();
            let range =
                first.map_or_else(String::new, |first| first.block.to_string().replace(['.', '/'], "-"));
            let source = first.and_then(|first| first.source);
            VpcRow {
                name: vpc.name.replace("{range}", &range),
                team: design.teams.name(vpc.team).to_owned(),
                environment: design.environments.name(vpc.environment).to_owned(),
                pool: source.map(|(pool, _, _)| design.pools.name(pool).to_owned()),
                blocks: own.blocks.iter().map(|block| block.block).collect(),
                subnets,
            }
        })
        .collect()
}
