use crate::rules::{Facts, Said, rule};

rule!(
    "tag-repeated",
    Warning,
    "A tag that repeats a default tag of its provider with the same value is written twice, and shows as a change in \
     every plan with some versions of the provider.",
    "HashiCorp, default tags in the AWS provider, https://www.hashicorp.com/blog/default-tags-in-the-terraform-aws-provider, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for instance in root.instances.values() {
            let own = instance.attributes.get("tags").and_then(|tags| tags.map());
            let defaults =
                root.providers.get(&instance.provider).and_then(|provider| provider.default_tags());
            let (Some(own), Some(defaults)) = (own, defaults) else { continue };
            for (name, value) in own.iter().filter(|(name, value)| defaults.get(name) == Some(value)) {
                let message = format!("tag `{name}` of `{}` repeats a default tag", instance.address);
                said.push(Said::new(&value.place, message).help("take it away here"));
            }
        }
    }
}
