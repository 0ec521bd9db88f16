//! Route tables of VPCs and gateways.

mod default_leads_nowhere;
mod rest_leaves_by_default;
mod route_inside_vpc;
mod routes_add_up;
mod static_astray;
mod static_hides_propagated;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &default_leads_nowhere::RULE,
    &rest_leaves_by_default::RULE,
    &route_inside_vpc::RULE,
    &routes_add_up::RULE,
    &static_astray::RULE,
    &static_hides_propagated::RULE,
];
