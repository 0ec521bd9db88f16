//! The grammar of the input as one table: which blocks there are, what they hold, of what type.
//!
//! Everything that must know the language reads it: the readers of HCL and JSON, the "did you mean" of an unknown
//! name, the JSON Schema.

/// One kind of block (or the top level of the input).
#[derive(Debug)]
pub struct Shape {
    /// Keyword; empty for the top level.
    pub keyword: &'static str,
    /// Whether it has a label, and what it names.
    pub label: Label,
    /// How often it may stand in its parent (with the same label: never twice, unless `Many`).
    pub times: Times,
    /// Attributes with fixed names.
    pub attributes: &'static [Attribute],
    /// Type of attributes with free names (`backend`, `quotas`).
    pub free: Option<Type>,
    /// Blocks inside.
    pub blocks: &'static [&'static Shape],
}

/// A block's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// None.
    None,
    /// A name of the input's own namespace: `[A-Za-z][A-Za-z0-9_-]{0,62}`.
    Name,
    /// A word from elsewhere: a backend's type, the code of a finding.
    Word,
}

/// How often a block may stand in its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// At most once.
    Once,
    /// Once for each label.
    OncePerLabel,
    /// Any number, labels may be equal.
    Many,
}

/// An attribute.
#[derive(Debug)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether it must be written.
    pub required: bool,
}

/// Type of an attribute's value. `null` is allowed everywhere and means "not written" (where a value is inherited: none).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text without `${…}`.
    Text,
    /// Text in which `${…}` is just text.
    Prose,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// A prefix length, 8 to 28.
    Size,
    /// `"10.0.0.0/8"`.
    Cidr,
    /// A map of text to text.
    Texts,
    /// A list of texts.
    TextList,
    /// A list of ports, `"tcp/443"`.
    Ports,
    /// One reference; the words it may begin with.
    Reference(&'static [&'static str]),
    /// A list of references; the words they may begin with.
    References(&'static [&'static str]),
    /// A list of CIDR blocks and references; the words they may begin with.
    Addresses(&'static [&'static str]),
    /// A list of references to anything, or texts.
    Objects,
    /// Any literal, passed through.
    Any,
}

const fn optional(name: &'static str, ty: Type) -> Attribute {
    Attribute { name, ty, required: false }
}

const fn required(name: &'static str, ty: Type) -> Attribute {
    Attribute { name, ty, required: true }
}

const WHY: Attribute = optional("why", Type::Prose);
const RENAMED_FROM: Attribute = optional("renamed_from", Type::Text);

const fn shape(
    keyword: &'static str,
    label: Label,
    attributes: &'static [Attribute],
    blocks: &'static [&'static Shape],
) -> Shape {
    let times = match label {
        Label::None => Times::Once,
        Label::Name | Label::Word => Times::OncePerLabel,
    };
    Shape { keyword, label, times, attributes, free: None, blocks }
}

/// What an intent's end can be.
pub const PEERS: &[&str] =
    &["team", "environment", "pool", "reserved", "site", "private", "internet", "any", "vpc", "tier"];

/// The top level.
pub static ROOT: Shape = shape(
    "",
    Label::None,
    &[optional("names", Type::Text), optional("tags", Type::Texts)],
    &[
        &BACKEND,
        &ACCOUNT,
        &LOGS,
        &QUOTAS,
        &ACCEPT,
        &SEVERITY,
        &POOL,
        &RESERVED,
        &REGION,
        &HUB,
        &SITE,
        &SEGMENT,
        &LAYOUT,
        &ENVIRONMENT,
        &TEAM,
        &INTENT,
    ],
);

static BACKEND: Shape =
    Shape { times: Times::Once, free: Some(Type::Any), ..shape("backend", Label::Word, &[], &[]) };
static ACCOUNT: Shape = shape(
    "account",
    Label::Name,
    &[WHY, RENAMED_FROM, optional("id", Type::Text), optional("role", Type::Text)],
    &[],
);
static LOGS: Shape = shape("logs", Label::None, &[WHY, required("bucket", Type::Text)], &[]);
static QUOTAS: Shape =
    Shape { free: Some(Type::Number), ..shape("quotas", Label::None, &[required("why", Type::Prose)], &[]) };
static ACCEPT: Shape = Shape {
    times: Times::Many,
    ..shape("accept", Label::Word, &[optional("on", Type::Objects), required("why", Type::Prose)], &[])
};
static SEVERITY: Shape =
    shape("severity", Label::Word, &[required("level", Type::Text), required("why", Type::Prose)], &[]);
static POOL: Shape = shape(
    "pool",
    Label::Name,
    &[WHY, RENAMED_FROM, optional("range", Type::Cidr), optional("size", Type::Size)],
    &[&POOL, &RESERVED],
);
static RESERVED: Shape =
    shape("reserved", Label::Name, &[WHY, RENAMED_FROM, required("range", Type::Cidr)], &[]);
static REGION: Shape = shape(
    "region",
    Label::Name,
    &[
        WHY,
        required("zones", Type::Texts),
        optional("zones_renamed_from", Type::Texts),
        optional("cloud", Type::Text),
    ],
    &[],
);
static HUB: Shape = shape(
    "hub",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        required("region", Type::Reference(&["region"])),
        required("asn", Type::Number),
        optional("account", Type::Reference(&["account"])),
    ],
    &[],
);
static SITE: Shape = shape(
    "site",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        optional("ranges", Type::Addresses(&["reserved", "pool", "internet"])),
        optional("segment", Type::Reference(&["segment"])),
    ],
    &[&LINK],
);
static LINK: Shape = shape(
    "link",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        required("kind", Type::Text),
        optional("asn", Type::Number),
        optional("hub", Type::Reference(&["hub"])),
        optional("id", Type::Text),
    ],
    &[],
);
static SEGMENT: Shape = shape(
    "segment",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        optional("reaches", Type::References(&["segment", "site"])),
        optional("default", Type::Reference(&["team", "site"])),
        optional("drops", Type::References(&["segment"])),
    ],
    &[&ROUTE],
);
static ROUTE: Shape = shape(
    "route",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        required("to", Type::References(&["pool", "reserved", "site", "team", "private"])),
        required("via", Type::Reference(&["team", "site"])),
    ],
    &[],
);
static LAYOUT: Shape = shape(
    "layout",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        required("zones", Type::TextList),
        optional("slots", Type::Number),
        optional("nat", Type::Text),
    ],
    &[&TIER, &ALLOW, &DENY],
);
static TIER: Shape = shape(
    "tier",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        optional("newbits", Type::Number),
        optional("size", Type::Size),
        optional("internet", Type::Text),
        optional("attach", Type::Flag),
        optional("accepts", Type::References(&["tier"])),
    ],
    &[&ALLOW, &DENY],
);
const RULE: &[Attribute] = &[
    WHY,
    optional("from", Type::References(PEERS)),
    optional("to", Type::References(PEERS)),
    optional("ports", Type::Ports),
];
static ALLOW: Shape = shape("allow", Label::Name, RULE, &[]);
static DENY: Shape = shape("deny", Label::Name, RULE, &[]);
static INTENT: Shape = shape(
    "allow",
    Label::Name,
    &[
        WHY,
        required("from", Type::References(PEERS)),
        required("to", Type::References(PEERS)),
        required("ports", Type::Ports),
    ],
    &[],
);
static ENVIRONMENT: Shape = shape(
    "environment",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        optional("pool", Type::Reference(&["pool"])),
        optional("size", Type::Size),
        optional("headroom", Type::Number),
        required("layout", Type::Reference(&["layout"])),
        optional("hub", Type::Reference(&["hub"])),
        optional("segment", Type::Reference(&["segment"])),
        optional("region", Type::Reference(&["region"])),
        optional("account", Type::Reference(&["account"])),
        optional("optional", Type::Flag),
        optional("tags", Type::Texts),
    ],
    &[],
);
static TEAM: Shape = shape(
    "team",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        optional("environments", Type::References(&["environment"])),
        optional("owner", Type::Text),
        optional("pool", Type::Reference(&["pool"])),
        optional("size", Type::Size),
        optional("headroom", Type::Number),
        optional("layout", Type::Reference(&["layout"])),
        optional("hub", Type::Reference(&["hub"])),
        optional("segment", Type::Reference(&["segment"])),
        optional("region", Type::Reference(&["region"])),
        optional("account", Type::Reference(&["account"])),
        optional("tags", Type::Texts),
    ],
    &[&VPC],
);
static VPC: Shape = shape(
    "vpc",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        optional("environment", Type::Reference(&["environment"])),
        optional("pool", Type::Reference(&["pool"])),
        optional("size", Type::Size),
        optional("headroom", Type::Number),
        optional("layout", Type::Reference(&["layout"])),
        optional("hub", Type::Reference(&["hub"])),
        optional("segment", Type::Reference(&["segment"])),
        optional("region", Type::Reference(&["region"])),
        optional("account", Type::Reference(&["account"])),
        optional("tags", Type::Texts),
        optional("range", Type::Cidr),
        optional("moves_from", Type::Cidr),
        optional("name", Type::Text),
        optional("inspects", Type::Flag),
    ],
    &[&BLOCK],
);
static BLOCK: Shape = shape(
    "block",
    Label::Name,
    &[
        WHY,
        RENAMED_FROM,
        optional("range", Type::Cidr),
        optional("pool", Type::Reference(&["pool"])),
        optional("size", Type::Size),
        optional("headroom", Type::Number),
        optional("layout", Type::Reference(&["layout"])),
    ],
    &[],
);

impl Shape {
    /// The attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The block with this keyword.
    pub fn block(&self, keyword: &str) -> Option<&'static Shape> {
        self.blocks.iter().copied().find(|shape| shape.keyword == keyword)
    }
}
