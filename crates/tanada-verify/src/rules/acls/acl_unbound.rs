use std::collections::BTreeSet;

use crate::rules::{Facts, Said, rule};

rule!(
    "acl-unbound",
    Warning,
    "An ACL without a subnet decides about nothing.",
    "Amazon VPC user guide, network ACL association, https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    let bound: BTreeSet<usize> = network.subnets.iter().filter_map(|subnet| subnet.acl).collect();
    for (_, acl) in network.acls.iter().enumerate().filter(|(index, _)| !bound.contains(index)) {
        let vpc = network.vpcs.get(acl.vpc).map_or("", |vpc| vpc.id.as_str());
        said.push(
            Said::new(&acl.place, format!("the ACL `{}` of `{vpc}` has no subnet", acl.name))
                .help("associate it with a subnet, or delete it"),
        );
    }
}
