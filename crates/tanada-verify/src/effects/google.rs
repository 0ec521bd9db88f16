//! Google Cloud: a network and its subnetworks. A test reads them; nothing is emitted for Google yet.

use super::Absent::{Cloud, Null};
use super::Effect::{InPlace, Replaces, When};
use super::{Condition, TypeFacts, attribute as a};

/// The types of this part, sorted by name.
pub(super) const TYPES: &[TypeFacts] = &[
    TypeFacts {
        name: "google_compute_network",
        source: "google/services/compute/resource_compute_network.go",
        taggable: false,
        attributes: &[
            a("auto_create_subnetworks", Null, Replaces),
            a("description", Null, Replaces),
            a("internal_ipv6_range", Cloud, Replaces),
            a("mtu", Cloud, InPlace),
            a("name", Null, Replaces),
            a("network_profile", Null, Replaces),
            a("project", Cloud, Replaces),
            a("routing_mode", Cloud, InPlace),
        ],
    },
    TypeFacts {
        name: "google_compute_subnetwork",
        source: "google/services/compute/resource_compute_subnetwork.go",
        taggable: false,
        attributes: &[
            a("description", Null, Replaces),
            a("ip_cidr_range", Cloud, When(Condition::RangeShrinks)),
            a("name", Null, Replaces),
            a("network", Null, Replaces),
            a("private_ip_google_access", Cloud, InPlace),
            a("project", Cloud, Replaces),
            a("region", Cloud, Replaces),
            a("stack_type", Cloud, InPlace),
        ],
    },
];
