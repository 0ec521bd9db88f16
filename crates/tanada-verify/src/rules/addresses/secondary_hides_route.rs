use crate::rules::{Facts, Said, rule};

rule!(
    "secondary-hides-route",
    Error,
    "A further block of a VPC must be smaller than the destination of every route that it lies on: AWS refuses one that \
     equals or holds a route's destination.",
    "Amazon VPC user guide, IPv4 CIDR block association restrictions, https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for table in &facts.network.route_tables {
        let Some(vpc) = facts.network.vpcs.get(table.vpc) else { continue };
        for (block, place) in vpc.blocks.iter().skip(1) {
            for route in table.routes.iter().filter(|route| block.contains(route.to)) {
                let message = format!(
                    "`{block}` of `{}` holds `{}`, to which `{}` has a route; AWS refuses the block",
                    vpc.id, route.to, table.name
                );
                said.push(
                    Said::new(place, message)
                        .and(&route.place, "the route")
                        .help("take a smaller block, or a shorter route"),
                );
            }
        }
    }
}
