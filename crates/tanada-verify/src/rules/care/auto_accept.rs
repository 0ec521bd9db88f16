use crate::Value;
use crate::rules::{Facts, Said, rule};

rule!(
    "auto-accept",
    Warning,
    "A gateway that accepts attachments of other accounts by itself lets whoever it is shared with into the network.",
    "AWS Security Hub EC2.23, https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for gateway in root.of_type("aws_ec2_transit_gateway") {
            let accepts = gateway.attributes.get("auto_accept_shared_attachments");
            if let Some(accepts) = accepts.filter(|value| value.text() == Some("enable")) {
                let message = format!("the gateway of `{}` accepts attachments unasked", root.directory);
                said.push(
                    Said::new(&accepts.place, message)
                        .help("`disable` it, and accept each attachment by name"),
                );
            }
            for table in ["default_route_table_association", "default_route_table_propagation"] {
                let on = gateway.attributes.get(table).and_then(Value::text) != Some("disable");
                if on {
                    let message = format!(
                        "the gateway of `{}` puts new attachments into a segment unasked",
                        root.directory
                    );
                    said.push(
                        Said::new(&gateway.block, message).help(format!("write `{table} = \"disable\"`")),
                    );
                }
            }
        }
    }
}
