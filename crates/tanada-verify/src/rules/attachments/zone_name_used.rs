use crate::rules::{Facts, Said, rule};

rule!(
    "zone-name-used",
    Warning,
    "The name of an Availability Zone is another zone in another account. Its id is the same in all of them.",
    "AWS global infrastructure, Availability Zone ids, https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for subnet in root.of_type("aws_subnet") {
            if let Some(zone) = subnet.attributes.get("availability_zone") {
                let name = zone.text().unwrap_or("a name");
                let message = format!("`{}` says its zone by name, `{name}`", subnet.address);
                said.push(Said::new(&zone.place, message).help("write `availability_zone_id`"));
            }
        }
    }
}
