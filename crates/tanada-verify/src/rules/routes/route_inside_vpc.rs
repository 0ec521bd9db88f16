use crate::network::Target;
use crate::rules::{Facts, Said, rule};

rule!(
    "route-inside-vpc",
    Error,
    "A route into the VPC's own blocks may lead to a NAT gateway, a network interface or a Gateway Load Balancer alone. \
     AWS refuses one to a Transit Gateway.",
    "Amazon VPC user guide, route tables (routes more specific than local), https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for table in &facts.network.route_tables {
        let Some(vpc) = facts.network.vpcs.get(table.vpc) else { continue };
        for route in table.routes.iter().filter(|route| vpc.holds(route.to)) {
            match route.target {
                Target::Nat(_) => {}
                Target::Transit | Target::Internet => {
                    let message = format!(
                        "`{}` of `{}` leads `{}`, its own addresses, out of the VPC",
                        table.name, vpc.id, route.to
                    );
                    said.push(
                        Said::new(&route.place, message)
                            .help("AWS leads a VPC's own addresses within it by itself"),
                    );
                }
            }
        }
    }
}
