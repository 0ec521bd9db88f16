//! What a careful owner has: logs, closed defaults, tags, no secrets.

mod asn_twice;
mod auto_accept;
mod default_group_open;
mod flow_log_missing;
mod public_by_default;
mod secret_written;
mod tag_missing;
mod tag_repeated;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &asn_twice::RULE,
    &auto_accept::RULE,
    &default_group_open::RULE,
    &flow_log_missing::RULE,
    &public_by_default::RULE,
    &secret_written::RULE,
    &tag_missing::RULE,
    &tag_repeated::RULE,
];
