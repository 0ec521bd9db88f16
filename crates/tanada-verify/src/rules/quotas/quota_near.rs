use tanada_model::quotas::BLOCKS_PER_VPC;

use super::counts::{Count, of_all};
use crate::rules::{Facts, Said, rule};

rule!(
    "quota-near",
    Warning,
    "Four fifths of a quota are used: raising one takes days, and what cannot be raised wants another plan.",
    super::source!()
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for Count { quota, of, whose: _, place, number } in of_all(facts) {
        let allowed = facts.quotas.of(quota) as usize;
        // Of a few things the last but one says nothing yet; a VPC's blocks are never given back.
        let counts = allowed >= 10 || number == allowed || quota == &BLOCKS_PER_VPC;
        if counts && number <= allowed && number * 5 >= allowed * 4 {
            let more = quota.most.map_or(allowed * 2, |most| most as usize).min(allowed * 2);
            let help = match more > allowed {
                true => format!("when AWS has raised it, {}", quota.raised(more)),
                false => "AWS raises it no further; plan with what is left".to_owned(),
            };
            let message = format!("{of} has {number} of {allowed} {}", quota.things);
            said.push(Said::new(&place, message).help(help));
        }
    }
}
