use crate::rules::{Facts, Said, rule};

rule!(
    "segment-missing",
    Warning,
    "An attachment that is associated with no route table of the gateway reaches nothing.",
    "AWS Transit Gateway guide, route table association, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for attachment in facts.network.attachments.iter().filter(|attachment| attachment.table.is_none()) {
        let message = format!(
            "`{}` is attached and associated with no route table: it reaches nothing",
            attachment.name
        );
        said.push(Said::new(&attachment.place, message).help("give it a `segment`"));
    }
}
