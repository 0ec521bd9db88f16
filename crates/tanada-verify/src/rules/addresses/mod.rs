//! Blocks of VPCs and subnets.

mod attached_overlap;
mod literal_twice;
mod secondary_hides_route;
mod subnet_outside;
mod subnet_prefix;
mod subnets_overlap;
mod vpc_prefix;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &attached_overlap::RULE,
    &literal_twice::RULE,
    &secondary_hides_route::RULE,
    &subnet_outside::RULE,
    &subnet_prefix::RULE,
    &subnets_overlap::RULE,
    &vpc_prefix::RULE,
];
