//! Small estates without the input language.

use std::collections::BTreeMap;

use tanada_model::design::{
    Accept, Accepts, Attachment, Design, Entity, Environment, EnvironmentId, Hub, HubId, Id, Intent,
    Internet, Layout, LayoutId, NamePattern, Nat, Placement, Pool, PoolId, PoolPlace, Region, RegionId,
    Reserved, Segment, SegmentId, Site, SiteRange, Spanned, Table, Team, TeamId, Tier, TierSize, Vpc,
    VpcBlock, Zone,
};
use tanada_model::diagnostic::{FileId, Span};
use tanada_model::net::Block;

/// A place of its own for every name, as in a file; the same for the same name.
pub(crate) fn span(name: &str) -> Span {
    let start = name.bytes().fold(7_usize, |sum, byte| sum * 31 % 1_000_003 + usize::from(byte));
    Span::new(FileId(0), start..start + name.len())
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned { value, span: span("value") }
}

pub(crate) fn block(text: &str) -> Block {
    text.parse().unwrap()
}

/// A name, and what it was before: `"new"` or `"new<old"`.
pub(crate) fn entity(name: &str) -> Entity {
    let (name, old) = name.split_once('<').map_or((name, None), |(new, old)| (new, Some(old.to_owned())));
    Entity { name: name.to_owned(), why: None, renamed_from: old.map(spanned), span: span(name) }
}

#[derive(Clone, Debug)]
pub(crate) enum PoolSpec {
    Root(String),
    Inner { parent: String, size: u8 },
}

#[derive(Clone, Debug)]
pub(crate) struct BlockSpec {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) layout: String,
    pub(crate) headroom: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Pool(String, u8),
    Pin(String),
}

#[derive(Clone, Debug)]
pub(crate) struct VpcSpec {
    /// Label, may say what it was before.
    pub(crate) label: String,
    pub(crate) environment: String,
    pub(crate) place: Place,
    pub(crate) headroom: Option<u8>,
    pub(crate) layout: String,
    pub(crate) attached: bool,
    pub(crate) blocks: Vec<BlockSpec>,
}

/// Size of a tier: `+3` bits or `/28`.
pub(crate) type TierSpec = (String, TierSize, bool);

#[derive(Clone, Debug)]
pub(crate) struct LayoutSpec {
    pub(crate) name: String,
    pub(crate) zones: Vec<String>,
    pub(crate) slots: u32,
    pub(crate) tiers: Vec<TierSpec>,
}

/// What an input says, as lists in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Estate {
    pub(crate) pools: Vec<(String, PoolSpec)>,
    pub(crate) reserved: Vec<(String, String)>,
    /// Name, ranges.
    pub(crate) sites: Vec<(String, Vec<String>)>,
    pub(crate) layouts: Vec<LayoutSpec>,
    /// Name, pool.
    pub(crate) environments: Vec<(String, Option<String>)>,
    /// Team (may say what it was before) and its VPCs.
    pub(crate) teams: Vec<(String, Vec<VpcSpec>)>,
    pub(crate) accepts: Vec<(String, Vec<String>)>,
    pub(crate) quotas: Vec<(String, u32)>,
    pub(crate) intents: Vec<String>,
    /// Letters of today and of before.
    pub(crate) renamed_zones: Vec<(String, String)>,
    /// Headroom of VPCs that write none.
    pub(crate) headroom: u8,
}

pub(crate) fn plain(name: &str) -> &str {
    name.split('<').next().unwrap()
}

/// A tier by its size: `tier("private", "+3")`, `tier("transit", "/28")`.
pub(crate) fn tier(name: &str, size: &str) -> TierSpec {
    let (kind, number) = size.split_at(1);
    let number = number.parse().unwrap();
    let size = if kind == "+" { TierSize::NewBits(number) } else { TierSize::Prefix(number) };
    (name.to_owned(), size, name == "transit")
}

pub(crate) fn layout(name: &str, zones: &[&str], slots: u32, tiers: &[(&str, &str)]) -> LayoutSpec {
    LayoutSpec {
        name: name.to_owned(),
        zones: zones.iter().map(|zone| (*zone).to_owned()).collect(),
        slots,
        tiers: tiers.iter().map(|(name, size)| tier(name, size)).collect(),
    }
}

pub(crate) fn vpc(label: &str, pool: &str, size: u8) -> VpcSpec {
    VpcSpec {
        label: label.to_owned(),
        environment: "production".to_owned(),
        place: Place::Pool(pool.to_owned(), size),
        headroom: None,
        layout: "service".to_owned(),
        attached: true,
        blocks: Vec::new(),
    }
}

pub(crate) fn pinned(label: &str, range: &str) -> VpcSpec {
    VpcSpec { place: Place::Pin(range.to_owned()), ..vpc(label, "", 0) }
}

pub(crate) fn further(name: &str, place: Place) -> BlockSpec {
    BlockSpec { name: name.to_owned(), place, layout: "plain".to_owned(), headroom: None }
}

/// One root, one layout of four tiers, one environment, no team.
pub(crate) fn estate(range: &str) -> Estate {
    Estate {
        pools: vec![("m3".to_owned(), PoolSpec::Root(range.to_owned()))],
        layouts: vec![
            layout(
                "service",
                &["a", "c", "d"],
                4,
                &[("private", "+3"), ("public", "+4"), ("data", "+5"), ("transit", "/28")],
            ),
            layout("plain", &["a", "c"], 2, &[("extra", "+2")]),
        ],
        environments: vec![("production".to_owned(), Some("m3".to_owned()))],
        headroom: 1,
        ..Estate::default()
    }
}

impl Estate {
    pub(crate) fn with(mut self, team: &str, vpcs: impl IntoIterator<Item = VpcSpec>) -> Self {
        self.teams.push((team.to_owned(), vpcs.into_iter().collect()));
        self
    }

    pub(crate) fn pool(mut self, name: &str, parent: &str, size: u8) -> Self {
        self.pools.push((name.to_owned(), PoolSpec::Inner { parent: parent.to_owned(), size }));
        self
    }

    pub(crate) fn design(&self) -> Design {
        let pools: Vec<String> = sorted(self.pools.iter().map(|(name, _)| name));
        let environments: Vec<String> = sorted(self.environments.iter().map(|(name, _)| name));
        let layouts: Vec<String> = sorted(self.layouts.iter().map(|layout| &layout.name));
        let pool_id = |name: &str| PoolId::new(index(&pools, name));
        let layout_id = |name: &str| LayoutId::new(index(&layouts, name));
        let teams: Vec<String> = sorted(self.teams.iter().map(|(name, _)| name));
        let mut vpcs = Vec::new();
        for (team, own) in &self.teams {
            for spec in own {
                let team = plain(team);
                let place = |place: &Place| match place {
                    Place::Pool(pool, size) => Placement::Pool { pool: pool_id(pool), size: spanned(*size) },
                    Place::Pin(range) => Placement::Pinned(spanned(block(range))),
                };
                let headroom = |written: Option<u8>, place: &Place| match place {
                    Place::Pool(_, _) => written.unwrap_or(self.headroom),
                    Place::Pin(_) => written.unwrap_or(0),
                };
                let id = format!("{team}-{}", plain(&spec.label));
                let blocks = spec.blocks.iter().map(|one| VpcBlock {
                    entity: entity(&one.name),
                    placement: place(&one.place),
                    headroom: headroom(one.headroom, &one.place),
                    headroom_written: one.headroom.map(|_| span("headroom")),
                    layout: layout_id(&one.layout),
                });
                vpcs.push((
                    id.clone(),
                    Vpc {
                        entity: entity(&spec.label),
                        name: id.clone(),
                        id,
                        team: TeamId::new(index(&teams, team)),
                        environment: EnvironmentId::new(index(&environments, &spec.environment)),
                        placement: place(&spec.place),
                        headroom: headroom(spec.headroom, &spec.place),
                        headroom_written: spec.headroom.map(|_| span("headroom")),
                        layout: layout_id(&spec.layout),
                        attachment: spec
                            .attached
                            .then(|| Attachment { hub: HubId::new(0), segment: SegmentId::new(0) }),
                        region: RegionId::new(0),
                        account: None,
                        tags: BTreeMap::new(),
                        inspects: false,
                        blocks: blocks.collect(),
                    },
                ));
            }
        }
        Design {
            severities: std::collections::BTreeMap::new(),
            names: NamePattern(Vec::new()),
            tags: BTreeMap::new(),
            backend: None,
            flow_log_bucket: None,
            quotas: self.quotas.iter().map(|(name, n)| (name.clone(), spanned(*n))).collect(),
            accepts: self
                .accepts
                .iter()
                .map(|(code, on)| Accept {
                    code: spanned(code.clone()),
                    on: on.iter().cloned().map(spanned).collect(),
                    why: "known".to_owned(),
                })
                .collect(),
            accounts: Table::default(),
            pools: Table::new(self.pools.iter().map(|(name, spec)| {
                let place = match spec {
                    PoolSpec::Root(range) => PoolPlace::Root(spanned(block(range))),
                    PoolSpec::Inner { parent, size } => {
                        PoolPlace::Inner { size: spanned(*size), parent: pool_id(parent) }
                    }
                };
                (plain(name).to_owned(), Pool { entity: entity(name), place })
            })),
            reserved: Table::new(self.reserved.iter().map(|(name, range)| {
                (name.clone(), Reserved { entity: entity(name), range: spanned(block(range)) })
            })),
            regions: Table::new([(
                "tokyo".to_owned(),
                Region {
                    entity: entity("tokyo"),
                    zones: BTreeMap::new(),
                    zones_renamed_from: self
                        .renamed_zones
                        .iter()
                        .map(|(new, old)| (new.clone(), spanned(old.clone())))
                        .collect(),
                },
            )]),
            hubs: Table::new([(
                "tokyo".to_owned(),
                Hub { entity: entity("tokyo"), region: RegionId::new(0), asn: spanned(64512), account: None },
            )]),
            sites: Table::new(self.sites.iter().map(|(name, ranges)| {
                let ranges = ranges.iter().map(|range| SiteRange::Block(spanned(block(range))));
                let segment = SegmentId::new(0);
                (
                    name.clone(),
                    Site { entity: entity(name), ranges: ranges.collect(), segment, links: Vec::new() },
                )
            })),
            segments: Table::new([(
                "all".to_owned(),
                Segment {
                    entity: entity("all"),
                    reaches: Vec::new(),
                    reaches_sites: Vec::new(),
                    default: None,
                    routes: Vec::new(),
                    drops: None,
                },
            )]),
            layouts: Table::new(
                self.layouts.iter().map(|spec| (plain(&spec.name).to_owned(), layout_of(spec))),
            ),
            environments: Table::new(self.environments.iter().map(|(name, pool)| {
                let pool = pool.as_deref().map(pool_id);
                (name.clone(), Environment { entity: entity(name), pool, optional: true, vpcs: Vec::new() })
            })),
            teams: Table::new(self.teams.iter().map(|(name, _)| {
                (plain(name).to_owned(), Team { entity: entity(name), owner: None, vpcs: Vec::new() })
            })),
            vpcs: Table::new(vpcs),
            intents: Table::new(self.intents.iter().map(|name| {
                (
                    name.clone(),
                    Intent { entity: entity(name), from: Vec::new(), to: Vec::new(), ports: Vec::new() },
                )
            })),
        }
    }
}

fn layout_of(spec: &LayoutSpec) -> Layout {
    Layout {
        entity: entity(&spec.name),
        zones: spec.zones.iter().map(|letter| Zone { letter: letter.clone(), span: span(letter) }).collect(),
        slots: spec.slots,
        nat: Nat::PerZone,
        rules: Vec::new(),
        tiers: spec
            .tiers
            .iter()
            .map(|(name, size, attach)| Tier {
                entity: entity(name),
                size: spanned(*size),
                internet: Internet::None,
                attach: *attach,
                accepts: Accepts::All,
                rules: Vec::new(),
            })
            .collect(),
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.map(|name| plain(name).to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

fn index(names: &[String], name: &str) -> usize {
    names.iter().position(|own| own == name).unwrap_or_else(|| panic!("no `{name}`"))
}
