use super::counts::{Count, of_all};
use crate::rules::{Facts, Said, rule};

rule!(
    "quota",
    Error,
    "The tree builds more of something than AWS allows, unless the quota was raised; then `quotas` says so.",
    super::source!()
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for Count { quota, of, whose: _, place, number } in of_all(facts) {
        let allowed = facts.quotas.of(quota);
        if number > allowed as usize {
            let message = format!("{of} has {number} {}; the quota is {allowed}", quota.things);
            let help = format!("when AWS has raised it, {}", quota.raised(number));
            said.push(Said::new(&place, message).help(help));
        }
    }
}
