use crate::rules::{Facts, Said, rule};

rule!(
    "subnet-without-acl",
    Error,
    "A subnet that no ACL names falls to the VPC's default ACL, which lets everything pass.",
    "Amazon VPC user guide, default network ACL, https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for subnet in network.subnets.iter().filter(|subnet| subnet.acl.is_none()) {
        let vpc = network.vpcs.get(subnet.vpc).map_or("", |vpc| vpc.id.as_str());
        let message =
            format!("`{}` of `{vpc}` is named by no ACL: the default one lets everything pass", subnet.name);
        said.push(Said::new(&subnet.place, message).help("give its tier an ACL"));
    }
}
