use crate::rules::{Facts, Said, rule};

rule!(
    "vpc-prefix",
    Error,
    "AWS makes CIDR blocks of a VPC from /16 to /28, the first one and further ones alike.",
    "Amazon VPC user guide, VPC CIDR blocks, https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for vpc in &facts.network.vpcs {
        for (block, place) in &vpc.blocks {
            if !(16..=28).contains(&block.prefix_len()) {
                let message =
                    format!("`{block}` of `{}` is a /{}; AWS takes /16 to /28", vpc.id, block.prefix_len());
                said.push(
                    Said::new(place, message).help("divide it into several blocks, or write a larger one"),
                );
            }
        }
    }
}
