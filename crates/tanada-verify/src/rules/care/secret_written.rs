use crate::rules::{Facts, Said, rule};

rule!(
    "secret-written",
    Error,
    "A secret in a repository is known to everybody who ever read it. It belongs into a variable.",
    "HashiCorp, sensitive data in Terraform, https://developer.hashicorp.com/terraform/language/manage-sensitive-data, read 2026-11-22"
);

/// Parts of the names of arguments that hold secrets.
const SECRETS: [&str; 5] = ["preshared_key", "password", "secret", "private_key", "auth_token"];

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for root in facts.observed.roots.values() {
        for instance in root.instances.values() {
            for (name, value) in instance.attributes.iter() {
                let secret = SECRETS.iter().any(|part| name.contains(part));
                if secret && value.text().is_some_and(|text| !text.is_empty()) {
                    let message = format!("`{name}` of `{}` is written in the open", instance.address);
                    said.push(
                        Said::new(&value.place, message)
                            .help("make it a `sensitive` variable, and change the secret"),
                    );
                }
            }
        }
    }
}
