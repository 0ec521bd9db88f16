//! Network ACLs.

mod acl_all_with_ports;
mod acl_number;
mod acl_open_to_admin;
mod acl_row_idle;
mod acl_unbound;
mod subnet_without_acl;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &acl_all_with_ports::RULE,
    &acl_number::RULE,
    &acl_open_to_admin::RULE,
    &acl_row_idle::RULE,
    &acl_unbound::RULE,
    &subnet_without_acl::RULE,
];
