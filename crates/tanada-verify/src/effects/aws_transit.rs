//! AWS: the Transit Gateway, its attachments and route tables, and how it is shared.

use super::Absent::{Cloud, Default, Null};
use super::Effect::{InPlace, Replaces, Unread, When};
use super::{Condition, TypeFacts, attribute as a, set as s};

/// The types of this part, sorted by name.
pub(super) const TYPES: &[TypeFacts] = &[
    TypeFacts {
        name: "aws_ec2_transit_gateway",
        source: "internal/service/ec2/transitgateway_.go",
        taggable: true,
        attributes: &[
            a("amazon_side_asn", Default("64512"), InPlace),
            a("auto_accept_shared_attachments", Default("disable"), InPlace),
            a("default_route_table_association", Default("enable"), When(Condition::IsEnabled)),
            a("default_route_table_propagation", Default("enable"), When(Condition::IsEnabled)),
            a("description", Null, InPlace),
            a("dns_support", Default("enable"), InPlace),
            a("encryption_support", Cloud, Unread),
            a("multicast_support", Default("disable"), Replaces),
            a("region", Cloud, Replaces),
            a("security_group_referencing_support", Null, Unread),
            a("tags", Null, InPlace),
            s("transit_gateway_cidr_blocks", Null, InPlace),
            a("vpn_ecmp_support", Default("enable"), InPlace),
        ],
    },
    TypeFacts {
        name: "aws_ec2_transit_gateway_route",
        source: "internal/service/ec2/transitgateway_route.go",
        taggable: false,
        attributes: &[
            a("blackhole", Default("false"), Replaces),
            a("destination_cidr_block", Null, Replaces),
            a("region", Cloud, Replaces),
            a("transit_gateway_attachment_id", Null, Replaces),
            a("transit_gateway_route_table_id", Null, Replaces),
        ],
    },
    TypeFacts {
        name: "aws_ec2_transit_gateway_route_table",
        source: "internal/service/ec2/transitgateway_route_table.go",
        taggable: true,
        attributes: &[
            a("region", Cloud, Replaces),
            a("tags", Null, InPlace),
            a("transit_gateway_id", Null, Replaces),
        ],
    },
    TypeFacts {
        name: "aws_ec2_transit_gateway_route_table_association",
        source: "internal/service/ec2/transitgateway_route_table_association.go",
        taggable: false,
        attributes: &[
            a("region", Cloud, Replaces),
            a("replace_existing_association", Default("false"), InPlace),
            a("transit_gateway_attachment_id", Null, Replaces),
            a("transit_gateway_route_table_id", Null, Replaces),
        ],
    },
    TypeFacts {
        name: "aws_ec2_transit_gateway_route_table_propagation",
        source: "internal/service/ec2/transitgateway_route_table_propagation.go",
        taggable: false,
        attributes: &[
            a("region", Cloud, Replaces),
            a("transit_gateway_attachment_id", Null, Replaces),
            a("transit_gateway_route_table_id", Null, Replaces),
        ],
    },
    TypeFacts {
        name: "aws_ec2_transit_gateway_vpc_attachment",
        source: "internal/service/ec2/transitgateway_vpc_attachment.go",
        taggable: true,
        attributes: &[
            a("appliance_mode_support", Default("disable"), InPlace),
            a("dns_support", Default("enable"), InPlace),
            a("ipv6_support", Default("disable"), InPlace),
            a("region", Cloud, Replaces),
            a("security_group_referencing_support", Cloud, Unread),
            s("subnet_ids", Null, InPlace),
            a("tags", Null, InPlace),
            a("transit_gateway_default_route_table_association", Cloud, InPlace),
            a("transit_gateway_default_route_table_propagation", Cloud, InPlace),
            a("transit_gateway_id", Null, Replaces),
            a("vpc_id", Null, Replaces),
        ],
    },
    TypeFacts {
        name: "aws_ec2_transit_gateway_vpc_attachment_accepter",
        source: "internal/service/ec2/transitgateway_vpc_attachment_accepter.go",
        taggable: true,
        attributes: &[
            a("region", Cloud, Replaces),
            a("tags", Null, InPlace),
            a("transit_gateway_attachment_id", Null, Replaces),
            a("transit_gateway_default_route_table_association", Default("true"), InPlace),
            a("transit_gateway_default_route_table_propagation", Default("true"), InPlace),
        ],
    },
    TypeFacts {
        name: "aws_ram_principal_association",
        source: "internal/service/ram/principal_association.go",
        taggable: false,
        attributes: &[
            a("principal", Null, Replaces),
            a("region", Cloud, Replaces),
            a("resource_share_arn", Null, Replaces),
        ],
    },
    TypeFacts {
        name: "aws_ram_resource_association",
        source: "internal/service/ram/resource_association.go",
        taggable: false,
        attributes: &[
            a("region", Cloud, Replaces),
            a("resource_arn", Null, Replaces),
            a("resource_share_arn", Null, Replaces),
        ],
    },
    TypeFacts {
        name: "aws_ram_resource_share",
        source: "internal/service/ram/resource_share.go",
        taggable: true,
        attributes: &[
            a("allow_external_principals", Default("false"), InPlace),
            a("name", Null, InPlace),
            s("permission_arns", Cloud, Replaces),
            a("region", Cloud, Replaces),
            a("tags", Null, InPlace),
        ],
    },
];
