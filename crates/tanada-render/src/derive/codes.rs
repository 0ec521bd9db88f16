//! What derivation can find wrong.

use tanada_model::diagnostic::{Code, Severity};

/// Every code that derivation can raise.
pub const CODES: &[Code] = &[
    ACL_EXCESS,
    ACL_QUOTA,
    BACKEND_WITHOUT_KEY,
    NAT_WITHOUT_TIER,
    PEER_WITHOUT_ADDRESSES,
    ROUTE_CONFLICT,
    ROUTE_QUOTA,
    WAY_OUT_NOT_ATTACHED,
    WORKLOAD_IN_ATTACH_TIER,
];

const fn error(name: &'static str, explanation: &'static str) -> Code {
    Code { name, severity: Severity::Error, explanation }
}

pub(super) const ACL_EXCESS: Code = error(
    "acl-excess",
    "A network ACL would hold more rules in one direction than AWS takes. It fits when some rows are wider than what was \
     said; the rows chosen are those that let the least through beside it, in addresses x ports, and never what a `deny` \
     stops. What they let through is listed. Accepted, the rows say that they are wider, and so does the VPC's page.",
);

pub(super) const ACL_QUOTA: Code = error(
    "acl-quota",
    "A network ACL would hold more rules in one direction than AWS takes: 20 with the last one, `*`, unless the quota \
     was raised. Rules were already merged, dropped where they decide nothing, and summed up along the address tree; even rows that \
     are wider than what was said would not fit.",
);

pub(super) const BACKEND_WITHOUT_KEY: Code = error(
    "backend-without-key",
    "Every root has a state of its own, so the backend needs an attribute under which many states can lie, such as \
     `key` of `s3`. This type has none that tanada knows.",
);

pub(super) const NAT_WITHOUT_TIER: Code = error(
    "nat-without-tier",
    "A tier with `internet = \"out\"` needs a NAT gateway, and that one stands in a tier with `internet = \"in\"`.",
);

pub(super) const PEER_WITHOUT_ADDRESSES: Code = error(
    "peer-without-addresses",
    "A rule or route names a site whose `ranges` are empty (learnt by BGP), so there is no address to write.",
);

pub(super) const ROUTE_CONFLICT: Code =
    error("route-conflict", "A Transit Gateway route table can lead one destination to one attachment only.");

pub(super) const ROUTE_QUOTA: Code = error(
    "route-quota",
    "A VPC route table would hold more routes than AWS takes, unless the quota was raised.",
);

pub(super) const WAY_OUT_NOT_ATTACHED: Code = error(
    "way-out-not-attached",
    "A segment's `default` or `via` must be attached to every hub on which the segment has members; gateways are not \
     peered.",
);

pub(super) const WORKLOAD_IN_ATTACH_TIER: Code = error(
    "workload-in-attach-tier",
    "The tier that carries the Transit Gateway attachment is the only one of its layout, so workloads stand beside the \
     attachment: what arrives from the gateway is then not filtered by the network ACL.",
);
