use std::collections::{BTreeMap, BTreeSet};

use crate::rules::{Facts, Said, rule};

rule!(
    "routes-add-up",
    Note,
    "Two routes to the two halves of a block, with one target, are one route. Fewer routes leave room under the quota.",
    "arithmetic of CIDR blocks"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    // One line of the tree is a route in a table of every zone.
    let mut tables: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for table in &facts.network.route_tables {
        let known: BTreeSet<_> = table.routes.iter().map(|route| (route.to, route.target)).collect();
        for route in &table.routes {
            let Some((buddy, parent)) = route.to.buddy().zip(route.to.parent()) else { continue };
            if route.to < buddy && known.contains(&(buddy, route.target)) {
                let pair = (&route.place, table.vpc, route.to, buddy, parent);
                tables.entry(pair).or_default().push(&table.name);
            }
        }
    }
    for ((place, vpc, low, high, parent), tables) in tables {
        let Some(vpc) = facts.network.vpcs.get(vpc) else { continue };
        let tables = tables.join("`, `");
        let message = format!("`{low}` and `{high}` in `{tables}` of `{}` add up to `{parent}`", vpc.name);
        said.push(
            Said::new(place, message)
                .help("name them as one where they belong together: a site with one range, or one pool"),
        );
    }
}
