//! Real Terraform as the judge of what is emitted, without a cloud and without credentials. For tests only.
//!
//! Terraform itself evaluates, checks types and references, plans and decides what is replaced; a provider only has to
//! tell the schema of its resources and which changes replace. This crate is such a provider: it serves the facts of
//! `schema/aws.json` by Terraform's provider protocol, and [`Judge`] attaches it to the `terraform` on `PATH` by
//! `TF_REATTACH_PROVIDERS`. No `init`, no download, no lock file.
//!
//! * [`Server`] is the provider: the `grpc` transport, the `protocol`'s messages, the `schema`, and a `cloud` that
//!   remembers what was applied.
//! * [`Workspace`] is a copy of an emitted tree with the states of its roots; [`Root`] is one of them, to validate,
//!   plan and apply; [`Plan`] is what came of it, [`Outline`] the same in short.
//!
//! It cannot show what only the real cloud refuses (overlaps, quotas), nor what the real provider decides in code,
//! beyond tags and ACL rules. It is as right as its schema.

mod cloud;
mod grpc;
mod protocol;
mod provider;
mod schema;
mod server;
mod terraform;
mod value;

pub use provider::Lookups;
pub use server::Server;
pub use terraform::{
    Action, Change, Counts, Failure, Judge, Outline, Plan, Resource, Root, Step, Workspace, judge_or_skip,
};
