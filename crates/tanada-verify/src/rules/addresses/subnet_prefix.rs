use crate::rules::{Facts, Said, rule};

rule!(
    "subnet-prefix",
    Error,
    "AWS makes subnets from /16 to /28, and keeps five addresses of each.",
    "Amazon VPC user guide, subnet sizing, https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for subnet in &facts.network.subnets {
        let length = subnet.cidr.prefix_len();
        if !(16..=28).contains(&length) {
            let message = format!("`{}` is a /{length}; AWS takes subnets of /16 to /28", subnet.name);
            said.push(
                Said::new(&subnet.place, message)
                    .help("give its tier fewer `newbits`, or a `size` of at most 28"),
            );
        }
    }
}
