//! The messages of Terraform's provider protocol, version 6, as far as they are needed here.
//!
//! Only fields that are read or written are named; prost skips the others. Names and numbers are those of
//! `tfplugin6.proto` (hashicorp/terraform, `docs/plugin-protocol`).

use std::collections::BTreeMap;

/// A value: msgpack in both directions; JSON only where it comes from a state.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) msgpack: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) json: Vec<u8>,
}

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum Severity {
    /// Never sent.
    Invalid = 0,
    /// Terraform stops.
    Error = 1,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Diagnostic {
    #[prost(enumeration = "Severity", tag = "1")]
    pub(crate) severity: i32,
    #[prost(string, tag = "2")]
    pub(crate) summary: String,
    #[prost(string, tag = "3")]
    pub(crate) detail: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) attribute: Option<AttributePath>,
}

impl Diagnostic {
    /// An error about one attribute or block of a resource.
    pub(crate) fn error(name: &str, summary: &str, detail: &str) -> Self {
        let attribute = Some(AttributePath::of(name));
        let detail = format!("`{name}` {detail}");
        Self { severity: Severity::Error.into(), summary: summary.to_owned(), detail, attribute }
    }
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AttributePath {
    #[prost(message, repeated, tag = "1")]
    pub(crate) steps: Vec<Step>,
}

impl AttributePath {
    /// The path of an attribute or block of a resource.
    pub(crate) fn of(name: &str) -> Self {
        Self { steps: vec![Step { attribute_name: Some(name.to_owned()) }] }
    }
}

/// One step of a path; steps into maps and lists do not occur here.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Step {
    #[prost(string, optional, tag = "1")]
    pub(crate) attribute_name: Option<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SchemaMessage {
    #[prost(int64, tag = "1")]
    pub(crate) version: i64,
    #[prost(message, optional, tag = "2")]
    pub(crate) block: Option<BlockMessage>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct BlockMessage {
    #[prost(message, repeated, tag = "2")]
    pub(crate) attributes: Vec<AttributeMessage>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) block_types: Vec<NestedBlockMessage>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct AttributeMessage {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    /// The type as Terraform writes types in JSON, for example `["list","string"]`.
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) r#type: Vec<u8>,
    #[prost(bool, tag = "4")]
    pub(crate) required: bool,
    #[prost(bool, tag = "5")]
    pub(crate) optional: bool,
    #[prost(bool, tag = "6")]
    pub(crate) computed: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct NestedBlockMessage {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) block: Option<BlockMessage>,
    /// 1 single, 2 list, 3 set.
    #[prost(int32, tag = "3")]
    pub(crate) nesting: i32,
    #[prost(int64, tag = "4")]
    pub(crate) min_items: i64,
    #[prost(int64, tag = "5")]
    pub(crate) max_items: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SchemaReply {
    #[prost(message, optional, tag = "1")]
    pub(crate) provider: Option<SchemaMessage>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(crate) resources: BTreeMap<String, SchemaMessage>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(crate) data_sources: BTreeMap<String, SchemaMessage>,
    #[prost(message, optional, tag = "6")]
    pub(crate) capabilities: Option<Capabilities>,
}

/// What a provider lets Terraform leave out.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Capabilities {
    /// One answer about the schema serves all connections of a run.
    #[prost(bool, tag = "2")]
    pub(crate) schema_once: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ConfigureRequest {
    #[prost(message, optional, tag = "2")]
    pub(crate) config: Option<DynamicValue>,
}

/// What `ValidateResourceConfig`, `ValidateDataResourceConfig` and `ReadDataSource` ask.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ConfigRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) config: Option<DynamicValue>,
}

/// The answer of calls that only check or set up.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct CheckReply {
    #[prost(message, repeated, tag = "1")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct UpgradeRequest {
    #[prost(message, optional, tag = "3")]
    pub(crate) raw_state: Option<RawState>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct RawState {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) json: Vec<u8>,
}

/// What `UpgradeResourceState` and `ReadDataSource` answer.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StateReply {
    #[prost(message, optional, tag = "1")]
    pub(crate) state: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ImportRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(string, tag = "2")]
    pub(crate) id: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ImportReply {
    #[prost(message, repeated, tag = "1")]
    pub(crate) resources: Vec<Imported>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Imported {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) state: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadRequest {
    #[prost(message, optional, tag = "2")]
    pub(crate) current_state: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadReply {
    #[prost(message, optional, tag = "1")]
    pub(crate) new_state: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct PlanRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) prior_state: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(crate) proposed_new_state: Option<DynamicValue>,
    #[prost(message, optional, tag = "4")]
    pub(crate) config: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct PlanReply {
    #[prost(message, optional, tag = "1")]
    pub(crate) planned_state: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) requires_replace: Vec<AttributePath>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[prost(bool, tag = "5")]
    pub(crate) legacy_type_system: bool,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ApplyRequest {
    #[prost(string, tag = "1")]
    pub(crate) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) prior_state: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(crate) planned_state: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ApplyReply {
    #[prost(message, optional, tag = "1")]
    pub(crate) new_state: Option<DynamicValue>,
    #[prost(bool, tag = "4")]
    pub(crate) legacy_type_system: bool,
}
