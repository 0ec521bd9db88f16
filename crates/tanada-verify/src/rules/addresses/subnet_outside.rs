use crate::rules::{Facts, Said, rule};

rule!(
    "subnet-outside",
    Error,
    "A subnet lies in one of the blocks of its VPC, whole.",
    "Amazon VPC user guide, subnet CIDR blocks, https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for (index, vpc) in network.vpcs.iter().enumerate() {
        for (_, subnet) in network.subnets_of(index).filter(|(_, subnet)| !vpc.holds(subnet.cidr)) {
            let blocks: Vec<String> = vpc.blocks.iter().map(|(block, _)| format!("`{block}`")).collect();
            let message = format!("`{}` (`{}`) lies outside of `{}`", subnet.name, subnet.cidr, vpc.id);
            let finding =
                Said::new(&subnet.place, message).help(format!("its blocks are {}", blocks.join(", ")));
            let first = vpc.blocks.first();
            said.push(
                first.into_iter().fold(finding, |finding, (_, place)| finding.and(place, "the VPC's block")),
            );
        }
    }
}
