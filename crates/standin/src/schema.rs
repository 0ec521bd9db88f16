//! What the provider's resources and data sources take: the facts of `schema/aws.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::protocol::{
    AttributeMessage, BlockMessage, Capabilities, NestedBlockMessage, SchemaMessage, SchemaReply,
};

/// The schema of a provider. Only what the product's modules use is in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schema {
    /// The provider's full address, for example `registry.terraform.io/hashicorp/aws`.
    pub(crate) provider: String,
    /// The version whose facts these are.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file; a test demands it"))]
    pub(crate) version: String,
    /// Where each kind of fact was found.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file; a test demands it"))]
    pub(crate) sources: BTreeMap<String, String>,
    /// The `provider` block.
    pub(crate) configuration: Block,
    /// Managed resources by type.
    pub(crate) resources: BTreeMap<String, Block>,
    /// Data sources by type.
    pub(crate) data_sources: BTreeMap<String, Block>,
}

/// The arguments of a resource, or of a block in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    /// The file of the provider that its facts come from.
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the file; a test demands it"))]
    pub(crate) source: Option<String>,
    /// How often a block may stand in its parent.
    #[serde(default)]
    pub(crate) nesting: Nesting,
    #[serde(default)]
    pub(crate) min_items: i64,
    #[serde(default)]
    pub(crate) max_items: i64,
    /// What a change of a block does to its resource.
    #[serde(default)]
    pub(crate) replaces: Replaces,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    pub(crate) blocks: BTreeMap<String, Block>,
}

/// How often a block may stand in its parent. The numbers are the protocol's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Nesting {
    #[default]
    Single = 1,
    List = 2,
    Set = 3,
}

/// One argument or result.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    /// The type as Terraform writes types in JSON.
    pub(crate) r#type: Json,
    pub(crate) mode: Mode,
    /// What a change does to the resource.
    #[serde(default)]
    pub(crate) replaces: Replaces,
    /// The value when nobody gives one.
    #[serde(default)]
    pub(crate) default: Json,
    /// What a given value must be.
    #[serde(default)]
    pub(crate) check: Option<Check>,
    /// What the attributes of each element must be, where the elements are objects.
    #[serde(default)]
    pub(crate) elements: BTreeMap<String, Check>,
    #[serde(default)]
    pub(crate) min_items: usize,
    #[serde(default)]
    pub(crate) max_items: Option<usize>,
    #[serde(default)]
    pub(crate) conflicts_with: Vec<String>,
    #[serde(default)]
    pub(crate) exactly_one_of: Vec<String>,
    #[serde(default)]
    pub(crate) required_with: Vec<String>,
}

/// Who gives an attribute its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// The configuration.
    Required,
    /// The configuration, or nobody.
    Optional,
    /// The configuration, else the cloud.
    OptionalComputed,
    /// The cloud.
    Computed,
}

impl Mode {
    /// Whether the cloud gives the value when the configuration does not.
    pub(crate) fn is_computed(self) -> bool {
        match self {
            Self::OptionalComputed | Self::Computed => true,
            Self::Required | Self::Optional => false,
        }
    }
}

/// What a change does to the resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Replaces {
    /// It is updated in place.
    #[default]
    No,
    /// It is destroyed and made anew.
    Yes,
    /// Nobody has looked. A plan that depends on it is refused rather than guessed.
    Unknown,
}

/// What a value must be.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Check {
    /// One of these texts.
    OneOf(Vec<String>),
    /// An IPv4 block without host bits whose prefix length lies between the two.
    Network(u8, u8),
    /// A number between the two.
    Between(i64, i64),
    /// The name of a resource in AWS.
    Arn,
    /// Neither the empty text nor zero.
    NotEmpty,
}

impl Schema {
    /// The schema of hashicorp/aws.
    ///
    /// # Errors
    ///
    /// The data file is malformed; a test of this crate reads it.
    pub(crate) fn aws() -> serde_json::Result<Self> {
        serde_json::from_str(include_str!("../schema/aws.json"))
    }

    /// The schema as Terraform asks for it.
    pub(crate) fn reply(&self) -> SchemaReply {
        let all = |types: &BTreeMap<String, Block>| {
            types.iter().map(|(name, block)| (name.clone(), block.schema_message())).collect()
        };
        SchemaReply {
            provider: Some(self.configuration.schema_message()),
            resources: all(&self.resources),
            data_sources: all(&self.data_sources),
            capabilities: Some(Capabilities { schema_once: true }),
        }
    }
}

impl Block {
    fn schema_message(&self) -> SchemaMessage {
        SchemaMessage { version: 0, block: Some(self.message()) }
    }

    fn message(&self) -> BlockMessage {
        let nested = |(name, block): (&String, &Self)| NestedBlockMessage {
            type_name: name.clone(),
            block: Some(block.message()),
            nesting: block.nesting as i32,
            min_items: block.min_items,
            max_items: block.max_items,
        };
        BlockMessage {
            attributes: self.attributes.iter().map(|(name, attribute)| attribute.message(name)).collect(),
            block_types: self.blocks.iter().map(nested).collect(),
        }
    }
}

impl Attribute {
    fn message(&self, name: &str) -> AttributeMessage {
        AttributeMessage {
            name: name.to_owned(),
            r#type: self.r#type.to_string().into_bytes(),
            required: self.mode == Mode::Required,
            optional: matches!(self.mode, Mode::Optional | Mode::OptionalComputed),
            computed: self.mode.is_computed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_data_file_tells_its_version_and_its_sources() {
        let schema = Schema::aws().unwrap();
        assert_eq!(schema.provider, "registry.terraform.io/hashicorp/aws");
        assert_eq!(schema.version, "6.25.0");
        assert!(schema.sources.keys().eq(["behaviour", "left_out", "region", "shape", "values"]));
        for (name, block) in &schema.resources {
            assert!(block.source.is_some(), "{name} does not tell where its facts come from");
        }
    }

    #[test]
    fn arguments_that_refer_to_others_refer_to_some() {
        let schema = Schema::aws().unwrap();
        for (name, block) in &schema.resources {
            for (argument, attribute) in &block.attributes {
                let others = [&attribute.conflicts_with, &attribute.exactly_one_of, &attribute.required_with];
                for other in others.into_iter().flatten() {
                    // The provider still names arguments that it no longer has.
                    let gone = (name.as_str(), other.as_str()) == ("aws_eip", "vpc");
                    assert!(gone || block.attributes.contains_key(other), "{name}.{argument} names {other}");
                }
            }
        }
    }

    /// The types of all blocks of one kind in the product's modules and examples.
    fn in_the_modules(kind: &str) -> BTreeSet<String> {
        let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/modules");
        let files = ["hub", "vpc"].map(|module| fs::read_dir(modules.join(module)).unwrap());
        let paths = files.into_iter().flatten().map(|entry| entry.unwrap().path());
        let mut types = BTreeSet::new();
        for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "tf")) {
            let body = hcl::parse(&fs::read_to_string(path).unwrap()).unwrap();
            let blocks = body.blocks().filter(|block| block.identifier() == kind);
            types.extend(blocks.map(|block| block.labels()[0].as_str().to_owned()));
        }
        // Templates are no HCL before they are rendered; their blocks begin at the start of a line.
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/templates/vpc");
        for entry in fs::read_dir(examples).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let start = format!("{kind} \"");
            let found = text.lines().filter_map(|line| line.strip_prefix(&start)?.split('"').next());
            types.extend(found.map(str::to_owned));
        }
        types
    }

    #[test]
    fn the_schema_is_that_of_the_modules_and_no_more() {
        let schema = Schema::aws().unwrap();
        let known = |types: &BTreeMap<String, Block>| types.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(known(&schema.resources), in_the_modules("resource"));
        assert_eq!(known(&schema.data_sources), in_the_modules("data"));
    }
}
