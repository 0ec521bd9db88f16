use crate::rules::{Facts, Said, rule};

rule!(
    "flow-log-missing",
    Warning,
    "Without a flow log nobody can say afterwards who talked to whom, nor see before a move that a network is silent.",
    "AWS Security Hub EC2.6, https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for vpc in root.of_type("aws_vpc") {
            let own = |log: &crate::Instance| {
                log.attributes.get("vpc_id").and_then(|value| value.refers_to("id")) == Some(&vpc.address)
            };
            if !root.of_type("aws_flow_log").any(own) {
                let message = format!("`{}` has no flow log", root.directory);
                said.push(
                    Said::new(&vpc.place, message)
                        .help("write `logs { bucket = \"…\" }` once for the estate"),
                );
            }
        }
    }
}
