use std::collections::BTreeSet;

use crate::rules::{Facts, Said, rule};

rule!(
    "routes-add-up",
    Note,
    "Two routes to the two halves of a block, with one target, are one route. Fewer routes leave room under the quota.",
    "arithmetic of CIDR blocks"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for table in &facts.network.route_tables {
        let known: BTreeSet<_> = table.routes.iter().map(|route| (route.to, route.target)).collect();
        for route in &table.routes {
            let Some((buddy, parent)) = route.to.buddy().zip(route.to.parent()) else { continue };
            if route.to < buddy && known.contains(&(buddy, route.target)) {
                let message =
                    format!("`{}` and `{buddy}` in `{}` add up to `{parent}`", route.to, table.name);
                said.push(Said::new(&route.place, message));
            }
        }
    }
}
