//! What will be written: the result of [`derive`](crate::derive), complete and immutable.
//!
//! Nothing after a [`Plan`] decides anything. Whoever prints it needs neither the design nor the allocation.

mod addresses;
mod hub;
mod pages;
mod vpc;

use std::collections::BTreeMap;
use std::sync::Arc;

use tanada_model::net::Block;

pub use addresses::*;
pub use hub::*;
pub use pages::*;
pub use vpc::*;

/// The whole tree, as values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What every root shares: `addresses/estate`.
    pub estate: EstateAddresses,
    /// `addresses/region-<name>`, sorted by name: every AWS region of the input.
    pub regions: Vec<RegionAddresses>,
    /// `addresses/hub-<name>`, sorted by name.
    pub hub_addresses: Vec<HubAddresses>,
    /// `addresses/account-<name>`, sorted by name. Only accounts with an id.
    pub accounts: Vec<AccountAddresses>,
    /// `addresses/aggregates`, one output a row: sums of several blocks that more than one root needs, by name, so that
    /// they too stand once as a literal. Empty: the module is not written. What one root needs alone stands in its own
    /// `aggregates`.
    pub aggregates: BTreeMap<String, Block>,
    /// `hub/<name>`, sorted by name.
    pub hubs: Vec<HubRoot>,
    /// `teams/<team>/<label>` with its `addresses/<team>-<label>`, sorted by id.
    pub vpcs: Vec<VpcRoot>,
    /// Roots that are on their way out, sorted by id.
    pub leaving: Vec<LeavingRoot>,
    /// Settings of the state's backend that all roots share; `None`: local state.
    pub backend: Option<BackendPlan>,
    /// `index.md`.
    pub index: Index,
}

/// An address value where a root uses it. Every block stands once as a literal in the whole tree; whoever else needs
/// it refers to that place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cidr {
    /// This is the one place where the block is written.
    Literal(Block),
    /// 0.0.0.0/0, which is no address of anybody.
    Everywhere,
    /// An output of a module in `addresses/`. Many rows name the same one.
    Shared(Arc<Shared>),
    /// An entry of `locals.aggregates` of the same root, by name: a sum of others' blocks that only this root needs.
    Aggregate(String),
}

/// An output of a module in `addresses/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shared {
    /// `module.estate.ranges.<name>`: a root pool's range.
    Root(String),
    /// `module.estate.pools.<name>[i]`: an extent of an inner pool.
    Pool(String, usize),
    /// `module.estate.reserved.<name>`.
    Reserved(String),
    /// `module.estate.sites.<name>[i]`: a range that stands at a site.
    Site(String, usize),
    /// `module.estate.private[i]`: the three ranges of RFC 1918, in order.
    Private(usize),
    /// `module.<team>_<vpc>.blocks[i]`, by VPC id.
    Block(String, usize),
    /// `module.<team>_<vpc>.tiers.<tier>[i]`, by VPC id.
    Tier(String, String, usize),
    /// `module.aggregates.<name>`: a sum of blocks in [`Plan::aggregates`]. The name is an identifier of HCL.
    Aggregate(String),
}

/// A `provider "aws"` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderPlan {
    /// Region's label; its value is `module.region_<name>.name`.
    pub region: String,
    /// The account to work in; `None`: whatever credentials Terraform runs with.
    pub account: Option<AccountUse>,
    /// `default_tags`, sorted.
    pub tags: BTreeMap<String, String>,
}

/// How a root names an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountUse {
    /// The account's label.
    pub name: String,
    /// Whether the id is known (`module.account_<name>.id`); else it is `var.account_<name>` of the root.
    pub known: bool,
    /// Name of the role to assume.
    pub role: Option<String>,
}

/// A root on its way out. The input knows its providers no more, so its `providers.tf`, `backend.tf` and what of its
/// `addresses.tf` they refer to are kept from the tree on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeavingRoot {
    /// `team-label`.
    pub id: String,
    /// Its folder.
    pub directory: String,
    /// Path of its state, without suffix.
    pub birth: String,
    /// Whether the network stays (`removed { destroy = false }`) or Terraform is to destroy it.
    pub keeps_network: bool,
}

/// The backend of all roots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendPlan {
    /// Its type, for example `s3`.
    pub kind: String,
    /// Name of the attribute that tells states apart: `key`, for some types `prefix`.
    pub key: String,
    /// What is written after the birth name, for example `.tfstate`.
    pub suffix: String,
    /// The settings that all roots share.
    pub settings: BTreeMap<String, serde_json::Value>,
}
