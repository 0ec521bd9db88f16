//! A hub's root: the Transit Gateway, its tables and who may use it.

use std::collections::BTreeMap;

use tanada_model::net::Block;

use super::{AccountUse, Cidr, HubPage, Moved, ProviderPlan};

/// `hub/<name>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubRoot {
    /// The hub's label.
    pub name: String,
    /// Path of its state, without suffix: `hub/<name>`.
    pub birth: String,
    /// Name tag of the gateway.
    pub gateway: String,
    /// AS number.
    pub asn: u32,
    /// Its provider.
    pub provider: ProviderPlan,
    /// Route tables on this gateway, sorted by name.
    pub segments: Vec<SegmentPlan>,
    /// Attachments that exist already, sorted by name.
    pub attachments: Vec<ExistingAttachment>,
    /// `moved` blocks for what was renamed.
    pub moved: Vec<Moved>,
    /// Accounts (not the gateway's own) that attach VPCs, sorted by name.
    pub share_with: Vec<AccountUse>,
    /// `locals.aggregates`: blocks that only this root needs and that no other place holds, by name.
    pub aggregates: BTreeMap<String, Block>,
    /// Facts for its README.
    pub page: HubPage,
}

/// A Transit Gateway route table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentPlan {
    /// Its label.
    pub name: String,
    /// Blackhole routes: name of the row (unique in the segment) and destination.
    pub blackholes: Vec<(String, Cidr)>,
}

/// An attachment that something else made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingAttachment {
    /// `site` or `site-link`, unique on the hub.
    pub name: String,
    /// `tgw-attach-…`; `None`: `var.attachment_<name>` of the root.
    pub id: Option<String>,
    /// Association.
    pub segment: String,
    /// Segments that learn its routes, sorted.
    pub propagate_to: Vec<String>,
    /// Static routes that lead to it.
    pub routes: Vec<StaticRoute>,
}

/// A static Transit Gateway route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticRoute {
    /// In which table.
    pub segment: String,
    /// Name of the row, unique in the segment.
    pub to: String,
    /// Destination.
    pub cidr: Cidr,
}
