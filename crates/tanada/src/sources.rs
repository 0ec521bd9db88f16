//! Documents on which findings rest that are found before anything is emitted. Those of the rules over the tree stand
//! with the rules.

/// Code, document, link, and when it was read.
const SOURCES: [(&str, &str); 21] = [
    ("acl-excess", LIMITS),
    ("acl-quota", LIMITS),
    ("attach-tier", ATTACHMENTS),
    ("block-changes-size", CIDR_BLOCKS),
    ("block-size", CIDR_BLOCKS),
    ("blocks-overlap", ATTACHMENTS),
    ("blocks-quota", LIMITS),
    ("cidr-combination", CIDR_BLOCKS),
    (
        "google-auto-range",
        "Google Cloud, VPC networks, auto mode IPv4 ranges, https://cloud.google.com/vpc/docs/subnets, read 2026-11-22",
    ),
    (
        "hub-elsewhere",
        "AWS Transit Gateway guide, peering attachments, https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html, read \
         2026-11-23",
    ),
    ("link-local", "RFC 3927, https://www.rfc-editor.org/rfc/rfc3927, read 2026-11-22"),
    ("not-private", "RFC 1918, https://www.rfc-editor.org/rfc/rfc1918, and RFC 6598, read 2026-11-22"),
    ("overlapping-ranges", ATTACHMENTS),
    (
        "route-conflict",
        "AWS Transit Gateway guide, route tables, https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html, \
         read 2026-11-22",
    ),
    ("route-quota", LIMITS),
    (
        "subnet-size",
        "Amazon VPC user guide, subnet sizing, https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, read \
         2026-11-22",
    ),
    ("tier-does-not-fit", "arithmetic of CIDR blocks; docs/language.md, section 3"),
    ("troublesome-range", CIDR_BLOCKS),
    (
        "workload-in-attach-tier",
        "AWS Transit Gateway guide, network ACLs, https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html, read 2026-11-22",
    ),
    ("zone-name", ZONES),
    ("unknown-zone", ZONES),
];

const ATTACHMENTS: &str = "AWS Transit Gateway guide, VPC attachments, \
                           https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html, read 2026-11-22";
const CIDR_BLOCKS: &str = "Amazon VPC user guide, VPC CIDR blocks, \
                           https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, read 2026-11-22";
const LIMITS: &str = "Amazon VPC user guide, quotas, \
                      https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, read 2026-11-22";
const ZONES: &str = "AWS global infrastructure, Availability Zone ids, \
                     https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html, read 2026-11-22";

/// The document that a finding rests on, where there is one.
pub(crate) fn source(name: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(code, _)| *code == name).map(|(_, source)| *source)
}

/// What a finding rests on that follows from nothing but what this project promises; by the part that it is seen in.
pub(crate) fn own(part: &str) -> &'static str {
    match part {
        "input" => "the input language, docs/language.md",
        "lock" => "what the lock promises, docs/flow.md",
        "plan" => "what is emitted, docs/emitted-terraform.md",
        "templates" => "templates, docs/templates.md",
        "tree" => "reachability, docs/reachability.md",
        _ => "comparisons, docs/diff.md",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn sources_are_of_codes_that_exist_and_have_none_elsewhere() {
        for (name, _) in SOURCES {
            assert!(codes::all().any(|code| code.name == name) && !codes::is_rule(name), "{name}");
        }
    }
}
