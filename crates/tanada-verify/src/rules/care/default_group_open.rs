use crate::Value;
use crate::rules::{Facts, Said, rule};

rule!(
    "default-group-open",
    Error,
    "Whatever names no security group gets the VPC's default one. Managed and without rules it reaches nothing; left \
     alone it lets its members talk to each other and out.",
    "AWS Security Hub EC2.2, https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for vpc in root.of_type("aws_vpc") {
            let own = |group: &&crate::Instance| {
                let of = group.attributes.get("vpc_id").and_then(|value| value.refers_to("id"));
                of == Some(&vpc.address)
            };
            match root.of_type("aws_default_security_group").find(own) {
                None => {
                    let message =
                        format!("the default security group of `{}` is not managed", root.directory);
                    said.push(
                        Said::new(&vpc.block, message)
                            .help("add an `aws_default_security_group` without rules"),
                    );
                }
                Some(group) => {
                    let rules =
                        ["ingress", "egress"].into_iter().filter_map(|name| group.attributes.get(name));
                    if let Some(open) = rules.flat_map(Value::items).next() {
                        let message = format!("the default security group of `{}` has rules", root.directory);
                        said.push(Said::new(&open.place, message).help("give them to a group of its own"));
                    }
                }
            }
        }
    }
}
