//! Keys in the state that change with the name of a tier.

use crate::plan::{KeyedResource, Moved, RoutePlan};

use super::facts::{Facts, VpcFacts};

/// `moved` blocks of a VPC whose tiers were renamed: every instance whose key holds the tier's name.
pub(super) fn moved(facts: &Facts<'_>, vpc: &VpcFacts<'_>, routes: &[RoutePlan]) -> Vec<Moved> {
    let mut moved = Vec::new();
    for (_, old, new) in facts.allocation.renamed_tiers.iter().filter(|(id, _, _)| *id == vpc.id) {
        let Some(tier) = vpc.tier(new) else { continue };
        let before = |key: &str| key.strip_prefix(new.as_str()).map(|rest| format!("{old}{rest}"));
        let mut push = |resource, to: String| {
            if let Some(from) = before(&to) {
                moved.push(Moved { resource, from, to });
            }
        };
        let mut tables: Vec<String> = Vec::new();
        for subnet in &tier.subnets {
            push(KeyedResource::Subnet, subnet.name.clone());
            push(KeyedResource::RouteTableAssociation, subnet.name.clone());
            let table = format!("{new}-{}", subnet.zone);
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        for table in tables {
            for route in routes.iter().filter(|route| route.tier == *new) {
                push(KeyedResource::Route, format!("{table}/{}", route.to));
            }
            push(KeyedResource::RouteTable, table);
        }
        push(KeyedResource::NetworkAcl, new.clone());
    }
    moved.sort_by(|a, b| (a.resource, &a.to).cmp(&(b.resource, &b.to)));
    moved
}
