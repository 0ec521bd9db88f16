use crate::rules::{Facts, Said, rule};

rule!(
    "tag-missing",
    Warning,
    "Whoever looks at a VPC in the console must see whose it is: Name, Team, Environment, ManagedBy.",
    "AWS Well-Architected Framework, cost optimisation pillar (tagging), https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html, read 2026-11-22"
);

const NEEDED: [&str; 4] = ["Environment", "ManagedBy", "Name", "Team"];

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for vpc in root.of_type("aws_vpc") {
            let missing: Vec<&str> =
                NEEDED.into_iter().filter(|name| root.tag(vpc, name).is_none()).collect();
            if !missing.is_empty() {
                let message = format!("`{}` has no tag `{}`", root.directory, missing.join("`, `"));
                let provider =
                    root.providers.get(&vpc.provider).map_or(&vpc.place, |provider| &provider.place);
                said.push(Said::new(provider, message).help("add it to the provider's `default_tags`"));
            }
        }
    }
}
