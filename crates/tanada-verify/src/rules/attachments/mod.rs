//! Zones, attachments and segments.

mod appliance_mode;
mod appliance_mode_off;
mod attachment_elsewhere;
mod attachment_ipv6_only;
mod attachment_zone_twice;
mod one_zone;
mod segment_missing;
mod two_attachments;
mod two_segments;
mod workload_beside_attachment;
mod zone_name_used;
mod zone_without_attachment;

use super::Rule;

pub(super) static RULES: &[&Rule] = &[
    &appliance_mode::RULE,
    &appliance_mode_off::RULE,
    &attachment_elsewhere::RULE,
    &attachment_ipv6_only::RULE,
    &attachment_zone_twice::RULE,
    &one_zone::RULE,
    &segment_missing::RULE,
    &two_attachments::RULE,
    &two_segments::RULE,
    &workload_beside_attachment::RULE,
    &zone_name_used::RULE,
    &zone_without_attachment::RULE,
];

/// Type of an attachment.
const ATTACHMENT: &str = "aws_ec2_transit_gateway_vpc_attachment";
