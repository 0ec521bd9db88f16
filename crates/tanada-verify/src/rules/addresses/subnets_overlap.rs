use crate::network::Subnet;
use crate::rules::{Facts, Said, rule};

rule!(
    "subnets-overlap",
    Error,
    "Two subnets of a VPC have no address in common.",
    "Amazon VPC user guide, subnet CIDR blocks, https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    let network = facts.network;
    for (index, vpc) in network.vpcs.iter().enumerate() {
        let mut subnets: Vec<&Subnet> = network.subnets_of(index).map(|(_, subnet)| subnet).collect();
        subnets.sort_by_key(|subnet| subnet.cidr);
        // Sorted, a block that holds others stands before them: whoever overlaps overlaps the widest one so far.
        let mut widest: Option<&Subnet> = None;
        for subnet in subnets {
            match widest {
                Some(before) if before.cidr.overlaps(subnet.cidr) => {
                    let message = format!(
                        "`{}` (`{}`) and `{}` (`{}`) of `{}` overlap",
                        before.name, before.cidr, subnet.name, subnet.cidr, vpc.id
                    );
                    said.push(
                        Said::new(&subnet.place, message)
                            .and(&before.place, "the other one")
                            .help("give one of them another part of the block"),
                    );
                }
                Some(_) | None => widest = Some(subnet),
            }
        }
    }
}
