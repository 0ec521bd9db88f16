use std::collections::BTreeSet;

use crate::rules::{Facts, Said, rule};

rule!(
    "one-zone",
    Warning,
    "A VPC in one Availability Zone stands and falls with it.",
    "AWS Well-Architected Framework, reliability pillar (REL10-BP01), https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for (index, vpc) in network.vpcs.iter().enumerate() {
        let zones: BTreeSet<&str> =
            network.subnets_of(index).map(|(_, subnet)| subnet.zone.as_str()).collect();
        if let (1, Some(zone)) = (zones.len(), zones.first()) {
            let message = format!("all subnets of `{}` lie in zone `{zone}`", vpc.id);
            said.push(Said::new(&vpc.place, message).help("add a letter to `zones` of its layout"));
        }
    }
}
