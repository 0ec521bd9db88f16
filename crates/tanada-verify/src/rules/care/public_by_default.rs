use crate::rules::{Facts, Said, rule};

rule!(
    "public-by-default",
    Warning,
    "A subnet that gives public addresses to whatever starts in it puts it on the internet without anybody asking.",
    "AWS Security Hub EC2.15, https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for subnet in root.of_type("aws_subnet") {
            let public = subnet.attributes.get("map_public_ip_on_launch");
            if let Some(public) = public.filter(|value| value.boolean() != Some(false)) {
                let message = format!("`{}` gives public addresses by default", subnet.address);
                said.push(Said::new(&public.place, message).help("give a public address to what needs one"));
            }
        }
    }
}
