use crate::Value;
use crate::rules::{Facts, Said, rule};

rule!(
    "acl-all-with-ports",
    Warning,
    "A rule for all protocols has no ports: AWS ignores those that stand there, so it opens more than it seems to.",
    "Amazon VPC user guide, network ACL rules, https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for acl in root.of_type("aws_network_acl") {
            let rows =
                ["ingress", "egress"].into_iter().filter_map(|direction| acl.attributes.get(direction));
            for row in rows.flat_map(Value::items) {
                let all = matches!(row.get("protocol").and_then(Value::text), Some("-1" | "all"));
                let port = |name: &str| row.get(name).and_then(Value::number).unwrap_or(0);
                if all && (port("from_port") != 0 || port("to_port") != 0) {
                    let message = format!("a rule of `{}` speaks of all protocols and of ports", acl.address);
                    said.push(
                        Said::new(&row.place, message).help("name the protocol, or write both ports as 0"),
                    );
                }
            }
        }
    }
}
