use std::fmt;

use super::Faults;
use crate::design::{Action, Ports};
use crate::diagnostic::{Span, Spanned};
use crate::net::Block;

/// An attribute: `None` when it is not written; a value of `None` when it is written as `null`.
pub type Setting<T> = Option<Spanned<Option<T>>>;

/// A map of text to text; a value of `None` is `null`.
pub type Texts = Vec<(Spanned<String>, Spanned<Option<String>>)>;

/// A reference as it stands: `team.web.production` is three names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(pub Vec<String>);

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// A reference or a text, where both are possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand<T> {
    /// A reference.
    Reference(Reference),
    /// A literal.
    Literal(T),
}

/// What every block with a name has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its label.
    pub name: Spanned<String>,
    /// The reason.
    pub why: Option<String>,
    /// The name that it had before.
    pub renamed_from: Option<Spanned<String>>,
}

/// All statements of an input directory, in the order of reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Whether a file said nothing because it could not be read: then a name that is not found may stand there.
    pub partial: bool,
    /// Where something was left out because it was wrong: there a value that is missing may have been complained about.
    pub faults: Faults,
    /// `names`.
    pub names: Setting<String>,
    /// `tags`.
    pub tags: Setting<Texts>,
    /// `backend`.
    pub backend: Option<BackendStatement>,
    /// `logs`: the bucket.
    pub log_bucket: Setting<String>,
    /// `quotas`.
    pub quotas: Option<QuotasStatement>,
    /// `accept`.
    pub accepts: Vec<AcceptStatement>,
    /// `severity`.
    pub severities: Vec<SeverityStatement>,
    /// `account`.
    pub accounts: Vec<AccountStatement>,
    /// `pool` at top level.
    pub pools: Vec<PoolStatement>,
    /// `reserved`, those inside pools included.
    pub reserved: Vec<ReservedStatement>,
    /// `region`.
    pub regions: Vec<RegionStatement>,
    /// `hub`.
    pub hubs: Vec<HubStatement>,
    /// `site`.
    pub sites: Vec<SiteStatement>,
    /// `segment`.
    pub segments: Vec<SegmentStatement>,
    /// `layout`.
    pub layouts: Vec<LayoutStatement>,
    /// `environment`.
    pub environments: Vec<EnvironmentStatement>,
    /// `team`.
    pub teams: Vec<TeamStatement>,
    /// `allow` at top level.
    pub intents: Vec<RuleStatement>,
}

/// `backend "s3" { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendStatement {
    /// Its type.
    pub kind: Spanned<String>,
    /// Its settings.
    pub settings: Vec<(Spanned<String>, Spanned<serde_json::Value>)>,
}

/// `accept "CODE" { on, why }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptStatement {
    /// The finding.
    pub code: Spanned<String>,
    /// The objects.
    pub on: Vec<Spanned<Operand<String>>>,
    /// The reason.
    pub why: Option<String>,
}

/// `quotas { NAME = n, why }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotasStatement {
    /// Where it stands.
    pub span: Span,
    /// Names and numbers.
    pub raised: Vec<(Spanned<String>, Spanned<u32>)>,
    /// The reason; `None` where it is missing, which was complained about.
    pub why: Option<String>,
}

/// `severity "CODE" { level, why }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeverityStatement {
    /// The finding.
    pub code: Spanned<String>,
    /// `level`.
    pub level: Setting<String>,
    /// The reason.
    pub why: Option<String>,
}

/// `account`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountStatement {
    /// Name and reason.
    pub header: Header,
    /// `id`.
    pub id: Setting<String>,
    /// `role`.
    pub role: Setting<String>,
}

/// `pool`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolStatement {
    /// Name and reason.
    pub header: Header,
    /// `range`.
    pub range: Setting<Block>,
    /// `size`.
    pub size: Setting<u8>,
    /// Inner pools.
    pub pools: Vec<PoolStatement>,
}

/// `reserved`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedStatement {
    /// Name and reason.
    pub header: Header,
    /// `range`; `None` when it was missing or wrong.
    pub range: Option<Spanned<Block>>,
}

/// `region`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionStatement {
    /// Name and reason.
    pub header: Header,
    /// `zones`.
    pub zones: Setting<Texts>,
    /// `zones_renamed_from`.
    pub zones_renamed_from: Setting<Texts>,
    /// `cloud`.
    pub cloud: Setting<String>,
}

/// `hub`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubStatement {
    /// Name and reason.
    pub header: Header,
    /// `region`.
    pub region: Setting<Reference>,
    /// `asn`.
    pub asn: Setting<u32>,
    /// `account`.
    pub account: Setting<Reference>,
}

/// `site`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteStatement {
    /// Name and reason.
    pub header: Header,
    /// `ranges`.
    pub ranges: Vec<Spanned<Operand<Block>>>,
    /// `segment`.
    pub segment: Setting<Reference>,
    /// `link` blocks.
    pub links: Vec<LinkStatement>,
}

/// `link`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkStatement {
    /// Name and reason.
    pub header: Header,
    /// `kind`.
    pub kind: Setting<String>,
    /// `asn`.
    pub asn: Setting<u32>,
    /// `hub`.
    pub hub: Setting<Reference>,
    /// `id`.
    pub id: Setting<String>,
}

/// `segment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentStatement {
    /// Name and reason.
    pub header: Header,
    /// `reaches`.
    pub reaches: Vec<Spanned<Reference>>,
    /// `default`.
    pub default: Setting<Reference>,
    /// `drops`.
    pub drops: Setting<Vec<Spanned<Reference>>>,
    /// `route` blocks.
    pub routes: Vec<RouteStatement>,
}

/// `route`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteStatement {
    /// Name and reason.
    pub header: Header,
    /// `to`.
    pub to: Vec<Spanned<Reference>>,
    /// `via`.
    pub via: Setting<Reference>,
}

/// `layout`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutStatement {
    /// Name and reason.
    pub header: Header,
    /// `zones`.
    pub zones: Vec<Spanned<String>>,
    /// `slots`.
    pub slots: Setting<u32>,
    /// `nat`.
    pub nat: Setting<String>,
    /// `allow` and `deny`.
    pub rules: Vec<RuleStatement>,
    /// `tier` blocks, in written order.
    pub tiers: Vec<TierStatement>,
}

/// `tier`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierStatement {
    /// Name and reason.
    pub header: Header,
    /// `newbits`.
    pub newbits: Setting<u32>,
    /// `size`.
    pub size: Setting<u8>,
    /// `internet`.
    pub internet: Setting<String>,
    /// `attach`.
    pub attach: Setting<bool>,
    /// `accepts`.
    pub accepts: Setting<Vec<Spanned<Reference>>>,
    /// `allow` and `deny`.
    pub rules: Vec<RuleStatement>,
}

/// `allow` or `deny`, at top level (`allow` only), in a layout or in a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleStatement {
    /// Name and reason.
    pub header: Header,
    /// Which of the two.
    pub action: Action,
    /// `from`.
    pub from: Vec<Spanned<Reference>>,
    /// `to`.
    pub to: Vec<Spanned<Reference>>,
    /// `ports`.
    pub ports: Vec<Ports>,
}

/// What a VPC inherits: attributes of `environment`, `team` and `vpc` alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inherited {
    /// `pool`.
    pub pool: Setting<Reference>,
    /// `size`.
    pub size: Setting<u8>,
    /// `headroom`.
    pub headroom: Setting<u32>,
    /// `layout`.
    pub layout: Setting<Reference>,
    /// `hub`.
    pub hub: Setting<Reference>,
    /// `segment`.
    pub segment: Setting<Reference>,
    /// `region`.
    pub region: Setting<Reference>,
    /// `account`.
    pub account: Setting<Reference>,
    /// `tags`.
    pub tags: Setting<Texts>,
}

/// `environment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentStatement {
    /// Name and reason.
    pub header: Header,
    /// What its VPCs inherit.
    pub inherited: Inherited,
    /// `optional`.
    pub optional: Setting<bool>,
}

/// `team`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamStatement {
    /// Name and reason.
    pub header: Header,
    /// What its VPCs inherit.
    pub inherited: Inherited,
    /// `environments`.
    pub environments: Setting<Vec<Spanned<Reference>>>,
    /// `owner`.
    pub owner: Setting<String>,
    /// `vpc` blocks.
    pub vpcs: Vec<VpcStatement>,
}

/// `vpc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcStatement {
    /// Name and reason.
    pub header: Header,
    /// Its own values of what is inherited.
    pub inherited: Inherited,
    /// `environment`.
    pub environment: Setting<Reference>,
    /// `range`.
    pub range: Setting<Block>,
    /// `moves_from`.
    pub moves_from: Setting<Block>,
    /// `name`.
    pub name: Setting<String>,
    /// `inspects`.
    pub inspects: Setting<bool>,
    /// `block` blocks.
    pub blocks: Vec<BlockStatement>,
}

/// `block`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockStatement {
    /// Name and reason.
    pub header: Header,
    /// `range`.
    pub range: Setting<Block>,
    /// `pool`.
    pub pool: Setting<Reference>,
    /// `size`.
    pub size: Setting<u8>,
    /// `headroom`.
    pub headroom: Setting<u32>,
    /// `layout`.
    pub layout: Setting<Reference>,
}

/// The value of a setting that is written and not `null`, with its place.
pub fn written<T>(setting: &Setting<T>) -> Option<Spanned<&T>> {
    let Spanned { value, span } = setting.as_ref()?;
    value.as_ref().map(|value| Spanned { value, span: *span })
}

/// Where a setting stands.
pub fn place<T>(setting: &Setting<T>) -> Option<Span> {
    setting.as_ref().map(|setting| setting.span)
}
